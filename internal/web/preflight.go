package web

import (
	"net/http"
	"slices"

	"crier/internal/domain"
)

// preflightData is the part of the review that is looked over while the page is there.
type preflightData struct {
	domain.Preflight
	Fault string // why it could not be looked over; empty: it was
}

// Doubtful says whether there is something to look at before it is sent.
func (d preflightData) Doubtful() bool {
	lacking := func(g domain.TagGap) bool { return g.Missing > 0 && !g.Fallback }
	odd := func(l domain.LinkCheck) bool {
		return l.Status == domain.LinkRefused || l.Status == domain.LinkUnreachable
	}
	return len(d.Unreachable) > 0 || len(d.Notes) > 0 || slices.ContainsFunc(d.Tags, lacking) || slices.ContainsFunc(d.Links, odd)
}

// KB is a size in kilobytes, rounded up.
func (preflightData) KB(bytes int) int { return (bytes + 1023) / 1024 }

// preflight looks a draft over. The review asks for it once it is shown, so that slow sites
// behind its links hold nobody up. What goes wrong is said in its place.
func (s *server) preflight(w http.ResponseWriter, r *http.Request, v *visit) error {
	c, err := s.campaign(r, v)
	if err != nil {
		return err
	}
	var d preflightData
	if d.Preflight, err = s.Preflight.Look(r.Context(), v.actor(), c.ID); err != nil {
		d.Fault = v.tr.Text("It can’t be looked over just now.")
		if f, known := failureOf(err); known {
			d.Fault = sayIn(v.tr, f.text)
		} else {
			s.Log.Error("a campaign could not be looked over", "campaign", c.ID, "error", err)
		}
	}
	return s.render(w, v, http.StatusOK, "review", "preflight", d)
}

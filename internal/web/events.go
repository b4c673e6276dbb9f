package web

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"

	"github.com/gorilla/mux"

	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/live"
)

// reportEvents is a stream of the report's live part, drawn anew when it changes. The head
// comes with it when the campaign moved on from the status that the page shows. It ends with
// the session.
func (s *server) reportEvents(w http.ResponseWriter, r *http.Request, v *visit) error {
	id, err := strconv.ParseInt(mux.Vars(r)["id"], 10, 64)
	if err != nil {
		return domain.Fail(domain.NotFound, "There is no such campaign.")
	}
	reports, err := s.Campaigns.Watch(r.Context(), v.actor(), id)
	if errors.Is(err, app.ErrWatched) { // the page asks again by itself
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
		return nil
	}
	if err != nil {
		return err
	}
	shown := r.URL.Query().Get("status")
	live.Follow(w, r, reports, func(report domain.Report) []live.Event {
		d := s.reportOf(v, report)
		d.Moved, shown = shown != d.Standing(), d.Standing()
		return s.drawReport(v, d)
	}, func() bool { return s.Now().Before(v.session.Expires) })
	return nil
}

func (s *server) drawReport(v *visit, d reportData) []live.Event {
	var b bytes.Buffer
	if err := s.views.execute(&b, v.tr.Language(), "report", "report-live", d); err != nil {
		s.Log.Error("a report could not be drawn", "campaign", d.Campaign.ID, "error", err)
		return nil
	}
	events := []live.Event{{Name: "report", Data: b.Bytes()}}
	if app.Over(d.Report) {
		events = append(events, live.Event{Name: "end", Data: []byte(d.Campaign.Status)})
	}
	return events
}

package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"crier/internal/app"
	"crier/internal/domain"
)

// preview answers the very activity that would be sent, for the campaign as it stands in
// the posted form and the person of its field "as".
func (s *server) preview(w http.ResponseWriter, r *http.Request, v *visit) error {
	typed, _, err := s.typed(r, v)
	if err != nil {
		return s.previewFault(w, r, v, err)
	}
	activity, err := s.activity(r, v, typed, strings.TrimSpace(r.PostForm.Get("as")))
	if err != nil {
		return s.previewFault(w, r, v, err)
	}
	notes := []string{} // what the author wrote and people will see otherwise
	for _, n := range s.Preflight.Notes(typed) {
		notes = append(notes, sayIn(v.tr, n.Message))
	}
	return writeJSON(w, http.StatusOK, map[string]any{"activity": activity, "notes": notes})
}

// activity is what the person of an address (or with none, somebody made up who reads the
// officer's language) would get. Only the content matters here.
func (s *server) activity(r *http.Request, v *visit, c domain.Campaign, address string) (json.RawMessage, error) {
	c.Audience, c.Delivery = domain.Audience{}, domain.Policy{OnUncertain: domain.Resend}
	if strings.TrimSpace(c.Name) == "" {
		c.Name = "preview"
	}
	c.Normalize()
	person, err := s.Campaigns.Sample(r.Context(), v.actor(), c, address)
	if err != nil {
		return nil, err
	}
	if address == "" {
		person.Locale = v.tr.Language()
	}
	pressed, err := pressedIn(r)
	if err != nil {
		return nil, err
	}
	if len(pressed) > 0 && c.Kind == domain.KindSurvey {
		return s.Rehearse(c, person, pressed)
	}
	return s.Preview(c, person)
}

// maxPressed bounds the presses of one rehearsal.
const maxPressed = 200

// pressedIn are the buttons of the survey that were pressed in the preview, as JSON in the field
// "pressed"; none: it is at its beginning.
func pressedIn(r *http.Request) ([]json.RawMessage, error) {
	text := r.PostForm.Get("pressed")
	if text == "" {
		return nil, nil
	}
	var pressed []json.RawMessage
	if err := json.Unmarshal([]byte(text), &pressed); err != nil || len(pressed) > maxPressed {
		return nil, domain.Fail(domain.Invalid, "This answer can't be read. Open the message again and answer once more.")
	}
	return pressed, nil
}

// rehearsal is the preview of a campaign that is stored, on pages that can't change it.
func (s *server) rehearsal(w http.ResponseWriter, r *http.Request, v *visit) error {
	c, err := s.campaign(r, v)
	if err != nil {
		return err
	}
	activity, err := s.activity(r, v, c, "")
	if err != nil {
		return s.previewFault(w, r, v, err)
	}
	return writeJSON(w, http.StatusOK, map[string]any{"activity": activity})
}

func (s *server) previewFault(w http.ResponseWriter, r *http.Request, v *visit, err error) error {
	fault, ok := errors.AsType[*domain.Error](err)
	if !ok {
		return err
	}
	var faults []string
	_, list := faultsOf(v, fault)
	for _, f := range list {
		faults = append(faults, f.Fault)
	}
	if len(faults) == 0 {
		faults = []string{sayIn(v.tr, fault.Message)}
	}
	f, _ := failureOf(err)
	return writeJSON(w, f.status, map[string]any{"faults": faults})
}

func writeJSON(w http.ResponseWriter, status int, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if _, err := w.Write(data); err != nil {
		return errGone
	}
	return nil
}

// audienceData is how many people an audience names.
type audienceData struct {
	Size  app.AudienceSize
	Empty bool
	Fault string
}

// audience answers how many people the posted form's audience names now.
func (s *server) audience(w http.ResponseWriter, r *http.Request, v *visit) error {
	typed, _, err := s.typed(r, v)
	if err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, "editor", "audience-size", s.audienceSize(r, v, typed))
}

func (s *server) audienceSize(r *http.Request, v *visit, c domain.Campaign) *audienceData {
	d := &audienceData{Empty: c.Audience.Empty()}
	if d.Empty {
		return d
	}
	size, err := s.Campaigns.Audience(r.Context(), v.actor(), c)
	if err != nil {
		d.Fault = v.tr.Text("The people can't be counted just now.")
		if f, known := failureOf(err); known {
			d.Fault = sayIn(v.tr, f.text)
		} else {
			s.Log.Error("an audience could not be counted", "error", err)
		}
	}
	d.Size = size
	return d
}

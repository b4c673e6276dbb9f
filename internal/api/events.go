package api

import (
	"errors"
	"net/http"

	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/live"
)

// followReport answers a stream of a campaign's report, as it changes. It passes by the
// machinery of other requests: it has no body, and is answered piece by piece.
func (s *server) followReport(w http.ResponseWriter, r *http.Request) {
	reports, err := s.watch(r)
	if err != nil {
		s.problem(r, err).write(w, r)
		return
	}
	secure(w.Header())
	language := languageOf(r)
	events := func(report domain.Report) []live.Event { return s.reportEvents(r, report, language) }
	live.Follow(w, r, reports, events, func() bool {
		by, err := s.authenticate(r)
		return err == nil && by.May(domain.Analyst) == nil
	})
}

func (s *server) watch(r *http.Request) (<-chan domain.Report, error) {
	by, err := s.authenticate(r)
	if err != nil {
		return nil, err
	}
	c := &call{Request: r, by: by}
	id, err := c.campaignID()
	if err != nil {
		return nil, err
	}
	reports, err := s.Campaigns.Watch(r.Context(), by, id)
	if errors.Is(err, app.ErrWatched) {
		err = &refusal{status: http.StatusServiceUnavailable, name: "busy", header: map[string]string{"Retry-After": "5"},
			detail: domain.Say("Too many follow campaigns just now. Ask for the report instead, or try again in a moment.")}
	}
	return reports, err
}

// reportEvents are a report, and the end where nothing follows it.
func (s *server) reportEvents(r *http.Request, report domain.Report, language string) []live.Event {
	body, err := encode(encodeReport(report, language))
	if err != nil {
		s.logInternal(r, err)
		return nil
	}
	events := []live.Event{{Name: "report", Data: body}}
	if app.Over(report) {
		events = append(events, live.Event{Name: "end", Data: []byte(`{"status":"` + string(report.Campaign.Status) + `"}`)})
	}
	return events
}

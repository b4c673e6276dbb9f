package api

import (
	"net/http"

	"crier/internal/export"
)

// exportCampaign answers a file. It writes to the connection itself, as the file may be long.
func (s *server) exportCampaign(w http.ResponseWriter, r *http.Request) {
	file, err := s.openExport(r)
	if err == nil {
		err = file.Send(w, r)
	}
	if err != nil {
		s.problem(r, err).write(w, r)
	}
}

func (s *server) openExport(r *http.Request) (*export.File, error) {
	by, err := s.authenticate(r)
	if err != nil {
		return nil, err
	}
	c := &call{Request: r, by: by}
	id, err := c.campaignID()
	if err != nil {
		return nil, err
	}
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	wanted := export.Request{
		By: by, Campaign: id, What: oneOf(q, "what", export.Whats()...), Format: oneOf(q, "format", export.Formats()...), Language: languageOf(r),
	}
	if err := q.err(); err != nil {
		return nil, err
	}
	files := export.Exports{Campaigns: s.Campaigns, Surveys: s.Surveys, Log: s.Log}
	return files.Open(r.Context(), wanted)
}

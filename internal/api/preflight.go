package api

import (
	"net/http"

	"crier/internal/domain"
)

// preflight is what can be told of a campaign before it is sent.
type preflight struct {
	Recipients       int64         `json:"recipients"`
	Reachable        int64         `json:"reachable"`
	Unreachable      []unreachable `json:"unreachable"`
	Size             *messageSize  `json:"size"` // null: it can't be drawn
	Links            []linkCheck   `json:"links"`
	Tags             []tagGap      `json:"tags"`
	Notes            []fieldError  `json:"notes"`
	ExpectedFinishAt *string       `json:"expected_finish_at"`
	Ready            bool          `json:"ready"`
	Errors           []fieldError  `json:"errors"`
}

type unreachable struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Count   int64  `json:"count"`
}

type messageSize struct {
	Bytes int  `json:"bytes"`
	Limit int  `json:"limit"`
	Fits  bool `json:"fits"`
}

type linkCheck struct {
	URL     string `json:"url"`
	Status  string `json:"status"`
	Code    *int   `json:"code"` // the HTTP status; null: there was none
	Message string `json:"message"`
}

type tagGap struct {
	Tag      string `json:"tag"`
	Fallback bool   `json:"fallback"`
	Missing  int64  `json:"missing"`
}

func (s *server) getPreflight(c *call) (answer, error) {
	id, err := c.campaignID()
	if err != nil {
		return answer{}, err
	}
	p, err := s.Preflight.Look(c.Context(), c.by, id)
	return answer{status: http.StatusOK, body: encodePreflight(p, languageOf(c.Request))}, err
}

func encodePreflight(p domain.Preflight, language string) preflight {
	out := preflight{
		Recipients: p.Recipients, Reachable: p.Reachable, Unreachable: []unreachable{}, Links: []linkCheck{}, Tags: []tagGap{},
		Notes: encodeFields(p.Notes, language), ExpectedFinishAt: formatTime(p.ExpectedFinishAt),
		Ready: p.Ready(), Errors: encodeFields(p.Errors, language),
	}
	for _, u := range p.Unreachable {
		out.Unreachable = append(out.Unreachable, unreachable{Code: string(u.Code), Message: say(language, u.Explain()), Count: u.Count})
	}
	if p.Size != nil {
		out.Size = &messageSize{Bytes: p.Size.Bytes, Limit: p.Size.Limit, Fits: p.Size.Fits()}
	}
	for _, l := range p.Links {
		check := linkCheck{URL: l.URL, Status: string(l.Status), Message: say(language, l.Message)}
		if l.Code > 0 {
			check.Code = &l.Code
		}
		out.Links = append(out.Links, check)
	}
	for _, t := range p.Tags {
		out.Tags = append(out.Tags, tagGap{Tag: string(t.Tag), Fallback: t.Fallback, Missing: t.Missing})
	}
	return out
}

// encodeFields are words about fields; a list that may be empty, and is never null.
func encodeFields(fields []domain.FieldError, language string) []fieldError {
	list := []fieldError{}
	for _, f := range fields {
		list = append(list, fieldError{Field: f.Field, Message: say(language, f.Message)})
	}
	return list
}

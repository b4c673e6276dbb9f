package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"crier/internal/domain"
)

const (
	groupSize = 50  // people whose names stand beside the one who is shown
	maxTrail  = 100 // groups that lead back
)

// respondentsData is what one person answered, among a group of those who did.
type respondentsData struct {
	Anonymous bool
	Named     bool   // names show, and can be searched
	Report    string // address of the report
	Query     string
	Group     []respondent
	Shown     *domain.Response
	Prev      string // addresses; empty at an end
	Next      string
	Questions []domain.Question
}

// respondent is one of a group, and the address of their answers.
type respondent struct {
	domain.Response
	Path    string
	Current bool
}

// Given is how many questions the person answered.
func (r respondent) Given() int64 { return int64(len(r.Answers)) }

// respondents finds the person of the address: the n-th of the group that follows an id, of all
// or of those who were searched for.
// "back" are the groups before, so that there is a way back over the edge of one.
func (s *server) respondents(r *http.Request, v *visit, d reportData) (*respondentsData, error) {
	survey := d.Campaign.Content.Survey
	if survey.Privacy == domain.Anonymous {
		return &respondentsData{Anonymous: true}, nil
	}
	q := r.URL.Query()
	after, _ := strconv.ParseInt(q.Get("after"), 10, 64)
	n, _ := strconv.Atoi(q.Get("n"))
	back := trailOf(q.Get("back"))
	out := &respondentsData{Named: survey.Privacy == domain.Identified, Report: d.Path + "/report"}
	if out.Named {
		out.Query = strings.TrimSpace(q.Get("q"))
	}
	found, err := s.Surveys.Find(r.Context(), v.actor(), d.Campaign.ID, out.Query, after, groupSize+1)
	if err != nil {
		return nil, err
	}
	more := len(found) > groupSize
	found = found[:min(len(found), groupSize)]
	if len(found) == 0 {
		return out, nil
	}
	n = max(0, min(n, len(found)-1))
	address := func(after int64, back []string, n int) string {
		to := url.Values{"tab": {"people"}, "after": {strconv.FormatInt(after, 10)}, "back": {strings.Join(back, ".")}, "n": {strconv.Itoa(n)}}
		if out.Query != "" {
			to.Set("q", out.Query)
		}
		return out.Report + "?" + to.Encode()
	}
	for i, one := range found {
		out.Group = append(out.Group, respondent{one, address(after, back, i), i == n})
	}
	out.Shown = &found[n]
	switch {
	case n > 0:
		out.Prev = out.Group[n-1].Path
	case len(back) > 0:
		before, _ := strconv.ParseInt(back[len(back)-1], 10, 64)
		out.Prev = address(before, back[:len(back)-1], groupSize-1)
	case after > 0:
		out.Prev = address(0, nil, 0)
	}
	switch {
	case n+1 < len(found):
		out.Next = out.Group[n+1].Path
	case more:
		out.Next = address(found[n].ID, append(slices.Clone(back), strconv.FormatInt(after, 10)), 0)
	}
	out.Questions = slices.DeleteFunc(slices.Clone(survey.Questions), func(q domain.Question) bool { return q.Type == domain.Statement })
	return out, nil
}

// trailOf are the ids of a trail, the last ones.
func trailOf(text string) []string {
	var trail []string
	for id := range strings.SplitSeq(text, ".") {
		if _, err := strconv.ParseInt(id, 10, 64); err == nil {
			trail = append(trail, id)
		}
	}
	return trail[max(0, len(trail)-maxTrail):]
}

package simulator

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

// SurveyCount is what must be counted of a survey, as the tenant counted it: what people answered
// last, on the way that they went to the end, or as far as they came.
type SurveyCount struct {
	Responses map[int]SurveyResponse    // by person: those who answered anything
	Counts    map[string]map[string]int // how often each was answered, by question and option or text
	Answers   map[string]int            // how many answered, by question
	Completed int
	Troubles  []string         // what the bot should not have done, some of it
	Trails    map[int][]string // what each person did last, also of those who answered nothing
}

// SurveyResponse is what one person answered: by question, the words of options or what they wrote.
type SurveyResponse struct {
	Finished bool
	Answers  map[string][]string
}

// Surveyed counts a survey. Of an anonymous one nothing is kept of those who did not finish: leave
// them out with onlyFinished.
func (s *Simulator) Surveyed(survey string, onlyFinished bool) SurveyCount {
	out := SurveyCount{Responses: map[int]SurveyResponse{}, Counts: map[string]map[string]int{}, Answers: map[string]int{}, Trails: map[int][]string{}}
	for _, t := range s.sittings(survey) {
		t.mu.Lock()
		out.Troubles = append(out.Troubles, t.troubles...)
		out.Trails[t.person.Index] = slices.Clone(t.trail)
		if r := t.response(); r.Finished || len(r.Answers) > 0 && !onlyFinished {
			out.add(t.person.Index, r)
		}
		t.mu.Unlock()
	}
	return out
}

func (s *Simulator) sittings(survey string) []*sitting {
	s.surveys.mu.Lock()
	defer s.surveys.mu.Unlock()
	var list []*sitting
	for key, t := range s.surveys.by {
		if key.survey == survey {
			list = append(list, t)
		}
	}
	return list
}

// response is what stands. The caller holds the lock.
func (t *sitting) response() SurveyResponse {
	r := SurveyResponse{Finished: t.finished, Answers: map[string][]string{}}
	if !t.finished {
		for question, answers := range t.given {
			r.Answers[question] = slices.Clone(answers)
		}
		return r
	}
	for _, p := range t.path {
		for question, answers := range p.answers {
			if len(answers) > 0 {
				r.Answers[question] = slices.Clone(answers)
			}
		}
	}
	return r
}

func (c *SurveyCount) add(person int, r SurveyResponse) {
	c.Responses[person] = r
	if r.Finished {
		c.Completed++
	}
	for question, answers := range r.Answers {
		if c.Counts[question] == nil {
			c.Counts[question] = map[string]int{}
		}
		c.Answers[question]++
		for _, a := range answers {
			c.Counts[question][a]++
		}
	}
}

// note keeps what was answered, and says whether the page lay on the way before.
func (t *sitting) note(p page, f filled) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for question, answers := range f.answers {
		t.keep(question, answers)
	}
	at := slices.IndexFunc(t.path, func(b passed) bool { return b.key == p.key })
	if at >= 0 {
		t.path = t.path[:at]
	}
	t.path = append(t.path, passed{p.key, f.answers})
	if p.card != nil && f.button != nil && f.button.execute {
		t.older = append(t.older, p)
	}
	return at >= 0
}

func (t *sitting) noteOne(question string, answers []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keep(question, answers)
}

// keep notes an answer. The caller holds the lock.
func (t *sitting) keep(question string, answers []string) {
	if delete(t.given, question); len(answers) > 0 {
		t.given[question] = answers
	}
}

// passedBack takes back what lies behind a page no more.
func (t *sitting) passedBack(p page) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := slices.IndexFunc(t.path, func(b passed) bool { return b.key == p.key })
	switch {
	case at >= 0:
		t.path = t.path[:at]
	case p.back == nil:
		t.path = nil
	}
}

// ahead says whether a page was not answered yet: a message would be taken for an answer to the
// question that is asked now, whatever an older card shows.
func (t *sitting) ahead(p page) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !slices.ContainsFunc(t.path, func(b passed) bool { return b.key == p.key })
}

func (t *sitting) saw(p page) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = p
}

func (t *sitting) did(change func(*SurveyStats)) { t.tally.add(func(st *Stats) { change(&st.Survey) }) }

// trouble notes what the bot should not have done.
func (t *sitting) trouble(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.troubles = append(t.troubles, fmt.Sprintf("person %d: %s; before that: %s", t.person.Index, what, strings.Join(t.trail, " | ")))
}

// walked notes a step on the way.
func (t *sitting) walked(step string, words ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.trail = append(t.trail[max(0, len(t.trail)-11):], fmt.Sprintf(step, words...))
}

// fedUp says whether there was so much trouble that nobody would go on.
func (t *sitting) fedUp() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.troubles) > 5
}

// AnswerTooLate has everybody who was at a survey answer it once more, when it is closed: those
// who left it where they stand, the others an older card. It tells how many did.
func (s *Simulator) AnswerTooLate(ctx context.Context, survey string) (int, error) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(cap(s.slots))
	n := 0
	for _, t := range s.sittings(survey) {
		t.mu.Lock()
		p := t.last
		if t.finished && len(t.older) > 0 {
			p = t.older[0]
		}
		skip := !p.asks() || t.finished && p.card == nil
		t.mu.Unlock()
		if skip {
			continue
		}
		n++
		group.Go(func() error {
			t.tooLate(ctx, p)
			return ctx.Err()
		})
	}
	return n, group.Wait()
}

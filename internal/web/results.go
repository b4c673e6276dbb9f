package web

import (
	"net/http"
	"net/url"
	"strconv"

	"crier/internal/domain"
	"crier/internal/i18n"
)

// resultsData is what people answered to a survey, as the report shows it.
type resultsData struct {
	reportData
	domain.SurveyReport
	Open       bool  // it takes answers, and the page asks again
	Missing    int64 // people who have it and have not finished
	MayClose   bool
	MayRemind  bool
	MayShare   bool
	NotYet     string  // why nobody can be reminded now
	RemindFrom *moment // when people can be, where that is all it waits for
	Sharing    string  // what is shared, before it is
	Asked      []askedData
}

// askedData is what people answered to one question.
type askedData struct {
	domain.QuestionReport
	Pie     *pie
	Shares  []string // of the options
	Passage *domain.Passage
	More    string // address of every answer to it; empty where nobody may see them
	Private bool   // no names show, so that texts are drawn at random
}

// surveyTab fills in what a survey's tabs of the report show.
func (s *server) surveyTab(r *http.Request, v *visit, d *reportData) (err error) {
	switch {
	case d.Tab == "people":
		d.Respondents, err = s.respondents(r, v, *d)
	case r.URL.Query().Has("question"):
		d.Every, err = s.everyAnswer(r, v, *d)
	default:
		d.Survey, err = s.results(r, v, *d)
	}
	return err
}

func (s *server) results(r *http.Request, v *visit, d reportData) (*resultsData, error) {
	c, found, err := s.Surveys.Results(r.Context(), v.actor(), d.Campaign.ID)
	if err != nil {
		return nil, err
	}
	out := &resultsData{reportData: d, SurveyReport: found, Missing: max(0, d.Counts.Sent-found.Completed)}
	survey, now := c.Content.Survey, s.Now()
	closing := c.MayClose(now)
	out.Open = closing == nil
	if d.MaySend {
		last := domain.Change("")
		if d.Change != nil {
			last = d.Change.Change
		}
		reminding := c.MayRemind(last, found.Reminders, now)
		out.MayClose, out.MayRemind = out.Open, reminding == nil && out.Missing > 0
		out.MayShare = !c.StartedAt.IsZero() && c.MayShare(last, found.Shared != nil, min(found.Shown, found.Completed)) == nil
		if fault, ok := reminding.(*domain.Error); ok && out.Open {
			out.NotYet = sayIn(v.tr, fault.Message)
		}
		if c.TooSoonToRemind(last, found.Reminders, now) {
			out.NotYet, out.RemindFrom = reminderFrom(v.tr, c, found.Reminders)
		}
		out.Sharing = sharing(v.tr, out.Open)
	}
	for i := range found.Questions {
		q := askedData{QuestionReport: found.Questions[i], Shares: shareTexts(v.tr.Language(), found.Questions[i]), Private: survey.Privacy != domain.Identified}
		for j := range found.Passages {
			if found.Passages[j].QuestionID == q.Question.ID {
				q.Passage = &found.Passages[j]
			}
		}
		if survey.Privacy != domain.Anonymous && q.Answers > 0 {
			q.More = d.Path + "/report?" + url.Values{"tab": {"answers"}, "question": {q.Question.ID}}.Encode()
		}
		single := q.Question.Type == domain.Choice || q.Question.Type == domain.YesNo
		if single && len(q.Options) <= maxSlices && q.Answers > 0 {
			q.Pie = newPie(q.QuestionReport)
		}
		out.Asked = append(out.Asked, q)
	}
	return out, nil
}

// reminderFrom says why people can't be reminded yet, and from when on they can; nil: the survey
// is closed by then.
func reminderFrom(tr i18n.Translator, c domain.Campaign, before []domain.ChangeReport) (string, *moment) {
	from := c.RemindFrom(before)
	if c.Content.Survey.Closed(from) {
		return tr.Text("People are reminded once a day at most, and by then the survey is closed."), nil
	}
	return tr.Text("People are reminded once a day at most."), when(from)
}

// sharing says what colleagues get of the results.
func sharing(tr i18n.Translator, open bool) string {
	text := tr.Text("Everyone who answered gets a card with the numbers of each question that at least %d people answered. What people wrote is not on it. It goes once; taking the survey back takes it back too.", domain.MinResponses)
	if open {
		text += " " + tr.Text("The survey is still open: what is answered later is not on the card.")
	}
	return text
}

// Drawn says whether the texts that show are some of them, drawn at random.
func (q askedData) Drawn() bool {
	return q.Private && len(q.Latest) > 0 && int64(len(q.Latest)) < q.Answers
}

// liveAnswers is the answers alone, for the page that is open to follow them.
func (s *server) liveAnswers(w http.ResponseWriter, r *http.Request, v *visit) error {
	d, err := s.report(r, v)
	if err != nil {
		return err
	}
	results, err := s.results(r, v, d)
	if err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, "report", "answers", results)
}

// everyAnswer is a page of the answers to one question, with who gave them where the privacy
// allows it.
type everyAnswer struct {
	Path     string
	Privacy  domain.Privacy
	Question domain.Question
	Answers  int64
	Rows     []domain.Response
	First    string
	Next     string
}

func (s *server) everyAnswer(r *http.Request, v *visit, d reportData) (*everyAnswer, error) {
	id := r.URL.Query().Get("question")
	c, found, err := s.Surveys.Results(r.Context(), v.actor(), d.Campaign.ID)
	if err != nil {
		return nil, err
	}
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	rows, err := s.Surveys.Responses(r.Context(), v.actor(), d.Campaign.ID, id, after, pageSize+1)
	if err != nil {
		return nil, err
	}
	out := &everyAnswer{Path: d.Path + "/report?tab=answers", Privacy: found.Privacy}
	out.Question, _ = c.Content.Survey.Question(id)
	for _, q := range found.Questions {
		if q.Question.ID == id {
			out.Answers = q.Answers
		}
	}
	here := url.Values{"tab": {"answers"}, "question": {id}}
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		out.Next = d.Path + "/report?" + with(here, "after", strconv.FormatInt(rows[pageSize-1].ID, 10))
	}
	if after > 0 {
		out.First = d.Path + "/report?" + with(here, "", "")
	}
	out.Rows = rows
	return out, nil
}

package web

import (
	"errors"
	"net/http"
	"strconv"

	"crier/internal/domain"
	"crier/internal/i18n"
)

// changeData is how a change of messages that people have gets on, as the report shows it.
type changeData struct {
	domain.ChangeReport
	Title string
	Text  string
	How   string // what is being done, or was; empty: the text says it all
	More  string // what the button says that goes on with it; empty: none
}

// Done is how many messages are settled.
func (d changeData) Done() int64 { return d.Counts.Recipients - d.Counts.Left() }

func newChangeData(tr i18n.Translator, c domain.Campaign, r *domain.ChangeReport, maySend bool) *changeData {
	if r == nil {
		return nil
	}
	d := changeData{ChangeReport: *r, Title: changeName(tr, r.Change), How: howItGoes(tr, c, *r)}
	done, all := number(tr.Language(), r.Counts.Sent), number(tr.Language(), r.Counts.Recipients)
	switch r.Change {
	case domain.Recall:
		d.Text = tr.Text("Taken back: %s of %s", done, all)
	case domain.Correct:
		d.Text = tr.Text("Corrected: %s of %s", done, all)
	default:
		d.Text = tr.Text("Replaced: %s of %s", done, all)
	}
	switch failed := r.Counts.Failed + r.Counts.Uncertain; {
	case !maySend:
	case r.Status == domain.Paused:
		d.More = tr.Text("Resume")
	case r.Status == domain.Done && failed > 0:
		d.More = tr.Text("Retry the failed")
	}
	return &d
}

// howItGoes is a sentence on a change that is under way, or that was done to everyone.
func howItGoes(tr i18n.Translator, c domain.Campaign, r domain.ChangeReport) string {
	done := r.Status == domain.Done && !missed(r)
	switch {
	case r.Status != domain.Sending && !done:
		return ""
	case r.Change == domain.Recall && done:
		return tr.Text("The message was taken back from everyone who had it.")
	case r.Change == domain.Recall:
		return tr.Text("The message is being taken back from everyone who has it.")
	case r.Change == domain.Correct && c.Content.Survey != nil && done:
		return tr.Text("Those who had not answered have the corrected survey.")
	case r.Change == domain.Correct && c.Content.Survey != nil:
		return tr.Text("The correction goes to those who have not answered yet.")
	case r.Change == domain.Correct && done:
		return tr.Text("Everyone who had the message has the corrected one.")
	case r.Change == domain.Correct:
		return tr.Text("The correction goes to everyone who has the message.")
	}
	return ""
}

// missed says whether a change that is over did not get to every message.
func missed(r domain.ChangeReport) bool {
	return r.Counts.Unreachable > 0 || r.Counts.Result(r.Status) == domain.ResultError
}

// became is what a campaign's messages have become since they were sent, as a word beside its
// status.
type became struct {
	Word      string
	Flawed    bool
	Corrected bool // people have it still
}

// becameOf is nothing where the messages are as they were sent.
func becameOf(tr i18n.Translator, c domain.Campaign, r *domain.ChangeReport) *became {
	switch {
	case r == nil && c.Notice == domain.ExpiredNotice:
		return &became{Word: tr.Text("Expired")}
	case r == nil:
		return nil
	case !r.Status.Over():
		return &became{Word: capital(changing(tr, r.Change)), Corrected: r.Change == domain.Correct}
	}
	b := became{Word: tr.Text("Expired"), Corrected: r.Change == domain.Correct, Flawed: missed(*r)}
	switch r.Change {
	case domain.Recall:
		b.Word = tr.Text("Taken back")
	case domain.Correct:
		b.Word = tr.Text("Corrected")
	}
	if b.Flawed {
		b.Word = tr.Text("%s, with errors", b.Word)
	}
	return &b
}

func changeName(tr i18n.Translator, c domain.Change) string {
	switch c {
	case domain.Recall:
		return tr.Text("Recall")
	case domain.Correct:
		return tr.Text("Correction")
	}
	return tr.Text("Expiry")
}

// changed is what was done to one message, in words.
func changed(tr i18n.Translator, r *domain.RowChange) string {
	switch {
	case r.State.Open():
		return changing(tr, r.Change)
	case r.State == domain.Sent:
		return map[domain.Change]string{
			domain.Recall: tr.Text("taken back"), domain.Correct: tr.Text("corrected"), domain.Expire: tr.Text("expired"),
		}[r.Change]
	}
	return map[domain.Change]string{
		domain.Recall: tr.Text("not taken back"), domain.Correct: tr.Text("not corrected"), domain.Expire: tr.Text("not replaced"),
	}[r.Change]
}

// changing is a change under way, in words.
func changing(tr i18n.Translator, c domain.Change) string {
	return map[domain.Change]string{
		domain.Recall: tr.Text("is being taken back"), domain.Correct: tr.Text("is being corrected"), domain.Expire: tr.Text("is expiring"),
	}[c]
}

// mayChange says whether the page offers a change.
func (d reportData) mayChange(to domain.Change) bool {
	last := domain.Change("")
	if d.Change != nil {
		last = d.Change.Change
	}
	return d.MaySend && d.Counts.Sent > 0 && d.Campaign.MayChange(to, last) == nil
}

// MayRecall and MayCorrect say whether the page offers it.
func (d reportData) MayRecall() bool  { return d.mayChange(domain.Recall) }
func (d reportData) MayCorrect() bool { return d.mayChange(domain.Correct) }

// Standing is what the head of the page depends on.
func (d reportData) Standing() string {
	if d.Change == nil {
		return string(d.Campaign.Status)
	}
	return string(d.Campaign.Status) + "-" + string(d.Change.Change) + "-" + string(d.Change.Status)
}

// correctPage shows what was sent in the editor, to be corrected.
func (s *server) correctPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	c, err := s.campaign(r, v)
	if err != nil {
		return err
	}
	data, err := s.correcting(r, v, c)
	if err != nil {
		return err
	}
	data.Form = form{Values: formOf(c)}
	return s.render(w, v, http.StatusOK, "editor", "", data)
}

func (s *server) correcting(r *http.Request, v *visit, c domain.Campaign) (editorData, error) {
	report, err := s.Campaigns.Report(r.Context(), v.actor(), c.ID)
	if err != nil {
		return editorData{}, err
	}
	last := domain.Change("")
	if report.Change != nil {
		last = report.Change.Change
	}
	if err := c.MayChange(domain.Correct, last); err != nil {
		return editorData{}, err
	}
	d := editorData{frame: s.frame(v, "campaigns", v.tr.Text("Correct “%s”", c.Name)), Campaign: c, Correcting: true, Whom: whomToCorrect(v.tr, c, report.Counts)}
	return d, nil
}

// whomToCorrect says who gets a correction: everyone who has the message, or of a survey those
// who have not begun to answer. Of an anonymous one nobody knows who has begun.
func whomToCorrect(tr i18n.Translator, c domain.Campaign, n domain.Counts) string {
	survey := c.Content.Survey
	switch {
	case survey == nil:
		return count(tr, n.Sent, tr.Text("%s person"), tr.Text("%s people"))
	case survey.Privacy == domain.Anonymous:
		return tr.Text("those who have not answered yet")
	}
	return count(tr, max(0, n.Sent-n.Answered), tr.Text("%s person who has not answered yet"), tr.Text("%s people who have not answered yet"))
}

// correctCampaign sends the correction to everyone who has the message.
func (s *server) correctCampaign(w http.ResponseWriter, r *http.Request, v *visit) error {
	c, err := s.campaign(r, v)
	if err != nil {
		return err
	}
	better := contentOf(r.PostForm, c.Kind, c.Content)
	revision, _ := strconv.ParseInt(r.PostForm.Get("revision"), 10, 64)
	_, err = s.Campaigns.Correct(r.Context(), v.actor(), c.ID, revision, better)
	fault, ok := errors.AsType[*domain.Error](err)
	switch {
	case err == nil:
		return redirect(w, r, campaignPath(c.ID)+"/report?said=corrected")
	case !ok || fault.Kind != domain.Invalid && fault.Kind != domain.Stale:
		return err
	}
	data, err := s.postedCorrection(r, v)
	if err != nil {
		return err
	}
	data.Fault = sayIn(v.tr, fault.Message)
	data.Form.Faults, data.Summary = faultsOf(v, fault)
	if fault.Kind == domain.Stale {
		data.Campaign.Revision = c.Revision // correcting again is then a choice
	}
	f, _ := failureOf(fault)
	return s.render(w, v, f.status, "editor", "", data)
}

// postedCorrection is the page of a correction as it was posted.
func (s *server) postedCorrection(r *http.Request, v *visit) (editorData, error) {
	c, err := s.campaign(r, v)
	if err != nil {
		return editorData{}, err
	}
	data, err := s.correcting(r, v, c)
	if err != nil {
		return data, err
	}
	if n, err := strconv.ParseInt(r.PostForm.Get("revision"), 10, 64); err == nil {
		data.Campaign.Revision = n
	}
	c.Content = contentOf(r.PostForm, c.Kind, c.Content)
	data.Form = form{Values: refill(r.PostForm, c)}
	data.Location, data.Unsaved = campaignPath(c.ID)+"/correct", true
	return data, nil
}

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
	More  string // what the button says that goes on with it; empty: none
}

// Done is how many messages are settled.
func (d changeData) Done() int64 { return d.Counts.Recipients - d.Counts.Left() }

func newChangeData(tr i18n.Translator, r *domain.ChangeReport, maySend bool) *changeData {
	if r == nil {
		return nil
	}
	d := changeData{ChangeReport: *r, Title: changeName(tr, r.Change)}
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
		return map[domain.Change]string{
			domain.Recall: tr.Text("is being taken back"), domain.Correct: tr.Text("is being corrected"), domain.Expire: tr.Text("is expiring"),
		}[r.Change]
	case r.State == domain.Sent:
		return map[domain.Change]string{
			domain.Recall: tr.Text("taken back"), domain.Correct: tr.Text("corrected"), domain.Expire: tr.Text("expired"),
		}[r.Change]
	}
	return map[domain.Change]string{
		domain.Recall: tr.Text("not taken back"), domain.Correct: tr.Text("not corrected"), domain.Expire: tr.Text("not replaced"),
	}[r.Change]
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
	d := editorData{frame: s.frame(v, "campaigns", v.tr.Text("Correct “%s”", c.Name)), Campaign: c, Correcting: true, Have: report.Counts.Sent}
	return d, nil
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
	data.Location = campaignPath(c.ID) + "/correct"
	return data, nil
}

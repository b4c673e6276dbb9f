package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"crier/internal/app"
	"crier/internal/domain"
)

// reviewData is the page between the editor and the send.
type reviewData struct {
	frame
	Campaign domain.Campaign
	Size     app.AudienceSize
	Ends     *moment       // when it is through, if it is sent now
	Lasts    time.Duration // until then
	Ahead    time.Duration // how far ahead a start may lie; 0: no limit
	Activity string
	Fault    string
	Summary  []input
	Number   input // the number of people, typed again
	At       input // when to start
	MaySend  bool
}

func (s *server) reviewPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	c, err := s.campaign(r, v)
	if err != nil {
		return err
	}
	if c.Status != domain.Draft {
		return redirect(w, r, campaignPath(c.ID))
	}
	if err := c.CheckComplete(); err != nil {
		return s.afterSaving(w, r, v, c, err)
	}
	return s.showReview(w, r, v, c, nil)
}

func (s *server) showReview(w http.ResponseWriter, r *http.Request, v *visit, c domain.Campaign, fault *domain.Error) error {
	d := reviewData{frame: s.frame(v, "campaigns", v.tr.Text("Review and send")), Campaign: c, Ahead: s.Campaigns.MaxAhead}
	d.MaySend = v.actor().May(domain.Sender) == nil
	var err error
	if d.Size, err = s.Campaigns.Audience(r.Context(), v.actor(), c); err != nil {
		return err
	}
	activity, err := s.activity(r, v, c, "")
	if err != nil {
		return s.afterSaving(w, r, v, c, err)
	}
	now := s.Now()
	ends := s.Campaigns.Forecast(c, d.Size.Reachable, now)
	d.Activity, d.Ends, d.Lasts = string(activity), when(ends), ends.Sub(now)
	d.Number = input{Name: "number", Value: r.PostForm.Get("number")}
	d.At = input{Name: "at", Value: r.PostForm.Get("at")}
	status := http.StatusOK
	if fault != nil {
		faults, list := faultsOf(v, fault)
		d.Fault, d.Summary = sayIn(v.tr, fault.Message), list
		d.Number.Fault, d.At.Fault = faults["number"], faults["at"]
		d.Location = campaignPath(c.ID) + "/review"
		f, _ := failureOf(fault)
		status = f.status
	}
	return s.render(w, v, status, "review", "", d)
}

// sendCampaign starts a campaign, or schedules it, as its review was confirmed.
func (s *server) sendCampaign(w http.ResponseWriter, r *http.Request, v *visit) error {
	c, err := s.campaign(r, v)
	if err != nil {
		return err
	}
	at, err := s.confirmed(r, v, c)
	said := "sent"
	if err == nil {
		c, err = s.Campaigns.Send(r.Context(), v.actor(), c.ID, at)
	}
	if fault, ok := errors.AsType[*domain.Error](err); ok && (fault.Kind == domain.Invalid || fault.Kind == domain.Stale) {
		return s.showReview(w, r, v, c, fault)
	}
	if err != nil {
		return err
	}
	if at.After(s.Now()) {
		said = "scheduled"
		return redirect(w, r, campaignPath(c.ID)+"?said="+said)
	}
	return redirect(w, r, campaignPath(c.ID)+"/report?said="+said)
}

// confirmed holds that what is sent is what was reviewed, and answers when it starts.
func (s *server) confirmed(r *http.Request, v *visit, c domain.Campaign) (time.Time, error) {
	if r.PostForm.Get("revision") != strconv.FormatInt(c.Revision, 10) {
		return time.Time{}, domain.Fail(domain.Stale, "The campaign was changed since you looked at it. This is how it stands now: look again, then send it.")
	}
	if c.Audience.Everyone {
		size, err := s.Campaigns.Audience(r.Context(), v.actor(), c)
		if err != nil {
			return time.Time{}, err
		}
		if err := checkNumber(r.PostForm.Get("number"), r.PostForm.Get("shown"), size.Reachable); err != nil {
			return time.Time{}, err
		}
	}
	if r.PostForm.Get("start") != "later" {
		return s.Now(), nil
	}
	return startOf(r.PostForm.Get("at"), r.PostForm.Get("at_utc"))
}

// checkNumber holds that the number of people was typed as it was shown, and that not many
// more have come since: people install the app all the time.
func checkNumber(typed, shown string, now int64) error {
	fault := func(format string, args ...any) error {
		return &domain.Error{Kind: domain.Invalid, Message: domain.Say("Nothing was sent."),
			Fields: []domain.FieldError{{Field: "number", Message: domain.Say(format, args...)}}}
	}
	was, err := strconv.ParseInt(shown, 10, 64)
	if err != nil {
		was = now
	}
	given, err := strconv.ParseInt(strings.Map(digits, typed), 10, 64)
	switch {
	case err != nil:
		return fault("Type the number of people who will get it.")
	case given != was && given != now:
		return fault("This is not the number of people who will get it.")
	case now > was+was/20+5:
		return fault("Many more people have the app by now. Type the new number.")
	}
	return nil
}

// digits drops what people put between thousands.
func digits(r rune) rune {
	if strings.ContainsRune(" ,.'’\u00a0\u202f", r) {
		return -1
	}
	return r
}

// startOf is the time of a date-time field: the script's exact time where it ran, which
// knows the browser's zone, else the field read as UTC.
func startOf(local, utc string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, utc); err == nil {
		return at.UTC(), nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if at, err := time.Parse(layout, local); err == nil {
			return at, nil
		}
	}
	return time.Time{}, &domain.Error{Kind: domain.Invalid, Message: domain.Say("The start time does not work."),
		Fields: []domain.FieldError{{Field: "at", Message: domain.Say("Choose the day and the hour.")}}}
}

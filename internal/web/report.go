package web

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"crier/internal/app"
	"crier/internal/domain"
)

// reportData is what happened to a campaign; the page, and its live part.
type reportData struct {
	frame
	domain.Report
	Path        string
	Tab         string
	Live        bool // the page asks again while it is sent
	Moved       bool // the status is not the one that the page shows: its head changes too
	Faces       []face
	Clicks      bool // it has links, so the page says how many were followed
	MaySend     bool
	MayWrite    bool
	MayDel      bool
	Expected    *moment
	Changing    *changeData // the last change of its messages; nil: none
	Became      *became     // what they are since; nil: as they were sent
	Rows        *rowsData
	Survey      *resultsData
	Every       *everyAnswer
	Respondents *respondentsData
	Activity    string
}

type face struct {
	Name  string
	Count int64
}

// Done is how many of the recipients are settled.
func (d reportData) Done() int64 { return d.Counts.Recipients - d.Counts.Left() }

// Failures are the recipients who did not get it.
func (d reportData) Failures() int64 {
	return d.Counts.Failed + d.Counts.Unscheduled + d.Counts.Uncertain
}

// Retryable says whether there is something to try again.
func (d reportData) Retryable() bool {
	return d.Counts.Failed+d.Counts.Uncertain > 0 && d.Campaign.Status != domain.Cancelled && d.MaySend
}

// Stuck says whether it waits for something that should not be, which the page says louder.
func (d reportData) Stuck() bool {
	w := d.Progress.Waiting
	return w == domain.WaitThrottled || w == domain.WaitDatabase || w == domain.WaitPresence
}

// SeenUnknown says whether nobody can say how many saw it, which is not nobody: people may have
// read it, and nothing tells.
func (d reportData) SeenUnknown() bool {
	return d.Counts.Seen == 0 && d.Counts.Sent > 0 && d.Receipts != domain.ReceiptsAvailable
}

// Under says whether the campaign is under way.
func (d reportData) Under() bool {
	return d.Campaign.Status == domain.Sending || d.Campaign.Status == domain.Paused
}

func (s *server) reportPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	d, err := s.report(r, v)
	if err != nil {
		return err
	}
	d.Tab = r.URL.Query().Get("tab")
	d.Said = said(v.tr, r.URL.Query().Get("said"))
	switch {
	case d.Tab == "details":
		d.Activity = s.reportActivity(r, v, d.Campaign)
	case d.Campaign.Content.Survey != nil && (d.Tab == "answers" || d.Tab == "people"):
		err = s.surveyTab(r, v, &d)
	default:
		d.Tab = "engagement"
		d.Rows, err = s.deliveryRows(r, v, d.Report, d.Live)
	}
	if err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, "report", "", d)
}

// reportLive is the part of the report that changes while it is sent. The head comes with
// it when the campaign moved on.
func (s *server) reportLive(w http.ResponseWriter, r *http.Request, v *visit) error {
	d, err := s.report(r, v)
	if err != nil {
		return err
	}
	d.Moved = r.URL.Query().Get("status") != d.Standing()
	return s.render(w, v, http.StatusOK, "report", "report-live", d)
}

func (s *server) report(r *http.Request, v *visit) (reportData, error) {
	c, err := s.campaign(r, v)
	if err != nil {
		return reportData{}, err
	}
	report, err := s.Campaigns.Report(r.Context(), v.actor(), c.ID)
	if err != nil {
		return reportData{}, err
	}
	return s.reportOf(v, report), nil
}

// reportOf is a report as a page shows it.
func (s *server) reportOf(v *visit, report domain.Report) reportData {
	c := report.Campaign
	d := reportData{frame: s.frame(v, "campaigns", c.Name), Report: report, Path: campaignPath(c.ID), Expected: when(report.ExpectedFinishAt)}
	d.Live = report.Campaign.Status == domain.Scheduled || d.Under() || !app.Over(report) && report.Change != nil
	d.MaySend, d.MayWrite = v.actor().May(domain.Sender) == nil, v.actor().May(domain.Author) == nil
	d.Changing = newChangeData(v.tr, c, report.Change, d.MaySend)
	d.Became = becameOf(v.tr, c, report.Change)
	d.MayDel = mayDelete(v.actor(), report.Campaign.Status)
	d.Clicks = len(report.Links) > 0
	for _, name := range slices.Sorted(maps.Keys(report.Reactions)) {
		d.Faces = append(d.Faces, face{name, report.Reactions[name]})
	}
	return d
}

// reportActivity is what was sent, or nothing where it can't be drawn (any more).
func (s *server) reportActivity(r *http.Request, v *visit, c domain.Campaign) string {
	activity, err := s.activity(r, v, c, "")
	if _, ours := errors.AsType[*domain.Error](err); err != nil && !ours {
		s.Log.Error("a message could not be drawn", "campaign", c.ID, "error", err)
	}
	return string(activity)
}

// rowsData are the people of a campaign, a page of them.
type rowsData struct {
	Campaign int64
	Path     string
	Filters  []stateFilter
	State    domain.State
	Query    string
	Rows     []domain.Delivery
	Next     string // address of the next page, or empty
	First    string // address of the first page, where this is another
	Live     string // address to ask again, or empty
}

type stateFilter struct {
	State domain.State
	Count int64
	Path  string
}

// reportRows is the people alone, for the page that is open to follow them.
func (s *server) reportRows(w http.ResponseWriter, r *http.Request, v *visit) error {
	d, err := s.report(r, v)
	if err != nil {
		return err
	}
	rows, err := s.deliveryRows(r, v, d.Report, d.Live)
	if err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, "report", "report-rows", rows)
}

func (s *server) deliveryRows(r *http.Request, v *visit, report domain.Report, live bool) (*rowsData, error) {
	q := r.URL.Query()
	c := report.Campaign
	d := &rowsData{Campaign: c.ID, Path: campaignPath(c.ID), State: domain.State(q.Get("state")), Query: q.Get("q")}
	if !slices.Contains(domain.States(), d.State) {
		d.State = ""
	}
	after, _ := strconv.ParseInt(q.Get("after"), 10, 64)
	found, err := s.Campaigns.Rows(r.Context(), v.actor(), c.ID, domain.DeliveryFilter{State: d.State, Query: d.Query}, after, pageSize+1)
	if err != nil {
		return nil, err
	}
	here := url.Values{"state": {string(d.State)}, "q": {d.Query}}
	if len(found) > pageSize {
		found = found[:pageSize]
		d.Next = d.Path + "/report?" + with(here, "after", strconv.FormatInt(found[pageSize-1].ID, 10)) + "#people"
	}
	if after > 0 {
		d.First = d.Path + "/report?" + with(here, "", "") + "#people"
	}
	if live {
		d.Live = d.Path + "/rows?" + with(here, "after", q.Get("after"))
	}
	d.Rows, d.Filters = found, filters(d, report.Counts)
	return d, nil
}

// filters are the states that somebody is in, and the one that was asked for.
func filters(d *rowsData, n domain.Counts) []stateFilter {
	list := []stateFilter{{"", n.Listed, ""}}
	counts := map[domain.State]int64{
		domain.Pending: n.Pending, domain.Postponed: n.Postponed, domain.Sent: n.Sent, domain.Failed: n.Failed, domain.Unscheduled: n.Unscheduled,
		domain.Uncertain: n.Uncertain, domain.Withdrawn: n.Cancelled, domain.Unreachable: n.Unreachable,
	}
	for _, state := range domain.States() {
		if counts[state] > 0 || state == d.State {
			list = append(list, stateFilter{State: state, Count: counts[state]})
		}
	}
	for i := range list {
		list[i].Path = d.Path + "/report?" + with(url.Values{"q": {d.Query}}, "state", string(list[i].State)) + "#people"
	}
	return list
}

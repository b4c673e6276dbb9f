package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"crier/internal/domain"
	"crier/internal/i18n"
)

const pageSize = 25

// tab is one of the lists that campaigns move through.
type tab struct {
	ID, Name string
	Statuses []domain.Status
}

func tabs(v *visit) []tab {
	return []tab{
		{"drafts", v.tr.Text("Drafts"), []domain.Status{domain.Draft}},
		{"scheduled", v.tr.Text("Scheduled"), []domain.Status{domain.Scheduled}},
		{"sending", v.tr.Text("Sending"), []domain.Status{domain.Sending, domain.Paused}},
		{"done", v.tr.Text("Done"), []domain.Status{domain.Done, domain.Cancelled}},
	}
}

// campaignRow is a campaign of the list, with how it stands.
type campaignRow struct {
	domain.Campaign
	Counts   domain.Counts
	Expected *moment
	Path     string
	When     *moment
	WhenWord string
	Became   *became // what its messages are since they were sent; nil: as they were
	Takes    string  // whether it takes answers, of a survey that was sent
	frame    frame
}

// Token is for the row's forms.
func (c campaignRow) Token() string { return c.frame.Token }

// MayWrite says whether the reader may clone and delete.
func (c campaignRow) MayWrite() bool { return c.frame.Actor.May(domain.Author) == nil }

// MayDelete says whether the campaign can be deleted, by its status and by the reader.
func (c campaignRow) MayDelete() bool { return mayDelete(c.frame.Actor, c.Status) }

func mayDelete(a domain.Actor, s domain.Status) bool {
	switch s {
	case domain.Draft:
		return a.May(domain.Author) == nil
	case domain.Done, domain.Cancelled:
		return a.May(domain.Sender) == nil
	}
	return false
}

type listData struct {
	frame
	Tabs     []tab
	Tab      tab
	Query    string
	Kind     domain.Kind
	Rows     []campaignRow
	Older    string // address of the next page, or empty
	Live     string // address of the rows, to ask again, or empty
	Filtered bool
	MayWrite bool
}

func (s *server) campaignList(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.listCampaigns(w, r, v, "")
}

// campaignRows is the list's rows alone, for the page that is open to follow them.
func (s *server) campaignRows(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.listCampaigns(w, r, v, "campaign-rows")
}

func (s *server) listCampaigns(w http.ResponseWriter, r *http.Request, v *visit, part string) error {
	q := r.URL.Query()
	d := listData{frame: s.frame(v, "campaigns", v.tr.Text("Campaigns")), Tabs: tabs(v), Query: q.Get("q"), Kind: domain.Kind(q.Get("kind"))}
	d.Said = said(v.tr, q.Get("said"))
	d.Tab = d.Tabs[0]
	for _, t := range d.Tabs {
		if t.ID == q.Get("tab") {
			d.Tab = t
		}
	}
	d.Filtered = d.Query != "" || d.Kind != "" || q.Get("before") != ""
	d.MayWrite = v.actor().May(domain.Author) == nil
	before, _ := strconv.ParseInt(q.Get("before"), 10, 64)
	filter := domain.CampaignFilter{Statuses: d.Tab.Statuses, Query: d.Query, Kind: d.Kind}
	found, err := s.Campaigns.List(r.Context(), v.actor(), filter, before, pageSize+1)
	if err != nil {
		return err
	}
	here := url.Values{"tab": {d.Tab.ID}, "q": {d.Query}, "kind": {string(d.Kind)}}
	if len(found) > pageSize {
		found = found[:pageSize]
		d.Older = "/campaigns?" + with(here, "before", strconv.FormatInt(found[pageSize-1].ID, 10))
	}
	if d.Tab.ID == "sending" {
		d.Live = "/campaigns/rows?" + with(here, "before", q.Get("before"))
	}
	if d.Rows, err = s.rows(r, v, d.frame, found); err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, "campaigns", part, d)
}

// with is a query with one more value, less what is empty.
func with(base url.Values, name, value string) string {
	q := url.Values{}
	for k, values := range base {
		if len(values) > 0 && values[0] != "" {
			q[k] = values
		}
	}
	if value != "" {
		q.Set(name, value)
	}
	return q.Encode()
}

// rows adds to campaigns how they stand.
func (s *server) rows(r *http.Request, v *visit, f frame, found []domain.Campaign) ([]campaignRow, error) {
	ids := make([]int64, len(found))
	for i, c := range found {
		ids[i] = c.ID
	}
	counts, err := s.Campaigns.Counts(r.Context(), v.actor(), ids...)
	if err != nil {
		return nil, err
	}
	changes, err := s.Campaigns.LastChanges(r.Context(), v.actor(), ids...)
	if err != nil {
		return nil, err
	}
	rows := make([]campaignRow, len(found))
	for i, c := range found {
		row := campaignRow{Campaign: c, Counts: counts[c.ID], Path: campaignPath(c.ID), frame: f}
		var at time.Time
		row.WhenWord, at = whenOf(v, c)
		row.When = when(at)
		row.Became = becameOf(v.tr, c, changes[c.ID])
		if row.Became == nil || row.Became.Corrected {
			row.Takes = takes(v.tr, c, s.Now())
		}
		if c.Status == domain.Sending {
			report, err := s.Campaigns.Report(r.Context(), v.actor(), c.ID)
			if err != nil {
				return nil, err
			}
			row.Counts, row.Expected = report.Counts, when(report.ExpectedFinishAt)
		}
		rows[i] = row
	}
	return rows, nil
}

// takes says whether a survey that was sent takes answers; empty for anything else.
func takes(tr i18n.Translator, c domain.Campaign, now time.Time) string {
	switch {
	case c.Content.Survey == nil || c.StartedAt.IsZero() || c.Status.Editable():
		return ""
	case c.Content.Survey.Closed(now):
		return tr.Text("Closed")
	}
	return tr.Text("Open")
}

// whenOf is the time that matters most of a campaign, and what happened then.
func whenOf(v *visit, c domain.Campaign) (string, time.Time) {
	switch c.Status {
	case domain.Scheduled:
		return v.tr.Text("Starts"), c.Delivery.StartAt
	case domain.Sending, domain.Paused:
		return v.tr.Text("Started"), c.StartedAt
	case domain.Done, domain.Cancelled:
		return v.tr.Text("Ended"), c.FinishedAt
	}
	return v.tr.Text("Changed"), c.UpdatedAt
}

// campaignPage is the editor while there is something to edit, else the report.
func (s *server) campaignPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	mayWrite := v.actor().May(domain.Author)
	if mux.Vars(r)["id"] == "new" {
		if mayWrite != nil {
			return mayWrite
		}
		return s.editorPage(w, r, v, blank())
	}
	c, err := s.campaign(r, v)
	if err != nil {
		return err
	}
	if !c.Status.Editable() || mayWrite != nil {
		return redirect(w, r, campaignPath(c.ID)+"/report")
	}
	return s.editorPage(w, r, v, c)
}

// campaign is the one that the address names.
func (s *server) campaign(r *http.Request, v *visit) (domain.Campaign, error) {
	id, err := strconv.ParseInt(mux.Vars(r)["id"], 10, 64)
	if err != nil {
		return domain.Campaign{}, domain.Fail(domain.NotFound, "There is no such campaign.")
	}
	return s.Campaigns.Get(r.Context(), v.actor(), id)
}

func campaignPath(id int64) string { return "/campaigns/" + strconv.FormatInt(id, 10) }

func redirect(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

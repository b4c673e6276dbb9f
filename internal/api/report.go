package api

import (
	"math"
	"net/http"

	"crier/internal/domain"
	"crier/internal/i18n"
)

// report is what happened to a campaign so far.
type report struct {
	CampaignID       string           `json:"campaign_id"`
	Status           string           `json:"status"`
	Result           string           `json:"result"`
	Notice           *string          `json:"notice"` // why it paused itself
	Listed           int64            `json:"listed"`
	Unreachable      int64            `json:"unreachable"`
	Recipients       int64            `json:"recipients"`
	Pending          int64            `json:"pending"`
	Postponed        int64            `json:"postponed"`
	Sent             int64            `json:"sent"`
	Failed           int64            `json:"failed"`
	Unscheduled      int64            `json:"unscheduled"`
	Uncertain        int64            `json:"uncertain"`
	Cancelled        int64            `json:"cancelled"`
	Seen             int64            `json:"seen"`
	Clicked          int64            `json:"clicked"`
	Answered         int64            `json:"answered"`
	Reactions        map[string]int64 `json:"reactions"`
	Links            []linkClicks     `json:"links"`
	ReadReceipts     string           `json:"read_receipts"` // whether seen can count those who merely read it
	StartedAt        *string          `json:"started_at"`
	FinishedAt       *string          `json:"finished_at"`
	ExpectedFinishAt *string          `json:"expected_finish_at"`
	Rate             float64          `json:"rate"`  // messages a second, over the last seconds
	Limit            *float64         `json:"limit"` // requests a second that are allowed; null: no limit known
	Waiting          *waiting         `json:"waiting"`
	Change           *change          `json:"change"` // of its messages, the last; null: none
}

// waiting is why nothing goes at the moment.
type waiting struct {
	Reason  string  `json:"reason"`
	Until   *string `json:"until"`   // null: not known
	Message string  `json:"message"` // in plain words
}

// linkClicks is how often a link was opened, by its address as the author wrote it.
type linkClicks struct {
	URL    string `json:"url"`
	Clicks int64  `json:"clicks"`
	People int64  `json:"people"`
}

func (s *server) getReport(c *call) (answer, error) {
	id, err := c.campaignID()
	if err != nil {
		return answer{}, err
	}
	r, err := s.Campaigns.Report(c.Context(), c.by, id)
	return answer{status: http.StatusOK, body: encodeReport(r, languageOf(c.Request))}, err
}

func encodeReport(r domain.Report, language string) report {
	c, n := r.Campaign, r.Counts
	out := report{
		CampaignID: formatID(c.ID), Status: string(c.Status), Result: n.Result(c.Status),
		Listed: n.Listed, Unreachable: n.Unreachable, Recipients: n.Recipients, Pending: n.Pending, Postponed: n.Postponed,
		Sent: n.Sent, Failed: n.Failed, Unscheduled: n.Unscheduled, Uncertain: n.Uncertain, Cancelled: n.Cancelled,
		Seen: n.Seen, Clicked: n.Clicked, Answered: n.Answered, Reactions: r.Reactions, Links: []linkClicks{},
		StartedAt: formatTime(c.StartedAt), FinishedAt: formatTime(c.FinishedAt), ExpectedFinishAt: formatTime(r.ExpectedFinishAt),
	}
	out.Rate, out.Waiting = oneDecimal(r.Progress.Rate), encodeWaiting(r.Progress, language)
	if r.Progress.Limit > 0 {
		limit := oneDecimal(r.Progress.Limit)
		out.Limit = &limit
	}
	out.Change = encodeChange(r.Change, language)
	out.ReadReceipts = string(r.Receipts)
	for _, l := range r.Links {
		out.Links = append(out.Links, linkClicks{URL: l.URL, Clicks: l.Clicks, People: l.People})
	}
	if out.Reactions == nil {
		out.Reactions = map[string]int64{}
	}
	if c.Notice != "" {
		notice := i18n.Text(language, c.Notice)
		out.Notice = &notice
	}
	return out
}

func encodeWaiting(p domain.Progress, language string) *waiting {
	if p.Waiting == "" {
		return nil
	}
	return &waiting{Reason: string(p.Waiting), Until: formatTime(p.Until), Message: say(language, p.Waiting.Explain())}
}

func oneDecimal(v float64) float64 { return math.Round(v*10) / 10 }

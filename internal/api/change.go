package api

import (
	"net/http"

	"crier/internal/domain"
	"crier/internal/i18n"
)

// correctCampaign puts a better message of the same kind in the place of one that was sent.
func (s *server) correctCampaign(c *call) (answer, error) {
	var in struct {
		Content content `json:"content"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	current, err := s.campaign(c)
	if err != nil {
		return answer{}, err
	}
	if c.Header.Get("If-Match") != "" && !revisionMatches(c.Header, current.Revision) {
		return answer{}, domain.Fail(domain.Stale, "Somebody else changed this campaign meanwhile. Load it again and repeat your change.")
	}
	revision := int64(0)
	if c.Header.Get("If-Match") != "" {
		revision = current.Revision
	}
	var f faults
	better := in.Content.decode(current.Kind, &f)
	if err := f.err(); err != nil {
		return answer{}, err
	}
	corrected, err := s.Campaigns.Correct(c.Context(), c.by, current.ID, revision, better)
	return answerCampaign(http.StatusAccepted, corrected, err)
}

// change is how the last change of a campaign's messages gets on.
type change struct {
	What        string  `json:"what"`        // recall, correct or expire
	Status      string  `json:"status"`      // sending, paused, done or cancelled
	Recipients  int64   `json:"recipients"`  // messages that were to be changed
	Unreachable int64   `json:"unreachable"` // beside them: that can't be changed, or of unknown outcome
	Pending     int64   `json:"pending"`
	Changed     int64   `json:"changed"`
	Failed      int64   `json:"failed"`
	Notice      *string `json:"notice"` // why it paused itself
	StartedAt   *string `json:"started_at"`
	FinishedAt  *string `json:"finished_at"`
}

func encodeChange(r *domain.ChangeReport, language string) *change {
	if r == nil {
		return nil
	}
	n := r.Counts
	out := &change{
		What: string(r.Change), Status: string(r.Status), Recipients: n.Recipients, Unreachable: n.Unreachable, Pending: n.Left(), Changed: n.Sent,
		Failed: n.Failed + n.Unscheduled + n.Uncertain, StartedAt: formatTime(r.At), FinishedAt: formatTime(r.Finished),
	}
	if r.Notice != "" {
		notice := i18n.Text(language, r.Notice)
		out.Notice = &notice
	}
	return out
}

// rowChange is what the last change did to one message.
type rowChange struct {
	What  string         `json:"what"`
	State string         `json:"state"` // pending, changed, failed or cancelled
	At    *string        `json:"at"`
	Error *deliveryError `json:"error,omitempty"`
}

func encodeRowChange(r *domain.RowChange, language string) *rowChange {
	if r == nil {
		return nil
	}
	out := &rowChange{What: string(r.Change), State: r.Word(), At: formatTime(r.At)}
	if r.Code != "" {
		out.Error = &deliveryError{Code: string(r.Code), Message: say(language, r.Code.Explain())}
	}
	return out
}

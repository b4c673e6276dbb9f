package api

import (
	"encoding/json"
	"net/http"
	"strings"

	"crier/internal/domain"
)

// campaign is a campaign in requests and answers. In a request the fields that the server
// keeps (id, status, who and when) are known but not read, so that what was answered can
// be changed and sent back.
type campaign struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Channel    string   `json:"channel"`
	Kind       string   `json:"kind"`
	Status     string   `json:"status"`
	Content    content  `json:"content"`
	Audience   audience `json:"audience"`
	Delivery   policy   `json:"delivery"`
	ExpiresAt  *string  `json:"expires_at"`
	CreatedAt  *string  `json:"created_at"`
	CreatedBy  string   `json:"created_by"`
	UpdatedAt  *string  `json:"updated_at"`
	StartedAt  *string  `json:"started_at"`
	FinishedAt *string  `json:"finished_at"`
}

func encodeCampaign(c domain.Campaign) campaign {
	return campaign{
		ID: formatID(c.ID), Name: c.Name, Channel: string(c.Channel), Kind: string(c.Kind), Status: string(c.Status),
		Content: encodeContent(c), Audience: encodeAudience(c.Audience), Delivery: encodePolicy(c.Delivery), ExpiresAt: formatTime(c.ExpiresAt),
		CreatedAt: formatTime(c.CreatedAt), CreatedBy: c.CreatedBy, UpdatedAt: formatTime(c.UpdatedAt),
		StartedAt: formatTime(c.StartedAt), FinishedAt: formatTime(c.FinishedAt),
	}
}

// draft is what the author wrote, or an Invalid error with everything that is wrong.
func (in campaign) draft() (domain.Campaign, error) {
	var f faults
	c := domain.Campaign{Name: in.Name, Channel: domain.Channel(in.Channel), Kind: domain.Kind(in.Kind)}
	c.Content = in.Content.decode(c.Kind, &f)
	c.Audience = in.Audience.decode(&f)
	c.Delivery = in.Delivery.decode(&f)
	c.ExpiresAt = f.time("expires_at", in.ExpiresAt)
	c.Normalize()
	return c, f.with(c.Check())
}

func answerCampaign(status int, c domain.Campaign, err error) (answer, error) {
	return answer{status: status, body: encodeCampaign(c), revision: c.Revision}, err
}

func created(c domain.Campaign, err error) (answer, error) {
	a, err := answerCampaign(http.StatusCreated, c, err)
	a.location = base + "/campaigns/" + formatID(c.ID)
	return a, err
}

func (s *server) listCampaigns(c *call) (answer, error) {
	q, err := c.query()
	if err != nil {
		return answer{}, err
	}
	f := domain.CampaignFilter{
		Statuses: anyOf(q, "status", domain.Statuses()...), Kind: oneOf(q, "kind", domain.Kinds()...),
		Channel: oneOf(q, "channel", domain.Teams, domain.Skype), Query: q.text("q"),
	}
	p := q.page()
	if err := q.err(); err != nil {
		return answer{}, err
	}
	fetch := func(before int64, limit int) ([]domain.Campaign, error) {
		return s.Campaigns.List(c.Context(), c.by, f, before, limit)
	}
	return answerPage(p, fetch, func(c domain.Campaign) int64 { return c.ID }, encodeCampaign)
}

func (s *server) createCampaign(c *call) (answer, error) {
	var in campaign
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	draft, err := in.draft()
	if err != nil {
		return answer{}, err
	}
	return created(s.Campaigns.Create(c.Context(), c.by, draft))
}

func (s *server) getCampaign(c *call) (answer, error) {
	found, err := s.campaign(c)
	return answerCampaign(http.StatusOK, found, err)
}

// campaign is the one that the path names.
func (s *server) campaign(c *call) (domain.Campaign, error) {
	id, err := c.campaignID()
	if err != nil {
		return domain.Campaign{}, err
	}
	return s.Campaigns.Get(c.Context(), c.by, id)
}

// putCampaign replaces a draft. That a campaign has started counts for more than that the
// caller's copy of it is old: no newer copy would help.
func (s *server) putCampaign(c *call) (answer, error) {
	var in campaign
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	current, err := s.campaign(c)
	if err != nil {
		return answer{}, err
	}
	if current.Status.Editable() && !revisionMatches(c.Header, current.Revision) {
		return answer{}, domain.Fail(domain.Stale, "Somebody else changed this campaign meanwhile. Load it again and repeat your change.")
	}
	draft, err := in.draft()
	if err != nil {
		return answer{}, err
	}
	draft.ID, draft.Revision = current.ID, current.Revision
	saved, err := s.Campaigns.Save(c.Context(), c.by, draft)
	return answerCampaign(http.StatusOK, saved, err)
}

func (s *server) deleteCampaign(c *call) (answer, error) {
	id, err := c.campaignID()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, s.Campaigns.Delete(c.Context(), c.by, id)
}

func (s *server) cloneCampaign(c *call) (answer, error) {
	var in struct {
		Name string `json:"name"`
	}
	if err := c.decodeOptional(&in); err != nil {
		return answer{}, err
	}
	id, err := c.campaignID()
	if err != nil {
		return answer{}, err
	}
	return created(s.Campaigns.Clone(c.Context(), c.by, id, in.Name))
}

// preview is the activity that one person would get.
type preview struct {
	Activity json.RawMessage `json:"activity"`
}

func (s *server) previewCampaign(c *call) (answer, error) {
	var in struct {
		Email string `json:"email"`
	}
	if err := c.decodeOptional(&in); err != nil {
		return answer{}, err
	}
	found, err := s.campaign(c)
	if err != nil {
		return answer{}, err
	}
	person, err := s.Campaigns.Sample(c.Context(), c.by, found, strings.TrimSpace(in.Email))
	if err != nil {
		return answer{}, err
	}
	activity, err := s.Preview(found, person)
	return answer{status: http.StatusOK, body: preview{Activity: activity}}, err
}

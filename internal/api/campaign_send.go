package api

import (
	"context"
	"net/http"
	"strings"

	"crier/internal/domain"
)

// accepted is the answer to a test send: nothing of the campaign changed.
type accepted struct {
	Status string `json:"status"`
}

// testRequest names one person or several.
type testRequest struct {
	Email  *string  `json:"email"`
	Emails []string `json:"emails"`
}

// addresses are the ones named, in either way but not in both.
func (in testRequest) addresses() ([]string, error) {
	var f faults
	addresses := in.Emails
	switch {
	case in.Email != nil && len(in.Emails) > 0:
		f.add("emails", domain.Say("Give either email or emails, not both."))
	case in.Email != nil:
		addresses = []string{*in.Email}
	}
	for _, a := range addresses {
		if strings.TrimSpace(a) == "" {
			f.add("email", domain.Say("Give the address of somebody who has the app."))
			break
		}
	}
	return addresses, f.err()
}

func (s *server) testCampaign(c *call) (answer, error) {
	var in testRequest
	if err := c.decodeOptional(&in); err != nil {
		return answer{}, err
	}
	id, err := c.campaignID()
	if err != nil {
		return answer{}, err
	}
	addresses, err := in.addresses()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusAccepted, body: accepted{Status: "accepted"}}, s.Campaigns.Test(c.Context(), c.by, id, addresses)
}

func (s *server) sendCampaign(c *call) (answer, error) {
	var in struct {
		At *string `json:"at"`
	}
	if err := c.decodeOptional(&in); err != nil {
		return answer{}, err
	}
	id, err := c.campaignID()
	if err != nil {
		return answer{}, err
	}
	var f faults
	at := f.time("at", in.At)
	if err := f.err(); err != nil {
		return answer{}, err
	}
	sent, err := s.Campaigns.Send(c.Context(), c.by, id, at)
	return answerCampaign(http.StatusAccepted, sent, err)
}

// move is the endpoint of an operation that changes a campaign's status.
func (s *server) move(do func(context.Context, domain.Actor, int64) (domain.Campaign, error)) endpoint {
	return func(c *call) (answer, error) {
		if err := c.decodeOptional(&struct{}{}); err != nil {
			return answer{}, err
		}
		id, err := c.campaignID()
		if err != nil {
			return answer{}, err
		}
		moved, err := do(c.Context(), c.by, id)
		return answerCampaign(http.StatusAccepted, moved, err)
	}
}

package web

import (
	"context"
	"net/http"

	"crier/internal/domain"
)

// action is a change of a campaign by one button.
type action struct {
	name string
	do   func(ctx context.Context, by domain.Actor, id int64) (next string, err error)
}

func (s *server) campaignActions() []action {
	report := func(name string, do func(context.Context, domain.Actor, int64) (domain.Campaign, error)) action {
		return action{name, func(ctx context.Context, by domain.Actor, id int64) (string, error) {
			_, err := do(ctx, by, id)
			return campaignPath(id) + "/report?said=" + name, err
		}}
	}
	return []action{
		report("pause", s.Campaigns.Pause),
		report("resume", s.Campaigns.Resume),
		report("cancel", s.Campaigns.Cancel),
		report("retry", s.Campaigns.Retry),
		report("recall", s.Campaigns.Recall),
		report("retry-change", s.Campaigns.RetryChange),
		{"clone", func(ctx context.Context, by domain.Actor, id int64) (string, error) {
			c, err := s.Campaigns.Clone(ctx, by, id, "")
			return campaignPath(c.ID) + "?said=cloned", err
		}},
		{"delete", func(ctx context.Context, by domain.Actor, id int64) (string, error) {
			return "/campaigns?said=deleted", s.Campaigns.Delete(ctx, by, id)
		}},
	}
}

// act runs an action and goes on to where its outcome shows.
func (s *server) act(a action) handler {
	return func(w http.ResponseWriter, r *http.Request, v *visit) error {
		c, err := s.campaign(r, v)
		if err != nil {
			return err
		}
		next, err := a.do(r.Context(), v.actor(), c.ID)
		if err != nil {
			return err
		}
		if a.name == "delete" {
			for _, t := range tabs(v) {
				for _, status := range t.Statuses {
					if status == c.Status {
						next += "&tab=" + t.ID
					}
				}
			}
		}
		return redirect(w, r, next)
	}
}

package app

import (
	"context"

	"crier/internal/domain"

	"golang.org/x/sync/semaphore"
)

// Clicks are the links in messages being followed.
type Clicks struct {
	Refs       Refs
	Deliveries DeliveryStore
	Links      LinkStore
	Now        domain.Clock
	// Counting is how many clicks are counted at once; nil: any number. They change the same few
	// rows, and would only keep others from the database meanwhile.
	Counting *semaphore.Weighted
}

// Followed is where a link leads: the address as its author wrote it, tags and all, and the
// person whose message it stands in.
type Followed struct {
	URL    string
	Person domain.Person
}

// Follow finds where the link with this token leads, whatever became of its message since, and
// counts it when a person follows it. A token that was not signed here is NotFound. Where it
// could not be counted the error comes with the address: whoever clicked needs to get there.
func (a *Clicks) Follow(ctx context.Context, token string, person bool) (Followed, error) {
	id, n, ok := a.Refs.Link(token)
	if !ok {
		return Followed{}, noLink()
	}
	d, err := a.Deliveries.Get(ctx, id)
	if domain.KindOf(err) == domain.NotFound {
		return Followed{}, noLink()
	}
	if err != nil {
		return Followed{}, err
	}
	url, err := a.Links.URL(ctx, d.CampaignID, n)
	if domain.KindOf(err) == domain.NotFound {
		return Followed{}, noLink()
	}
	if err != nil {
		return Followed{}, err
	}
	if person && !d.Trial {
		err = a.count(ctx, d, n)
	}
	return Followed{URL: url, Person: d.Person}, err
}

func (a *Clicks) count(ctx context.Context, d domain.Delivery, n int) error {
	if a.Counting != nil {
		if err := a.Counting.Acquire(ctx, 1); err != nil {
			return err
		}
		defer a.Counting.Release(1)
	}
	return a.Links.Click(ctx, d, n, a.Now())
}

func noLink() error {
	return domain.Fail(domain.NotFound, "This link leads nowhere (any more). Open it from the message again, or ask whoever sent it.")
}

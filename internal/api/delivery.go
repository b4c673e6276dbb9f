package api

import (
	"crier/internal/domain"
)

// delivery is where one recipient's message stands.
type delivery struct {
	User       user           `json:"user"`
	State      string         `json:"state"`
	Attempts   int            `json:"attempts"`
	DueAt      *string        `json:"due_at"`
	SentAt     *string        `json:"sent_at"`
	SeenAt     *string        `json:"seen_at"`
	ClickedAt  *string        `json:"clicked_at"`
	AnsweredAt *string        `json:"answered_at"`
	Change     *rowChange     `json:"change,omitempty"`
	Error      *deliveryError `json:"error,omitempty"`
}

// user is a recipient. Of somebody unknown there is only the address that the audience names.
type user struct {
	ID    *string `json:"id"`
	Name  string  `json:"name"`
	Email string  `json:"email"`
}

type deliveryError struct {
	Code    string `json:"code"`
	Message string `json:"message"` // in plain words, with what to do about it
}

func (s *server) listDeliveries(c *call) (answer, error) {
	id, err := c.campaignID()
	if err != nil {
		return answer{}, err
	}
	q, err := c.query()
	if err != nil {
		return answer{}, err
	}
	f := domain.DeliveryFilter{State: oneOf(q, "state", domain.States()...), Query: q.text("q")}
	p := q.page()
	if err := q.err(); err != nil {
		return answer{}, err
	}
	fetch := func(after int64, limit int) ([]domain.Delivery, error) {
		return s.Campaigns.Rows(c.Context(), c.by, id, f, after, limit)
	}
	language := languageOf(c.Request)
	encode := func(d domain.Delivery) delivery { return encodeDelivery(d, language) }
	return answerPage(p, fetch, func(d domain.Delivery) int64 { return d.ID }, encode)
}

func encodeDelivery(d domain.Delivery, language string) delivery {
	out := delivery{
		User: user{Name: d.Person.Name, Email: d.Person.Email}, State: string(d.State), Attempts: d.Attempts,
		DueAt: formatTime(d.DueAt), SentAt: formatTime(d.SentAt), SeenAt: formatTime(d.SeenAt),
		ClickedAt: formatTime(d.ClickedAt), AnsweredAt: formatTime(d.AnsweredAt), Change: encodeRowChange(d.Changed, language),
	}
	if d.Person.ID > 0 {
		id := formatID(d.Person.ID)
		out.User.ID = &id
	} else {
		out.User.Email = d.Address
	}
	if d.Code != "" {
		out.Error = &deliveryError{Code: string(d.Code), Message: say(language, d.Code.Explain())}
	}
	return out
}

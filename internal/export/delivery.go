package export

import (
	"context"
	"time"

	"crier/internal/domain"
	"crier/internal/i18n"
)

// deliveries is a campaign's recipients and where their messages stand.
func (e Exports) deliveries(ctx context.Context, r Request, tr i18n.Translator) (table, error) {
	fetch := func(after int64) ([]domain.Delivery, error) {
		return e.Campaigns.Rows(ctx, r.By, r.Campaign, domain.DeliveryFilter{}, after, pageSize)
	}
	row := func(d domain.Delivery) []any { return deliveryRow(d, tr) }
	rows, err := inPages(fetch, func(d domain.Delivery) int64 { return d.ID }, row)
	return table{rows: rows, heading: []string{
		tr.Text("Name"), tr.Text("Email"), tr.Text("State"), tr.Text("Code"), tr.Text("Message"), tr.Text("Attempts"), tr.Text("Due at"),
		tr.Text("Sent at"), tr.Text("Seen at"), tr.Text("Clicked at"), tr.Text("Answered at"), tr.Text("Change"),
	}}, err
}

// deliveryRow has the cells of a recipient. States, codes and changes are the words of the API;
// the message says in plain ones what is wrong.
func deliveryRow(d domain.Delivery, tr i18n.Translator) []any {
	email, message, change := d.Person.Email, "", ""
	if d.Person.ID == 0 {
		email = d.Address
	}
	if d.Code != "" {
		why := d.Code.Explain()
		message = tr.Text(why.Format, why.Args...)
	}
	if d.Changed != nil {
		change = string(d.Changed.Change) + ": " + d.Changed.Word()
	}
	return []any{
		d.Person.Name, email, string(d.State), string(d.Code), message, d.Attempts, moment(d.DueAt),
		moment(d.SentAt), moment(d.SeenAt), moment(d.ClickedAt), moment(d.AnsweredAt), change,
	}
}

// moment is a time as the API writes it; empty where there is none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

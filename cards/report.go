package cards

import (
	"strconv"
	"strings"
	"time"

	"crier/internal/domain"
)

const maxListed = 20 // campaigns on one card

// CampaignList names campaigns with what they are and how they stand, at most 20.
func CampaignList(who domain.Person, campaigns []domain.Campaign) Content {
	p := newPen(who.Language())
	if len(campaigns) == 0 {
		return Content{pen: p, text: p.Text("There are no campaigns here yet.")}
	}
	body := []any{heading(p.Text("Campaigns"))}
	var lines []string
	for i, c := range campaigns[:min(len(campaigns), maxListed)] {
		about := p.Text("%s, %s, no. %s", p.kind(c.Kind), p.status(c.Status), strconv.FormatInt(c.ID, 10))
		name := paragraph("**" + p.verbatim(c.Name, cardMarkdown) + "**")
		if i == 0 {
			name.Spacing = smallSpacing
		}
		detail := subtle(about)
		detail.Spacing = "None"
		body = append(body, name, detail)
		lines = append(lines, p.Text("%s: %s", clean(c.Name), about))
	}
	if more := len(campaigns) - maxListed; more > 0 {
		text := p.Text("and %d more", more)
		body, lines = append(body, subtle(text)), append(lines, text)
	}
	return Content{pen: p, body: body, text: strings.Join(lines, "\n")}
}

// ReportCard is a campaign's report in numbers; times in the reader's zone.
func ReportCard(who domain.Person, r domain.Report) Content {
	p := newPen(who.Language())
	state := p.status(r.Campaign.Status)
	if result := p.result(r.Counts.Result(r.Campaign.Status)); result != "" {
		state = p.Text("%s, %s", state, result)
	}
	facts := p.facts(r)
	if !r.ExpectedFinishAt.IsZero() {
		facts = append(facts, fact{p.Text("Expected end"), p.clock(r.ExpectedFinishAt, who.TimeZone)})
	}
	lines := []string{clean(r.Campaign.Name), state}
	for _, f := range facts {
		lines = append(lines, p.Text("%s: %s", f.Title, f.Value))
	}
	body := []any{
		heading(p.verbatim(r.Campaign.Name, cardMarkdown)), subtle(state),
		factSet{Type: "FactSet", Spacing: bodySpacing, Facts: facts},
	}
	if waiting := p.waiting(r.Progress, who.TimeZone); waiting != "" {
		lines, body = append(lines, waiting), append(body, subtle(waiting))
	}
	if r.Campaign.Notice != "" {
		notice := p.Text(r.Campaign.Notice)
		lines = append(lines, notice)
		body = append(body, container{Type: "Container", Style: "attention", Spacing: bodySpacing, Items: []any{paragraph(p.verbatim(notice, cardMarkdown))}})
	}
	return Content{pen: p, body: body, text: strings.Join(lines, "\n")}
}

// facts are the counters; those that are usually nothing only when they are something.
func (p *pen) facts(r domain.Report) []fact {
	c := r.Counts
	list := []struct {
		title  string
		n      int64
		always bool
	}{
		{p.Text("Recipients"), c.Recipients, true},
		{p.Text("Sent"), c.Sent, true},
		{p.Text("Seen"), c.Seen, true},
		{p.Text("Clicked"), c.Clicked, false},
		{p.Text("Answered"), c.Answered, r.Campaign.Kind == domain.KindSurvey},
		{p.Text("Waiting"), c.Pending, false},
		{p.Text("Postponed"), c.Postponed, false},
		{p.Text("In error"), c.Failed, true},
		{p.Text("Unscheduled"), c.Unscheduled, false},
		{p.Text("Uncertain"), c.Uncertain, false},
		{p.Text("Cancelled"), c.Cancelled, false},
		{p.Text("Without the app"), c.Unreachable, false},
	}
	var facts []fact
	for _, l := range list {
		if l.always || l.n != 0 {
			facts = append(facts, fact{l.title, strconv.FormatInt(l.n, 10)})
		}
	}
	for i := range facts { // nobody seen is no news where nobody can be
		if facts[i].Title == p.Text("Seen") && c.Seen == 0 && r.Receipts == domain.ReceiptsUnavailable {
			facts[i].Value = p.Text("not available")
		}
	}
	return facts
}

// clock is a time as the reader's wall clock shows it, with its zone.
func (p *pen) clock(t time.Time, zone string) string {
	if location, err := time.LoadLocation(zone); err == nil && zone != "Local" {
		t = t.In(location)
	}
	if p.Language() == "fr" {
		return t.Format("02/01/2006 15:04 MST")
	}
	return t.Format("2 Jan 2006 15:04 MST")
}

func (p *pen) kind(k domain.Kind) string {
	switch k {
	case domain.KindCard:
		return p.Text("Card")
	case domain.KindMessage:
		return p.Text("Message")
	}
	return bannerOf(k, p.Translator).word
}

func (p *pen) status(s domain.Status) string {
	switch s {
	case domain.Draft:
		return p.Text("draft")
	case domain.Scheduled:
		return p.Text("scheduled")
	case domain.Sending:
		return p.Text("sending")
	case domain.Paused:
		return p.Text("paused")
	case domain.Done:
		return p.Text("done")
	case domain.Cancelled:
		return p.Text("cancelled")
	}
	return string(s)
}

// result is how it went; nothing while it is going on.
func (p *pen) result(result string) string {
	switch result {
	case domain.ResultSuccess:
		return p.Text("success")
	case domain.ResultError:
		return p.Text("error")
	case domain.ResultPostponed:
		return p.Text("postponed")
	}
	return ""
}

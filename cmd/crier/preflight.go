package main

import (
	"math"

	"crier/cards"
	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/links"
)

// buildPreflight is what looks campaigns over before they are sent.
func (s *service) buildPreflight(refs app.Refs) *app.Preflight {
	sites := links.New(links.Options{Now: domain.SystemClock, UserAgent: "Crier/" + version + " (link check)"})
	return &app.Preflight{
		Campaigns: s.app.campaigns, Facts: s.campaigns(), Size: s.measure(refs), Limit: cards.MaxSize,
		Notes: notes, Links: cards.Links, Check: sites.Check,
	}
}

// measure makes what tells how big the largest of people's messages is, drawn as it would be
// sent: with counted links, and references as long as they get.
func (s *service) measure(refs app.Refs) func(domain.Campaign, []domain.Person) (int, error) {
	ref := refs.Sign(math.MaxInt64)
	link := func(dst []byte, n int) []byte {
		return refs.AppendLink(append(dst, s.cfg.PublicURL+"/r/"...), math.MaxInt64, n)
	}
	return func(c domain.Campaign, people []domain.Person) (int, error) {
		numbers := map[string]int{}
		for i, address := range cards.Links(c) {
			numbers[address] = i + 1
		}
		m, err := cards.Compile(c, cards.Options{Links: numbers})
		if err != nil {
			return 0, err
		}
		largest, body := 0, []byte(nil)
		for _, p := range people {
			body = m.Fill(body[:0], cards.Recipient{Person: p, Ref: ref, Link: link})
			largest = max(largest, cards.Size(body))
		}
		return largest, nil
	}
}

// notes is what an author should know of how a campaign is drawn.
func notes(c domain.Campaign) []domain.FieldError {
	var all []domain.FieldError
	for _, n := range cards.Notes(c) {
		all = append(all, domain.FieldError{Field: n.Field, Message: n.Message})
	}
	if len(c.Content.AdaptiveCard) > 0 {
		all = append(all, domain.CardNotes(c.Content.AdaptiveCard)...)
	}
	return all
}

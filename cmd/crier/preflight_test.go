package main

import (
	"encoding/json"
	"strings"
	"testing"

	"crier/cards"
	"crier/internal/app"
	"crier/internal/config"
	"crier/internal/domain"
)

func TestTheLargestMessageIsMeasured(t *testing.T) {
	t.Parallel()
	s := &service{cfg: config.Config{PublicURL: "https://crier.example.com"}}
	measure := s.measure(app.Refs{Secret: []byte("0123456789abcdef")})
	c := domain.Campaign{Name: "x", Channel: domain.Teams, Kind: domain.KindMessage, Content: domain.Content{Text: "Hello [NAME]"}}
	size := func(c domain.Campaign, names ...string) int {
		t.Helper()
		var people []domain.Person
		for _, name := range names {
			people = append(people, domain.Person{Name: name})
		}
		n, err := measure(c, people)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	short := size(c, "Ana")
	if long := size(c, "Ana", strings.Repeat("n", 103), "Bo"); long != short+2*2*100 { // UTF-16, in the text and in its summary
		t.Errorf("a name that is 100 longer takes %d, not %d", long, short+400)
	}
	linked := c
	linked.Content.Text = "Hello [NAME] [l](https://example.com/)"
	counted, err := cards.Compile(linked, cards.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if plain := cards.Size(counted.Fill(nil, cards.Recipient{Person: domain.Person{Name: "Ana"}})); size(linked, "Ana") <= plain {
		t.Errorf("with its links counted it takes %d, and %d without", size(linked, "Ana"), plain)
	}
	c.Content.Text = strings.Repeat("x", 60_000)
	if _, err := measure(c, nil); domain.KindOf(err) != domain.Invalid {
		t.Errorf("a message that is too big: %v", err)
	}
}

func TestNotesAreOfTextsAndOfCards(t *testing.T) {
	t.Parallel()
	c := domain.Campaign{Name: "x", Channel: domain.Teams, Kind: domain.KindIdea, Content: domain.Content{Text: "Plain **words**."}}
	if list := notes(c); len(list) != 0 {
		t.Errorf("plain words have notes: %v", list)
	}
	c.Content.Text = "# A heading\n\nwords"
	if list := notes(c); len(list) != 1 || list[0].Field != "content.text" {
		t.Errorf("a heading: %v", list)
	}
	own := domain.Campaign{Name: "x", Channel: domain.Teams, Kind: domain.KindCard}
	own.Content.AdaptiveCard = json.RawMessage(`{"type":"AdaptiveCard","version":"1.5","body":[{"type":"Carousel9","pages":[]}]}`)
	if got, want := len(notes(own)), len(domain.CardNotes(own.Content.AdaptiveCard)); got != want {
		t.Errorf("%d notes of a card, want %d", got, want)
	}
}

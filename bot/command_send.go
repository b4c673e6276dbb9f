package bot

import (
	"context"
	"regexp"
	"strings"
	"time"

	"crier/cards"
	"crier/internal/domain"
)

func try(ctx context.Context, b *Bot, c conversation) (cards.Content, error) {
	name, address, quoted := unquote(c.words)
	if !quoted {
		if at := strings.LastIndex(c.words, " "); at >= 0 {
			name, address = named(c.words[:at]), c.words[at+1:]
		}
	}
	campaign, err := b.campaign(ctx, c, name)
	if err != nil {
		return cards.Content{}, err
	}
	address = strings.TrimPrefix(strings.Trim(address, "<>"), "mailto:")
	if err := b.Campaigns.Test(ctx, c.by, campaign.ID, []string{address}); err != nil {
		return cards.Content{}, err
	}
	return c.say("%s is on its way to %s, as a test.", campaign.Name, address), nil
}

// when is the end of "send <campaign> …": now, or at a time.
var when = regexp.MustCompile(`(?i)^(.*?)(?:\s+(now|maintenant)|\s+(?:at|à|a|le)\s+(\S*\d.*))?$`)

func send(ctx context.Context, b *Bot, c conversation) (cards.Content, error) {
	name, at, err := sendWords(c.words, c.person, b.Now())
	if err != nil {
		return cards.Content{}, err
	}
	campaign, err := b.campaign(ctx, c, name)
	if err != nil {
		return cards.Content{}, err
	}
	campaign, err = b.Campaigns.Send(ctx, c.by, campaign.ID, at)
	if err != nil {
		return cards.Content{}, err
	}
	if campaign.Delivery.StartAt.After(b.Now()) {
		zone := zoneOf(c.person)
		return c.say("%s is scheduled for %s (%s).", campaign.Name, campaign.Delivery.StartAt.In(zone).Format("2006-01-02 15:04"), zone), nil
	}
	return c.say("%s is on its way. Write “report %s” to see how it goes.", campaign.Name, campaign.Name), nil
}

// sendWords reads the campaign's name and when to send it; the zero time when nothing is said:
// the draft's own time, else now.
func sendWords(words string, p domain.Person, now time.Time) (name string, at time.Time, err error) {
	name, rest, quoted := unquote(words)
	if quoted {
		rest = strings.TrimSpace("x " + rest)
	} else {
		rest = words
	}
	m := when.FindStringSubmatch(rest)
	if m == nil {
		return words, time.Time{}, nil
	}
	if !quoted {
		name = named(strings.TrimSpace(m[1]))
	}
	if m[2] != "" {
		return name, now, nil // now, whatever time the draft was written for
	}
	if m[3] == "" {
		return name, time.Time{}, nil
	}
	at, ok := clockTime(strings.TrimSpace(m[3]), zoneOf(p), now)
	if !ok {
		return name, at, domain.Fail(domain.Invalid, "I did not understand the time. Write it like 18:30 or 2026-02-14 18:30.")
	}
	return name, at, nil
}

func zoneOf(p domain.Person) *time.Location {
	if zone, err := time.LoadLocation(p.TimeZone); err == nil && p.TimeZone != "" {
		return zone
	}
	return time.UTC
}

var frenchHour = regexp.MustCompile(`(\d{1,2})\s?[hH](\d{2})?$`)

// clockTime reads a time as people write it, in their zone. One without a date is the next
// such time.
func clockTime(words string, zone *time.Location, now time.Time) (time.Time, bool) {
	words = frenchHour.ReplaceAllStringFunc(words, func(h string) string {
		m := frenchHour.FindStringSubmatch(h)
		if m[2] == "" {
			m[2] = "00"
		}
		return m[1] + ":" + m[2]
	})
	if t, err := time.Parse(time.RFC3339, words); err == nil {
		return t.UTC(), true
	}
	for _, form := range []string{"2006-01-02 15:04", "2006-01-02T15:04", "02/01/2006 15:04"} {
		if t, err := time.ParseInLocation(form, words, zone); err == nil {
			return t.UTC(), true
		}
	}
	for _, form := range []string{"15:04", "3:04pm", "3:04 pm", "3pm", "3 pm"} {
		t, err := time.Parse(form, strings.ToLower(words))
		if err != nil {
			continue
		}
		local := now.In(zone)
		at := time.Date(local.Year(), local.Month(), local.Day(), t.Hour(), t.Minute(), 0, 0, zone)
		if at.Before(now) {
			at = at.AddDate(0, 0, 1)
		}
		return at.UTC(), true
	}
	return time.Time{}, false
}

package main

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"crier/internal/domain"
	"crier/internal/simulator"
	"crier/internal/web"
)

// chats are the conversations of a simulated tenant for the console: what came is the tenant's, what
// was said and which reactions stand is kept here.
type chats struct {
	tenant *simulator.Simulator

	mu        sync.Mutex
	said      map[int][]web.SimulatedMessage
	reactions map[int]map[string][]string // by person and message
	read      map[int]string              // the last message that somebody has read
}

func newChats(t *simulator.Simulator) *chats {
	return &chats{tenant: t, said: map[int][]web.SimulatedMessage{}, reactions: map[int]map[string][]string{}, read: map[int]string{}}
}

// peopleAtOnce is how many people a search lists.
const peopleAtOnce = 50

// People implements web.Simulated.
func (c *chats) People(query string) []web.SimulatedPerson {
	var list []web.SimulatedPerson
	query = strings.ToLower(strings.TrimSpace(query))
	for i := 0; i < c.tenant.People() && len(list) < peopleAtOnce; i++ {
		p := c.tenant.Person(i)
		if strings.Contains(strings.ToLower(p.Name+" "+p.Email+" "+p.UPN), query) {
			list = append(list, c.describe(p))
		}
	}
	return list
}

// Person implements web.Simulated.
func (c *chats) Person(i int) (web.SimulatedPerson, bool) {
	if i < 0 || i >= c.tenant.People() {
		return web.SimulatedPerson{}, false
	}
	return c.describe(c.tenant.Person(i)), true
}

func (c *chats) describe(p simulator.Person) web.SimulatedPerson {
	channel := domain.Teams
	if p.Skype() {
		channel = domain.Skype
	}
	has, blocked := c.tenant.Has(p.Index)
	return web.SimulatedPerson{
		Index: p.Index, Name: p.Name, Address: cmp.Or(p.Email, p.UPN), Channel: channel, Locale: p.Locale,
		Messages: len(c.tenant.Received(p.Index)), Has: has, HasBlocked: blocked,
	}
}

// Chat implements web.Simulated. Whose chat is open does nothing by themselves any more.
func (c *chats) Chat(ctx context.Context, i int) []web.SimulatedMessage {
	c.tenant.Play(i)
	got := c.tenant.Received(i)
	c.reads(ctx, i, got)
	c.mu.Lock()
	defer c.mu.Unlock()
	list := slices.Clone(c.said[i])
	for _, r := range got {
		ms, _ := strconv.ParseInt(r.ID, 10, 64)
		list = append(list, web.SimulatedMessage{
			ID: r.ID, At: time.UnixMilli(ms).UTC(), Text: r.Text, Activity: r.Raw, Card: r.View, Edited: r.Edits > 0, Reactions: c.reactions[i][r.ID],
		})
	}
	slices.SortStableFunc(list, func(a, b web.SimulatedMessage) int { return a.At.Compare(b.At) })
	return list
}

// reads tells the bot that somebody has seen the last message.
func (c *chats) reads(ctx context.Context, i int, got []simulator.Received) {
	if len(got) == 0 || c.tenant.Person(i).Skype() {
		return
	}
	last := got[len(got)-1].ID
	c.mu.Lock()
	known := c.read[i] == last
	c.read[i] = last
	c.mu.Unlock()
	if has, _ := c.tenant.Has(i); has && !known {
		_, _ = c.tenant.Read(ctx, i, last) // nobody waits for it
	}
}

// maxOwn bounds what is kept of what somebody said.
const maxOwn = 50

// Say implements web.Simulated.
func (c *chats) Say(ctx context.Context, i int, text string) error {
	c.mu.Lock()
	own := append(c.said[i], web.SimulatedMessage{At: time.Now().UTC(), Mine: true, Text: text})
	c.said[i] = own[max(0, len(own)-maxOwn):]
	c.mu.Unlock()
	return taken(c.tenant.Say(ctx, i, text))
}

// Press implements web.Simulated.
func (c *chats) Press(ctx context.Context, i int, p web.SimulatedPress) (string, error) {
	switch p.Kind {
	case "Action.Execute":
		reply, err := c.tenant.Execute(ctx, i, p.Message, p.Verb, p.Data, nil)
		if err := taken(reply, err); err != nil {
			return "", err
		}
		return saidBy(reply), nil
	case "Action.Submit":
		return "", taken(c.tenant.Submit(ctx, i, p.Message, p.Data, nil))
	case "reaction":
		return "", c.react(ctx, i, p.Message, p.Verb)
	}
	return "", domain.Fail(domain.Invalid, "This button does nothing here.")
}

// react puts a reaction on a message, or takes it back.
func (c *chats) react(ctx context.Context, i int, message, reaction string) error {
	c.mu.Lock()
	if c.reactions[i] == nil {
		c.reactions[i] = map[string][]string{}
	}
	stands := c.reactions[i][message]
	at := slices.Index(stands, reaction)
	if at >= 0 {
		c.reactions[i][message] = slices.Delete(slices.Clone(stands), at, at+1)
	} else {
		c.reactions[i][message] = append(slices.Clone(stands), reaction)
	}
	c.mu.Unlock()
	if at >= 0 {
		return taken(c.tenant.Unreact(ctx, i, message, reaction))
	}
	return taken(c.tenant.React(ctx, i, message, reaction))
}

// saidBy is what the bot answers in words to an Execute; empty where it answers a card.
func saidBy(reply simulator.Reply) string {
	answer, err := reply.Invoke()
	if err != nil {
		return ""
	}
	var words string
	if json.Unmarshal(answer.Value, &words) == nil {
		return words
	}
	var fault struct{ Message string }
	_ = json.Unmarshal(answer.Value, &fault) // a card has none
	return fault.Message
}

func taken(reply simulator.Reply, err error) error {
	if err == nil && !reply.OK() {
		return domain.Fail(domain.Conflict, "The bot did not take it: it answered with %d.", reply.Status)
	}
	return err
}

// Move implements web.Simulated.
func (c *chats) Move(ctx context.Context, i int, to web.SimulatedMove) error {
	switch to {
	case web.SimulatedInstall:
		return taken(c.tenant.Install(ctx, i))
	case web.SimulatedUninstall:
		return taken(c.tenant.Uninstall(ctx, i))
	case web.SimulatedBlock, web.SimulatedUnblock:
		c.tenant.Block(i, to == web.SimulatedBlock)
		return nil
	}
	return domain.Fail(domain.Invalid, "This button does nothing here.")
}

// Weather implements web.Simulated.
func (c *chats) Weather() web.SimulatedWeather {
	b := c.tenant.Behaviour()
	return web.SimulatedWeather{Latency: b.Latency, Rate: b.Rate, Failing: b.ServerError}
}

// SetWeather implements web.Simulated.
func (c *chats) SetWeather(w web.SimulatedWeather) {
	b := c.tenant.Behaviour()
	b.Latency, b.Rate, b.ServerError, b.FailFirst = w.Latency, w.Rate, w.Failing, 2 // a moment: two tries
	c.tenant.SetBehaviour(b)
}

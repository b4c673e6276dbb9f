package simulator

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// errSkype is returned for what the channel "skype" does not have (skype 2).
var errSkype = errors.New("simulator: the channel skype has no such activity")

// Install gives a person the bot: in Teams both installationUpdate and
// conversationUpdate, in an order that differs from person to person (inbound 5.2,
// 5.3), on Skype contactRelationUpdate. The reply is the first one's that the bot
// refused, else the last one's. A chatty person then says hello.
func (s *Simulator) Install(ctx context.Context, i int, opts ...PostOption) (Reply, error) {
	s.enter(i, installed)
	p := s.Person(i)
	acts := s.arrivals(p, "add", "membersAdded")
	reply, err := s.postAll(ctx, acts, opts)
	if err == nil && reply.OK() && s.opt.Chatty {
		return s.Say(ctx, i, "hello", opts...)
	}
	return reply, err
}

// Place gives a person the bot without telling it: for a bot that knows the person from
// before.
func (s *Simulator) Place(i int) { s.enter(i, installed) }

// Uninstall takes the bot away: from now on every send meets 403.
func (s *Simulator) Uninstall(ctx context.Context, i int, opts ...PostOption) (Reply, error) {
	s.enter(i, removed)
	return s.postAll(ctx, s.arrivals(s.Person(i), "remove", "membersRemoved"), opts)
}

// Upgrade tells the bot of a new version of the app, in one of the two spellings
// that are met (inbound 5.2).
func (s *Simulator) Upgrade(ctx context.Context, i int, opts ...PostOption) (Reply, error) {
	p := s.Person(i)
	if p.Skype() {
		return Reply{}, errSkype
	}
	action := []string{"add-upgrade", "upgrade"}[pick(s.people.draw(drawUpgrade, i), 2)]
	act := with(s.envelope(p, "installationUpdate", s.eventID(), false), map[string]any{"action": action})
	return s.Post(ctx, act, opts...)
}

func (s *Simulator) arrivals(p Person, action, members string) []map[string]any {
	if p.Skype() {
		return []map[string]any{with(s.envelope(p, "contactRelationUpdate", s.eventID(), true), map[string]any{"action": action})}
	}
	installation := with(s.envelope(p, "installationUpdate", s.eventID(), false), map[string]any{"action": action})
	installation["channelData"] = with(installation["channelData"].(map[string]any),
		map[string]any{"source": map[string]any{"name": "message"}})
	conversation := with(s.envelope(p, "conversationUpdate", s.eventID(), false),
		map[string]any{members: []any{map[string]any{"id": s.botID()}}})
	if s.people.draw(drawInstallOrder, p.Index)%2 == 0 {
		return []map[string]any{installation, conversation}
	}
	return []map[string]any{conversation, installation}
}

func (s *Simulator) postAll(ctx context.Context, acts []map[string]any, opts []PostOption) (out Reply, err error) {
	for n, act := range acts {
		reply, err := s.Post(ctx, act, opts...)
		if err != nil {
			return reply, err
		}
		if n == 0 || out.OK() {
			out = reply
		}
	}
	return out, nil
}

func (s *Simulator) enter(i int, state installState) {
	s.mu.Lock()
	before := s.seats[i].state
	s.seats[i].state = state
	s.mu.Unlock()
	s.tally.add(func(st *Stats) {
		if before == installed {
			st.Installed--
		}
		if state == installed {
			st.Installed++
		}
	})
}

// InstallAll installs the bot for everybody, several at a time. Progress, which may
// be nil, is called after each person, one call at a time. It fails when the bot
// could not be reached; people the bot refused are counted in the error as well.
func (s *Simulator) InstallAll(ctx context.Context, progress func(done, total int)) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(cap(s.slots))
	var mu sync.Mutex
	done, refused := 0, 0
	for i := range s.People() {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			reply, err := s.Install(ctx, i)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if done++; !reply.OK() {
				refused++
			}
			if progress != nil {
				progress(done, s.People())
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("simulator: installing: %w", err)
	}
	if err := context.Cause(ctx); err != nil && done < s.People() {
		return err
	}
	if refused > 0 {
		return fmt.Errorf("simulator: the bot refused %d of %d installs", refused, s.People())
	}
	return nil
}

// Say sends a text message; it arrives twice in the activity, as plain text and as
// HTML (inbound 5.1).
func (s *Simulator) Say(ctx context.Context, i int, text string, opts ...PostOption) (Reply, error) {
	p := s.Person(i)
	act := with(s.envelope(p, "message", formatID(s.mail.id(i)), true), map[string]any{"text": text, "textFormat": "plain"})
	if !p.Skype() {
		act["attachments"] = []any{map[string]any{"contentType": "text/html", "content": "<div>" + html.EscapeString(text) + "</div>"}}
	}
	s.tally.add(func(st *Stats) { st.Said++ })
	return s.Post(ctx, act, opts...)
}

// Submit presses an Action.Submit of the card in message replyTo: the action's data
// with the inputs merged in, as a message without text. Inputs may be strings,
// numbers, booleans and lists; they leave as the client sends them, as strings,
// lists joined by commas, empty ones left out.
func (s *Simulator) Submit(ctx context.Context, i int, replyTo string, data, inputs map[string]any, opts ...PostOption) (Reply, error) {
	act := with(s.envelope(s.Person(i), "message", formatID(s.mail.id(i)), true),
		map[string]any{"replyToId": replyTo, "value": merge(data, inputs)})
	s.tally.add(func(st *Stats) { st.Submitted++ })
	reply, err := s.Post(ctx, act, opts...)
	if err == nil && reply.OK() {
		s.noteAnswer(i, replyTo)
	}
	return reply, err
}

// Execute presses an Action.Execute: an invoke whose answer is in the reply (read
// it with Reply.Invoke). A card in the answer replaces the message's for this
// person alone. Inputs are as in Submit.
func (s *Simulator) Execute(ctx context.Context, i int, replyTo, verb string, data, inputs map[string]any, opts ...PostOption) (Reply, error) {
	p := s.Person(i)
	if p.Skype() {
		return Reply{}, errSkype
	}
	act := with(s.envelope(p, "invoke", s.eventID(), true), map[string]any{
		"name": "adaptiveCard/action", "replyToId": replyTo,
		"value": map[string]any{
			"action":  map[string]any{"type": "Action.Execute", "verb": verb, "data": merge(data, inputs)},
			"trigger": "manual",
		},
	})
	s.tally.add(func(st *Stats) { st.Executed++ })
	reply, err := s.Post(ctx, act, opts...)
	if err == nil && reply.Status == http.StatusOK {
		if answer, err := reply.Invoke(); err == nil && answer.Type == adaptiveCard {
			s.mail.setView(i, replyTo, answer.Value)
			s.noteAnswer(i, replyTo)
		}
	}
	return reply, err
}

// React puts a reaction ("like", "heart", ...) on a message of the bot.
func (s *Simulator) React(ctx context.Context, i int, messageID, reaction string, opts ...PostOption) (Reply, error) {
	return s.prepareReaction(i, messageID, reaction, true, s.opt.Now())(ctx, opts...)
}

// Unreact takes a reaction back.
func (s *Simulator) Unreact(ctx context.Context, i int, messageID, reaction string, opts ...PostOption) (Reply, error) {
	return s.prepareReaction(i, messageID, reaction, false, s.opt.Now())(ctx, opts...)
}

// posting sends what somebody did, which may have been a while ago.
type posting func(ctx context.Context, opts ...PostOption) (Reply, error)

// prepareReaction makes the activity of a reaction that was added or removed at that time.
func (s *Simulator) prepareReaction(i int, messageID, reaction string, added bool, at time.Time) posting {
	p := s.Person(i)
	if p.Skype() {
		return func(context.Context, ...PostOption) (Reply, error) { return Reply{}, errSkype }
	}
	field := "reactionsRemoved"
	if added {
		field = "reactionsAdded"
	}
	act := with(s.envelope(p, "messageReaction", s.eventID(), false), map[string]any{
		"replyToId": messageID, field: []any{map[string]any{"type": reaction}}, "timestamp": timestamp(at),
	})
	return func(ctx context.Context, opts ...PostOption) (Reply, error) {
		s.tally.add(func(st *Stats) {
			if added {
				st.Reacted++
			} else {
				st.Unreacted++
			}
		})
		reply, err := s.Post(ctx, act, opts...)
		if err == nil && reply.OK() {
			s.noteReaction(i, messageID, reaction, added, at)
		}
		return reply, err
	}
}

// Read tells the bot that everything up to a message has been read (inbound 5.6).
func (s *Simulator) Read(ctx context.Context, i int, messageID string, opts ...PostOption) (Reply, error) {
	return s.prepareRead(i, messageID)(ctx, opts...)
}

func (s *Simulator) prepareRead(i int, messageID string) posting {
	p := s.Person(i)
	if p.Skype() {
		return func(context.Context, ...PostOption) (Reply, error) { return Reply{}, errSkype }
	}
	act := with(s.envelope(p, "event", s.eventID(), false), map[string]any{
		"name":  "application/vnd.microsoft.readReceipt",
		"value": map[string]any{"lastReadMessageId": messageID},
	})
	return func(ctx context.Context, opts ...PostOption) (Reply, error) {
		s.tally.add(func(st *Stats) { st.Read++ })
		reply, err := s.Post(ctx, act, opts...)
		if err == nil && reply.OK() {
			s.noteRead(i, messageID)
		}
		return reply, err
	}
}

// merge is what a client makes of an action's data and a card's inputs.
func merge(data, inputs map[string]any) map[string]any {
	out := with(map[string]any{}, data)
	for id, value := range inputs {
		if typed := typedIn(value); typed != "" {
			out[id] = typed
		}
	}
	return out
}

func typedIn(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []string:
		return strings.Join(v, ",")
	}
	return fmt.Sprint(value)
}

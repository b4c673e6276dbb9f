// Package bot is the chat face: an activity comes in, an operation of internal/app is
// called, a card goes out. It holds no rules of the product.
package bot

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"crier/bot/connector"
	"crier/internal/app"
	"crier/internal/domain"

	"github.com/infracloudio/msbotbuilder-go/schema"
)

// Verifier decides whether an activity really comes from its channel.
type Verifier interface {
	Verify(ctx context.Context, header http.Header, a connector.Activity) error
}

// Inbox remembers which activities were acted on.
type Inbox interface {
	Known(ctx context.Context, key string) (bool, error)
	Begin(ctx context.Context, key string, now time.Time) (bool, error)
	Forget(ctx context.Context, key string) error
	Note(ctx context.Context, keys []string, now time.Time) error
}

// Options are what the bot needs.
type Options struct {
	Verifier  Verifier // nil: nobody is let in, unless Anonymous
	Anonymous bool     // development on a loopback address: activities without a token
	Hosts     connector.TrustedHosts
	Connector *connector.Client
	Inbox     Inbox
	People    *app.People
	Campaigns *app.Campaigns
	Signals   *app.Signals
	Surveys   Surveys
	Officers  *app.Officers
	BotID     string // the bot's id where an activity does not name it ("28:<app id>")
	Now       domain.Clock
	Log       *slog.Logger
	Observe   func(kind, result string) // is told of each activity
}

// Bot takes the channel's activities. Run does the work that must not delay the answers.
type Bot struct {
	Options
	later   chan func(context.Context)
	notes   chan string // activities that were taken, to be noted
	wake    chan struct{}
	redraws redraws
	recent  recent
	calm    time.Duration // how long a card that is seen already waits to be redrawn
}

// maxBody bounds an activity; the documented ones are far smaller.
const maxBody = 1 << 20

// answerWithin bounds the work before the answer: the channel gives up after 10 to 15 s.
const answerWithin = 9 * time.Second

// New makes a bot; Run starts its work.
func New(o Options) *Bot {
	return &Bot{Options: o, later: make(chan func(context.Context), 1024), notes: make(chan string, 1024), wake: make(chan struct{}, 1), calm: calm}
}

// ServeHTTP is POST /api/messages: one activity, verified, acted on, answered
// (protocol/inbound.md section 1).
func (b *Bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, "Activities are posted here.")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
	defer cancel()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		status, words := http.StatusBadRequest, "The request ended early."
		if _, big := errors.AsType[*http.MaxBytesError](err); big {
			status, words = http.StatusRequestEntityTooLarge, "The activity is larger than 1 MiB."
		}
		b.Observe("unread", "refused")
		refuse(w, status, words)
		return
	}
	a, err := connector.Decode(body)
	if err != nil {
		b.Observe("unread", "refused")
		refuse(w, http.StatusBadRequest, "This is not an activity: "+err.Error())
		return
	}
	if status, reason := b.admit(ctx, r, a); status != 0 {
		b.Observe(kindOf(a), "refused")
		b.Log.Warn("activity refused", "type", kindOf(a), "status", status, "reason", reason, "remote", r.RemoteAddr)
		refuse(w, status, reason)
		return
	}
	b.serve(ctx, w, a)
}

// admit answers why an activity is refused, or 0.
func (b *Bot) admit(ctx context.Context, r *http.Request, a connector.Activity) (int, string) {
	switch {
	case b.Verifier != nil:
		if err := b.Verifier.Verify(ctx, r.Header, a); err != nil {
			if refusal, ok := errors.AsType[*connector.AuthError](err); ok {
				return refusal.Status, refusal.Reason
			}
			return http.StatusUnauthorized, "The token could not be checked."
		}
	case !b.Anonymous:
		return http.StatusUnauthorized, "No bot is configured here: set CRIER_APP_ID."
	case r.Header.Get("Origin") != "":
		// Without tokens, a page in somebody's browser must not speak for the channel.
		return http.StatusForbidden, "Browsers can't post activities."
	}
	if _, ok := channelOf(a); !ok && !b.Anonymous {
		return http.StatusForbidden, "This channel is not served here."
	}
	if err := b.Hosts.Check(a.ServiceURL); err != nil {
		return http.StatusForbidden, "The serviceUrl is not on a trusted host; see CRIER_TRUSTED_SERVICE_HOSTS."
	}
	return 0, ""
}

// serve acts on an admitted activity and answers.
func (b *Bot) serve(ctx context.Context, w http.ResponseWriter, a connector.Activity) {
	answer, err := b.route(ctx, a)
	if err != nil {
		b.fail(w, kindOf(a), err)
		return
	}
	b.Observe(kindOf(a), answer.result)
	answer.write(w)
}

// settle does what may safely be done twice, unless it was done before, and takes note of it
// afterwards: a process that dies in between loses nothing, for the channel delivers again.
func (b *Bot) settle(ctx context.Context, t turn, act func() error) (answer, error) {
	key := t.activity.Key()
	if key == "" {
		return handled, act()
	}
	known, err := b.Inbox.Known(ctx, key)
	if err != nil {
		return handled, err
	}
	if known {
		return repeated, nil
	}
	if err := act(); err != nil {
		return handled, err
	}
	_, err = b.Inbox.Begin(ctx, key, b.Now())
	return handled, err
}

// once acts on an activity unless it was acted on before: the channel may deliver it again.
// When acting fails, the channel's next try is acted on. Handlers call it only where there
// is something to do, so that talk and repeats cost a look and no more.
// It is for what must not be done twice, such as a reply; settle is for the rest.
func (b *Bot) once(ctx context.Context, t turn, act func() error) (answer, error) {
	key := t.activity.Key()
	if key == "" {
		return handled, act()
	}
	first, err := b.Inbox.Begin(ctx, key, b.Now())
	if err != nil {
		return handled, err
	}
	if !first {
		return repeated, nil
	}
	if err := act(); err != nil {
		return handled, errors.Join(err, b.Inbox.Forget(context.WithoutCancel(ctx), key))
	}
	return handled, nil
}

func (b *Bot) fail(w http.ResponseWriter, kind string, err error) {
	b.Observe(kind, "error")
	b.Log.Error("can't act on an activity", "type", kind, "error", err)
	refuse(w, http.StatusInternalServerError, "Something went wrong here; the log says what.")
}

// route calls what an activity's type asks for; unknown types are ignored.
func (b *Bot) route(ctx context.Context, a connector.Activity) (answer, error) {
	t, ok := b.turn(a)
	if !ok {
		return ignored, nil
	}
	switch a.Type {
	case schema.InstallationUpdate, schema.ContactRelationUpdate:
		return b.relation(ctx, t)
	case schema.ConversationUpdate:
		return b.members(ctx, t)
	case schema.Message:
		return b.message(ctx, t)
	case schema.Invoke:
		return b.invoke(ctx, t)
	case schema.MsgReaction:
		return b.reaction(ctx, t)
	case schema.Event:
		return b.event(ctx, t)
	}
	return ignored, nil
}

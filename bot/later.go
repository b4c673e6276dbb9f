package bot

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"

	"crier/bot/connector"
	"crier/internal/domain"
)

// workers is how many replies and roster look-ups are under way at once.
const workers = 8

// after does work once the activity is answered. When too much has gathered it does it now:
// the channel waits, which slows it down.
func (b *Bot) after(work func(context.Context)) {
	select {
	case b.later <- work:
	default:
		ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
		defer cancel()
		work(ctx)
	}
}

// Run replies to people and welcomes newcomers until ctx ends, then finishes what has
// gathered. Activities must not be served any more when ctx ends.
func (b *Bot) Run(ctx context.Context) {
	rest, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(lastWords, cancel) })()
	var group sync.WaitGroup
	for range workers {
		group.Go(func() { b.work(ctx, rest) })
	}
	group.Go(func() { b.newcomers(ctx) })
	group.Go(func() { b.noteTogether(ctx, rest) })
	group.Wait()
	b.redrawRest(rest)
}

// lastWords is how long gathered replies have when the program stops.
const lastWords = 5 * time.Second

// carryOut does one thing. What goes wrong with it beyond all expectation ends with it, not with
// the program.
func (b *Bot) carryOut(ctx context.Context, do func(context.Context)) {
	defer func() {
		if p := recover(); p != nil {
			b.Log.Error("a reply panicked", "panic", p, "stack", string(debug.Stack()))
		}
	}()
	do(ctx)
}

// work does what has gathered until ctx ends, and after that what is left until rest does.
func (b *Bot) work(ctx, rest context.Context) {
	for {
		select {
		case do := <-b.later:
			b.carryOut(rest, do)
			continue
		case <-ctx.Done():
		}
		for {
			select {
			case do := <-b.later:
				b.carryOut(rest, do)
			default:
				return
			}
		}
	}
}

// replyTries and replyWait bound how often and after how long a reply is tried again:
// somebody is waiting for it, or has left, and others wait for the worker.
const (
	replyTries = 4
	replyWait  = 10 * time.Second
)

// say sends an activity to a person. A reply that can't be delivered is logged and let go.
func (b *Bot) say(ctx context.Context, p domain.Person, activity []byte) {
	if err := b.deliver(ctx, p, activity); err != nil {
		b.Log.Warn("a reply could not be delivered", "person_id", p.ID, "error", err)
	}
}

// sayQuietly is say for what may be about an anonymous survey: the log would tell who answered at
// that moment. An error may name the conversation, and so the person too.
func (b *Bot) sayQuietly(ctx context.Context, p domain.Person, activity []byte) {
	if err := b.deliver(ctx, p, activity); err != nil {
		b.Log.Warn("a reply about a survey could not be delivered", "status", statusOf(err))
	}
}

// deliver sends an activity to a person, and again after a passing failure that certainly
// delivered nothing.
func (b *Bot) deliver(ctx context.Context, p domain.Person, activity []byte) error {
	for try := 1; ; try++ {
		_, err := b.Connector.Send(ctx, refTo(p), activity)
		if err == nil {
			return nil
		}
		wait := max(retryAfter(err), domain.Backoff(try, 0.5))
		if !passing(err) || try == replyTries || wait > replyWait || !pause(ctx, wait) {
			return err
		}
	}
}

// statusOf is the channel's HTTP status; 0: it did not answer.
func statusOf(err error) int {
	if e, ok := errors.AsType[*connector.Error](err); ok {
		return e.Status
	}
	return 0
}

func passing(err error) bool {
	e, ok := errors.AsType[*connector.Error](err)
	return ok && e.Class == connector.Retryable
}

func retryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*connector.Error](err); ok {
		return e.RetryAfter
	}
	return 0
}

// pause waits; false when ctx ended first.
func pause(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

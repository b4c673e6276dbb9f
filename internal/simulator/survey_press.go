package simulator

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// answerPatience is how long somebody waits before they think that nothing comes.
const answerPatience = time.Minute

// redrawPatience is how long a message may take to change after a press was answered; a press that
// was refused changes nothing.
const redrawPatience = 10 * time.Second

// expected is what is to come of something that somebody does.
type expected int

const (
	aNext     expected = iota // a page that was not answered yet
	aPrevious                 // a page before this one
	theSame                   // the same page, with what was wrong
)

// come says whether a page is what was expected. What else comes meanwhile is a card from before
// that was drawn late.
func (t *sitting) come(want expected, from, next page) bool {
	switch want {
	case aNext:
		return next.key != from.key && t.ahead(next)
	case aPrevious:
		return next.key != from.key
	}
	return true
}

// answer sends a filled page, by its button or by a message, and gives the page that follows. Where
// a message was not taken, what is sent in the end is the card, filled anew.
func (t *sitting) answer(ctx context.Context, p *page, f *filled) (page, bool) {
	byMessage := p.card == nil || f.typed != "" && !t.forger && t.ahead(*p) && t.dice.under(t.opt.Habits.Survey.Typed) && t.age(*p) > writing
	if !byMessage {
		return t.press(ctx, *p, f.button, f.inputs, aNext)
	}
	if !t.person.Skype() {
		t.settle(ctx)
	}
	if len(p.asked) > 1 { // the others are filled in after it
		return t.typeFirst(ctx, *p, *f)
	}
	next, ok := t.write(ctx, *p, f.typed, aNext)
	if !ok || next.card != nil || next.asks() || t.person.Skype() {
		return next, ok
	}
	// They were told to answer on the card.
	if p.card == nil {
		card := t.read(t.shown(t.asked()))
		if !card.asks() {
			return next, ok
		}
		*p, *f = card, t.fill(card)
	}
	return t.press(ctx, *p, f.button, f.inputs, aNext)
}

// asked is the message that the survey came in.
func (t *sitting) asked() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.message
}

// settle waits until nothing has changed for as long as writing takes: a card that is drawn late
// would look like what came of it.
func (t *sitting) settle(ctx context.Context) {
	news, forget := t.mail.watch(t.person.Index)
	defer forget()
	late := time.After(redrawPatience)
	for t.mayChange() {
		select {
		case <-news:
		case <-late: // the bot leaves it as it is
			t.expectChange(page{})
		case <-ctx.Done():
			return
		}
	}
	for {
		select {
		case <-news:
		case <-time.After(t.settled()):
			return
		case <-ctx.Done():
			return
		}
	}
}

// typeFirst answers the first question of a card with several by a message, and then sends the
// card.
func (t *sitting) typeFirst(ctx context.Context, p page, f filled) (page, bool) {
	news, forget := t.mail.watch(t.person.Index)
	defer forget()
	had := t.seen()
	if !t.say(ctx, f.typed) {
		return p, false
	}
	t.noteOne(p.asked[0].label, f.answers[p.asked[0].label])
	next, ok := t.await(ctx, news, p, had, true, theSame)
	if !ok {
		return p, false
	}
	return t.press(ctx, next, f.button, f.inputs, aNext)
}

// write answers by a message.
func (t *sitting) write(ctx context.Context, p page, text string, want expected) (page, bool) {
	news, forget := t.mail.watch(t.person.Index)
	defer forget()
	had := t.seen()
	if !t.say(ctx, text) {
		return p, false
	}
	return t.await(ctx, news, p, had, true, want)
}

func (t *sitting) say(ctx context.Context, text string) bool {
	t.did(func(st *SurveyStats) { st.Typed++ })
	t.walked("wrote %q", text)
	return t.insist(ctx, func() (Reply, error) {
		before := t.seen()
		reply, err := t.Say(ctx, t.person.Index, text)
		if err != nil && ctx.Err() == nil && t.stirs(ctx, before) { // written twice it would answer two questions
			reply, err = Reply{Status: http.StatusOK}, nil
		}
		return reply, err
	})
}

// stirs waits for something to change in a chat: false, nothing does.
func (t *sitting) stirs(ctx context.Context, before map[string]int) bool {
	news, forget := t.mail.watch(t.person.Index)
	defer forget()
	late := time.After(answerPatience)
	for maps.Equal(t.seen(), before) {
		select {
		case <-news:
		case <-late:
			return false
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// insist does something again as long as the bot says that it could not take it, as people do.
func (t *sitting) insist(ctx context.Context, do func() (Reply, error)) bool {
	reply, err := do()
	for try := 1; try < patientTries && (err != nil || reply.Status >= http.StatusInternalServerError) && ctx.Err() == nil; try++ {
		t.walked("once more")
		reply, err = do()
	}
	return t.took(ctx, reply, err)
}

// patientTries is how often people try something before they think that it does not work.
const patientTries = 4

// press presses a button, sometimes twice at once.
func (t *sitting) press(ctx context.Context, p page, button *cardAction, inputs map[string]any, want expected) (page, bool) {
	t.walked("at %q pressed %s with %v", p.key, button.title, inputs)
	times := 1
	if t.dice.under(t.opt.Habits.Survey.DoubleClick) {
		times = 2
		t.did(func(st *SurveyStats) { st.Doubled++ })
	}
	if t.old && button.fallback != nil || !button.execute {
		return t.submit(ctx, p, button, inputs, times, want)
	}
	got, ok := make([]page, times), make([]bool, times)
	var group sync.WaitGroup
	for n := range times {
		group.Go(func() { got[n], ok[n] = t.execute(ctx, p.message, button, inputs) })
	}
	group.Wait()
	if times == 2 && (!ok[1] || got[0].key != got[1].key) {
		t.trouble("pressed twice, and two things came: " + got[0].key + "; " + got[1].key)
	}
	return got[0], ok[0]
}

// execute presses an Action.Execute and reads the card in the answer.
func (t *sitting) execute(ctx context.Context, message string, button *cardAction, inputs map[string]any) (page, bool) {
	t.expectChange(page{message: message})
	var reply Reply
	if !t.insist(ctx, func() (r Reply, err error) {
		reply, err = t.Execute(ctx, t.person.Index, message, button.verb, button.data, inputs)
		return reply, err
	}) {
		return page{}, false
	}
	card, ok := cardIn(reply)
	if !ok {
		t.trouble("no card came: " + string(reply.Body))
		return page{}, false
	}
	return readCard(message, card), true
}

// cardIn is the card in the answer to an Execute.
func cardIn(reply Reply) ([]byte, bool) {
	answer, err := reply.Invoke()
	return answer.Value, err == nil && answer.Type == adaptiveCard && answer.StatusCode == http.StatusOK
}

// submit presses an Action.Submit and waits until the message shows something else.
func (t *sitting) submit(ctx context.Context, p page, button *cardAction, inputs map[string]any, times int, want expected) (page, bool) {
	if button.fallback != nil {
		button = button.fallback
	}
	again := !t.ahead(p) // the message shows another card by now
	if again {
		t.settle(ctx)
	}
	news, forget := t.mail.watch(t.person.Index)
	defer forget()
	had, was := t.seen(), t.shown(p.message)
	ok := make([]bool, times)
	var group sync.WaitGroup
	for n := range times {
		group.Go(func() {
			ok[n] = t.insist(ctx, func() (Reply, error) { return t.Submit(ctx, t.person.Index, p.message, button.data, inputs) })
		})
	}
	group.Wait()
	if !ok[0] {
		return p, false
	}
	if again {
		return t.awaitEdit(ctx, news, p, was.Edits)
	}
	return t.await(ctx, news, p, had, false, want)
}

// expectChange notes that the message of a page is to change, for other devices, although what
// comes of a press is seen already.
func (t *sitting) expectChange(p page) {
	edits := t.shown(p.message).Edits
	t.mu.Lock()
	defer t.mu.Unlock()
	t.redrawn, t.edits = p, edits
}

// mayChange says whether it has not yet.
func (t *sitting) mayChange() bool {
	t.mu.Lock()
	p, edits := t.redrawn, t.edits
	t.mu.Unlock()
	return p.message != "" && t.shown(p.message).Edits <= edits
}

// awaitEdit waits until a message was changed and is changed no more.
func (t *sitting) awaitEdit(ctx context.Context, news <-chan struct{}, p page, edits int) (page, bool) {
	patience := time.NewTimer(answerPatience)
	defer patience.Stop()
	for t.shown(p.message).Edits == edits {
		select {
		case <-news:
		case <-ctx.Done():
			return p, false
		case <-patience.C:
			t.trouble("nothing came after an older card: " + p.key)
			return p, false
		}
	}
	t.settle(ctx)
	return t.read(t.shown(p.message)), true
}

// shown is a message as it is now.
func (t *sitting) shown(message string) Received {
	for _, r := range t.Received(t.person.Index) {
		if r.ID == message {
			return r
		}
	}
	return Received{}
}

// await waits for what follows a page: its message changed, or on Skype a new one. When nothing that
// was expected comes at all, it is what came last.
func (t *sitting) await(ctx context.Context, news <-chan struct{}, p page, had map[string]int, wrote bool, want expected) (page, bool) {
	patience := time.NewTimer(answerPatience)
	defer patience.Stop()
	var last page
	for {
		for _, next := range t.following(p, had, wrote) {
			if t.come(want, p, next) {
				return next, true
			}
			last = next
		}
		select {
		case <-news:
		case <-ctx.Done():
			return p, false
		case <-patience.C:
			if last.message != "" {
				return last, true
			}
			now := t.shown(p.message)
			t.trouble(fmt.Sprintf("nothing came after: %s; its message has changed %d times and asks: %s", p.key, now.Edits, t.read(now).key))
			return p, false
		}
	}
}

// following are what came after a page, in the order of their messages: another in its message, or
// on Skype and for somebody who writes a new message, which is no reminder. What is written may be
// answered on another message of the survey: on the one that came last, where the bot knew of no
// card before or sent it twice because it did not hear of the first.
func (t *sitting) following(p page, had map[string]int, wrote bool) []page {
	var list []page
	for _, r := range t.Received(t.person.Index) {
		edits, known := had[r.ID]
		ours, next := t.surveyIn(r, look(r)) == t.survey, t.read(r)
		fresh := !known && (p.card == nil || wrote && !ours)
		edited := known && r.Edits > edits && (p.card == nil || wrote && ours && r.ID != p.message)
		turned := p.card != nil && r.ID == p.message && string(next.card) != string(p.card)
		if fresh || edited || turned {
			list = append(list, next)
		}
	}
	return list
}

// seen is the messages that somebody has, and how often each has changed.
func (t *sitting) seen() map[string]int {
	seen := map[string]int{}
	for _, r := range t.Received(t.person.Index) {
		seen[r.ID] = r.Edits
	}
	return seen
}

// age is how long somebody has had the message of a page.
func (t *sitting) age(p page) time.Duration {
	id, _ := strconv.ParseInt(p.message, 10, 64)
	return t.opt.Now().Sub(time.UnixMilli(id))
}

// took says whether the bot took an activity at all.
func (t *sitting) took(ctx context.Context, reply Reply, err error) bool {
	if err == nil && reply.OK() {
		return true
	}
	if ctx.Err() == nil {
		t.trouble(fmt.Sprintf("not taken: status %d, error %v", reply.Status, err))
	}
	return false
}

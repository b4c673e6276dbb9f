package simulator

import (
	"context"
	"io"
	"net/http"
)

// visit is one person looking at one message and doing with it what they do.
func (s *Simulator) visit(ctx context.Context, v visit) {
	message, found := s.mail.one(v.person, v.message)
	if !found || s.state(v.person) != installed {
		return
	}
	view := look(message)
	if v.greet {
		s.press(ctx, v, message, view)
		return
	}
	h, p := s.opt.Habits, s.Person(v.person)
	does := func(what draw, part float64) bool { return share(s.visitDraw(what, v)) < part }
	if !p.Skype() && does(drawRead, h.Read) {
		_, _ = s.Read(ctx, v.person, message.ID) // a failure is counted and logged by Post, here and below
	}
	_, site := s.bot()
	if links := view.ownLinks(site); len(links) > 0 && does(drawClick, h.Click) {
		s.open(ctx, links[pick(s.visitDraw(drawAction, v), len(links))])
	}
	if !p.Skype() && does(drawReact, h.React) {
		reactions := []string{"like", "heart", "laugh", "surprised", "sad", "angry"}
		_, _ = s.React(ctx, v.person, message.ID, reactions[pick(s.visitDraw(drawReaction, v), len(reactions))])
	}
	if does(drawAnswer, h.Answer) {
		s.press(ctx, v, message, view)
	}
}

// press fills the card in and presses one of its buttons.
func (s *Simulator) press(ctx context.Context, v visit, message Received, view cardView) {
	if len(view.actions) == 0 {
		return
	}
	action := view.actions[pick(s.visitDraw(drawAction, v), len(view.actions))]
	inputs := map[string]any{}
	for n, in := range view.inputs {
		x := chance(s.visitDraw(drawInput, v), drawInput, uint64(n))
		inputs[in.id] = in.fill(x)
	}
	if action.fallback != nil && share(s.visitDraw(drawPlatform, v)) < s.opt.Habits.OldClient {
		action = *action.fallback
	}
	switch {
	case action.say != "":
		_, _ = s.Say(ctx, v.person, action.say)
	case action.execute:
		_, _ = s.Execute(ctx, v.person, message.ID, action.verb, action.data, inputs)
	default:
		_, _ = s.Submit(ctx, v.person, message.ID, action.data, inputs)
	}
}

// open follows a link of the bot's site, as a browser would for the first step.
func (s *Simulator) open(ctx context.Context, link string) {
	failed := 1
	defer func() {
		s.tally.add(func(st *Stats) {
			st.Clicked++
			st.ClicksFailed += failed
		})
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return
	}
	res, err := s.client.Do(req)
	if err != nil {
		s.opt.Log.Warn("link not opened", "error", err)
		return
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, maxReply))
	if res.StatusCode < 400 {
		failed = 0
	}
}

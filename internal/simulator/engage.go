package simulator

import (
	"context"
	"time"
)

// visit is one person looking at one message and doing with it what they do: at once, or each
// thing up to Behaviour.Late later.
func (s *Simulator) visit(ctx context.Context, v visit) {
	if v.do != nil {
		v.do(ctx)
		return
	}
	message, found := s.mail.one(v.person, v.message)
	if !found || s.state(v.person) != installed || s.played(v.person) {
		return
	}
	view := look(message)
	if v.greet {
		s.press(ctx, v, message, view)
		return
	}
	b := s.currentBehaviour()
	for _, deed := range s.deeds(v, message, view) {
		if b.Late > 0 && !v.early {
			s.later(b, deed)
		} else {
			deed(ctx)
		}
	}
}

// deeds are what a person does with a message. A failure of one is counted and logged where it
// happens.
func (s *Simulator) deeds(v visit, message Received, view cardView) []func(context.Context) {
	h, p := s.opt.Habits, s.Person(v.person)
	does := func(what draw, part float64) bool { return share(s.visitDraw(what, v)) < part }
	var list []func(context.Context)
	post := func(do posting) { list = append(list, func(ctx context.Context) { _, _ = do(ctx) }) }
	if !p.Skype() && does(drawRead, h.Read) {
		post(s.prepareRead(v.person, message.ID))
	}
	for _, link := range s.clicks(v, view) {
		list = append(list, func(ctx context.Context) { s.open(ctx, v, link) })
	}
	if !p.Skype() && does(drawReact, h.React) {
		reactions := []string{"like", "heart", "laugh", "surprised", "sad", "angry"}
		reaction, now := reactions[pick(s.visitDraw(drawReaction, v), len(reactions))], s.opt.Now()
		post(s.prepareReaction(v.person, message.ID, reaction, true, now))
		if does(drawUnreact, h.Unreact) {
			post(s.prepareReaction(v.person, message.ID, reaction, false, now.Add(time.Second)))
		}
	}
	if does(drawAnswer, h.Answer) {
		list = append(list, func(ctx context.Context) { s.press(ctx, v, message, view) })
	}
	return list
}

// clicks are the links of the bot's site that a person opens, in order.
func (s *Simulator) clicks(v visit, view cardView) []cardLink {
	h := s.opt.Habits
	_, site := s.bot()
	links := view.ownLinks(site)
	if len(links) == 0 || share(s.visitDraw(drawClick, v)) >= h.Click {
		return nil
	}
	first := pick(s.visitDraw(drawAction, v), len(links))
	every := share(s.visitDraw(drawEveryLink, v)) < h.EveryLink
	var list []cardLink
	for n, link := range links {
		if n != first && !every {
			continue
		}
		list = append(list, link)
		if share(chance(s.visitDraw(drawClickAgain, v), drawClickAgain, uint64(n))) < h.ClickAgain {
			list = append(list, link)
		}
	}
	return list
}

// press fills the card in and presses one of its buttons.
func (s *Simulator) press(ctx context.Context, v visit, message Received, view cardView) {
	if name := s.surveyIn(message, view); name != "" && !v.greet {
		s.sit(ctx, v, name, message)
		return
	}
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

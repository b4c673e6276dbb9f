package simulator

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// leaveEmpty sends a page without what it needs, or with nonsense, and gives the page that comes
// again: the same, with all that was filled in.
func (t *sitting) leaveEmpty(ctx context.Context, p page) page {
	f := t.fill(p)
	if p.card == nil {
		if p.goesOn || p.asked[0].kind == "Input.Text" {
			return p // no words are wrong
		}
		return t.refused(p)(t.write(ctx, p, "???", theSame))
	}
	missing := slices.IndexFunc(p.asked, func(q question) bool { return q.id != "" && q.required })
	if missing < 0 {
		return p
	}
	delete(f.inputs, p.asked[missing].id)
	next := t.refused(p)(t.press(ctx, p, f.button, f.inputs, theSame))
	for _, q := range next.asked {
		if was := typedIn(f.inputs[q.id]); was != "" && was != q.held && next.key == p.key {
			t.trouble("it lost what was filled in: " + q.label)
		}
	}
	return next
}

// refused takes what came after something that may not be taken: the same page again.
func (t *sitting) refused(p page) func(page, bool) page {
	t.did(func(st *SurveyStats) { st.LeftEmpty++ })
	return func(next page, ok bool) page {
		if !ok || next.key != p.key {
			t.trouble("it went on without an answer to: " + p.key + ", to: " + next.key)
			return p
		}
		return next
	}
}

// postpone asks to be reminded tomorrow. What is asked now can be answered all the same.
func (t *sitting) postpone(ctx context.Context, p page) {
	t.did(func(st *SurveyStats) { st.Postponed++ })
	t.walked("postponed")
	t.expectChange(p)
	// Whoever asked before is told so in words.
	reply, err := t.Execute(ctx, t.person.Index, p.message, p.later.verb, p.later.data, nil)
	t.took(ctx, reply, err)
}

// tooLate answers a card of a survey that is over, for this person or for all. A card that asks
// on is wrong.
func (t *sitting) tooLate(ctx context.Context, p page) {
	t.did(func(st *SurveyStats) { st.TooLate++ })
	f := t.fill(p)
	if p.card == nil {
		reply, err := t.Say(ctx, t.person.Index, f.typed)
		t.took(ctx, reply, err)
		return
	}
	if next, ok := t.execute(ctx, p.message, f.button, f.inputs); ok && next.asks() {
		t.trouble("it asks on after the end: " + next.key)
	}
}

// forge sends a page with something in it that its card did not hold.
func (t *sitting) forge(ctx context.Context, p page) {
	f := t.fill(p)
	if f.button == nil || !f.button.execute {
		return
	}
	t.did(func(st *SurveyStats) { st.Forged++ })
	t.walked("forged %q", p.key)
	data, inputs := maps.Clone(f.button.data), f.inputs
	switch t.dice.pick(5) {
	case 0:
		t.forgeAnother(ctx, p, f, data)
		return
	case 1:
		made := &forgery{answers: data, inputs: inputs}
		made.renameQuestions(p)
		data, inputs = made.answers, made.inputs
	case 2:
		if !spoilValues(p, data, inputs) {
			return
		}
	case 3:
		for key, value := range data { // what is signed or sealed
			if text, ok := value.(string); ok && len(text) > 16 {
				data[key] = text[:len(text)-5]
			}
		}
	case 4:
		for key, value := range data {
			if text, ok := value.(string); ok && len(text) > 16 {
				data[key] = swapped(text)
			}
		}
	}
	_, _ = t.Execute(ctx, t.person.Index, p.message, f.button.verb, data, inputs) // what is said to it is the bot's affair
}

// swapped changes one character in the middle.
func swapped(text string) string {
	at, with := len(text)/2, "A"
	if text[at] == 'A' {
		with = "B"
	}
	return text[:at] + with + text[at+1:]
}

// forgeAnother answers in somebody else's name, and with what only their card holds.
func (t *sitting) forgeAnother(ctx context.Context, p page, f filled, data map[string]any) {
	other, found := t.another()
	if !found {
		return
	}
	theirs := other.answers[0].data
	reply, err := t.Execute(ctx, t.person.Index, p.message, f.button.verb, theirs, f.inputs)
	if _, card := cardIn(reply); card && err == nil {
		t.trouble("somebody else's card was taken")
	}
	if len(p.asked) == 0 || !p.asked[0].required || p.asked[0].id == "" {
		return
	}
	for key, value := range theirs { // one thing of theirs, the rest our own, and no answer
		if mine := data[key]; mine != nil && mine != value && key != "question" {
			mixed := maps.Clone(data)
			mixed[key] = value
			_, _ = t.Execute(ctx, t.person.Index, p.message, f.button.verb, mixed, nil)
		}
	}
}

// another is the same survey as somebody else sees it.
func (t *sitting) another() (page, bool) {
	for range 10 {
		i := t.dice.pick(t.People())
		if i == t.person.Index {
			continue
		}
		for _, r := range t.Received(i) {
			if t.surveyIn(r, look(r)) != t.survey {
				continue
			}
			if p := t.read(r); len(p.answers) > 0 {
				return p, true
			}
		}
	}
	return page{}, false
}

// forgery is a submission while it is forged.
type forgery struct{ answers, inputs map[string]any }

// renameQuestions makes up questions: each input is called otherwise, and what data says of it.
func (f *forgery) renameQuestions(p page) {
	renamed := map[string]any{}
	for id, value := range f.inputs {
		renamed[id+"x"] = value
	}
	f.inputs = renamed
	for key, value := range f.answers {
		text, _ := value.(string)
		named := slices.ContainsFunc(p.asked, func(q question) bool { return text != "" && strings.HasSuffix(q.id, "_"+text) })
		if named || key == "question" {
			f.answers[key] = text + "x"
		}
	}
}

// spoilValues puts values in that a card does not offer; false: anything would do.
func spoilValues(p page, data, inputs map[string]any) bool {
	spoilt := false
	for _, q := range p.asked {
		switch {
		case q.kind == "Input.ChoiceSet":
			inputs[q.id], spoilt = "99", true
		case q.kind == "Input.Number":
			inputs[q.id], spoilt = "NaN", true
		case q.kind == "Input.Date":
			inputs[q.id], spoilt = "2027-02-31", true
		case q.kind == "Input.Text" && q.longest > 0:
			inputs[q.id], spoilt = strings.Repeat("x", q.longest+1), true
		case q.id == "" && len(p.answers) > 1:
			for key, value := range data {
				if value != p.answers[1].data[key] {
					data[key], spoilt = "perhaps", true
				} else if value != p.answers[0].data[key] {
					data[key], spoilt = "perhaps", true
				}
			}
		}
	}
	return spoilt
}

package web

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"crier/internal/domain"
)

// questionForm is one question as the editor shows it.
type questionForm struct {
	form
	at     int
	blocks []url.Values
	Base   string // address of the campaign
}

// Questions are the questions of the form, one at least.
func (d editorData) Questions() []questionForm {
	blocks := nameBlocks(blocksOf(d.Form.Values))
	base := "/campaigns/new"
	if d.Campaign.ID != 0 {
		base = campaignPath(d.Campaign.ID)
	}
	var all []questionForm
	for i := range blocks {
		all = append(all, questionForm{d.Form, i, blocks, base})
	}
	return all
}

// MoreQuestions says whether there may be another question.
func (d editorData) MoreQuestions() bool { return len(d.Questions()) < domain.MaxQuestions }

// ReminderRows are the times of reminders, with an empty one to grow by.
func (d editorData) ReminderRows() []input {
	var rows []input
	for i := range domain.MaxReminders {
		rows = append(rows, d.Form.Field(reminderField(i)))
	}
	return rows
}

func (q questionForm) block() url.Values { return q.blocks[q.at] }

// Number is the question's, from 1.
func (q questionForm) Number() int { return q.at + 1 }

// Index is the question's, from 0.
func (q questionForm) Index() int { return q.at }

// First and Last are the questions that can't move further; Only is both.
func (q questionForm) First() bool { return q.at == 0 }
func (q questionForm) Last() bool  { return q.at == len(q.blocks)-1 }
func (q questionForm) Only() bool  { return len(q.blocks) == 1 }

// Full says whether there are as many questions as can be.
func (q questionForm) Full() bool { return len(q.blocks) >= domain.MaxQuestions }

// Part is the question's field of that name.
func (q questionForm) Part(part string) input {
	in := q.Field(questionField(q.at, part))
	in.Value = q.block().Get(part)
	return in
}

// Own is what is said of the question as a whole.
func (q questionForm) Own() input {
	name := strings.TrimSuffix(questionField(q.at, ""), ".")
	return input{Name: name, Fault: q.Faults[name]}
}

// Type is the question's; a new one is a choice.
func (q questionForm) Type() domain.QuestionType {
	if t := q.block().Get("type"); t != "" {
		return domain.QuestionType(t)
	}
	return domain.Choice
}

// Pictured says whether the question has an image, or something of one.
func (q questionForm) Pictured() bool {
	image := q.Part("image.url")
	return image.Value+q.block().Get("image.alt")+image.Fault+q.Faults[questionField(q.at, "image.alt")]+q.Part(pictureField).Fault != ""
}

// way is an answer, and where it leads.
type way struct {
	input
	Number int // of the answer, from 1
	Answer string
	To     input
	Places []place
}

// Index is the answer's, from 0.
func (w way) Index() int { return w.Number - 1 }

// place is where an answer may lead: a question, or the end.
type place struct {
	ID, Text string
	Number   int // of the question, from 1; 0: the end
}

// Options are the rows of the question's options, two at least.
func (q questionForm) Options() []way {
	var rows []way
	for j, row := range withTwo(optionsOf(q.block())) {
		in := q.Field(questionField(q.at, optionName(j)))
		in.Value = row.Text
		rows = append(rows, q.way(in, j, row.Text, optionName(j)+".goto"))
	}
	return rows
}

// MoreOptions says whether there may be another option.
func (q questionForm) MoreOptions() bool { return len(optionsOf(q.block())) < domain.MaxOptions }

// Scale are the answers of a yes or no, a rating or an NPS.
func (q questionForm) Scale() []way {
	var rows []way
	for j, answer := range scaleOf(q.Type()) {
		rows = append(rows, q.way(input{}, j, answer, "goto."+answer))
	}
	return rows
}

func (q questionForm) way(in input, j int, answer, part string) way {
	to := q.Part(part)
	return way{input: in, Number: j + 1, Answer: answer, To: to, Places: q.places(to.Value)}
}

// Branches says whether an answer can lead elsewhere than on, or does.
func (q questionForm) Branches() bool { return !q.Last() || q.Leads() }

// Leads says whether an answer leads elsewhere.
func (q questionForm) Leads() bool {
	for part := range q.block() {
		if strings.Contains(part, "goto") && q.block().Get(part) != "" {
			return true
		}
	}
	return false
}

// places are where an answer of the question may lead beside on: further down, to the end,
// and where it leads now.
func (q questionForm) places(now string) []place {
	var all []place
	for i, b := range q.blocks {
		if id := b.Get("id"); i > q.at+1 || i != q.at && id == now {
			all = append(all, place{id, shortened(oneLine(b.Get("text"))), i + 1})
		}
	}
	return append(all, place{ID: "end"})
}

// shortened is the beginning of a text.
func shortened(text string) string {
	const most = 40
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:most-1])) + "…"
}

// Kept are the fields that a correction does not change, to be sent along.
func (q questionForm) Kept() []input {
	var all []input
	for _, part := range slices.Sorted(maps.Keys(q.block())) {
		if part != "text" {
			all = append(all, q.Part(part))
		}
	}
	return all
}

package domain

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// long is a text of n characters of several bytes.
func long(n int) string { return strings.Repeat("é", n) }

func TestWhatIsWrongWithAContent(t *testing.T) {
	t.Parallel()
	const open = "https://example.com"
	button := Button{Title: "Open", URL: open}
	tests := map[string]struct {
		kind    Kind
		content Content
		blamed  []string
	}{
		"nothing written yet":  {KindIdea, Content{}, nil},
		"as long as may be":    {KindCard, Content{Title: long(MaxTitle), Text: long(MaxText), Author: long(MaxAuthor), Image: &Image{Alt: long(MaxAlt)}}, nil},
		"a title too long":     {KindCard, Content{Title: long(MaxTitle + 1)}, []string{"content.title"}},
		"a text too long":      {KindCard, Content{Text: long(MaxText + 1)}, []string{"content.text"}},
		"an author too long":   {KindCard, Content{Author: long(MaxAuthor + 1)}, []string{"content.author"}},
		"an alt text too long": {KindCard, Content{Image: &Image{Alt: long(MaxAlt + 1)}}, []string{"content.image.alt"}},
		"as many buttons":      {KindIdea, Content{Buttons: slices.Repeat([]Button{button}, MaxButtons)}, nil},
		"too many buttons":     {KindIdea, Content{Buttons: slices.Repeat([]Button{button}, MaxButtons+1)}, []string{"content.buttons"}},
		"a button's words":     {KindIdea, Content{Buttons: []Button{button, {Title: long(MaxButton)}}}, nil},
		"too many of them":     {KindIdea, Content{Buttons: []Button{button, {Title: long(MaxButton + 1)}}}, []string{"content.buttons[1].title"}},
		"a button's address":   {KindIdea, Content{Buttons: []Button{button, {URL: "mailto:a@b.c"}}}, []string{"content.buttons[1].url"}},
		"an http button":       {KindIdea, Content{Buttons: []Button{{URL: "http://intranet/"}}}, nil},
		"an http image":        {KindIdea, Content{Image: &Image{URL: "http://example.com/a.png"}}, []string{"content.image.url"}},
		"a zero":               {KindIdea, Content{Text: "a\x00b"}, []string{"content.text"}},
		"broken characters":    {KindIdea, Content{Title: "a\xff"}, []string{"content.title"}},
		"an unknown tag": {
			KindCard, Content{Title: "[NICK]", Text: "Dear [NICK|you]", Author: "[BOSS]", Image: &Image{Alt: "[X]"}, Buttons: []Button{{Title: "[Y]"}}},
			[]string{"content.author", "content.buttons[0].title", "content.image.alt", "content.text", "content.title"},
		},
		"the tags there are": {KindIdea, Content{Title: "[name]", Text: "[FIRSTNAME|you] [LastName] [EMAIL]"}, nil},

		"a message's text":     {KindMessage, Content{Text: "Out."}, nil},
		"a message's title":    {KindMessage, Content{Title: "T"}, []string{"content"}},
		"a message's image":    {KindMessage, Content{Image: &Image{}}, []string{"content"}},
		"a message's button":   {KindMessage, Content{Buttons: []Button{button}}, []string{"content"}},
		"an idea's author":     {KindIdea, Content{Author: "Ana"}, []string{"content.author"}},
		"an idea's questions":  {KindIdea, Content{Survey: &Survey{}}, []string{"content.questions"}},
		"an idea's own card":   {KindIdea, Content{AdaptiveCard: ownCard()}, []string{"content.adaptive_card"}},
		"a card of one's own":  {KindCard, Content{AdaptiveCard: ownCard()}, nil},
		"with a title":         {KindCard, Content{AdaptiveCard: ownCard(), Title: "T"}, []string{"content.adaptive_card"}},
		"with a text":          {KindCard, Content{AdaptiveCard: ownCard(), Text: "T"}, []string{"content.adaptive_card"}},
		"with an author":       {KindCard, Content{AdaptiveCard: ownCard(), Author: "Ana"}, []string{"content.adaptive_card"}},
		"with an image":        {KindCard, Content{AdaptiveCard: ownCard(), Image: &Image{}}, []string{"content.adaptive_card"}},
		"with a button":        {KindCard, Content{AdaptiveCard: ownCard(), Buttons: []Button{button}}, []string{"content.adaptive_card"}},
		"a survey's image":     {KindSurvey, Content{Image: &Image{}}, []string{"content"}},
		"a survey's button":    {KindSurvey, Content{Buttons: []Button{button}}, []string{"content"}},
		"a survey's text":      {KindSurvey, Content{Title: "T", Text: "T"}, nil},
		"a survey's author":    {KindSurvey, Content{Author: "Ana"}, []string{"content.author"}},
		"all that is too much": {KindMessage, Content{Title: "T", Author: "A", Survey: &Survey{}}, []string{"content", "content.author", "content.questions"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blamed := fieldsOf(t, message(says(test.kind, test.content)).Check())
			slices.Sort(blamed)
			if !slices.Equal(blamed, test.blamed) {
				t.Errorf("blamed %q, want %q", blamed, test.blamed)
			}
		})
	}
}

func TestWhatIsMissingInAContent(t *testing.T) {
	t.Parallel()
	survey := asks(tea())
	tests := map[string]struct {
		kind    Kind
		content Content
		blamed  []string
	}{
		"an idea":                {KindIdea, Content{Text: "T"}, nil},
		"an idea without a text": {KindIdea, Content{Title: "T"}, []string{"content.text"}},
		"a success":              {KindSuccess, Content{}, []string{"content.text"}},
		"a blank text":           {KindImportant, Content{Text: " \n\t"}, []string{"content.text"}},
		"a message":              {KindMessage, Content{Text: "T"}, nil},
		"a card":                 {KindCard, Content{Title: "T", Text: "T"}, nil},
		"a card without a title": {KindCard, Content{Title: " ", Text: "T"}, []string{"content.title"}},
		"a card with neither":    {KindCard, Content{}, []string{"content.text", "content.title"}},
		"a card of one's own":    {KindCard, Content{AdaptiveCard: ownCard()}, nil},
		"a survey":               {KindSurvey, Content{Title: "T", Survey: &survey}, nil},
		"a survey of nothing":    {KindSurvey, Content{}, []string{"content.title", "content.questions"}},
		"an image's address":     {KindIdea, Content{Text: "T", Image: &Image{Alt: "A"}}, []string{"content.image.url"}},
		"all of a button":        {KindIdea, Content{Text: "T", Buttons: []Button{{}}}, []string{"content.buttons[0].title", "content.buttons[0].url"}},
		"a button's words":       {KindIdea, Content{Text: "T", Buttons: []Button{{URL: "https://x.y", Title: " "}}}, []string{"content.buttons[0].title"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := message(says(test.kind, test.content))
			blames(t, c.Check())
			blames(t, c.CheckContent(), test.blamed...)
		})
	}
}

func TestEveryKindCanBeSent(t *testing.T) {
	t.Parallel()
	survey := asks(tea())
	contents := map[Kind]Content{
		KindIdea: {Text: "T"}, KindSuccess: {Text: "T"}, KindImportant: {Text: "T"}, KindMessage: {Text: "T"},
		KindCard: {Title: "T", Text: "T"}, KindSurvey: {Title: "T", Survey: &survey},
	}
	for _, kind := range Kinds() {
		blames(t, message(says(kind, contents[kind])).CheckComplete())
	}
}

func ownCard() json.RawMessage { return json.RawMessage(`{"type":"AdaptiveCard","version":"1.5"}`) }

// Whoever sends looks the reader's names up only where the content says them.
func TestHasTags(t *testing.T) {
	t.Parallel()
	const tag = "[NAME]"
	with := map[string]Content{
		"the title": {Title: tag}, "the text": {Text: "Dear " + tag}, "the author": {Author: tag},
		"the image": {Image: &Image{URL: "https://example.com/" + tag}}, "its description": {Image: &Image{Alt: tag}},
		"a button": {Buttons: []Button{{Title: tag}}}, "its address": {Buttons: []Button{{URL: "https://example.com/?" + tag}}},
		"an own card": {AdaptiveCard: json.RawMessage(`{"body":[{"text":"Hello\n[NAME]"}]}`)}, "spelt out": {AdaptiveCard: json.RawMessage(`{"text":"\u005bNAME]"}`)},
		"the thanks": {Survey: &Survey{Thanks: tag}}, "a question": {Survey: &Survey{Questions: []Question{{Text: tag}}}},
		"an option": {Survey: &Survey{Questions: []Question{{Options: []string{tag}}}}},
	}
	for name, content := range with {
		if !content.HasTags() {
			t.Errorf("no tag was found in %s", name)
		}
	}
	without := map[string]Content{
		"nothing": {}, "words": {Text: "Dear you"}, "an unknown tag": {Text: "[NICK]"}, "an escaped tag": {Text: `\[NAME]`}, "a link": {Text: "[NAME](https://example.com)"},
		"an own card": {AdaptiveCard: json.RawMessage(`{"text":"\\[NAME]"}`)}, "no card": {AdaptiveCard: json.RawMessage(`[NAME]`)},
		"a survey": {Image: &Image{}, Buttons: []Button{{}}, Survey: &Survey{Questions: []Question{{Options: []string{"a"}}}}},
	}
	for name, content := range without {
		if content.HasTags() {
			t.Errorf("a tag was found in %s", name)
		}
	}
}

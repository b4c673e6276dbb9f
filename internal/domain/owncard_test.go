package domain

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// card is a whole card with these members, inBody one with these elements.
func card(members string) string { return `{"type":"AdaptiveCard","version":"1.5",` + members + `}` }

func inBody(elements string) string { return card(`"body":[` + elements + `]`) }

// faultsOfCard are the faults of a card: each its place in the card, a colon, its words.
func faultsOfCard(t *testing.T, text string) []string {
	t.Helper()
	var f faults
	checkCard(&f, json.RawMessage(text))
	return said(f.list)
}

func said(list []FieldError) []string {
	var all []string
	for _, e := range list {
		all = append(all, strings.TrimPrefix(strings.TrimPrefix(e.Field, cardField), ".")+": "+e.Message.String())
	}
	return all
}

// tells holds that each line of got begins with the place and holds the words of want,
// written "place: words".
func tells(t *testing.T, got []string, want ...string) {
	t.Helper()
	same := slices.EqualFunc(got, want, func(g, w string) bool {
		place, words, _ := strings.Cut(w, ": ")
		return strings.HasPrefix(g, place+": ") && strings.Contains(g, words)
	})
	if !same {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func TestWhatIsWrongWithACardOfOnesOwn(t *testing.T) {
	t.Parallel()
	const block, link = `{"type":"TextBlock","text":"Hi"}`, `{"type":"Action.OpenUrl","url":"https://example.com"}`
	picture := func(url string) string { return inBody(`{"type":"Image","url":"` + url + `"}`) }
	input := func(id string) string { return `{"type":"Input.Text","id":"` + id + `"}` }
	many := func(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	nested := func(n int) string {
		return card(`"msteams":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1))
	}
	tests := map[string]struct {
		card string
		want []string
	}{
		"right":                   {inBody(`{"type":"TextBlock","text":"Hello [FIRSTNAME|you]"}`), nil},
		"empty":                   {string(ownCard()), nil},
		"as big as may be":        {card(`"x":"` + strings.Repeat("a", MaxCardJSON-len(card(`"x":""`))) + `"`), nil},
		"too big":                 {card(`"x":"` + strings.Repeat("a", MaxCardJSON-len(card(`"x":""`))+1) + `"`), []string{": at most 40960"}},
		"no JSON":                 {"{\"type\":\n\"AdaptiveCard\"", []string{": line 2, column 14"}},
		"nothing at all":          {" ", []string{": line 1"}},
		"a comma too many":        {"{\"type\":\"AdaptiveCard\",\n\n}", []string{": line 3, column 1"}},
		"a letter too many":       {`{"type":"AdaptiveCard","é":x}`, []string{": line 1, column 28"}},
		"a bracket of another":    {`{"type":["AdaptiveCard"}`, []string{": line 1"}},
		"more than JSON":          {string(ownCard()) + "{}", []string{": not valid JSON"}},
		"a member twice":          {inBody(`{"type":"TextBlock","text":"a","text":"b"}`), []string{"body[0].text: written twice"}},
		"as deep as may be":       {nested(MaxCardDepth), nil},
		"too deep":                {nested(MaxCardDepth + 1), []string{": more than 30 levels"}},
		"null":                    {`null`, []string{": not an Adaptive Card"}},
		"a list":                  {`[{"type":"AdaptiveCard","version":"1.5"}]`, []string{": not an Adaptive Card"}},
		"another type":            {`{"type":"HeroCard","version":"1.5"}`, []string{": not an Adaptive Card"}},
		"a type in other letters": {`{"Type":"AdaptiveCard","version":"1.5"}`, []string{": not an Adaptive Card"}},
		"a version to come":       {`{"type":"AdaptiveCard","version":"1.6"}`, []string{`version: "1.6"`}},
		"no version":              {`{"type":"AdaptiveCard"}`, []string{`version: says ""`}},
		"a version as a number":   {`{"type":"AdaptiveCard","version":1.5}`, []string{`version: says ""`}},

		"a body that is no list":    {card(`"body":{}`), []string{"body: a list"}},
		"an element that is none":   {inBody(block + `,"Hi"`), []string{"body[1]: an object"}},
		"an element of no type":     {inBody(`{"text":"Hi"}`), []string{"body[0].type: Say what this is"}},
		"an action in the body":     {inBody(link), []string{"body[0].type: Action.OpenUrl can't stand here"}},
		"an element as an action":   {card(`"actions":[` + block + `]`), []string{"actions[0].type: TextBlock can't stand here"}},
		"a card to show on a click": {card(`"selectAction":{"type":"Action.ShowCard"}`), []string{"selectAction.type: can't stand here"}},
		"a text that is missing":    {inBody(`{"type":"TextBlock"}`), []string{`body[0].text: TextBlock needs "text"`}},
		"a text that is a number":   {inBody(`{"type":"TextBlock","text":5}`), []string{"body[0].text: a text"}},
		"a size that is none":       {inBody(`{"type":"TextBlock","text":"a","size":"huge"}`), []string{"body[0].size: small, medium"}},
		"a size in capitals":        {inBody(`{"type":"TextBlock","text":"a","size":"LARGE","wrap":true,"color":null}`), nil},
		"a flag that is a text":     {inBody(`{"type":"TextBlock","text":"a","wrap":"true"}`), []string{"body[0].wrap: true or false"}},
		"a number that is a text":   {inBody(`{"type":"TextBlock","text":"a","maxLines":"2"}`), []string{"body[0].maxLines: a number"}},
		"requirements of nothing":   {inBody(`{"type":"TextBlock","text":"a","requires":"1.2"}`), []string{"body[0].requires: an object"}},
		"a width that is neither":   {inBody(`{"type":"ColumnSet","columns":[{"width":1},{"width":"auto"},{"width":true}]}`), []string{"body[0].columns[2].width: a text or a number"}},
		"data that is a list":       {card(`"actions":[{"type":"Action.Submit","data":[]}]`), []string{"actions[0].data: an object"}},
		"requirements of numbers":   {inBody(`{"type":"TextBlock","text":"a","requires":{"x":1}}`), []string{"body[0].requires.x: a text"}},
		"deep down": {
			inBody(`{"type":"Container","items":[{"type":"ColumnSet","columns":[{"items":[{"type":"Table","rows":[{"cells":[{"items":[{"type":"Image"}]}]}]}]}]}]}`),
			[]string{"body[0].items[0].columns[0].items[0].rows[0].cells[0].items[0].url: needs"},
		},
		"several at once": {
			inBody(`{"type":"FactSet","facts":[{"title":"a"},{"value":"b"}]},{"type":"ActionSet"}`),
			[]string{"body[0].facts[0].value: needs", "body[0].facts[1].title: needs", "body[1].actions: needs"},
		},

		"a type to come":                   {inBody(`{"type":"Badge","text":"New"}`), []string{"body[0]: Badge is not part of"}},
		"one that may be dropped":          {inBody(`{"type":"Badge","text":"New","fallback":"Drop"}`), nil},
		"one with another instead":         {inBody(`{"type":"Badge","fallback":` + block + `}`), nil},
		"one with a wrong one instead":     {inBody(`{"type":"Badge","fallback":{"type":"TextBlock"}}`), []string{"body[0].fallback.text: needs"}},
		"one with a newer one instead":     {inBody(`{"type":"Badge","fallback":{"type":"Icon"}}`), []string{"body[0].fallback: Icon is not part of"}},
		"one with a strange word instead":  {inBody(`{"type":"Badge","fallback":"hide"}`), []string{`body[0].fallback: "drop"`}},
		"one with nothing instead":         {inBody(`{"type":"Badge","fallback":null}`), []string{`body[0].fallback: an object`}},
		"a known one inside":               {inBody(`{"type":"Carousel","fallback":"drop","pages":[{"items":[{"type":"Image"}]}]}`), []string{"body[0].pages[0].items[0].url: needs"}},
		"an address inside":                {inBody(`{"type":"Icon","fallback":"drop","selection":{"type":"X","url":"javascript:alert(1)"}}`), []string{"body[0].selection.url: not an address"}},
		"an action to come":                {card(`"actions":[{"type":"Action.Popover"}]`), []string{"actions[0]: Action.Popover is not part of"}},
		"one with an older":                {card(`"actions":[{"type":"Action.Popover","fallback":` + link + `}]`), nil},
		"a run to come":                    {inBody(`{"type":"RichTextBlock","inlines":["a",{"type":"IconRun","fallback":"drop"}]}`), []string{"body[0].inlines[1].type: can't stand here"}},
		"Action.Http":                      {card(`"actions":[{"type":"Action.Http","fallback":"drop"}]`), []string{"actions[0].type: Teams does not know Action.Http"}},
		"Action.Http inside":               {inBody(`{"type":"Carousel","fallback":"drop","x":{"type":"Action.Http"}}`), []string{"body[0].x.type: Action.Http"}},
		"a fallback of what is known":      {inBody(`{"type":"Table","fallback":{"type":"TextBlock"}}`), []string{"body[0].fallback.text: needs"}},
		"six actions":                      {card(`"actions":[` + many(6, link) + `]`), nil},
		"seven actions":                    {card(`"actions":[` + many(7, link) + `]`), []string{"actions: At most 6"}},
		"seven in a set":                   {inBody(`{"type":"ActionSet","actions":[` + many(7, link) + `]}`), []string{"body[0].actions: At most 6"}},
		"as many elements":                 {inBody(many(MaxCardElements, block)), nil},
		"too many elements":                {inBody(many(MaxCardElements+1, block)), []string{": At most 500 elements"}},
		"more faults than anybody reads":   {inBody(many(30, `{"type":"TextBlock"}`)), slices.Collect(numbered(20, "body[%d].text: needs"))},
		"ids of inputs":                    {inBody(input("a") + "," + input("b")), nil},
		"an id twice":                      {card(`"body":[` + input("a") + `],"actions":[{"type":"Action.ShowCard","card":{"body":[` + input("a") + `]}}]`), []string{`body[0].id: Two inputs have the id "a"`}},
		"an id that stands in for another": {inBody(`{"type":"Input.Rating","id":"a","fallback":` + input("a") + `},{"type":"Input.Text","id":"b","fallback":` + input("b") + `}`), nil},
		"which both are taken": {
			inBody(`{"type":"Input.Text","id":"a","fallback":` + input("b") + `},` + input("b") + "," + input("a")),
			[]string{"body[1].id: Two inputs", "body[2].id: Two inputs"},
		},
		"no id":         {inBody(`{"type":"Input.Toggle","title":"a"}`), []string{`body[0].id: needs "id"`}},
		"a blank id":    {inBody(input(" ")), []string{"body[0].id: needs an id"}},
		"our own ids":   {inBody(input("verb") + "," + input("ref") + "," + input("msteams") + "," + input("answer_q1")), slices.Collect(numbered(4, "body[%d].id: can't be called"))},
		"nearly our id": {inBody(input("Verb") + "," + input("answer")), nil},

		"a picture's address":     {picture("https://example.com/[NAME].png"), nil},
		"a picture by http":       {picture("http://example.com/a.png"), []string{"body[0].url: https://example.com"}},
		"a picture of no address": {picture("a.png"), []string{"body[0].url: not an address"}},
		"a tag in its host":       {picture("https://[NAME].example.com/a.png"), []string{"body[0].url: not an address"}},
		"a picture inside":        {picture("data:image/png;base64,aGk="), nil},
		"one that is a page":      {picture("data:text/html;base64,aGk="), []string{"body[0].url: PNG, JPEG or GIF"}},
		"one that is no base64":   {picture("data:image/png;base64,<>"), []string{"body[0].url: PNG, JPEG or GIF"}},
		"one of nothing":          {picture("DATA:"), []string{"body[0].url: PNG, JPEG or GIF"}},
		"a big one":               {picture("data:image/png;base64," + strings.Repeat("aGk=", 5<<10)), []string{"body[0].url: at most 20 KB"}},
		"a background":            {card(`"backgroundImage":"https://example.com/a.png"`), nil},
		"a background by http":    {card(`"backgroundImage":{"url":"http://example.com/a.png"}`), []string{"backgroundImage.url: not an address"}},
		"an icon by http":         {card(`"actions":[{"type":"Action.Submit","iconUrl":"http://example.com/a.png"}]`), []string{"actions[0].iconUrl: not an address"}},
		"a link by http":          {card(`"actions":[{"type":"Action.OpenUrl","url":"http://intranet/[NAME]"}]`), nil},
		"a script to open":        {card(`"selectAction":{"type":"Action.OpenUrl","url":"javascript:alert(1)"}`), []string{"selectAction.url: not an address"}},
		"a film":                  {inBody(`{"type":"Media","sources":[{"mimeType":"video/mp4","url":"http://example.com/a.mp4"}]}`), []string{"body[0].sources[0].url: not an address"}},

		"an unknown tag, deep":     {inBody(`{"type":"Container","items":[{"type":"TextBlock","text":"Dear [NICK]"}]}`), []string{"body[0].items[0].text: [NICK] is no personal tag"}},
		"one with a fallback":      {card(`"speak":"Dear [NICK|YOU]"`), []string{"speak: [NICK|YOU] is no personal tag"}},
		"an escaped one":           {card(`"speak":"Press \\[ENTER]"`), nil},
		"one that JSON spells out": {card(`"speak":"\u005bNICK]"`), []string{"speak: [NICK] is no personal tag"}},
		"one nobody will see":      {card(`"x":{"y":["[NICK]"]}`), []string{"x.y[0]: [NICK] is no personal tag"}},
		"words in brackets":        {card(`"x":{"regex":"[abc]","values":["A"],"y":[true]}`), nil},
		"a link's words":           {card(`"speak":"[HERE](https://example.com)"`), nil},
		"a zero":                   {card(`"speak":"a\u0000b"`), []string{"speak: can't be shown"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tells(t, faultsOfCard(t, test.card), test.want...)
		})
	}
}

// numbered is a format with 0 to n-1.
func numbered(n int, format string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for i := range n {
			if !yield(fmt.Sprintf(format, i)) {
				return
			}
		}
	}
}

func TestFaultsOfACardAreFaultsOfTheCampaign(t *testing.T) {
	t.Parallel()
	own := json.RawMessage(inBody(`{"type":"TextBlock"}`))
	blames(t, message(says(KindCard, Content{AdaptiveCard: own})).Check(), "content.adaptive_card.body[0].text")
}

func TestWhatAnAuthorShouldKnowAboutACard(t *testing.T) {
	t.Parallel()
	complete := func(members string) string { return card(`"fallbackText":"A card",` + members) }
	submit := func(data string) string {
		return complete(`"actions":[{"type":"Action.Submit","data":` + data + `}]`)
	}
	tests := map[string]struct {
		card string
		want []string
	}{
		"nothing":                  {complete(`"msteams":{"width":"Full"},"body":[{"type":"Image","url":"https://example.com/a.png","altText":""}]`), nil},
		"no fallback text":         {card(`"fallbackText":" "`), []string{"fallbackText: a notification"}},
		"a picture without a word": {complete(`"body":[{"type":"ImageSet","images":[{"url":"https://example.com/a.png"}]}]`), []string{"body[0].images[0].altText: Describe"}},
		"a picture inside":         {complete(`"backgroundImage":"data:image/gif;base64,aGk="`), []string{"backgroundImage: Not every Teams"}},
		"an input":                 {complete(`"body":[{"type":"Input.Number","id":"n"}]`), []string{"body[0]: Nobody reads what is filled in"}},
		"a button that submits":    {submit(`{"a":1}`), []string{"actions[0]: Nobody reads what this button sends"}},
		"a button for a dialog":    {submit(`{"msteams":{"type":"task/fetch"}}`), []string{"actions[0]: Nobody reads"}},
		"a button that writes":     {submit(`{"msteams":{"type":"imBack","value":"help"}}`), nil},
		"a refresh":                {complete(`"refresh":{"action":{"type":"Action.Execute"}}`), []string{"refresh.action: Nobody reads", "refresh: Leave it out"}},
		"something newer":          {complete(`"body":[{"type":"Badge","fallback":"drop"}]`), []string{"body[0]: Badge is newer than"}},
		"a member nobody knows":    {complete(`"body":[{"type":"TextBlock","text":"a","wrapp":true}]`), []string{`body[0].wrapp: no member "wrapp"`}},
		"what is no card at all":   {`{"type":"HeroCard"}`, nil},
		"what is no JSON":          {`{`, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tells(t, said(CardNotes(json.RawMessage(test.card))), test.want...)
		})
	}
}

// TestTheTablesOfCardsAgree finds kinds that are spelt wrong: they would check nothing.
func TestTheTablesOfCardsAgree(t *testing.T) {
	t.Parallel()
	scalars := []string{"text", "number", "flag", "text or number", "data", "versions", "link", "picture", "media"}
	var unknown []string
	for shape, members := range cardShapes {
		for member, kind := range members {
			plain := strings.TrimRight(kind, "!?")
			plain = strings.TrimPrefix(strings.TrimPrefix(plain, "list of "), "fallback of ")
			_, isPlace := cardPlaces[plain]
			if _, isWord := cardWords[plain]; !isPlace && !isWord && !slices.Contains(scalars, plain) {
				unknown = append(unknown, shape+"."+member+" is "+kind)
			}
		}
	}
	for name, place := range cardPlaces {
		for _, shape := range place.types {
			if cardShapes[shape] == nil {
				unknown = append(unknown, name+" takes "+shape)
			}
		}
	}
	if diff := cmp.Diff([]string(nil), unknown); diff != "" {
		t.Error(diff)
	}
}

func FuzzCheckCard(f *testing.F) {
	f.Add(inBody(`{"type":"Badge","fallback":{"type":"TextBlock","text":"a"}}`))
	f.Add(card(`"actions":[{"type":"Action.ShowCard","card":{"body":[{"type":"Input.Text","id":"a"}]}}]`))
	f.Add(`{"type":"AdaptiveCard","version":"1.5","body":[[{}]]`)
	f.Fuzz(func(t *testing.T, text string) {
		c := readCard(json.RawMessage(text))
		if len(c.faults.list) > maxCardRemarks || len(c.notes.list) > maxCardRemarks {
			t.Errorf("%d faults, %d notes", len(c.faults.list), len(c.notes.list))
		}
		if len(c.faults.list) == 0 && !json.Valid([]byte(text)) {
			t.Error("passed, but is no JSON")
		}
	})
}

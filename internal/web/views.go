package web

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"crier/cards"
	"crier/internal/domain"
	"crier/internal/export"
	"crier/internal/i18n"
)

//go:embed templates
var templates embed.FS

// views are the pages, parsed once for each language.
type views struct {
	pages map[string]*template.Template // by language and page: "fr/people"
}

func loadViews(a *assets) (*views, error) {
	v := &views{pages: map[string]*template.Template{}}
	for _, language := range []string{"en", "fr"} {
		shared, err := template.New("").Funcs(functions(i18n.For(language), a)).
			ParseFS(templates, "templates/layout/*.html", "templates/parts/*.html")
		if err != nil {
			return nil, fmt.Errorf("parse the console's layout: %w", err)
		}
		pages, err := fs.Glob(templates, "templates/pages/*.html")
		if err != nil {
			return nil, err
		}
		for _, file := range pages {
			page, err := template.Must(shared.Clone()).ParseFS(templates, file)
			if err != nil {
				return nil, fmt.Errorf("parse the page %s: %w", file, err)
			}
			v.pages[language+"/"+strings.TrimSuffix(path.Base(file), ".html")] = page
		}
	}
	return v, nil
}

// execute draws a page, or one part of it ("" for the whole).
func (v *views) execute(w io.Writer, language, page, part string, data any) error {
	t, ok := v.pages[language+"/"+page]
	if !ok {
		return fmt.Errorf("there is no page %q", page)
	}
	if part == "" {
		part = "layout"
	}
	if err := t.ExecuteTemplate(w, part, data); err != nil {
		return fmt.Errorf("draw the page %q: %w", page, err)
	}
	return nil
}

// functions are what templates may call, in one language.
func functions(tr i18n.Translator, a *assets) template.FuncMap {
	return template.FuncMap{
		"t":             tr.Text,
		"say":           func(t domain.Text) string { return sayIn(tr, t) },
		"notice":        func(english string) string { return tr.Text(english) },
		"asset":         a.path,
		"hasAsset":      a.has,
		"icon":          func(name string) template.HTML { return icon(a, name) },
		"n":             func(n any) string { return number(tr.Language(), n) },
		"people":        func(n int64) string { return count(tr, n, tr.Text("%s person"), tr.Text("%s people")) },
		"when":          when,
		"share":         func(part, whole int64) string { return percent(tr.Language(), part, whole) },
		"kind":          func(k domain.Kind) string { return kindName(tr, k) },
		"kindHint":      func(k domain.Kind) string { return kindHint(tr, k) },
		"kinds":         domain.Kinds,
		"status":        func(s domain.Status) string { return statusName(tr, s) },
		"rowState":      func(s domain.State) string { return rowState(tr, s) },
		"state":         func(s domain.State) string { return stateName(tr, s) },
		"reason":        func(d domain.Delivery) string { return reasonOf(tr, d) },
		"changed":       func(r *domain.RowChange) string { return changed(tr, r) },
		"audience":      func(a domain.Audience) string { return audienceOf(tr, a) },
		"spread":        func(d time.Duration) string { return spreadName(tr, d) },
		"spreads":       spreads,
		"units":         units,
		"unitName":      func(id string) string { return unitName(tr, id) },
		"weekdays":      weekdays,
		"dayName":       func(d string) string { return dayName(tr, d) },
		"delivery":      func(p domain.Policy) string { return deliveryName(tr, p) },
		"presences":     presences,
		"known":         knownPresence,
		"presence":      func(chosen string) string { return capital(presenceName(tr, presenceOf(chosen))) },
		"uncertain":     func(on domain.OnUncertain) string { return uncertainName(tr, on) },
		"channel":       func(c domain.Channel) string { return capital(string(c)) },
		"rate":          func(perSecond float64) string { return rateName(tr, perSecond) },
		"why":           func(w domain.Wait) string { return whyName(tr, w) },
		"standing":      func(s domain.Status, n domain.Counts) string { return standing(tr, s, n) },
		"flawed":        flawed,
		"roughly":       func(d time.Duration) string { return roughly(tr, d) },
		"reaction":      reactionName,
		"pair":          func(a, b any) pair { return pair{a, b} },
		"question":      newQuestion,
		"inc":           func(i int) int { return i + 1 },
		"settled":       func(c domain.Counts) int64 { return c.Recipients - c.Left() },
		"errors":        func(c domain.Counts) int64 { return c.Failed + c.Unscheduled + c.Uncertain },
		"box":           func(label string, in input, hint string) box { return box{label, in, hint} },
		"questionTypes": questionTypes,
		"typeName":      func(t domain.QuestionType) string { return typeName(tr, t) },
		"privacies":     privacies,
		"privacy":       func(p domain.Privacy) pair { return pair{privacyName(tr, p), privacyHint(tr, p)} },
		"styles":        styles,
		"style":         func(s domain.Style) pair { return pair{styleName(tr, s), styleHint(tr, s)} },
		"answer":        func(t domain.QuestionType, answer string) string { return answerName(tr, t, answer) },
		"least":         func() int { return domain.MinResponses },
		"leastTexts":    func() int { return domain.MinTexts },
		"messages":      func(n int) string { return count(tr, int64(n), tr.Text("%s message"), tr.Text("%s messages")) },
		"responses":     func(n int64) string { return count(tr, n, tr.Text("%s response"), tr.Text("%s responses")) },
		"answers":       func(n int64) string { return count(tr, n, tr.Text("%s answer"), tr.Text("%s answers")) },
		"briefly":       func(d time.Duration) string { return briefly(tr, d) },
		"decimal":       func(n float64) string { return decimalText(tr.Language(), n, 2) },
		"score":         func(n *float64) string { return scoreText(tr.Language(), n) },
		"value":         func(q domain.Question, v domain.Value) string { return valueText(tr, q, v) },
		"label":         cards.Label,
		"respondent":    export.Respondent,
		"separator":     func() string { return tr.Text(", ") },
		"join":          func(list []string) string { return strings.Join(list, tr.Text(", ")) },
		"place":         placeInCard,
	}
}

// pair hands two values to a part.
type pair struct{ A, B any }

// icon is one of the drawings of static/icons.svg, for the eye alone.
func icon(a *assets, name string) template.HTML {
	return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false"><use href="` +
		template.HTMLEscapeString(a.path("icons.svg")+"#"+name) + `"></use></svg>`)
}

// moment is a time as a page shows it: in UTC, until the script says it in the reader's zone.
type moment struct{ ISO, Text string }

func when(t time.Time) *moment {
	if t.IsZero() {
		return nil
	}
	return &moment{ISO: t.UTC().Format(time.RFC3339), Text: t.UTC().Format("2006-01-02 15:04 UTC")}
}

// box is a field with its words.
type box struct {
	Label string
	In    input
	Hint  string
}

// question is asked before something that can't be undone.
type question struct {
	ID, Title, Text, Button, Action string
	Danger                          bool
}

func newQuestion(id, title, text, button, action string, danger bool) question {
	return question{id, title, text, button, action, danger}
}

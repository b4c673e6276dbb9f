package simulator_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"crier/internal/simulator"
)

func crowd(t *testing.T, seed uint64, skype float64) []simulator.Person {
	opt := options()
	opt.Users, opt.Seed, opt.SkypeShare = 5000, seed, skype
	sim := newSimulator(t, opt)
	out := make([]simulator.Person, sim.People())
	for i := range out {
		out[i] = sim.Person(i)
	}
	return out
}

func TestPeopleFollowFromTheSeed(t *testing.T) {
	t.Parallel()
	first, again, other := crowd(t, 7, 0.2), crowd(t, 7, 0.2), crowd(t, 8, 0.2)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the same seed gave other people:\n%s", diff)
	}
	for i := range first {
		if first[i].UserID == other[i].UserID || first[i].ConversationID == other[i].ConversationID {
			t.Fatalf("person %d has the same ids under another seed", i)
		}
	}
}

func TestPeopleAreDistinct(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for _, p := range crowd(t, 7, 0.2) {
		ids := []string{p.UserID, p.ObjectID, p.UPN}
		if !p.Skype() {
			ids = append(ids, p.ConversationID)
		}
		for _, id := range ids {
			if id == "" {
				continue
			}
			if other, taken := seen[id]; taken {
				t.Fatalf("people %d and %d share %q", other, p.Index, id)
			}
			seen[id] = p.Index
		}
	}
}

func TestPeopleLookLikeAnInternationalCompany(t *testing.T) {
	t.Parallel()
	locales, scripts, names := map[string]int{}, map[string]int{}, map[string]bool{}
	people := crowd(t, 7, 0.2)
	skype := 0
	for _, p := range people {
		locales[p.Locale]++
		names[p.Name] = true
		for script, table := range map[string]*unicode.RangeTable{"Han": unicode.Han, "Arabic": unicode.Arabic,
			"Hebrew": unicode.Hebrew, "Cyrillic": unicode.Cyrillic, "Devanagari": unicode.Devanagari, "emoji": unicode.So} {
			if strings.ContainsFunc(p.Name, func(r rune) bool { return unicode.Is(table, r) }) {
				scripts[script]++
			}
		}
		if p.Skype() {
			skype++
			if p.ConversationID != p.UserID || p.ObjectID != "" || p.UPN != "" {
				t.Fatalf("Skype person with tenant ids: %+v", p)
			}
		} else if !strings.HasPrefix(p.ConversationID, "a:1") || len(p.ObjectID) != 36 || strings.ContainsAny(p.UPN, " '’") {
			t.Fatalf("Teams person without proper ids: %+v", p)
		}
	}
	if western := locales["en-US"] + locales["fr-FR"]; western < len(people)/2 {
		t.Errorf("only %d of %d read English or French", western, len(people))
	}
	if len(scripts) != 6 {
		t.Errorf("scripts met: %v", scripts)
	}
	if !names["*Ana* [x](http://evil)"] {
		t.Error("nobody carries Markdown in the name")
	}
	if skype < len(people)/10 || skype > len(people)*3/10 {
		t.Errorf("%d of %d are on Skype, want about a fifth", skype, len(people))
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*simulator.Options){
		"no app id":   func(o *simulator.Options) { o.AppID = "" },
		"no secret":   func(o *simulator.Options) { o.AppPassword = "" },
		"no tenant":   func(o *simulator.Options) { o.TenantID = "" },
		"relative":    func(o *simulator.Options) { o.BotURL = "/api/messages" },
		"share":       func(o *simulator.Options) { o.SkypeShare = 1.5 },
		"many people": func(o *simulator.Options) { o.Users = 1 << 40 },
	} {
		opt := options()
		spoil(&opt)
		if _, err := simulator.New(opt); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

// met adds somebody to Teams, with the names and address that the roster told.
func met(t *testing.T, db *store.DB, n int, p domain.Person) domain.Person {
	t.Helper()
	people := store.People{DB: db}
	user := fmt.Sprintf("29:%d", n)
	err := people.Remember(t.Context(), domain.Sighting{
		Channel: domain.Teams, Install: true, Locale: p.Locale,
		Reference: domain.ConversationReference{ConversationID: "a:1", ServiceURL: "https://smba.example/", TenantID: "t", UserID: user, BotID: "28:bot"},
	}, now())
	if err != nil {
		t.Fatal(err)
	}
	known, err := people.BySender(t.Context(), domain.Teams, user)
	if err != nil {
		t.Fatal(err)
	}
	known.Name, known.FirstName, known.LastName, known.Email = p.Name, p.FirstName, p.LastName, p.Email
	if err := people.SaveRoster(t.Context(), known); err != nil {
		t.Fatal(err)
	}
	return known
}

// oddName is made of what matters to how names are cut: words, commas and every kind of space.
func oddName(random *rand.Rand) string {
	pieces := []string{"Ana", "É", "李", ",", ",", " ", " ", "\t", "\n", "\u0085", "\u00a0", "\u1680", "\u2003", "\u2028", "\u202f", "\u205f", "\u3000", "\u200b", "_", "%", "'", "]", "^", "-"}
	var b strings.Builder
	for range random.IntN(6) {
		b.WriteString(pieces[random.IntN(len(pieces))])
	}
	return b.String()
}

// TestLackingAgreesWithTheDomain holds what SQL says of random people, and of some that
// matter, against what the domain says.
func TestLackingAgreesWithTheDomain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		random := rand.New(rand.NewPCG(1, 2))
		people := []domain.Person{
			{Name: "Bowen, Megan"}, {Name: "Bowen,"}, {Name: "Bowen ,"}, {Name: "Bowen,,"}, {Name: ", Megan"}, {Name: ","}, {Name: ",,"}, {Name: " , "},
			{Name: "de la Tour,"}, {Name: "Megan"}, {Name: "Megan Bowen"}, {FirstName: " "}, {FirstName: "Ana", Name: "x y"}, {LastName: " ", Name: "x y"},
		}
		for range 250 {
			p := domain.Person{Name: oddName(random)}
			if random.IntN(3) == 0 {
				p.FirstName = oddName(random)
			}
			if random.IntN(3) == 0 {
				p.LastName = oddName(random)
			}
			if random.IntN(2) == 0 {
				p.Email = fmt.Sprintf("p%d@example.com", len(people))
			}
			people = append(people, p)
		}
		want := map[domain.Tag]int64{}
		for i, p := range people {
			kept := met(t, db, i, p)
			got := factsOf(t, db, kept)
			for _, tag := range domain.AllTags() {
				lacks := int64(0)
				if tag.Lacks(kept) {
					lacks = 1
				}
				want[tag] += lacks
				if got.Lacking[tag] != lacks {
					t.Errorf("%s of %q, %q, %q, %q: the database says %d, the domain %d", tag, p.Name, p.FirstName, p.LastName, p.Email, got.Lacking[tag], lacks)
				}
			}
		}
		facts, err := store.Campaigns{DB: db}.AudienceFacts(t.Context(), domain.Teams, domain.Audience{Everyone: true})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, facts.Lacking); diff != "" || facts.Reachable != int64(len(people)) {
			t.Errorf("of %d people (-want +got):\n%s", facts.Reachable, diff)
		}
	})
}

// factsOf are the facts of one person alone, who is given an address for it.
func factsOf(t *testing.T, db *store.DB, p domain.Person) domain.AudienceFacts {
	t.Helper()
	p.UPN = p.Reference.UserID + "@upn.example"
	if err := (store.People{DB: db}).SaveRoster(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	facts, err := store.Campaigns{DB: db}.AudienceFacts(t.Context(), domain.Teams, domain.Audience{People: []string{p.UPN}})
	if err != nil {
		t.Fatal(err)
	}
	if facts.Reachable != 1 || facts.Recipients() != 1 {
		t.Fatalf("one person is %+v", facts)
	}
	return facts
}

// TestFactsOfAnAudience: who is counted where, and who has the longest of what.
func TestFactsOfAnAudience(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		campaigns := store.Campaigns{DB: db}
		all := []domain.Person{
			met(t, db, 0, domain.Person{Name: "Ana", FirstName: "A", LastName: "B", Email: "a@x.io", Locale: "en-US"}),
			met(t, db, 1, domain.Person{Name: "Ana the longest of all", FirstName: "A", LastName: "B", Email: "b@x.io", Locale: "en-US"}),
			met(t, db, 2, domain.Person{Name: "Eve", FirstName: "Evelyn-Marie", LastName: "B", Email: "c@x.io", Locale: ""}),
			met(t, db, 3, domain.Person{Name: "Paul", FirstName: "P", LastName: "de la Tour", Email: "d@x.io", Locale: "de"}),
			met(t, db, 4, domain.Person{Name: "Zoe", FirstName: "Z", LastName: "Z", Email: "zoe.with.a.long.address@x.io", Locale: "en"}),
			met(t, db, 5, domain.Person{Name: "Éloïse", FirstName: "É", LastName: "B", Email: "f@x.io", Locale: "FR-ca"}),
			met(t, db, 6, domain.Person{Name: "Jo", FirstName: "", LastName: "", Email: "", Locale: "fr"}),
			met(t, db, 7, domain.Person{Name: "Gone with the very longest name there is", Email: "gone@x.io"}),
		}
		if err := (store.People{DB: db}).Leave(t.Context(), domain.Teams, "29:7", now()); err != nil {
			t.Fatal(err)
		}
		var twice []string
		for range 700 { // more than fit one statement
			twice = append(twice, fmt.Sprintf("nobody%d@x.io", len(twice)))
		}
		twice = append(twice, "NOBODY1@x.io", "a@x.io", "A@X.io", "gone@x.io", "zoe.with.a.long.address@x.io")
		for _, test := range []struct {
			audience          domain.Audience
			reachable         int64
			missing, unknown  int64
			longest, atMostOf []int
		}{
			{audience: domain.Audience{Everyone: true}, reachable: 7, longest: []int{1, 2, 3, 4, 5}, atMostOf: []int{0, 1, 2, 3, 4, 5, 6}},
			{audience: domain.Audience{People: twice}, reachable: 2, missing: 1, unknown: 700, longest: []int{4}, atMostOf: []int{0, 4}},
			{audience: domain.Audience{People: []string{"gone@x.io"}}, missing: 1},
			{audience: domain.Audience{}},
		} {
			f, err := campaigns.AudienceFacts(t.Context(), domain.Teams, test.audience)
			if err != nil {
				t.Fatal(err)
			}
			if f.Reachable != test.reachable || f.NotInstalled != test.missing || f.Unknown != test.unknown {
				t.Errorf("got %d, %d, %d; want %d, %d, %d", f.Reachable, f.NotInstalled, f.Unknown, test.reachable, test.missing, test.unknown)
			}
			listed, reachable, err := campaigns.AudienceSize(t.Context(), domain.Teams, test.audience)
			if err != nil || listed != f.Recipients() || reachable != f.Reachable {
				t.Errorf("the size is %d and %d (%v), the facts are %+v", listed, reachable, err, f)
			}
			var ids []int64
			for _, p := range f.Longest {
				ids = append(ids, p.ID)
			}
			for _, i := range test.longest {
				if !slices.Contains(ids, all[i].ID) {
					t.Errorf("%q is not among the longest", all[i].Name)
				}
			}
			for _, id := range ids {
				if !slices.ContainsFunc(test.atMostOf, func(i int) bool { return all[i].ID == id }) {
					t.Errorf("person %d is among the longest", id)
				}
			}
			if len(slices.Compact(slices.Sorted(slices.Values(ids)))) != len(ids) {
				t.Errorf("somebody is there twice: %v", ids)
			}
		}
		if f, err := campaigns.AudienceFacts(t.Context(), domain.Skype, domain.Audience{Everyone: true}); err != nil || f.Recipients() != 0 {
			t.Errorf("on another channel: %+v, %v", f, err)
		}
	})
}

package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
)

func TestADraftIsStoredAsItIsAnswered(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		asked := message(startingAt(noon.Add(time.Hour)), survey(), to(" ana@example.com "))
		asked.ID, asked.Status, asked.CreatedBy, asked.CreatedAt = 99, domain.Done, "Eve", noon.Add(-time.Hour)
		c, err := w.campaigns.Create(w.ctx, author, asked)
		w.ok(err)
		w.same(w.campaign(c.ID), c)
		w.same([]any{c.Status, c.CreatedBy, c.CreatedAt, c.Channel, c.Audience.People[0]},
			[]any{domain.Draft, "Ada", noon, domain.Teams, "ana@example.com"})
		if c.ID == 99 {
			w.Error("the id was taken from outside")
		}
	})
}

func TestAWrongDraftIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.draft()
	before := w.snapshot()
	_, err := w.campaigns.Create(w.ctx, owner, message(called(" ")))
	w.is(err, domain.Invalid)
	c.Content.Text = "[NICK]"
	_, err = w.campaigns.Save(w.ctx, owner, c)
	w.is(err, domain.Invalid)
	w.same(w.snapshot(), before)
}

func TestFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	drill, number, first, second := w.draft(called("Été à Paris")), w.draft(called("1")), w.draft(called("Twins")), w.draft(called("twins"))
	id := func(c domain.Campaign) string { return fmt.Sprint(c.ID) }
	tests := map[string]struct {
		words string
		want  domain.Campaign
	}{
		"by its name":                  {"Été à Paris", drill},
		"in any case":                  {"éTÉ À PARIS", drill},
		"with spaces around":           {" Été à Paris\n", drill},
		"by its number":                {id(second), second},
		"a number that is a name":      {"1", number},
		"one of several by its number": {id(first), first},
	}
	for name, test := range tests {
		c, err := w.campaigns.Find(w.ctx, analyst, test.words)
		if err != nil || c.ID != test.want.ID {
			t.Errorf("%s: %q finds %d, %v; want %d", name, test.words, c.ID, err, test.want.ID)
		}
	}
	for _, words := range []string{"Été", "Été à Paris 2", "99", "0", "-1", "%", "99999999999999999999"} {
		_, err := w.campaigns.Find(w.ctx, analyst, words)
		w.is(err, domain.NotFound)
	}
	_, err := w.campaigns.Find(w.ctx, analyst, "TWINS")
	w.is(err, domain.Conflict)
	if !strings.Contains(err.Error(), id(first)) || !strings.Contains(err.Error(), id(second)) {
		t.Errorf("%q does not say which ones there are", err)
	}
}

// To the store no name is any name: a command without one must not act on whatever there is.
func TestNoNameFindsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.draft()
	for _, words := range []string{"", " \n"} {
		_, err := w.campaigns.Find(w.ctx, analyst, words)
		w.is(err, domain.NotFound)
	}
}

func TestAPageHasItsBounds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 501 {
		_, err := store.Campaigns{DB: w.db}.Create(w.ctx, domain.Campaign{CreatedAt: noon, UpdatedAt: noon})
		w.ok(err)
	}
	for limit, want := range map[int]int{-1: 1, 0: 1, 1: 1, 50: 50, 500: 500, 501: 500, 1 << 40: 500} {
		page, err := w.campaigns.List(w.ctx, analyst, domain.CampaignFilter{}, 0, limit)
		w.ok(err)
		if len(page) != want {
			t.Errorf("asked for %d, got %d", limit, len(page))
		}
	}
}

func TestSaveReplacesADraft(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		for _, status := range []domain.Status{domain.Draft, domain.Scheduled} {
			c := w.in(status)
			w.pass(time.Minute)
			c.Name, c.Content.Text, c.Audience = " Other ", "In again.", domain.Audience{People: []string{" ana@example.com"}}
			saved, err := w.campaigns.Save(w.ctx, author, c)
			w.ok(err)
			want := c
			want.Name, want.Audience.People = "Other", []string{"ana@example.com"}
			want.Status, want.Revision, want.UpdatedAt = domain.Draft, c.Revision+1, w.clock()
			w.same(saved, want)
			w.same(w.campaign(c.ID), want)
		}
	})
}

func TestWhatStandsInTheWayOfASave(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	for _, status := range []domain.Status{domain.Sending, domain.Paused, domain.Done, domain.Cancelled} {
		_, err := w.campaigns.Save(w.ctx, owner, w.in(status))
		w.is(err, domain.Conflict)
	}
	_, err := w.campaigns.Save(w.ctx, owner, message(func(c *domain.Campaign) { c.ID, c.Revision = 99, 1 }))
	w.is(err, domain.NotFound)
}

func TestOfTwoWhoSaveOneIsStale(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		read := w.draft()
		errs := make([]error, 6)
		atOnce(len(errs), func(i int) {
			mine := read
			mine.Name = fmt.Sprint("Version ", i)
			_, errs[i] = w.campaigns.Save(w.ctx, author, mine)
		})
		winner := slices.Index(errs, nil)
		for i, err := range errs {
			if i != winner {
				w.is(err, domain.Stale)
			}
		}
		w.same(w.campaign(read.ID).Name, fmt.Sprint("Version ", winner))
	})
}

func TestDeleteByStatus(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		for _, status := range domain.Statuses() {
			c := w.in(status)
			err := w.campaigns.Delete(w.ctx, owner, c.ID)
			if status == domain.Scheduled || status == domain.Sending || status == domain.Paused {
				w.is(err, domain.Conflict)
				w.same(w.campaign(c.ID).Status, status)
				continue
			}
			w.ok(err)
			_, err = w.campaigns.Get(w.ctx, owner, c.ID)
			w.is(err, domain.NotFound)
			_, err = w.campaigns.Report(w.ctx, owner, c.ID)
			w.is(err, domain.NotFound)
		}
		w.is(w.campaigns.Delete(w.ctx, owner, 99), domain.NotFound)
	})
}

func TestCloneIsADraftWithoutASchedule(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.draft(survey(), startingAt(noon.Add(time.Hour)), func(c *domain.Campaign) { c.Delivery.Spread = time.Hour })
	w.pass(time.Minute)
	copied, err := w.campaigns.Clone(w.ctx, sender, c.ID, "Again")
	w.ok(err)
	want := c
	want.ID, want.Name, want.CreatedBy, want.CreatedAt, want.UpdatedAt = copied.ID, "Again", "Sam", w.clock(), w.clock()
	want.Delivery.StartAt = time.Time{}
	w.same(copied, want)
	w.same(w.campaign(c.ID), c)
	for _, status := range domain.Statuses() {
		copied, err := w.campaigns.Clone(w.ctx, author, w.in(status).ID, "Again")
		w.ok(err)
		w.same([]any{copied.Status, copied.StartedAt, copied.FinishedAt}, []any{domain.Draft, time.Time{}, time.Time{}})
	}
	_, err = w.campaigns.Clone(w.ctx, author, 99, "")
	w.is(err, domain.NotFound)
}

func TestTheNameOfAClone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	long := strings.Repeat("é", domain.MaxName)
	tests := map[string]struct{ original, asked, want string }{
		"its own":           {"Drill", "Other", "Other"},
		"none":              {"Drill", "", "Drill (copy)"},
		"of a copy":         {"Drill (copy)", "", "Drill (copy)"},
		"of a long one":     {long, "", strings.Repeat("é", domain.MaxName-7) + " (copy)"},
		"of a longish one":  {long[:2*(domain.MaxName-7)], "", long[:2*(domain.MaxName-7)] + " (copy)"},
		"as long as may be": {"Drill", long, long},
	}
	for name, test := range tests {
		c, err := w.campaigns.Clone(w.ctx, author, w.draft(called(test.original)).ID, test.asked)
		if err != nil || c.Name != test.want {
			t.Errorf("%s: %q, %v; want %q", name, c.Name, err, test.want)
		}
	}
	_, err := w.campaigns.Clone(w.ctx, author, w.draft().ID, long+"é")
	w.is(err, domain.Invalid)
}

func TestWhoseMessageAPreviewDraws(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana := w.person("ana")
	c := w.draft()
	made, err := w.campaigns.Sample(w.ctx, analyst, c, "")
	w.ok(err)
	if made.ID != 0 || made.GivenName() == "" || made.FamilyName() == "" || made.Email == "" || made.Channel != domain.Teams {
		t.Errorf("the person made up is %+v", made)
	}
	found, err := w.campaigns.Sample(w.ctx, analyst, c, "Ana@Example.com")
	w.ok(err)
	w.same(found, ana)
	_, err = w.campaigns.Sample(w.ctx, analyst, c, "eve@example.com")
	w.same(faults(t, err), []string{"email: eve@example.com is not known here: nobody with this address has installed the app."})
	c.Channel = domain.Skype
	_, err = w.campaigns.Sample(w.ctx, analyst, c, address("ana"))
	w.is(err, domain.Invalid)
	c.Content.Text = ""
	_, err = w.campaigns.Sample(w.ctx, analyst, c, "")
	w.same(faults(t, err), []string{"content.text: Write the text."})
}

func TestAudienceAsItIsNow(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		w.person("bob")
		w.former("cy")
		sizes := func(c domain.Campaign) []int64 {
			size, err := w.campaigns.Audience(w.ctx, analyst, c)
			w.ok(err)
			return []int64{size.Recipients, size.Reachable, size.NotInstalled}
		}
		w.same(sizes(w.draft()), []int64{2, 2, 0})
		w.same(sizes(w.draft(to(address("ana"), "ANA@example.com", "ana@corp.example", address("cy"), address("eve")))), []int64{3, 1, 2})
		w.same(sizes(w.draft(func(c *domain.Campaign) { c.Audience = domain.Audience{} })), []int64{0, 0, 0})
		w.same(sizes(w.draft(func(c *domain.Campaign) { c.Channel = domain.Skype })), []int64{0, 0, 0})
	})
}

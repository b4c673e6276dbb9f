package domain

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestEveryMoveBetweenStatuses(t *testing.T) {
	t.Parallel()
	// As the contract draws it: draft → scheduled → sending ⇄ paused → done; cancelled from
	// scheduled, sending or paused; an edit takes scheduled back, a retry done.
	allowed := map[[2]Status]bool{
		{Draft, Scheduled}: true,
		{Scheduled, Draft}: true, {Scheduled, Sending}: true, {Scheduled, Cancelled}: true,
		{Sending, Paused}: true, {Sending, Done}: true, {Sending, Cancelled}: true,
		{Paused, Sending}: true, {Paused, Done}: true, {Paused, Cancelled}: true,
		{Done, Sending}: true,
	}
	for _, from := range Statuses() {
		for _, to := range append(Statuses(), "", "lost") {
			if got := from.CanBecome(to); got != allowed[[2]Status{from, to}] {
				t.Errorf("%s to %q: %v", from, to, got)
			}
		}
	}
	if Status("lost").CanBecome(Draft) {
		t.Error("a status that does not exist leads somewhere")
	}
}

func TestOnlyWhatHasNotStartedIsEditable(t *testing.T) {
	t.Parallel()
	for _, s := range Statuses() {
		if want := s == Draft || s == Scheduled; s.Editable() != want {
			t.Errorf("%s: editable is %v", s, s.Editable())
		}
	}
}

func TestWhatIsWrongWithACampaign(t *testing.T) {
	t.Parallel()
	named := func(name string) func(*Campaign) { return func(c *Campaign) { c.Name = name } }
	to := func(a Audience) func(*Campaign) { return func(c *Campaign) { c.Audience = a } }
	skype := func(c *Campaign) { c.Channel = Skype }
	own := says(KindCard, Content{AdaptiveCard: []byte(`{"type":"AdaptiveCard","version":"1.5"}`)})
	tests := map[string]struct {
		campaign Campaign
		blamed   []string
	}{
		"nothing":               {message(), nil},
		"no name":               {message(named(" \t")), []string{"name"}},
		"the longest name":      {message(named(strings.Repeat("é", MaxName))), nil},
		"a name too long":       {message(named(strings.Repeat("é", MaxName+1))), []string{"name"}},
		"a name of two lines":   {message(named("Fire\ndrill")), []string{"name"}},
		"a line separator":      {message(named("Fire\u2028drill")), []string{"name"}},
		"a name with a tab":     {message(named("Fire\tdrill")), nil},
		"a zero in the name":    {message(named("Fire\x00drill")), []string{"name"}},
		"an escape in the name": {message(named("Fire\x1b[2Jdrill")), []string{"name"}},
		"broken characters":     {message(named("Fire\xff")), []string{"name"}},
		"brackets in the name":  {message(named("[DRAFT] Fire")), nil},
		"a channel":             {message(func(c *Campaign) { c.Channel = "fax" }), []string{"channel"}},
		"a kind":                {message(func(c *Campaign) { c.Kind = "rumour" }), []string{"kind"}},
		"everyone and people":   {message(to(Audience{Everyone: true, People: []string{"a@b.c"}})), []string{"audience.everyone"}},
		"everyone and lists":    {message(to(Audience{Everyone: true, Lists: []int64{1}})), []string{"audience.everyone", "audience.lists"}},
		"no address":            {message(to(Audience{People: []string{"a@b.c", "bob"}})), []string{"audience.people"}},
		"many addresses":        {message(to(Audience{People: slices.Repeat([]string{"a@b.c"}, MaxPeople+1)})), []string{"audience.people"}},
		"as many as may be":     {message(to(Audience{People: slices.Repeat([]string{"a@b.c"}, MaxPeople)})), nil},
		"Skype":                 {message(skype), nil},
		"a card on Skype":       {message(skype, own), []string{"content.adaptive_card"}},
		"a survey on Skype":     {message(skype, surveyOf(asks(tea()))), nil},
		"everything": {
			message(func(c *Campaign) { c.Name, c.Kind, c.Channel, c.Delivery.Spread = "", "x", "y", -1 }),
			[]string{"name", "channel", "kind", "delivery.spread"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blames(t, test.campaign.Check(), test.blamed...)
		})
	}
}

// What a preview needs is the content; what a send needs is an audience too; a draft
// needs neither.
func TestADraftMayBeIncomplete(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		campaign                   Campaign
		draft, preview, completely []string
	}{
		"complete": {message(), nil, nil, nil},
		"no text":  {message(says(KindMessage, Content{Text: " "})), nil, []string{"content.text"}, []string{"content.text"}},
		"nobody":   {message(func(c *Campaign) { c.Audience = Audience{} }), nil, nil, []string{"audience"}},
		"lists":    {message(func(c *Campaign) { c.Audience.ExcludeLists = []int64{1} }), []string{"audience.exclude_lists"}, []string{"audience.exclude_lists"}, []string{"audience.exclude_lists"}},
		"neither": {
			message(func(c *Campaign) { c.Audience, c.Content = Audience{}, Content{} }),
			nil, []string{"content.text"}, []string{"content.text", "audience"},
		},
		"wrong": {message(func(c *Campaign) { c.Name = "" }), []string{"name"}, []string{"name"}, []string{"name"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blames(t, test.campaign.Check(), test.draft...)
			blames(t, test.campaign.CheckContent(), test.preview...)
			blames(t, test.campaign.CheckComplete(), test.completely...)
		})
	}
}

func TestNormalizeFillsInWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	c := Campaign{
		Name: " Lunch\t", Kind: KindSurvey, Audience: Audience{People: []string{" ana@example.com\n"}},
		Content: Content{
			Image: &Image{URL: " https://example.com/a.png\n"}, Buttons: []Button{{Title: " Open ", URL: "\thttps://example.com "}},
			Survey: &Survey{Questions: []Question{{Text: "Tea?"}, {ID: "q1"}, {}}},
		},
	}
	c.Normalize()
	want := Campaign{
		Name: "Lunch", Channel: Teams, Kind: KindSurvey, Audience: Audience{People: []string{"ana@example.com"}},
		Content: Content{
			Image: &Image{URL: "https://example.com/a.png"}, Buttons: []Button{{Title: " Open ", URL: "https://example.com"}},
			Survey: &Survey{Style: OneByOne, Privacy: Identified, Questions: []Question{{ID: "q2", Text: "Tea?"}, {ID: "q1"}, {ID: "q3"}}},
		},
		Delivery: Policy{OnUncertain: Resend},
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
	again := c
	again.Normalize()
	if diff := cmp.Diff(c, again); diff != "" {
		t.Errorf("a second time it changes:\n%s", diff)
	}
}

func TestNormalizeKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	c := message(func(c *Campaign) {
		c.Channel, c.Delivery.OnUncertain = Skype, Hold
		c.Content.Survey = &Survey{Style: SingleCard, Privacy: Anonymous}
	})
	if c.Channel != Skype || c.Delivery.OnUncertain != Hold || c.Content.Survey.Style != SingleCard || c.Content.Survey.Privacy != Anonymous {
		t.Errorf("%+v", c)
	}
}

func TestACloneIsADraftOfItsOwn(t *testing.T) {
	t.Parallel()
	original := Campaign{
		ID: 7, Revision: 3, Name: "Drill", Channel: Skype, Kind: KindMessage, Status: Done, Notice: "Paused.",
		Content: Content{Text: "Out."}, Audience: Audience{People: []string{"ana@example.com"}},
		Delivery:  Policy{StartAt: noon, Spread: time.Hour, OnUncertain: Hold},
		CreatedAt: noon, CreatedBy: "Ada", UpdatedAt: noon, StartedAt: noon, FinishedAt: noon,
	}
	later := noon.Add(time.Hour)
	want := Campaign{
		Name: "Again", Channel: Skype, Kind: KindMessage, Status: Draft, Content: original.Content, Audience: original.Audience,
		Delivery: Policy{Spread: time.Hour, OnUncertain: Hold}, CreatedAt: later, CreatedBy: "Bob", UpdatedAt: later,
	}
	if diff := cmp.Diff(want, original.Clone("Again", Actor{Name: "Bob"}, later)); diff != "" {
		t.Error(diff)
	}
}

// The copy of a survey that has ended takes answers, and reminds nobody at times that are past.
func TestACloneOfASurveyHasNoTimes(t *testing.T) {
	t.Parallel()
	survey := &Survey{
		Style: SingleCard, Privacy: Masked, ClosesAt: noon, Reminders: []time.Time{noon}, Thanks: "Thanks",
		Questions: []Question{{ID: "q", Type: YesNo, Text: "Well?"}},
	}
	copied := Campaign{Kind: KindSurvey, Content: Content{Survey: survey}}.Clone("Again", Actor{}, noon).Content.Survey
	want := &Survey{Style: SingleCard, Privacy: Masked, Thanks: "Thanks", Questions: survey.Questions}
	if diff := cmp.Diff(want, copied); diff != "" {
		t.Error(diff)
	}
	if survey.ClosesAt.IsZero() || survey.Reminders == nil {
		t.Error("the original lost its times")
	}
}

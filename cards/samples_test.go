package cards

import (
	"encoding/json"
	"maps"
	"time"

	"crier/internal/domain"
)

// ana is somebody with all her data; her name is as awkward as names may be.
func ana() Recipient {
	return Recipient{Ref: "d41.s1gned", Person: domain.Person{
		ID: 41, Channel: domain.Teams, Name: "Ana_Lucía O'Brien & Söhne", FirstName: "Ana_Lucía", LastName: "O'Brien & Söhne",
		Email: "ana.obrien@example.com", Locale: "en-GB", TimeZone: "Europe/Paris",
		Reference: domain.ConversationReference{ConversationID: "a:1conv", UserID: "29:1ana", BotID: "28:bot"},
	}}
}

// paul reads French.
func paul() Recipient {
	return Recipient{Ref: "d42.s1gned", Person: domain.Person{
		ID: 42, Name: "Paul Martin", Email: "paul@example.com", Locale: "fr-FR", TimeZone: "Europe/Paris",
		Reference: domain.ConversationReference{ConversationID: "a:2conv", UserID: "29:2paul", BotID: "28:bot"},
	}}
}

const longText = "Hello [FIRSTNAME|there],\n\nmost meetings **end late** because they are planned to last an hour. " +
	"Try _25 minutes_ instead of 30:\n\n- say what is to be decided\n- stop when it is decided\n\n" +
	"R&D <all of it> has done so since May. [See how](https://example.com/how?u=[EMAIL])."

// samples are campaigns of every kind, by the name of their golden files.
func samples() map[string]domain.Campaign {
	photo := &domain.Image{URL: "https://example.com/p/3f9c.png", Alt: "A clock that shows 25 minutes"}
	buttons := []domain.Button{
		{Title: "Read more", URL: "https://example.com/meetings?who=[NAME]&lang=en"}, {Title: "Watch", URL: "https://example.com/film"},
	}
	all := map[string]domain.Campaign{
		"idea":      {Kind: domain.KindIdea, Content: domain.Content{Title: "Shorter meetings", Text: longText, Image: photo, Buttons: buttons}},
		"idea_bare": {Kind: domain.KindIdea, Content: domain.Content{Text: "Stand up once an hour, [FIRSTNAME]."}},
		"success": {Kind: domain.KindSuccess, Content: domain.Content{Title: "10,000 customers", Buttons: buttons[:1],
			Text: "Dear [NAME], the ten-thousandth customer signed this morning. Thank you!"}},
		"important": {Kind: domain.KindImportant, Content: domain.Content{Title: "Fire drill at 11:00",
			Text: "When you hear the alarm, leave by the **nearest** exit and meet in front of building C."}},
		"card": {Kind: domain.KindCard, Content: domain.Content{Title: "The canteen reopens on Monday", Author: "Facilities, building C",
			Text: "New kitchen, new menu, and the terrace is open.", Image: photo,
			Buttons: []domain.Button{
				{Title: "This week's menu", URL: "https://example.com/menu"}, {Title: "Book a table on the terrace", URL: "https://example.com/terrace"},
				{Title: "Opening hours", URL: "https://example.com/hours"}, {Title: "Allergens", URL: "https://example.com/allergens"},
			}}},
		"own":     {Kind: domain.KindCard, Content: domain.Content{AdaptiveCard: json.RawMessage(ownSample)}},
		"message": {Kind: domain.KindMessage, Content: domain.Content{Text: longText}},
		"survey": {Kind: domain.KindSurvey, Content: domain.Content{Title: "The summer party", Text: "We are choosing a place, [FIRSTNAME].",
			Survey: &domain.Survey{Style: domain.OneByOne, Privacy: domain.Identified, Thanks: "Thank you, [FIRSTNAME]. See you **in July**.",
				Questions: []domain.Question{{ID: "q1", Type: domain.Choice, Text: "Where would you like it to be?",
					Options: []string{"By the lake", "On the roof", "In the *old* factory"}}}}}},
	}
	for name, c := range all {
		c.ID, c.Name, c.Channel, c.Status = 7, "Campaign "+name, domain.Teams, domain.Sending
		all[name] = c
	}
	all["survey_long"] = longSurvey(all["survey"])
	all["survey_card"], all["survey_reminder"] = with(func(s *domain.Survey) { s.Style = domain.SingleCard }), poll()
	reminder := all["survey_reminder"]
	reminder.Change = domain.Remind
	all["survey_reminder"], reminder.Change = reminder, domain.Later
	all["survey_later_reminder"] = reminder
	rich := all["idea_bare"]
	rich.Content.Title, rich.Content.Text = "Everything *at once*: 2*3*4 & <b>", richText
	all["markdown"] = rich
	maps.Copy(all, foreign(all["card"], all["message"]))
	return all
}

// richText is all the Markdown there is.
const richText = "# Heading\n\n**Bold, _italic in it_** and ~~struck~~ `code_x`.\nA second line.\n\n" +
	"> A quote by [NAME]\n\n1. first\n2. second\n   - inner\n3. third\n\n---\n\n| Day | Menu |\n|-----|------|\n| Mon | **Soup** |\n\n" +
	"![The menu](https://example.com/menu.png) and <b>HTML</b> &amp; https://example.com/a_b?u=[EMAIL].\n\n" +
	"[bad](javascript:alert(1)) [mail](mailto:news@example.com)"

// foreign are campaigns in Arabic and Hebrew, made of others.
func foreign(card, message domain.Campaign) map[string]domain.Campaign {
	card.Content = domain.Content{Title: "إعادة افتتاح المقصف يوم الاثنين", Author: "المرافق، المبنى C", Image: card.Content.Image,
		Text:    "مرحبا [FIRSTNAME]،\n\nمطبخ **جديد** وقائمة جديدة:\n\n- الشرفة مفتوحة\n- الغداء من 11:30 إلى 14:00",
		Buttons: []domain.Button{{Title: "قائمة الأسبوع", URL: "https://example.com/menu"}, {Title: "الحجز", URL: "https://example.com/terrace"}}}
	important := card
	important.Kind = domain.KindImportant
	important.Content = domain.Content{Title: "תרגיל כיבוי אש בשעה 11:00", Text: "שלום [NAME], צאו דרך היציאה **הקרובה**. [פרטים](https://example.com/drill)"}
	message.Content.Text = "שלום [FIRSTNAME|לכולם], ראו [כאן](https://example.com/he)."
	return map[string]domain.Campaign{"card_rtl": card, "important_rtl": important, "message_rtl": message}
}

func longSurvey(c domain.Campaign) domain.Campaign {
	survey := *c.Content.Survey
	survey.Questions = []domain.Question{{ID: "month", Type: domain.Choice, Text: "When?", Optional: true,
		Options: []string{"January", "February", "March", "April", "May", "June", "July"}}}
	c.Content.Survey = &survey
	return c
}

const ownSample = `{"type":"AdaptiveCard","$schema":"http://adaptivecards.io/schemas/adaptive-card.json","version":"1.5",
 "body":[
  {"text":"Welcome, [FIRSTNAME|friend]","type":"TextBlock","size":"Large","wrap":true},
  {"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"You are [NAME], & <nobody> else"}]},
  {"type":"FactSet","facts":[{"title":"E-mail","value":"[EMAIL]"}]},
  {"type":"Image","url":"https://example.com/badge/[NAME].png","altText":"Badge of [NAME]","width":"120px"},
  {"type":"TextBlock","text":"Version 1.50 costs 1e3; [ ] not done, [x] done","maxLines":3,"wrap":true}],
 "actions":[{"type":"Action.OpenUrl","title":"Profile of [FIRSTNAME]","url":"https://example.com/p?mail=[EMAIL]"}]}`

// words is what the bot itself says, by the name of its golden file.
func words(who domain.Person) map[string]Content {
	report := domain.Report{
		Campaign:         domain.Campaign{ID: 7, Name: "Summer *party*", Kind: domain.KindSurvey, Status: domain.Sending},
		Counts:           domain.Counts{Listed: 1004, Unreachable: 4, Recipients: 1000, Pending: 300, Postponed: 3, Sent: 690, Failed: 7, Seen: 410, Answered: 88},
		ExpectedFinishAt: time.Date(2026, 7, 1, 12, 30, 0, 0, time.UTC),
	}
	paused := report
	paused.Campaign.Status, paused.Campaign.Notice = domain.Paused, domain.PauseNotice(domain.Unauthorized)
	waiting := report
	waiting.Progress = domain.Progress{Limit: 15, Waiting: domain.WaitHours, Until: time.Date(2026, 7, 2, 7, 0, 0, 0, time.UTC)}
	campaigns := []domain.Campaign{
		{ID: 12, Name: "Fire drill", Kind: domain.KindImportant, Status: domain.Scheduled}, report.Campaign,
	}
	return map[string]Content{
		"bot_welcome": Welcome(who), "bot_fallback": Fallback(who), "bot_notice": Notice("Campaign \"*x*\" goes to 3 people."),
		"bot_help": Help(who.Language(), []Command{
			{Usage: "help", Summary: "what you can ask"}, {Usage: "campaigns [drafts|sending]", Summary: "the campaigns"},
			{Usage: "send <campaign> [now | at <time>]", Summary: "sends a draft, or plans it"},
		}),
		"bot_campaigns": CampaignList(who, campaigns), "bot_no_campaigns": CampaignList(who, nil),
		"bot_report": ReportCard(who, report), "bot_report_paused": ReportCard(who, paused),
		"bot_report_waiting": ReportCard(who, waiting),
	}
}

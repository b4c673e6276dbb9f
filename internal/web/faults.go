package web

import (
	"net/url"
	"reflect"
	"strings"

	"crier/internal/domain"
	"crier/internal/i18n"
)

// faultsOf are the faults of an error by field of the page, and in order. A field that stands for
// many places tells the faults of all of them, a line each.
func faultsOf(v *visit, e *domain.Error) (map[string]string, []input) {
	by, list := map[string]string{}, []input(nil)
	for _, f := range e.Fields {
		text := plainer(v, f.Field)
		if text == "" {
			text = sayIn(v.tr, f.Message)
		}
		if place := placeInCard(f.Field); place != "" {
			text = v.tr.Text("%s: %s", place, text)
		}
		field := shownAt(f.Field)
		before, twice := by[field]
		switch {
		case !twice:
			by[field] = text
		case field != f.Field || field == ownCardField:
			by[field] = before + "\n" + text
		}
		list = append(list, input{Name: field, Fault: text})
	}
	return by, list
}

const ownCardField = "content.adaptive_card"

// shownAt is the field of the page that a fault stands beside: an own card and the addresses of a
// try are one field each, however many places of theirs have a name.
func shownAt(field string) string {
	switch {
	case placeInCard(field) != "":
		return ownCardField
	case field == "emails" || strings.HasPrefix(field, "emails["):
		return "email"
	}
	return field
}

// placeInCard is where in an author's own card something is: body[2].size. Empty: it is not in one.
func placeInCard(field string) string {
	if place, ok := strings.CutPrefix(field, ownCardField+"."); ok {
		return place
	}
	return ""
}

// differences names, in the reader's language, what differs between two states of a campaign.
func differences(tr i18n.Translator, a, b domain.Campaign) []string {
	mine, theirs := formOf(a), formOf(b)
	var names []string
	for _, p := range []struct{ prefix, name string }{
		{"name", tr.Text("Name")}, {"kind", tr.Text("Kind")}, {"content.title", tr.Text("Title")}, {"content.text", tr.Text("Text")},
		{"content.author", tr.Text("Author")}, {"content.adaptive_card", tr.Text("Your own card")}, {"content.image", tr.Text("Image")},
		{"content.buttons", tr.Text("Buttons")}, {"content.questions", tr.Text("Questions")}, {"content.thanks", tr.Text("Thanks")},
		{"content.style", tr.Text("How it is put to people")}, {"content.privacy", tr.Text("Privacy")}, {"content.closes_at", tr.Text("Closing")}, {"content.reminders", tr.Text("Reminders")},
		{"audience", tr.Text("Audience")}, {"delivery", tr.Text("Delivery")},
	} {
		if !reflect.DeepEqual(under(mine, p.prefix), under(theirs, p.prefix)) {
			names = append(names, p.name)
		}
	}
	return names
}

// under are the values of the fields whose names begin so.
func under(v url.Values, prefix string) url.Values {
	part := url.Values{}
	for field, values := range v {
		if strings.HasPrefix(field, prefix) {
			part[field] = values
		}
	}
	return part
}

// said is the sentence for what was just done; the address bar chooses among these alone.
func said(tr i18n.Translator, what string) string {
	switch what {
	case "retry-change":
		return tr.Text("Trying again.")
	case "saved":
		return tr.Text("Saved.")
	case "sent":
		return tr.Text("The campaign is on its way.")
	case "scheduled":
		return tr.Text("The campaign is scheduled.")
	case "cloned":
		return tr.Text("This is the copy. Change what you like, then send it.")
	case "deleted":
		return tr.Text("The campaign was deleted.")
	case "pause":
		return tr.Text("Paused. What was already in flight still arrives.")
	case "resume":
		return tr.Text("Sending goes on.")
	case "cancel":
		return tr.Text("Cancelled. What was not sent stays unsent.")
	case "retry":
		return tr.Text("The failed ones are tried again.")
	case "closed":
		return tr.Text("The survey is closed. Who answers now is told so kindly.")
	case "reminded":
		return tr.Text("The reminder goes to those who have not finished.")
	case "shared":
		return tr.Text("The results go to those who answered.")
	case "weather":
		return tr.Text("The simulated Teams behaves so from now on.")
	case "erased":
		return tr.Text("The person’s data was erased.")
	}
	return ""
}

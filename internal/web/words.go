package web

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"crier/internal/domain"
	"crier/internal/i18n"
)

func kindName(tr i18n.Translator, k domain.Kind) string {
	switch k {
	case domain.KindIdea:
		return tr.Text("Idea")
	case domain.KindSuccess:
		return tr.Text("Success")
	case domain.KindImportant:
		return tr.Text("Important")
	case domain.KindCard:
		return tr.Text("Card")
	case domain.KindMessage:
		return tr.Text("Message")
	case domain.KindSurvey:
		return tr.Text("Survey")
	}
	return string(k)
}

func kindHint(tr i18n.Translator, k domain.Kind) string {
	switch k {
	case domain.KindIdea:
		return tr.Text("A tip or a good idea to share")
	case domain.KindSuccess:
		return tr.Text("Good news worth celebrating")
	case domain.KindImportant:
		return tr.Text("Something everybody must know")
	case domain.KindCard:
		return tr.Text("A card with a title of its own")
	case domain.KindMessage:
		return tr.Text("Plain words in the chat")
	case domain.KindSurvey:
		return tr.Text("Questions, answered in the chat")
	}
	return ""
}

// statusName is a campaign's status, to begin a sentence with.
func statusName(tr i18n.Translator, s domain.Status) string { return capital(statusWord(tr, s)) }

func statusWord(tr i18n.Translator, s domain.Status) string {
	switch s {
	case domain.Draft:
		return tr.Text("draft")
	case domain.Scheduled:
		return tr.Text("scheduled")
	case domain.Sending:
		return tr.Text("sending")
	case domain.Paused:
		return tr.Text("paused")
	case domain.Done:
		return tr.Text("done")
	case domain.Cancelled:
		return tr.Text("cancelled")
	}
	return string(s)
}

// rowState is where one person's message stands.
func rowState(tr i18n.Translator, s domain.State) string {
	switch s {
	case domain.Pending:
		return tr.Text("To come")
	case domain.Postponed:
		return capital(tr.Text("postponed"))
	case domain.Sent:
		return tr.Text("Delivered")
	case domain.Failed:
		return tr.Text("Not delivered")
	case domain.Unscheduled:
		return tr.Text("Given up")
	case domain.Uncertain:
		return tr.Text("Not known")
	case domain.Withdrawn:
		return tr.Text("Withdrawn")
	case domain.Unreachable:
		return tr.Text("Without the app")
	}
	return string(s)
}

// stateName is a state as the heading of those in it.
func stateName(tr i18n.Translator, s domain.State) string {
	switch s {
	case domain.Pending:
		return tr.Text("Waiting")
	case domain.Postponed:
		return tr.Text("Postponed")
	case domain.Sent:
		return tr.Text("Sent")
	case domain.Failed:
		return tr.Text("In error")
	case domain.Unscheduled:
		return tr.Text("Unscheduled")
	case domain.Uncertain:
		return tr.Text("Uncertain")
	case domain.Withdrawn:
		return tr.Text("Cancelled")
	case domain.Unreachable:
		return tr.Text("Without the app")
	}
	return string(s)
}

// reasonOf says in plain words why a message did not go, or goes later.
func reasonOf(tr i18n.Translator, d domain.Delivery) string {
	switch d.Code {
	case domain.NotInstalled:
		return tr.Text("Has not installed the app, or has removed it.")
	case domain.BlockedByUser:
		return tr.Text("Has blocked the bot.")
	case domain.DisabledByAdmin:
		return tr.Text("The app is switched off for this person by an administrator.")
	case domain.UnknownPerson:
		return tr.Text("Nobody with this address has installed the app.")
	case domain.ConversationGone:
		return tr.Text("The chat with this person exists no more.")
	case domain.CardRejected:
		return tr.Text("Teams refused the message.")
	case domain.TooBig:
		return tr.Text("The message is too big for Teams.")
	case domain.Unauthorized:
		return tr.Text("Microsoft refused the bot’s credentials.")
	case domain.UntrustedServiceURL:
		return tr.Text("This person is reached at an address that is not trusted.")
	case domain.Throttled:
		return tr.Text("Teams asked to slow down.")
	case domain.ServiceError:
		return tr.Text("Teams had a fault of its own.")
	case domain.Timeout:
		return tr.Text("Teams did not answer in time.")
	case domain.NotPresent:
		return tr.Text("Was not there at any of the times it was tried.")
	}
	return ""
}

// reactionName is the face of a reaction of Teams, else its name.
func reactionName(name string) string {
	faces := map[string]string{"like": "👍", "heart": "❤️", "laugh": "😆", "surprised": "😮", "sad": "🙁", "angry": "😠"}
	if face, ok := faces[name]; ok {
		return face
	}
	return name
}

func audienceOf(tr i18n.Translator, a domain.Audience) string {
	var parts []string
	if a.Everyone {
		parts = append(parts, tr.Text("Everyone"))
	}
	if n := len(a.Lists); n > 0 {
		parts = append(parts, count(tr, int64(n), tr.Text("%s list"), tr.Text("%s lists")))
	}
	if n := len(a.People); n > 0 {
		parts = append(parts, count(tr, int64(n), tr.Text("%s address"), tr.Text("%s addresses")))
	}
	if len(parts) == 0 {
		return tr.Text("Nobody yet")
	}
	return strings.Join(parts, " + ")
}

// roughly is a duration as people say it.
func roughly(tr i18n.Translator, d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return count(tr, int64(max(1, math.Round(d.Seconds()))), tr.Text("%s second"), tr.Text("%s seconds"))
	case d < 90*time.Minute:
		return count(tr, int64(math.Round(d.Minutes())), tr.Text("%s minute"), tr.Text("%s minutes"))
	case d < 48*time.Hour:
		return count(tr, int64(math.Round(d.Hours())), tr.Text("%s hour"), tr.Text("%s hours"))
	}
	return count(tr, int64(math.Round(d.Hours()/24)), tr.Text("%s day"), tr.Text("%s days"))
}

// count says how many of something: French has one for 0 and 1, English for 1 alone.
// The sentences come translated, with a %s for the number.
func count(tr i18n.Translator, n int64, one, many string) string {
	sentence := many
	if n == 1 || n == 0 && tr.Language() == "fr" {
		sentence = one
	}
	return fmt.Sprintf(sentence, number(tr.Language(), n))
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// number is a whole number with its thousands apart.
func number(language string, v any) string {
	n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
	if err != nil {
		return fmt.Sprint(v)
	}
	gap := ","
	if language == "fr" {
		gap = "\u202f"
	}
	digits := strconv.FormatInt(max(n, -n), 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + gap + digits[i:]
	}
	if n < 0 {
		return "−" + digits
	}
	return digits
}

// percent is part of whole, to the percent; a part that is not nothing is not shown as 0 %,
// and one that is not all is not shown as 100 %.
func percent(language string, part, whole int64) string {
	p := 0.0
	if whole > 0 {
		p = math.Round(100 * float64(part) / float64(whole))
	}
	switch {
	case part > 0 && p < 1:
		p = 1
	case part < whole && p > 99:
		p = 99
	}
	return percentText(language, int(p))
}

func percentText(language string, percent int) string {
	if language == "fr" {
		return fmt.Sprintf("%d\u00a0%%", percent)
	}
	return fmt.Sprintf("%d%%", percent)
}

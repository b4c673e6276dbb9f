package domain

import "time"

// Counts is how a campaign's rows stand; kept with every change of a row.
// Listed = Recipients + Unreachable, and Recipients is the sum of the states.
type Counts struct {
	Listed, Unreachable, Recipients   int64
	Pending, Postponed, Sent, Failed  int64
	Unscheduled, Uncertain, Cancelled int64
	Seen, Clicked, Answered           int64
}

// Left is how many rows may still be sent.
func (c Counts) Left() int64 { return c.Pending + c.Postponed }

// Glance is what one look tells of a campaign: how its rows stand, and whether there is more to read.
type Glance struct {
	Counts    Counts
	NextDue   time.Time // when the first row that may still go is due; zero: there is none
	Receipts  bool      // read receipts have come from a tenant that it goes to
	Reactions bool      // there are some; so with the others
	Links     bool
	Changes   bool
}

// Outcome of a whole campaign.
const (
	ResultInProgress = "in_progress"
	ResultSuccess    = "success"
	ResultError      = "error"
	ResultPostponed  = "postponed"
)

// Result is the campaign in a word. What is unreachable was never a recipient, and does not
// count here.
//
// A cancelled campaign is over, and no success unless everybody had it before: whoever was
// withdrawn did not get what was meant for them, and one that never started reached nobody.
// Only what was in flight when it was cancelled keeps it in progress for a moment.
func (c Counts) Result(s Status) string {
	switch {
	case c.Pending > 0 || c.Postponed > 0 && s == Cancelled:
		return ResultInProgress
	case c.Postponed > 0:
		return ResultPostponed
	case c.Failed+c.Unscheduled+c.Uncertain+c.Cancelled > 0:
		return ResultError
	case s == Done || s == Cancelled && c.Sent > 0:
		return ResultSuccess
	case s == Cancelled:
		return ResultError
	}
	return ResultInProgress
}

// Wait is why nothing of a campaign goes at the moment; part of the API.
type Wait string

// The reasons to wait.
const (
	WaitThrottled Wait = "throttled"     // the channel asked for it
	WaitHours     Wait = "outside_hours" // by its working hours
	WaitCap       Wait = "cap"           // it has its messages of this hour
	WaitPresence  Wait = "presence"      // the directory does not answer who is there
	WaitDatabase  Wait = "database"      // what is sent can't be recorded
	WaitPaused    Wait = "paused"
	WaitScheduled Wait = "scheduled" // its start has not come
	WaitDue       Wait = "not_due"   // the next recipient's time has not come
)

// Explain says in plain words why nothing of a campaign goes at the moment; empty where it goes.
func (w Wait) Explain() Text {
	switch w {
	case WaitThrottled:
		return Say("Teams asked us to slow down.")
	case WaitHours:
		return Say("Waiting for working hours.")
	case WaitCap:
		return Say("Held back by its cap of messages an hour.")
	case WaitPresence:
		return Say("Microsoft Graph does not say who is there just now.")
	case WaitDatabase:
		return Say("The database does not answer. Nothing more is sent until it does.")
	case WaitPaused:
		return Say("Paused until somebody resumes it.")
	case WaitScheduled:
		return Say("Waiting for its start.")
	case WaitDue:
		return Say("Waiting for the next recipient's time.")
	}
	return Text{}
}

// Progress is how the sending of a campaign gets on, as the process knows it that is asked.
type Progress struct {
	Rate    float64   // messages a second, over the last seconds
	Limit   float64   // requests a second that are allowed in its tenants together; 0: no limit
	Waiting Wait      // empty: it goes on
	Until   time.Time // when it goes on; zero: not known
}

// Report is what happened to a campaign.
type Report struct {
	Campaign         Campaign
	Counts           Counts
	Reactions        map[string]int64
	Links            []Link        // all of them, in the order of their numbers
	Receipts         Receipts      // whether Seen can count those who merely read it
	Change           *ChangeReport // of its messages, the last; nil: none
	Progress         Progress
	ExpectedFinishAt time.Time // zero: nothing is on its way
}

// SurveyReport is what people answered.
type SurveyReport struct {
	Privacy      Privacy
	Responses    int64
	Completed    int64
	Shown        int64     // the responses that the questions count: all, or of an anonymous survey some
	Withheld     bool      // of an anonymous survey: too few responded to show anything
	ResponseTime Timing    // of nobody where the survey is anonymous
	ReactionTime Timing    // from the message to the first answer; as above
	Passages     []Passage // where people dropped off; nil where the survey is anonymous
	Questions    []QuestionReport
	Reminders    []ChangeReport // in their order; without those that people asked for themselves
	Shared       *ChangeReport  // of the results with those who answered; nil: they were not
}

// QuestionReport is what people answered to one question.
type QuestionReport struct {
	Question      Question
	Answers       int64
	Options       []OptionCount // of choices, ratings, NPS, yes and no
	Numbers       Numbers       // of ratings, NPS and numbers
	Score         *float64      // of NPS: the Net Promoter Score; nil: nobody answered
	Latest        []string      // of texts and dates: the last few; a few at random where the order could tell who
	Withheld      bool          // too few answered to show anything
	TextsWithheld bool          // too few answered to show texts
}

// OptionCount is how many answered a value, in the order of the survey: the words of an option,
// "yes" and "no", digits.
type OptionCount struct {
	Text  string
	Count int64
}

// Share is the part of the answers that chose an option, 0 to 1.
func (q QuestionReport) Share(o OptionCount) float64 {
	if q.Answers == 0 {
		return 0
	}
	return float64(o.Count) / float64(q.Answers)
}

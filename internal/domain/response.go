package domain

import "time"

// Response is what one person has answered to a survey.
type Response struct {
	ID         int64
	CampaignID int64
	DeliveryID int64  // the row that the survey was sent in; 0 where the privacy withholds it
	Person     Person // without an id where the privacy withholds it
	Answers    map[string]Value
	StartedAt  time.Time // the first answer; zero where the privacy withholds it
	FinishedAt time.Time // the last answer of all; zero: not finished, or withheld
}

// Ballot is what somebody has answered to an anonymous survey, on its way to be counted.
type Ballot struct {
	Delivery Delivery
	Answers  map[string]Value
}

// Taking is something that somebody does in a survey, by the row that it was sent to them in.
type Taking struct {
	Delivery Delivery
	Do       func(Standing) Standing
	After    Standing // how they stand, once it is done
}

// PendingSurvey is a survey that somebody has not finished: their row, and the message that asked it
// last.
type PendingSurvey struct {
	Delivery Delivery
	Last     LastMessage
}

// LastMessage is the survey's own message, or a reminder.
type LastMessage struct {
	ActivityID string
	SentAt     time.Time // zero: it is on its way
	Attempts   int
}

// SurveySubmission is what somebody did with a survey's card: pressed one of its buttons, with
// what they had filled in.
type SurveySubmission struct {
	Verb     SurveyVerb
	Ref      string            // the signed reference of the row
	State    string            // the answers so far of an anonymous survey, sealed; opaque
	Question string            // the question the card asked; empty: a single card asks all
	Inputs   map[string]string // question id → what its input sent
}

// SurveyVerb is a button of a survey's card.
type SurveyVerb string

// The buttons of a survey's card.
const (
	VerbAnswer SurveyVerb = "answer" // this answer, or all of a single card
	VerbBack   SurveyVerb = "back"   // to the question before
	VerbRemind SurveyVerb = "remind" // ask me again tomorrow
)

// SurveyStep is where somebody stands in a survey: what their card shows.
type SurveyStep struct {
	Campaign Campaign
	Delivery Delivery
	Ref      string           // for the card's buttons
	State    string           // for the card's buttons, of an anonymous survey
	Question string           // the question to ask now; empty: all, or none
	Answers  map[string]Value // so far
	Inputs   map[string]string
	Faults   map[string]Text // what is wrong with the inputs, by question id
	Stage    SurveyStage
	Closing  []Question // statements that are said with the thanks
}

// SurveyStage is what a survey's card is about.
type SurveyStage int

// The stages.
const (
	StageAsking SurveyStage = iota // it asks
	StageThanks                    // all is answered: thanks, and what was answered where the privacy allows it
	StageClosed                    // the survey takes no more answers
	StageLater                     // it will be asked again tomorrow, and can be answered now all the same
)

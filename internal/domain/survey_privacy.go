package domain

// How many responses an anonymous survey needs before anything of them is shown, and how many
// answers a question before they, or its free texts, are.
const (
	MinResponses = 5
	MinTexts     = 10
)

// Withheld says that the results of so many responses, or answers to one question, are not shown
// at all.
func Withheld(p Privacy, answers int64) bool { return p == Anonymous && answers < MinResponses }

// TextsWithheld says that what so many people wrote in their own words is not shown: it is easier
// to recognise somebody by.
func TextsWithheld(p Privacy, answers int64) bool { return p == Anonymous && answers < MinTexts }

// ShownAt is how many responses the results show, in their order of arrival, where so many
// have come in and so many (0 at first) were shown the last time.
//
// Who looks at the results of an anonymous survey twice can subtract one view from the
// other, and would learn the answers of the people between. So a view changes only when at
// least MinResponses more have answered, and then takes in all of them; until then the last
// view stays, also when the survey closes. Whatever two views are compared, at least
// MinResponses people lie between them: of views of a < b < c responses, c-a is greater
// still than b-a. The first view is the difference to nothing, and held to the same. So is each
// question, by its own answers (Survey.Show).
//
// For that to hold, count a response once it can't change any more, keep what was shown
// with its number, and show the same everywhere: in the API, in exports and on cards. Other
// surveys show all responses as they come.
func ShownAt(p Privacy, shown, responses int64) int64 {
	if p == Anonymous && responses-shown < MinResponses {
		return shown
	}
	return responses
}

package cards

import "testing"

func TestALabelIsPlain(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"Which lunch do you like?":                           "Which lunch do you like?",
		"Which lunch do you like, [FIRSTNAME|friend]?":       "Which lunch do you like, friend?",
		"Which lunch do you like, [FIRSTNAME]?":              "Which lunch do you like?",
		"[FIRSTNAME], which **building** are you in?":        "which building are you in?",
		"Did you read [the _new_ rules](https://a.example)?": "Did you read the new rules?",
		`2 \* 3 < 7 & "more"`:                                `2 * 3 < 7 & "more"`,
		"":                                                   "",
		"a_b_c":                                              "a_b_c",
	} {
		if got := Label(written); got != want {
			t.Errorf("%q is %q, want %q", written, got, want)
		}
	}
}

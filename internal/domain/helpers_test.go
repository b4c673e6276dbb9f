package domain

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// noon is the tests' day.
var noon = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

// fieldsOf are the fields that an Invalid error blames, in order; none for no error.
func fieldsOf(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Kind != Invalid || len(e.Fields) == 0 {
		t.Fatalf("error %v, want an Invalid one with fields", err)
	}
	var fields []string
	for _, f := range e.Fields {
		if f.Message.String() == "" {
			t.Errorf("%s is at fault, but nothing says why", f.Field)
		}
		fields = append(fields, f.Field)
	}
	return fields
}

// blames holds that an error blames these fields, and no others.
func blames(t *testing.T, err error, fields ...string) {
	t.Helper()
	if diff := cmp.Diff(fields, fieldsOf(t, err)); diff != "" {
		t.Errorf("fields at fault (-want +got):\n%s%v", diff, err)
	}
}

// message is a campaign with nothing wrong or missing; change makes it something else.
func message(change ...func(*Campaign)) Campaign {
	c := Campaign{Name: "Drill", Kind: KindMessage, Content: Content{Text: "Out."}, Audience: Audience{Everyone: true}}
	for _, do := range change {
		do(&c)
	}
	c.Normalize()
	return c
}

// says is a message that turns into this kind with this content.
func says(kind Kind, content Content) func(*Campaign) {
	return func(c *Campaign) { c.Kind, c.Content = kind, content }
}

// asks is a survey that asks these questions.
func asks(questions ...Question) Survey { return Survey{Questions: questions} }

func surveyOf(s Survey) func(*Campaign) {
	return says(KindSurvey, Content{Title: "Lunch", Survey: &s})
}

// tea is a question with nothing wrong.
func tea() Question {
	return Question{Type: Choice, Text: "Tea?", Options: []string{"Yes", "No"}}
}

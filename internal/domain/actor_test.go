package domain

import (
	"fmt"
	"testing"
)

func TestEachRoleIncludesTheOnesBefore(t *testing.T) {
	t.Parallel()
	roles := []Role{NoRole, Analyst, Author, Sender, Owner}
	for has, role := range roles {
		for needs, needed := range roles {
			err := Actor{Role: role}.May(needed)
			if allowed := has >= needs; allowed != (err == nil) {
				t.Errorf("role %d asking for %d: %v", role, needed, err)
			}
			if err != nil && KindOf(err) != Forbidden {
				t.Errorf("role %d asking for %d: kind %d, want Forbidden", role, needed, KindOf(err))
			}
		}
	}
}

func TestAStrangerIsToldWhoMayAndAnOfficerThatTheirRoleIsTooLow(t *testing.T) {
	t.Parallel()
	stranger, author := fmt.Sprint(Actor{}.May(Analyst)), fmt.Sprint(Actor{Role: Author}.May(Sender))
	if stranger == author {
		t.Errorf("both are told %q", stranger)
	}
}

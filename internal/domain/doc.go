// Package domain is what the product talks about: campaigns, people, deliveries,
// surveys, reports, and the rules they keep. Standard library only, no I/O, no
// struct tags: a tag names a boundary and lives in the package of that boundary.
//
// Times are UTC, cut to milliseconds (see Clock); a zero time means "not yet" or
// "never". Ids are positive integers; zero means "not stored yet".
package domain

import "time"

// Clock tells the time. Everything that asks for it takes one, so that what is
// stored equals what is read and tests can move it.
type Clock func() time.Time

// SystemClock is the machine's clock in UTC, cut to milliseconds as the store keeps it.
func SystemClock() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

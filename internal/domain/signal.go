package domain

import "time"

// SignalKind is what somebody did with a message that only the channel's id names.
type SignalKind string

// The kinds of signals.
const (
	SignalRead      SignalKind = "read" // everything up to it
	SignalReacted   SignalKind = "reacted"
	SignalUnreacted SignalKind = "unreacted" // took a reaction back
)

// EarlySignal is a signal that came while a message to its person was on its way, and so may
// be for that one: its id is not known before it is recorded as sent.
type EarlySignal struct {
	ID         int64
	PersonID   int64
	Kind       SignalKind
	ActivityID string
	Reaction   string // empty: none
	At         time.Time
}

// Receipts is whether the channel tells that a message was read; part of the API.
type Receipts string

// Whether reading shows.
const (
	ReceiptsAvailable   Receipts = "available"
	ReceiptsUnknown     Receipts = "unknown" // none has come so far: they may be switched off
	ReceiptsUnavailable Receipts = "not_available"
)

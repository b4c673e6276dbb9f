package domain

import "time"

// State is where one recipient's message stands.
type State string

// The states of a delivery. A row in flight keeps its state and has a lease.
const (
	Pending     State = "pending"
	Postponed   State = "postponed"
	Sent        State = "sent"
	Failed      State = "failed"
	Unscheduled State = "unscheduled"
	Uncertain   State = "uncertain"
	Withdrawn   State = "cancelled"
	Unreachable State = "unreachable"
)

// States lists all states of a delivery.
func States() []State {
	return []State{Pending, Postponed, Sent, Failed, Unscheduled, Uncertain, Withdrawn, Unreachable}
}

// Open says whether the message may still go.
func (s State) Open() bool { return s == Pending || s == Postponed }

// Delivery is one campaign's message to one person: the row that is accounted for.
type Delivery struct {
	ID         int64
	CampaignID int64
	Origin     int64 // of a change: the row whose message is changed; 0: none
	Revision   int64 // of its campaign, as the message was made ready; 0: whatever it is
	Trial      bool  // a test send, counted nowhere
	Person     Person
	Address    string // of somebody unknown, as the audience named them
	State      State
	Attempts   int   // requests to send it
	Tries      int   // times the person was looked for and not there
	Hold       int64 // counts up with each record, and when a test send is held: an outcome of an older count is refused
	Reserved   int64 // the reservation that it is held by; 0: it is held by itself, or by nobody
	DueAt      time.Time
	ActivityID string
	SentAt     time.Time
	SeenAt     time.Time
	ClickedAt  time.Time
	AnsweredAt time.Time
	Code       Code
	Reason     string     // what the channel said, trimmed
	Changed    *RowChange // what was done to it since; nil: nothing
}

// Verdict is what a send came to, in the classes of the channel's failures.
type Verdict int

// The verdicts.
const (
	Accepted  Verdict = iota + 1 // the channel took it
	Slowed                       // throttled, or the gate is closed: not tried at all
	Passing                      // may work later; nothing was delivered
	Ambiguous                    // may have been delivered
	Refused                      // permanent for this recipient or this message
	Misset                       // permanent until the configuration changes
	Stopped                      // the program is stopping; nothing was sent
	Closed                       // outside working hours: not tried at all
	Absent                       // the person is not there: not tried at all
	Needless                     // there is nothing to tell them any more: not tried at all
)

// Result is what one try came to.
type Result struct {
	Verdict    Verdict
	ActivityID string
	ServiceURL string // a newer one that the channel named, or empty
	Code       Code
	Reason     string
	RetryAfter time.Duration // asked for by the channel; zero: not said
	Disguised  bool          // Needless, and the row is to look as if it had been sent
}

// Outcome is what becomes of the delivery.
type Outcome struct {
	State      State
	Attempts   int
	Tries      int
	DueAt      time.Time
	ActivityID string
	SentAt     time.Time
	Code       Code
	Reason     string
	Doubtful   bool // the message may have arrived all the same
	Pause      bool // the whole campaign cannot go on; Reason says why

	// Disguised says that the row is to look like one that was sent, though it counts as withdrawn:
	// of what is sent about an anonymous survey, the rows must not tell who had answered by then.
	Disguised bool
}

// MaxAttempts bounds the tries that technical failures cost.
const MaxAttempts = 8

const (
	firstBackoff = 2 * time.Second
	maxBackoff   = 5 * time.Minute
)

// Next is what becomes of a delivery after a try. Attempts counts this try. jitter, in
// [0,1), spreads the retries of many deliveries by a fifth either way.
//
// A throttle, a stop, closed hours and a fault of the configuration give the try back; an
// error uses it. Somebody who is not there costs one of the tries of their own
// (Timetable.Again). A test send waits for nobody, and has no campaign that could pause: a
// fault of the configuration fails it.
func Next(d Delivery, r Result, t *Timetable, now time.Time, jitter float64) Outcome {
	o := Outcome{State: d.State, Attempts: d.Attempts, Tries: d.Tries, DueAt: d.DueAt, Code: r.Code, Reason: r.Reason}
	switch r.Verdict {
	case Accepted:
		return Outcome{State: Sent, Attempts: d.Attempts, Tries: d.Tries, DueAt: d.DueAt, ActivityID: r.ActivityID, SentAt: now}
	case Slowed:
		return o.back(now.Add(max(r.RetryAfter, 100*time.Millisecond)))
	case Stopped:
		return o.back(d.DueAt)
	case Closed:
		o.State = Postponed
		return o.back(t.Reopens(d.Person.ID, d.Person.TimeZone, d.Tries, now))
	case Absent:
		return o.absent(d, t, now)
	case Needless:
		if r.Disguised {
			return Outcome{State: Withdrawn, Disguised: true, Attempts: d.Attempts, Tries: d.Tries, DueAt: d.DueAt, ActivityID: r.ActivityID, SentAt: now}
		}
		o.State = Withdrawn
		return o.back(d.DueAt)
	case Misset:
		if d.Trial {
			o.State = Failed
			return o
		}
		o.Attempts, o.Pause = d.Attempts-1, true
		return o
	case Refused:
		o.State = Failed
		return o
	case Ambiguous:
		if o.Doubtful = true; t.OnUncertain == Hold {
			o.State = Uncertain
			return o
		}
	}
	if d.Attempts >= MaxAttempts {
		o.State = Failed
		return o
	}
	o.State = Postponed
	o.DueAt = now.Add(max(Backoff(d.Attempts, jitter), r.RetryAfter)).Truncate(time.Millisecond)
	return o
}

// back gives the try back, to be made then.
func (o Outcome) back(at time.Time) Outcome {
	o.Attempts, o.DueAt, o.Code, o.Reason = o.Attempts-1, at.Truncate(time.Millisecond), "", ""
	return o
}

// absent puts off a message to somebody who is not there, or gives up.
func (o Outcome) absent(d Delivery, t *Timetable, now time.Time) Outcome {
	at, more := t.Again(d.Person.ID, d.Person.TimeZone, d.Tries+1, now)
	o.State, o.Tries = Postponed, d.Tries+1
	o = o.back(at)
	if !more {
		o.State, o.DueAt, o.Code = Unscheduled, d.DueAt, NotPresent
	}
	return o
}

// Backoff is the wait after a number of tries (1: the first): 2 s, doubled each time, at
// most 5 minutes, a fifth more or less. Source: the schedule of the Bot Framework's
// documentation on rate limits.
func Backoff(attempts int, jitter float64) time.Duration {
	wait := maxBackoff
	if attempts < 9 {
		wait = min(firstBackoff<<(max(attempts, 1)-1), maxBackoff)
	}
	return time.Duration(float64(wait) * (0.8 + 0.4*jitter))
}

// Lane is what is claimed, and throttled, on its own: a campaign's rows in one tenant.
type Lane struct {
	CampaignID int64
	TenantID   string
}

// Finished is a held delivery with what became of it.
type Finished struct {
	Delivery Delivery // as it was reserved
	Outcome  Outcome
}

// Unchanged is a row that goes back as it is.
func (d Delivery) Unchanged() Finished {
	return Finished{Delivery: d, Outcome: Outcome{
		State: d.State, Attempts: d.Attempts, Tries: d.Tries, DueAt: d.DueAt, Code: d.Code, Reason: d.Reason,
	}}
}

// Exchange is one step of a process that sends: what is over, what is still under way, and
// what it is about to begin.
type Exchange struct {
	Finished []Finished
	Keep     []int64    // begun before, and still under way
	Begin    []Delivery // held, and not begun yet
}

// Beat is how often a process has shown that it lives.
type Beat struct {
	Instance int64
	Count    int64
}

// PauseNotice says to people why a campaign paused itself.
func PauseNotice(code Code) string {
	switch code {
	case Unauthorized:
		return "Paused: Microsoft refuses the bot's credentials. Check the app id, its password and tenant, then resume."
	case NotPresent:
		return "Paused: Microsoft Graph does not let the bot see who is there. Ask your administrator to consent to Presence.Read.All, then resume."
	case UntrustedServiceURL:
		return "Paused: people are reached at an address that is not trusted. Add its host to CRIER_TRUSTED_SERVICE_HOSTS if it is right, then resume."
	case CardRejected, TooBig:
		return "Paused: Teams refuses this message. Try another content on yourself first, in a copy."
	}
	return "Paused: the bot is not allowed to send. Ask your administrator to look at the log, then resume."
}

package domain

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tried is a message on its n-th try, which was due a minute ago.
func tried(n int, change ...func(*Delivery)) Delivery {
	d := Delivery{ID: 1, State: Pending, Attempts: n, DueAt: noon.Add(-time.Minute)}
	for _, do := range change {
		do(&d)
	}
	return d
}

func postponed(d *Delivery) { d.State = Postponed }
func trial(d *Delivery)     { d.Trial = true }

func TestWhatBecomesOfADelivery(t *testing.T) {
	t.Parallel()
	due := noon.Add(-time.Minute)
	slow := Result{Verdict: Slowed, Code: Throttled, Reason: "429", RetryAfter: 7 * time.Second}
	down := Result{Verdict: Passing, Code: ServiceError, Reason: "503"}
	lost := Result{Verdict: Ambiguous, Code: Timeout, Reason: "no answer"}
	blocked := Result{Verdict: Refused, Code: BlockedByUser, Reason: "MessageWritesBlocked"}
	misset := Result{Verdict: Misset, Code: Unauthorized, Reason: "401"}
	resend, hold := Policy{OnUncertain: Resend}, Policy{OnUncertain: Hold}
	tests := map[string]struct {
		delivery Delivery
		result   Result
		policy   Policy
		want     Outcome
	}{
		"accepted": {
			tried(3, postponed), Result{Verdict: Accepted, ActivityID: "17", Code: Timeout, Reason: "old"}, resend,
			Outcome{State: Sent, Attempts: 3, DueAt: due, ActivityID: "17", SentAt: noon},
		},
		"a throttle gives the try back": {
			tried(3, postponed), slow, resend, Outcome{State: Postponed, Attempts: 2, DueAt: noon.Add(7 * time.Second)},
		},
		"a throttle that names no time": {
			tried(1), Result{Verdict: Slowed}, resend, Outcome{State: Pending, Attempts: 0, DueAt: noon.Add(100 * time.Millisecond)},
		},
		"a throttle at the last try": {
			tried(MaxAttempts), slow, hold, Outcome{State: Pending, Attempts: MaxAttempts - 1, DueAt: noon.Add(7 * time.Second)},
		},
		"a stop gives the try back, for now": {
			tried(2, postponed), Result{Verdict: Stopped, Code: Timeout, Reason: "x"}, hold, Outcome{State: Postponed, Attempts: 1, DueAt: due},
		},
		"a fault of the configuration pauses the campaign": {
			tried(MaxAttempts), misset, resend,
			Outcome{State: Pending, Attempts: MaxAttempts - 1, DueAt: due, Code: Unauthorized, Reason: "401", Pause: true},
		},
		"but fails a test send, which no campaign holds back": {
			tried(1, trial), misset, resend, Outcome{State: Failed, Attempts: 1, DueAt: due, Code: Unauthorized, Reason: "401"},
		},
		"a refusal is final": {
			tried(1), blocked, resend, Outcome{State: Failed, Attempts: 1, DueAt: due, Code: BlockedByUser, Reason: "MessageWritesBlocked"},
		},
		"a passing error is tried again": {
			tried(1), down, resend, Outcome{State: Postponed, Attempts: 1, DueAt: noon.Add(2 * time.Second), Code: ServiceError, Reason: "503"},
		},
		"later each time": {
			tried(4, postponed), down, hold, Outcome{State: Postponed, Attempts: 4, DueAt: noon.Add(16 * time.Second), Code: ServiceError, Reason: "503"},
		},
		"one try before the last": {
			tried(MaxAttempts - 1), down, resend,
			Outcome{State: Postponed, Attempts: MaxAttempts - 1, DueAt: noon.Add(128 * time.Second), Code: ServiceError, Reason: "503"},
		},
		"at the last try it failed": {
			tried(MaxAttempts), down, resend, Outcome{State: Failed, Attempts: MaxAttempts, DueAt: due, Code: ServiceError, Reason: "503"},
		},
		"a longer wait that the channel asks for": {
			tried(1), Result{Verdict: Passing, RetryAfter: time.Hour}, resend, Outcome{State: Postponed, Attempts: 1, DueAt: noon.Add(time.Hour)},
		},
		"a shorter one": {
			tried(1), Result{Verdict: Passing, RetryAfter: time.Second}, resend, Outcome{State: Postponed, Attempts: 1, DueAt: noon.Add(2 * time.Second)},
		},
		"a lost outcome is sent again": {
			tried(2), lost, resend, Outcome{State: Postponed, Attempts: 2, DueAt: noon.Add(4 * time.Second), Code: Timeout, Reason: "no answer", Doubtful: true},
		},
		"also when nothing is said of it": {
			tried(2), lost, Policy{}, Outcome{State: Postponed, Attempts: 2, DueAt: noon.Add(4 * time.Second), Code: Timeout, Reason: "no answer", Doubtful: true},
		},
		"until its tries run out": {
			tried(MaxAttempts), lost, resend, Outcome{State: Failed, Attempts: MaxAttempts, DueAt: due, Code: Timeout, Reason: "no answer", Doubtful: true},
		},
		"or held": {
			tried(1), lost, hold, Outcome{State: Uncertain, Attempts: 1, DueAt: due, Code: Timeout, Reason: "no answer", Doubtful: true},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, Next(test.delivery, test.result, NewTimetable(test.policy, 1, noon, "UTC"), noon, 0.5)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// However often a delivery is tried, it ends.
func TestErrorsUseUpTheTries(t *testing.T) {
	t.Parallel()
	d, now := Delivery{State: Pending}, noon
	for tries := 1; d.State.Open(); tries++ {
		if tries > MaxAttempts {
			t.Fatalf("it is tried for the %d. time", tries)
		}
		d.Attempts++
		o := Next(d, Result{Verdict: Passing}, NewTimetable(Policy{}, 1, now, "UTC"), now, 0.9)
		if o.State.Open() && !o.DueAt.After(now) {
			t.Fatalf("try %d is followed by one at once", tries)
		}
		d.State, d.Attempts, now = o.State, o.Attempts, o.DueAt
	}
	if d.State != Failed || d.Attempts != MaxAttempts {
		t.Errorf("it ended %s after %d tries", d.State, d.Attempts)
	}
}

func TestDueTimesAreCutAsTheStoreKeepsThem(t *testing.T) {
	t.Parallel()
	for _, verdict := range []Verdict{Slowed, Passing} {
		o := Next(tried(1), Result{Verdict: verdict, RetryAfter: 3*time.Second + 1234*time.Microsecond}, NewTimetable(Policy{}, 1, noon, "UTC"), noon, 0.123)
		if want := noon.Add(3*time.Second + time.Millisecond); !o.DueAt.Equal(want) {
			t.Errorf("verdict %d: due %s, want %s", verdict, o.DueAt, want)
		}
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	seconds := map[int]float64{
		-1: 2, 0: 2, 1: 2, 2: 4, 3: 8, 4: 16, 5: 32, 6: 64, 7: 128, 8: 256, 9: 300, 10: 300, 64: 300, 1 << 40: 300,
	}
	for attempts, middle := range seconds {
		for jitter, part := range map[float64]float64{0: 0.8, 0.5: 1, 1: 1.2} {
			want := time.Duration(middle * part * float64(time.Second))
			if got := Backoff(attempts, jitter); (got - want).Abs() > time.Microsecond {
				t.Errorf("after %d tries with jitter %v: %s, want %s", attempts, jitter, got, want)
			}
		}
	}
}

func TestOpenStates(t *testing.T) {
	t.Parallel()
	for _, s := range States() {
		if want := s == Pending || s == Postponed; s.Open() != want {
			t.Errorf("%s: open is %v", s, s.Open())
		}
	}
}

package connector

import "time"

const (
	// paceSlack stretches the distance between requests by 1.5 %. Requests leave
	// a little late and travel at different speeds; without slack the one that
	// belongs to the next second would now and then arrive in this one.
	paceSlack = 1.015

	lowestRate = 1.0  // requests a second that 429s leave at least
	blindRate  = 10.0 // … that the first one leaves where there was no limit

	// A lowered rate climbs by a ninth while it has its plateau before it, and
	// ever faster once it is beyond: doubled after three times as long.
	depth   = 0.1
	plateau = 25 * time.Second
	// forgetting is when a limit ends that was set where there was none.
	forgetting = 5 * time.Minute
	// countedGap is how much of the time between two successes counts as use.
	countedGap = time.Second
)

// limit is how fast a tenant may be sent to. A 429 tells about how much the
// service takes: the rate falls a bit below that, stays near for a while, and
// then feels its way up, slowly where the last 429 was and ever faster above.
// A limit that stands costs a few requests each minute, one that was lifted is
// found to be gone within two.
type limit struct {
	ceiling float64       // requests a second; 0: none
	base    float64       // what the last 429 left; 0: the ceiling holds
	used    time.Duration // time of successful sending since then
	since   time.Time     // the last success
}

// rate is the one in force, in requests a second; 0: no limit.
func (l *limit) rate() float64 {
	if l.base == 0 {
		return l.ceiling
	}
	left := 1 - float64(l.used)/float64(plateau)
	rate := l.base * (1 - depth*left*left*left) / (1 - depth)
	if l.ceiling > 0 {
		rate = min(rate, l.ceiling)
	}
	return rate
}

// interval is the time from one request to the next.
func (l *limit) interval() time.Duration {
	rate := l.rate()
	if rate == 0 {
		return 0
	}
	return time.Duration(paceSlack / rate * float64(time.Second))
}

// lower follows a 429. allowed is what the service seems to take: it is trusted
// between a third and nine tenths of the rate that was too high.
func (l *limit) lower(allowed float64) {
	lowest := lowestRate
	if rate := l.rate(); rate > 0 {
		allowed = min(max(allowed, rate/3), rate*(1-depth))
		lowest = min(lowest, rate)
	} else {
		lowest = blindRate
	}
	l.base, l.used, l.since = max(allowed, lowest), 0, time.Time{}
}

// raise follows a success.
func (l *limit) raise(now time.Time) {
	if l.base == 0 {
		return
	}
	if !l.since.IsZero() {
		l.used += min(now.Sub(l.since), countedGap)
	}
	l.since = now
	recovered := l.ceiling > 0 && l.rate() == l.ceiling
	if recovered || l.ceiling == 0 && l.used >= forgetting {
		l.base = 0
	}
}

package connector

import (
	"cmp"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// limiter is how a service counts. It answers whether it takes a request.
type limiter interface {
	allow(now time.Time) bool
}

// slidingWindow takes so many in any second.
type slidingWindow struct {
	limit int
	taken []time.Time
}

func (l *slidingWindow) allow(now time.Time) bool {
	for len(l.taken) > 0 && now.Sub(l.taken[0]) >= time.Second {
		l.taken = l.taken[1:]
	}
	if len(l.taken) >= l.limit {
		return false
	}
	l.taken = append(l.taken, now)
	return true
}

// fixedWindow takes so many in each second of the clock.
type fixedWindow struct {
	limit  int
	second int64
	taken  int
}

func (l *fixedWindow) allow(now time.Time) bool {
	if second := now.Unix(); second != l.second {
		l.second, l.taken = second, 0
	}
	l.taken++
	return l.taken <= l.limit
}

// savings takes a second's worth at once, and after that at its rate.
type savings struct {
	rate, left float64
	last       time.Time
}

func (l *savings) allow(now time.Time) bool {
	l.left = min(l.rate, l.left+l.rate*now.Sub(l.last).Seconds())
	l.last = now
	if l.left < 1 {
		return false
	}
	l.left--
	return true
}

// connector is a simulated Connector for throttles: no network, the bubble's clock.
type connector struct {
	latency    time.Duration
	retryAfter time.Duration

	mu      sync.Mutex
	limit   limiter
	arrived []arrival
}

type arrival struct {
	at      time.Time
	refused bool
}

func (c *connector) set(l limiter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.limit = l
}

func (c *connector) request() bool {
	time.Sleep(c.latency / 2)
	c.mu.Lock()
	now := time.Now()
	taken := c.limit == nil || c.limit.allow(now)
	c.arrived = append(c.arrived, arrival{now, !taken})
	c.mu.Unlock()
	time.Sleep(c.latency - c.latency/2)
	return taken
}

// between answers how many were taken and refused in a stretch of time.
func (c *connector) between(from, to time.Time) (taken, refused int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range c.arrived {
		switch {
		case a.at.Before(from) || !a.at.Before(to):
		case a.refused:
			refused++
		default:
			taken++
		}
	}
	return taken, refused
}

// campaign sends n messages through throttles, or endlessly when n is 0, by 32
// senders; a refused one is sent again. It returns when all are taken, or at
// the end of time.
func campaign(t *testing.T, throttles []*Throttle, c *connector, n int, end time.Time) {
	t.Helper()
	left := n
	var mu sync.Mutex
	more := func(d int) bool {
		mu.Lock()
		defer mu.Unlock()
		if n > 0 && left == 0 && d < 0 {
			return false
		}
		left += d
		return true
	}
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			for time.Now().Before(end) && more(-1) {
				if !send(t, throttles[i%len(throttles)], c) {
					more(1)
				}
			}
		})
	}
	all.Wait()
	if n > 0 && left != 0 {
		t.Errorf("%d not delivered", left)
	}
}

// send is one try, as Client makes it.
func send(t *testing.T, throttle *Throttle, c *connector) bool {
	t.Helper()
	if err := throttle.Wait(t.Context(), "t"); err != nil {
		time.Sleep(max(time.Until(throttle.ClosedUntil("t")), time.Millisecond))
		return false
	}
	started := time.Now()
	// A 429 may come at the very instant of the turn.
	if until := throttle.ClosedUntil("t"); !until.IsZero() && until.Sub(started) < cmp.Or(c.retryAfter, firstClosing) {
		t.Errorf("a request while the gate is closed until %v", until)
	}
	if !c.request() {
		throttle.Throttled("t", started, c.retryAfter)
		return false
	}
	throttle.Succeeded("t", started)
	return true
}

// share is the part of all requests that was refused.
func share(taken, refused int) float64 { return float64(refused) / float64(taken+refused) }

// A service that takes half of what is configured, however it counts.
func TestALowerLimitIsFoundAndKept(t *testing.T) {
	t.Parallel()
	const limit = 15
	limiters := map[string]func() limiter{
		"any second":     func() limiter { return &slidingWindow{limit: limit} },
		"clock's second": func() limiter { return &fixedWindow{limit: limit} },
		"savings":        func() limiter { return &savings{rate: limit, left: limit} },
	}
	for name, newLimiter := range limiters {
		for _, retryAfter := range []time.Duration{0, 300 * time.Millisecond, time.Second, 2500 * time.Millisecond} {
			t.Run(name+"/"+retryAfter.String(), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					standLimit(t, limit, newLimiter(), retryAfter, NewThrottle(ThrottleOptions{Rate: 30}))
				})
			})
		}
	}
}

// Two processes that share a bucket find it together.
func TestALowerLimitForTwo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shared := &fakeBucket{latency: 2 * time.Millisecond}
		o := ThrottleOptions{Rate: 30, Bucket: shared}
		standLimit(t, 15, &slidingWindow{limit: 15}, time.Second, NewThrottle(o), NewThrottle(o))
	})
}

func standLimit(t *testing.T, limit float64, l limiter, retryAfter time.Duration, throttles ...*Throttle) {
	t.Helper()
	const steady = 5 * time.Minute
	c := &connector{latency: 80 * time.Millisecond, retryAfter: retryAfter, limit: l}
	start := time.Now()
	campaign(t, throttles, c, 500, start.Add(time.Hour))
	taken, refused := c.between(start, time.Now().Add(1))
	if taken != 500 || share(taken, refused) > 0.03 {
		t.Errorf("%d taken, %d refused in a small campaign", taken, refused)
	}
	if took := time.Since(start); took > 50*time.Second {
		t.Errorf("500 took %v", took)
	}

	start = time.Now()
	campaign(t, throttles, c, 0, start.Add(steady))
	taken, refused = c.between(start, start.Add(steady))
	if share(taken, refused) > 0.01 || float64(taken) < 0.85*limit*steady.Seconds() {
		t.Errorf("%d taken, %d refused in %v", taken, refused, steady)
	}

	c.set(nil) // the limit is lifted
	start = time.Now()
	campaign(t, throttles, c, 0, start.Add(2*time.Minute))
	for _, throttle := range throttles {
		if rate := throttle.Rate("t"); rate != 30 {
			t.Errorf("rate %v two minutes after the limit was lifted", rate)
		}
	}
}

// Without a limit of its own the throttle finds the service's, and forgets it.
func TestALimitWhereThereWasNone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{})
		c := &connector{latency: 80 * time.Millisecond, retryAfter: time.Second, limit: &slidingWindow{limit: 100}}
		campaign(t, []*Throttle{throttle}, c, 0, time.Now().Add(time.Minute))
		start := time.Now()
		campaign(t, []*Throttle{throttle}, c, 0, start.Add(time.Minute))
		if taken, refused := c.between(start, time.Now()); share(taken, refused) > 0.01 || taken < 85*60 {
			t.Errorf("%d taken, %d refused in a minute at 100/s", taken, refused)
		}
		c.set(nil)
		campaign(t, []*Throttle{throttle}, c, 0, time.Now().Add(forgetting+10*time.Second))
		if rate := throttle.Rate("t"); rate != 0 {
			t.Errorf("rate %v long after the last 429", rate)
		}
	})
}

// At its rate a strict service refuses nothing.
func TestTheRateIsKeptExactly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{Rate: 30})
		c := &connector{latency: 80 * time.Millisecond, limit: &slidingWindow{limit: 30}}
		campaign(t, []*Throttle{throttle}, c, 0, time.Now().Add(2*time.Minute))
		steady(t, c.times(), 30)
	})
}

func TestTheRateIsKeptByTwoTogether(t *testing.T) {
	t.Parallel()
	for _, latency := range []time.Duration{0, 3 * time.Millisecond, 40 * time.Millisecond} {
		t.Run(latency.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := ThrottleOptions{Rate: 30, Bucket: &fakeBucket{latency: latency}}
				c := &connector{latency: 80 * time.Millisecond, limit: &slidingWindow{limit: 30}}
				both := []*Throttle{NewThrottle(o), NewThrottle(o)}
				campaign(t, both, c, 0, time.Now().Add(2*time.Minute))
				steady(t, c.times(), 30)
			})
		})
	}
}

// times are the arrivals of all, counted from the first; none may be refused.
func (c *connector) times() []time.Duration {
	var list []time.Duration
	for _, a := range c.arrived {
		if !a.refused {
			list = append(list, a.at.Sub(c.arrived[0].at))
		}
	}
	return list
}

// steady fails unless there are at most rate requests in any second, and 97 to
// 101 % of the rate in any five.
func steady(t *testing.T, at []time.Duration, rate int) {
	t.Helper()
	within := func(from, to time.Duration) int {
		n := 0
		for _, a := range at {
			if from <= a && a < to {
				n++
			}
		}
		return n
	}
	last := at[len(at)-1]
	for _, from := range at {
		for _, shift := range []time.Duration{0, 1} {
			from := from + shift
			if n := within(from, from+time.Second); n > rate {
				t.Fatalf("%d in the second after %v", n, from)
			}
			if from+5*time.Second > last {
				continue
			}
			if n := float64(within(from, from+5*time.Second)); n < 0.97*5*float64(rate) || n > 1.01*5*float64(rate) {
				t.Fatalf("%v in the 5 s after %v", n, from)
			}
		}
	}
}

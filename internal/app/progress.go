package app

import (
	"time"

	"crier/internal/domain"
)

// progress is how the sending of a campaign gets on, and why nothing goes where nothing does. Its
// next row is due then.
func (a *Campaigns) progress(c domain.Campaign, due time.Time) (p domain.Progress) {
	switch c.Status {
	case domain.Paused:
		return domain.Progress{Waiting: domain.WaitPaused}
	case domain.Scheduled:
		return domain.Progress{Waiting: domain.WaitScheduled, Until: c.Delivery.StartAt}
	case domain.Sending:
	default:
		return p
	}
	if a.Progress != nil {
		p = a.Progress(c)
	}
	if p.Waiting == "" && p.Rate == 0 {
		p.Waiting, p.Until = a.idle(c, due)
	}
	return p
}

// idle is why nothing of a campaign goes though nothing holds it back: it is outside its
// hours, or nobody's time has come. Each recipient's own hours show in their due times.
func (a *Campaigns) idle(c domain.Campaign, due time.Time) (domain.Wait, time.Time) {
	if due.IsZero() {
		return "", due
	}
	now := a.Now()
	if h := c.Delivery.Hours; h != nil && h.TimeZone != domain.Recipient {
		if opens := a.timetable(c, c.StartedAt).OpensAt(now, ""); !opens.IsZero() {
			return domain.WaitHours, opens
		}
	}
	if due.After(now.Add(time.Second)) { // less is no wait
		return domain.WaitDue, due
	}
	return "", time.Time{}
}

func (a *Campaigns) timetable(c domain.Campaign, start time.Time) *domain.Timetable {
	return domain.NewTimetable(c.Delivery, c.ID, start, a.Zone)
}

// behind is how long a row has been due when the speed that is measured is the speed there
// is: before that it may be the campaign that is slow, or has just begun.
const behind = 10 * time.Second

// expectedFinish is when what is left should be through; zero while it is not being sent.
func (a *Campaigns) expectedFinish(c domain.Campaign, n domain.Counts, p domain.Progress, due time.Time) time.Time {
	if c.Status != domain.Sending || n.Left() == 0 {
		return time.Time{}
	}
	now, rate := a.Now(), a.SendRate
	switch {
	case p.Rate > 0 && !due.IsZero() && now.Sub(due) > behind:
		rate = p.Rate
	case p.Limit > 0:
		rate = p.Limit
	}
	return a.finish(c, c.StartedAt, n.Left(), rate, latest(now, due, p.Until))
}

// Forecast is when a campaign should be through that starts then and reaches so many people.
func (a *Campaigns) Forecast(c domain.Campaign, people int64, start time.Time) time.Time {
	return a.finish(c, start, people, a.SendRate, start)
}

// finish is when so many messages are through that go from a time on, by the rate (messages a
// second; 0: no matter), the cap, the hours and the last turn of the spread. It is said to
// the second, rounded up: better a moment late than early.
func (a *Campaigns) finish(c domain.Campaign, started time.Time, left int64, rate float64, from time.Time) time.Time {
	if limit := float64(c.Delivery.MaxPerHour) / 3600; limit > 0 && (rate <= 0 || limit < rate) {
		rate = limit
	}
	const ever = 100 * 365 * 24 * 3600 // seconds; more would not fit a Duration
	var takes time.Duration
	if rate > 0 {
		takes = time.Duration(min(float64(left)/rate, ever) * float64(time.Second))
	}
	t := a.timetable(c, started)
	return latest(t.After(takes, from), t.Ends()).Truncate(time.Second).Add(time.Second)
}

func latest(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}

package delivery

import (
	"time"

	"crier/internal/domain"
)

// window is over how many seconds the speed is measured.
const window = 10

// speed counts what was sent in each of the last seconds.
type speed struct {
	counts [window]int
	second int64 // the one that was counted last, since 1970
}

func (v *speed) forward(now int64) {
	for n := min(now-v.second, window); n > 0; n-- {
		v.counts[(now-n+1)%window] = 0
	}
	v.second = max(v.second, now)
}

// sped counts a message that was sent.
func (e *Engine) sped(campaignID int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	v := e.speeds[campaignID]
	if v == nil {
		if len(e.speeds) >= maxJobs {
			clear(e.speeds)
		}
		v = &speed{}
		e.speeds[campaignID] = v
	}
	now := time.Now().Unix()
	v.forward(now)
	v.counts[now%window]++
}

// Progress is how the sending of a campaign gets on here.
func (e *Engine) Progress(c domain.Campaign) domain.Progress {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := domain.Progress{Rate: e.rate(c.ID)}
	var closed, turn time.Time
	free := false
	for _, s := range e.shelves {
		if s.CampaignID != c.ID {
			continue
		}
		p.Limit += e.Sender.Rate(s.TenantID)
		if until := e.Sender.ClosedUntil(s.TenantID); until.IsZero() {
			free = true
		} else if closed.IsZero() || until.Before(closed) {
			closed = until
		}
		if s.turnAt.After(turn) {
			turn = s.turnAt
		}
	}
	switch now := e.Now(); {
	case !e.down.IsZero():
		p.Waiting = domain.WaitDatabase
	case !closed.IsZero() && !free:
		p.Waiting, p.Until = domain.WaitThrottled, closed
	case e.blind[c.ID].After(now):
		p.Waiting, p.Until = domain.WaitPresence, e.blind[c.ID]
	case turn.After(now.Add(time.Second)):
		p.Waiting, p.Until = domain.WaitCap, turn
	}
	return p
}

// rate is messages a second. The caller holds e.mu.
func (e *Engine) rate(campaignID int64) float64 {
	v := e.speeds[campaignID]
	if v == nil {
		return 0
	}
	v.forward(time.Now().Unix())
	sum := 0
	for _, n := range v.counts {
		sum += n
	}
	return float64(sum) / window
}

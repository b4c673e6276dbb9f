package connector

import "time"

const (
	tallySlot  = 100 * time.Millisecond
	tallySlots = 80 // eight seconds
	// freshPause without requests is taken for a new beginning: limits count by
	// the second.
	freshPause = 9 // slots
	// caution is what is asked for of a limit that was just met by a few requests.
	caution = 5.0 / 6
)

// tally counts the requests of the last seconds.
type tally [tallySlots]struct {
	slot  int64 // since 1970
	count int
}

func slotOf(at time.Time) int64 { return at.UnixNano() / int64(tallySlot) }

func (t *tally) add(at time.Time) {
	slot := slotOf(at)
	entry := &t[slot%tallySlots]
	if entry.slot != slot {
		entry.slot, entry.count = slot, 0
	}
	entry.count++
}

func (t *tally) count(slot int64) float64 {
	if entry := t[slot%tallySlots]; entry.slot == slot {
		return float64(entry.count)
	}
	return 0
}

// allowed is how many requests a second the service seems to take, given that
// it refused the one of that time and took those before it.
//
// Services count in one of two ways. Some refuse what is too much for the
// running second: if all began within it, the number of them is the limit.
// Others save up a second's worth for bursts: then w seconds let pass at most
// w+1 seconds' worth, and the stretch that tells the most counts.
func (t *tally) allowed(refused time.Time) float64 {
	newest := slotOf(refused)
	part := float64(refused.UnixNano()%int64(tallySlot)) / float64(tallySlot)
	all := t.count(newest)
	sum, elapsed := all*part, part*tallySlot.Seconds()
	best, busy, pause := sum/(elapsed+1), elapsed, 0
	for slot := newest - 1; slot > newest-tallySlots && pause < freshPause; slot-- {
		count := t.count(slot)
		elapsed += tallySlot.Seconds()
		if count == 0 {
			pause++
			continue
		}
		sum, busy, pause = sum+count, elapsed, 0
		best = max(best, sum/(elapsed+1))
	}
	if busy < tallySlot.Seconds() { // one burst
		return all * caution
	}
	if busy <= freshPause*tallySlot.Seconds() {
		return sum * caution
	}
	return best
}

package simulator

import (
	"strconv"
	"strings"
	"sync"
	"time"
)

// ledger is the tenant's own account of what people did with each message, as far as the bot
// took it: what a bot's report should come to.
type ledger struct {
	mu sync.Mutex
	by map[keptRef]*deed
}

// deed is what one person did with one message.
type deed struct {
	text      string // what the message is called
	seen      bool
	answered  bool
	opened    map[opened]int
	reactions map[string]standing
}

type opened struct{ title, address string }

type standing struct {
	added bool
	at    time.Time
}

// note changes the account of a message, which is seen by that, and the totals.
func (s *Simulator) note(person int, message int64, text string, change func(*deed)) {
	l, ref := s.ledger, keptRef{person, message}
	l.mu.Lock()
	defer l.mu.Unlock()
	d := l.by[ref]
	if d == nil {
		d = &deed{text: text, opened: map[opened]int{}, reactions: map[string]standing{}}
		l.by[ref] = d
	}
	seen, clicked := d.seen, len(d.opened) > 0
	d.seen = true
	change(d)
	s.tally.add(func(st *Stats) {
		if !seen {
			st.Seen++
		}
		if !clicked && len(d.opened) > 0 {
			st.ClickedIn++
		}
	})
}

// noteRead notes a receipt, which stands for all messages before it too.
func (s *Simulator) noteRead(person int, messageID string) {
	last, err := strconv.ParseInt(messageID, 10, 64)
	if err != nil {
		return
	}
	for id, text := range s.mail.upTo(person, last) {
		s.note(person, id, text, func(*deed) {})
	}
}

func (s *Simulator) noteClick(person int, message int64, o opened) {
	s.note(person, message, s.mail.shown(person, message), func(d *deed) { d.opened[o]++ })
}

// noteReaction notes how a reaction stands; what happened last counts, not what was posted last.
func (s *Simulator) noteReaction(person int, messageID, reaction string, added bool, at time.Time) {
	if id, err := strconv.ParseInt(messageID, 10, 64); err == nil && s.mail.has(person, messageID) {
		s.note(person, id, s.mail.shown(person, id), func(d *deed) {
			if was := d.reactions[reaction]; !at.Before(was.at) {
				d.reactions[reaction] = standing{added, at}
			}
		})
	}
}

func (s *Simulator) noteAnswer(person int, messageID string) {
	if id, err := strconv.ParseInt(messageID, 10, 64); err == nil && s.mail.has(person, messageID) {
		s.note(person, id, s.mail.shown(person, id), func(d *deed) { d.answered = true })
	}
}

// Deeds is what people did with some messages, as the tenant counted it. Each message has one
// reader, so messages are people.
type Deeds struct {
	Seen      int                  // read, clicked in, reacted to or answered
	Clicked   int                  // with a link opened
	Answered  int                  // with a button pressed that the bot took
	Reactions map[string]int       // that stand, by type; none that is 0
	Links     map[string]LinkDeeds // by the address they led to
	Titles    map[string]LinkDeeds // by what stood on them
}

// LinkDeeds is how often a link was opened, and by how many.
type LinkDeeds struct{ Clicks, People int }

// Deeds counts what was done with the messages whose text (as in the report) holds these words.
// What the bot did not take is left out.
func (s *Simulator) Deeds(words string) Deeds {
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	out := Deeds{Reactions: map[string]int{}, Links: map[string]LinkDeeds{}, Titles: map[string]LinkDeeds{}}
	for _, d := range s.ledger.by {
		if strings.Contains(d.text, words) {
			out.add(d)
		}
	}
	return out
}

func (o *Deeds) add(d *deed) {
	o.Seen++
	if len(d.opened) > 0 {
		o.Clicked++
	}
	if d.answered {
		o.Answered++
	}
	for reaction, how := range d.reactions {
		if how.added {
			o.Reactions[reaction]++
		}
	}
	addresses, titles := map[string]int{}, map[string]int{}
	for link, n := range d.opened {
		addresses[link.address] += n
		titles[link.title] += n
	}
	collect(o.Links, addresses)
	collect(o.Titles, titles)
}

// collect adds one reader's clicks.
func collect(all map[string]LinkDeeds, clicks map[string]int) {
	for name, n := range clicks {
		all[name] = LinkDeeds{all[name].Clicks + n, all[name].People + 1}
	}
}

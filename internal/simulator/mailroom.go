package simulator

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	keptPerConversation = 5         // whole activities; of older ones only the text remains
	keptInAll           = 256 << 20 // bytes of whole activities over all conversations
)

// Received is one message in a person's conversation.
type Received struct {
	ID   string
	Text string          // as in the report
	Raw  json.RawMessage // the whole activity; nil when it is too old to be kept
	View json.RawMessage // the card an Action.Execute put in its place, for this person

	Edits int // how often the bot has put another in its place
}

// mailroom keeps what arrived. A conversation costs nothing before its first message.
type mailroom struct {
	now   func() time.Time
	mu    sync.Mutex
	boxes map[int]*mailbox
	kept  []keptRef // whole activities, oldest first
	bytes int       // they take together
	limit int       // they may take

	watching map[int]map[chan struct{}]bool // who waits for news, by conversation
}

type mailbox struct {
	lastID   int64
	arrived  int
	messages []message
}

type message struct {
	id        int64 // milliseconds since 1970, rising within a conversation
	number    int   // 1 for the first that arrived
	text      string
	raw, view []byte
	edits     int
}

type keptRef struct {
	person int
	id     int64
}

func newMailroom(now func() time.Time) *mailroom {
	return &mailroom{now: now, boxes: map[int]*mailbox{}, limit: keptInAll, watching: map[int]map[chan struct{}]bool{}}
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }

func (m *mailroom) box(i int) *mailbox {
	b := m.boxes[i]
	if b == nil {
		b = &mailbox{}
		m.boxes[i] = b
	}
	return b
}

// id gives the next message id of a conversation.
func (m *mailroom) id(i int) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.box(i).next(m.now())
}

func (b *mailbox) next(now time.Time) int64 {
	b.lastID = max(b.lastID+1, now.UnixMilli())
	return b.lastID
}

func (m *mailroom) put(i int, shown string, raw []byte) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.box(i)
	id := b.next(m.now())
	b.arrived++
	b.messages = append(b.messages, message{id: id, number: b.arrived, text: shown, raw: slices.Clone(raw)})
	m.bytes += len(raw)
	m.kept = append(m.kept, keptRef{i, id})
	m.tell(i)
	if old := len(b.messages) - keptPerConversation; old > 0 {
		m.forget(&b.messages[old-1])
	}
	for m.bytes > m.limit && len(m.kept) > 0 {
		ref := m.kept[0]
		m.kept = m.kept[1:]
		if msg := m.boxes[ref.person].find(ref.id); msg != nil {
			m.forget(msg)
		}
	}
	return id
}

// forget lets go of the whole activity and keeps its text.
func (m *mailroom) forget(msg *message) {
	m.bytes -= len(msg.raw)
	msg.raw, msg.view = nil, nil
}

func (b *mailbox) find(id int64) *message {
	if b == nil {
		return nil
	}
	at, found := slices.BinarySearchFunc(b.messages, id, func(m message, id int64) int {
		return cmp.Compare(m.id, id)
	})
	if !found {
		return nil
	}
	return &b.messages[at]
}

// locate finds a message by the id the bot was given. The caller holds the lock.
func (m *mailroom) locate(i int, aid string) *message {
	id, err := strconv.ParseInt(aid, 10, 64)
	if err != nil {
		return nil
	}
	return m.boxes[i].find(id)
}

func (m *mailroom) has(i int, aid string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.locate(i, aid) != nil
}

func (m *mailroom) replace(i int, aid, shown string, raw []byte) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	msg := m.locate(i, aid)
	if msg == nil {
		return false
	}
	m.bytes += len(raw) - len(msg.raw)
	msg.text, msg.raw, msg.view = shown, slices.Clone(raw), nil
	msg.edits++
	m.tell(i)
	return true
}

func (m *mailroom) remove(i int, aid string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	msg := m.locate(i, aid)
	if msg == nil {
		return false
	}
	m.forget(msg)
	id, b := msg.id, m.boxes[i] // msg points into the slice that is about to shift
	b.messages = slices.DeleteFunc(b.messages, func(other message) bool { return other.id == id })
	return true
}

// watch answers a channel on which something comes after each message that arrives in a
// conversation, or changes, until forget is called.
func (m *mailroom) watch(i int) (news <-chan struct{}, forget func()) {
	ch := make(chan struct{}, 1)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.watching[i] == nil {
		m.watching[i] = map[chan struct{}]bool{}
	}
	m.watching[i][ch] = true
	return ch, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if delete(m.watching[i], ch); len(m.watching[i]) == 0 {
			delete(m.watching, i)
		}
	}
}

// tell wakes who watches a conversation. The caller holds the lock.
func (m *mailroom) tell(i int) {
	for ch := range m.watching[i] {
		select {
		case ch <- struct{}{}:
		default: // it is awake already and will look again
		}
	}
}

// setView shows one person another card in place of a message's own.
func (m *mailroom) setView(i int, aid string, card []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if msg := m.locate(i, aid); msg != nil {
		msg.view = slices.Clone(card)
	}
}

func (m *mailroom) received(i int) []Received {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.boxes[i] == nil {
		return nil
	}
	var out []Received
	for _, msg := range m.boxes[i].messages {
		out = append(out, msg.export())
	}
	return out
}

func (m *mailroom) one(i int, id int64) (Received, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	msg := m.boxes[i].find(id)
	if msg == nil {
		return Received{}, false
	}
	return msg.export(), true
}

// upTo lists the messages of a person with ids up to one, and what each is called.
func (m *mailroom) upTo(i int, id int64) map[int64]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[int64]string{}
	if b := m.boxes[i]; b != nil {
		for _, msg := range b.messages {
			if msg.id <= id {
				out[msg.id] = msg.text
			}
		}
	}
	return out
}

// shown is what a message is called; nothing when it is gone.
func (m *mailroom) shown(i int, id int64) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if msg := m.boxes[i].find(id); msg != nil {
		return msg.text
	}
	return ""
}

// number tells how many messages had arrived with this one; 0 when it is gone.
func (m *mailroom) number(i int, id int64) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if msg := m.boxes[i].find(id); msg != nil {
		return msg.number
	}
	return 0
}

func (m message) export() Received {
	return Received{ID: formatID(m.id), Text: m.text, Raw: slices.Clone(m.raw), View: slices.Clone(m.view), Edits: m.edits}
}

// texts lists the texts of every conversation that has any, by person.
func (m *mailroom) texts() map[int][]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make(map[int][]string, len(m.boxes))
	for i, b := range m.boxes {
		if len(b.messages) == 0 {
			continue
		}
		list := make([]string, len(b.messages))
		for n, msg := range b.messages {
			list[n] = msg.text
		}
		out[i] = list
	}
	return out
}

// Received lists what arrived in a person's conversation and is still there, in
// order of arrival.
func (s *Simulator) Received(i int) []Received { return s.mail.received(i) }

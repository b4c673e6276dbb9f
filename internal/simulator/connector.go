package simulator

import (
	"fmt"
	"io"
	"net/http"
)

// maxBody is far above the largest message the Connector takes (outbound 3); what
// is larger is not even read.
const maxBody = 1 << 20

// call is one Connector request on its way.
type call struct {
	r         *http.Request
	channel   channel
	behaviour Behaviour
	body      []byte
}

type operation func(*call) *answer

// routeConnector serves the operations of outbound 2 on both channels. Path parts
// arrive percent-decoded.
func (s *Simulator) routeConnector(mux *http.ServeMux) {
	const conversation, activity = "/v3/conversations/{cid}", "/v3/conversations/{cid}/activities/{aid}"
	for _, ch := range []channel{channelTeams, channelSkype} {
		for pattern, op := range map[string]operation{
			"POST " + ch.path + "/v3/conversations":            s.createConversation,
			"POST " + ch.path + conversation + "/activities":   s.send,
			"POST " + ch.path + activity:                       s.send,
			"PUT " + ch.path + activity:                        s.update,
			"DELETE " + ch.path + activity:                     s.delete,
			"GET " + ch.path + conversation + "/members":       s.members,
			"GET " + ch.path + conversation + "/pagedmembers":  s.pagedMembers,
			"GET " + ch.path + conversation + "/members/{mid}": s.member,
			"GET " + ch.path + activity + "/members":           s.members,
		} {
			mux.HandleFunc(pattern, s.connect(ch, op))
		}
	}
}

// connect puts in front of an operation what every request meets: the count, the
// token check, the throttle, the limit of the body and the latency.
func (s *Simulator) connect(ch channel, op operation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("MS-CV", fmt.Sprintf("%016x.0", mix(s.next())))
		s.tally.request()
		c := &call{r: r, channel: ch, behaviour: s.currentBehaviour()}
		a := s.admit(w, c)
		if !s.pause(r.Context(), c.behaviour) {
			panic(http.ErrAbortHandler) // the bot gave up, and reads nothing any more
		}
		if a == nil {
			a = op(c)
		}
		if a == nil { // left hanging until the bot gave up
			panic(http.ErrAbortHandler)
		}
		if a.status >= 400 {
			s.tally.add(func(st *Stats) { st.Refused[a.status]++ })
		}
		a.write(w)
	}
}

// admit reads the body and says why a request goes no further, or nil.
func (s *Simulator) admit(w http.ResponseWriter, c *call) *answer {
	if _, ok := s.authorised(c.r, botAudience); !ok {
		return unauthorized()
	}
	if !s.throttle.allow(s.opt.Now()) {
		s.tally.add(func(st *Stats) { st.Throttled++ })
		if after := c.behaviour.retryAfter(); after != "" {
			w.Header().Set("Retry-After", after)
		}
		return throttled()
	}
	var err error
	if c.body, err = io.ReadAll(http.MaxBytesReader(w, c.r.Body, maxBody)); err != nil {
		return tooBig()
	}
	return nil
}

// conversation finds the person whose conversation a path names.
func (s *Simulator) conversation(c *call) (int, *answer) {
	i, known := s.people.byConversationID(c.r.PathValue("cid"))
	if !known || s.people.channel(i) != c.channel {
		return 0, conversationNotFound()
	}
	switch s.state(i) {
	case neverInstalled:
		return 0, conversationNotFound()
	case removed:
		return 0, notInRoster()
	}
	return i, nil
}

func (s *Simulator) state(i int) installState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seats[i].state
}

// write runs an operation that changes a person's conversation through whatever
// stands against it. It returns nil when the bot has been left hanging.
func (s *Simulator) write(c *call, i int, op func() *answer) *answer {
	if a := s.standing(c.behaviour, i); a != nil {
		return a
	}
	what, n := s.attempt(c.behaviour, i)
	switch what {
	case mishapServerError:
		s.tally.add(func(st *Stats) { st.ServerErrors++ })
		return gatewayFault(chance(s.opt.Seed, drawServerErrorKind, uint64(i), uint64(n)))
	case mishapHang:
		s.tally.add(func(st *Stats) { st.Hung++ })
		select {
		case <-c.r.Context().Done():
		case <-s.life.Done():
		}
		return nil
	}
	a := op()
	if what == mishapLostAnswer && a.status < 400 {
		s.tally.add(func(st *Stats) { st.LostAnswers++ })
		return failure(http.StatusGatewayTimeout, "ServiceError", "Gateway Timeout")
	}
	return a
}

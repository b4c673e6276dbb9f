package simulator

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

const (
	presenceRole  = "Presence.Read.All"
	mostPresences = 650 // ids in a request (graph 3)
	maxGraphBody  = 256 << 10
)

// graphCall is one request to Graph on its way.
type graphCall struct {
	w         http.ResponseWriter
	r         *http.Request
	id        string // of the request, for Microsoft's support
	behaviour Behaviour
}

// routeGraph serves what the bot asks Graph for: who is there.
func (s *Simulator) routeGraph(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1.0/communications/getPresencesByUserId", func(w http.ResponseWriter, r *http.Request) {
		c := &graphCall{w: w, r: r, id: guid(seal(s.opt.Seed, drawEvent, uint32(s.next()))), behaviour: s.currentBehaviour()}
		w.Header().Set("request-id", c.id)
		s.tally.add(func(st *Stats) { st.PresenceRequests++ })
		a := s.admitGraph(c)
		if !s.pause(r.Context(), c.behaviour) {
			panic(http.ErrAbortHandler) // the bot gave up, and reads nothing any more
		}
		if a == nil {
			a = s.getPresences(c)
		}
		if a.status >= 400 {
			s.tally.add(func(st *Stats) { st.PresenceRefused[a.status]++ })
		}
		a.write(w)
	})
}

// rolesIn are the permissions that go into a token of the app.
func (s *Simulator) rolesIn(tenant, audience string) []string {
	if audience != graphAccess || !strings.EqualFold(tenant, s.opt.TenantID) || s.currentBehaviour().NoPresence {
		return nil
	}
	return []string{presenceRole}
}

// admitGraph says why a request goes no further, or nil. A token that was issued
// before the consent does not have it.
func (s *Simulator) admitGraph(c *graphCall) *answer {
	token, ok := s.authorised(c.r, graphAccess)
	switch {
	case !ok:
		return s.graphFailure(c, http.StatusUnauthorized, "InvalidAuthenticationToken", "Access token is empty, has expired or is for something else.")
	case c.behaviour.NoPresence || !slices.Contains(token.roles, presenceRole):
		return s.graphFailure(c, http.StatusForbidden, "Forbidden", "Missing role permissions on the request.")
	case !s.graph.allow(s.opt.Now()):
		if after := c.behaviour.graphRetryAfter(); after != "" {
			c.w.Header().Set("Retry-After", after)
		}
		return s.graphFailure(c, http.StatusTooManyRequests, "TooManyRequests", "Too many requests.")
	}
	return nil
}

// graphRetryAfter differs from the Connector's by its fraction (graph 7).
func (b Behaviour) graphRetryAfter() string {
	if b.RetryAfter == 0 {
		return "1.5"
	}
	return b.retryAfter()
}

func (s *Simulator) getPresences(c *graphCall) *answer {
	bad := func(message string) *answer { return s.graphFailure(c, http.StatusBadRequest, "BadRequest", message) }
	var in struct {
		IDs []string `json:"ids"`
	}
	switch {
	case json.NewDecoder(http.MaxBytesReader(c.w, c.r.Body, maxGraphBody)).Decode(&in) != nil:
		return bad("Unable to read JSON request payload.")
	case len(in.IDs) == 0 || len(in.IDs) > mostPresences:
		return bad("A request has 1 to 650 ids.")
	case slices.ContainsFunc(in.IDs, func(id string) bool { return !isGUID(id) }):
		return bad("An id is not a GUID.")
	}
	s.tally.add(func(st *Stats) { st.PresenceIDs += len(in.IDs) })
	return ok(http.StatusOK, map[string]any{
		"@odata.context": graphAccess + "/v1.0/$metadata#Collection(presence)", "value": s.presencesOf(in.IDs),
	})
}

// presencesOf leaves out who is not of this tenant.
func (s *Simulator) presencesOf(ids []string) []map[string]string {
	values := []map[string]string{}
	for _, id := range ids {
		if i, known := s.people.byObjectID(id); known {
			availability, activity := s.Presence(i)
			values = append(values, map[string]string{
				"id": s.people.objectID(i), "availability": availability, "activity": activity,
			})
		}
	}
	return values
}

// graphFailure is the error shape of graph 8.
func (s *Simulator) graphFailure(c *graphCall, status int, code, message string) *answer {
	client := c.r.Header.Get("client-request-id")
	if client == "" {
		client = c.id
	}
	return ok(status, map[string]any{"error": map[string]any{
		"code": code, "message": message,
		"innerError": map[string]string{
			"date": s.opt.Now().UTC().Format("2006-01-02T15:04:05"), "request-id": c.id, "client-request-id": client,
		},
	}})
}

func isGUID(id string) bool {
	if len(id) != 36 || id[8] != '-' || id[13] != '-' || id[18] != '-' || id[23] != '-' {
		return false
	}
	digits := strings.ReplaceAll(id, "-", "")
	_, err := hex.DecodeString(digits)
	return err == nil && len(digits) == 32
}

package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"time"
)

// maxReply is as much of the bot's answer as is read.
const maxReply = 1 << 20

// Reply is the bot's answer to an activity.
type Reply struct {
	Status   int
	Header   http.Header
	Body     []byte         // at most 1 MiB of it
	Activity map[string]any // what was sent; Post it again for a redelivery
}

// OK tells whether the bot took the activity.
func (r Reply) OK() bool { return r.Status/100 == 2 }

// InvokeAnswer is the body of an answer to adaptiveCard/action (inbound 6.1).
type InvokeAnswer struct {
	StatusCode int             `json:"statusCode"`
	Type       string          `json:"type"`
	Value      json.RawMessage `json:"value"`
}

// Invoke reads the answer to an Execute. A missing statusCode is 200.
func (r Reply) Invoke() (InvokeAnswer, error) {
	out := InvokeAnswer{StatusCode: http.StatusOK}
	if err := json.Unmarshal(r.Body, &out); err != nil {
		return out, fmt.Errorf("simulator: answer to an invoke: %w", err)
	}
	return out, nil
}

// PostOption changes how an activity is posted.
type PostOption func(*http.Request)

// WithToken posts with this token instead of the channel's own; an empty one means
// no Authorization header.
func WithToken(token string) PostOption {
	return func(r *http.Request) {
		if r.Header.Del("Authorization"); token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
	}
}

// WithHeader sets a header of the request, or adds to it.
func WithHeader(key, value string) PostOption {
	return func(r *http.Request) { r.Header.Add(key, value) }
}

// Post sends any activity to the bot, with a token for its serviceUrl unless an
// option says otherwise. The error is the transport's: what the bot thinks of the
// activity is the Reply's Status.
func (s *Simulator) Post(ctx context.Context, activity map[string]any, opts ...PostOption) (Reply, error) {
	body, err := json.Marshal(activity)
	if err != nil {
		return Reply{}, fmt.Errorf("simulator: activity: %w", err)
	}
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return Reply{}, context.Cause(ctx)
	}
	reply, err := s.post(ctx, activity, body, opts)
	if b := s.currentBehaviour(); err == nil && b.Redeliver > 0 && s.repeats(b, activity) {
		s.tally.add(func(st *Stats) { st.Redelivered++ })
		again := func(ctx context.Context) error {
			_, err := s.post(ctx, activity, body, opts)
			return err
		}
		if b.Late > 0 && s.started() {
			s.later(b, func(ctx context.Context) { _ = again(ctx) }) // a failure is counted by post
			return reply, nil
		}
		if err := again(ctx); err != nil {
			return reply, err
		}
	}
	return reply, err
}

// later does something up to Late from now.
func (s *Simulator) later(b Behaviour, do func(context.Context)) {
	wait := time.Duration(share(chance(s.opt.Seed, drawLate, s.next())) * float64(b.Late))
	s.plan(visit{due: s.opt.Now().Add(wait), do: do})
}

// repeats decides by the activity's id, so that a run can be repeated.
func (s *Simulator) repeats(b Behaviour, activity map[string]any) bool {
	id, _ := activity["id"].(string)
	x := uint64(0)
	for _, c := range []byte(id) {
		x = x*131 + uint64(c)
	}
	return share(chance(s.opt.Seed, drawRedeliver, x)) < b.Redeliver
}

func (s *Simulator) post(ctx context.Context, activity map[string]any, body []byte, opts []PostOption) (Reply, error) {
	endpoint, _ := s.bot()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return Reply{}, err
	}
	serviceURL, _ := activity["serviceUrl"].(string)
	token, err := s.channelToken(serviceURL)
	if err != nil {
		return Reply{}, err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Authorization", "Bearer "+token)
	for _, opt := range opts {
		opt(req)
	}
	reply, err := s.exchange(req)
	reply.Activity = activity
	s.tally.add(func(st *Stats) {
		st.Posted++
		if err != nil || !reply.OK() {
			st.PostsFailed++
		}
	})
	if err != nil {
		s.opt.Log.Debug("activity not delivered to the bot", "type", activity["type"], "error", err)
	}
	return reply, err
}

func (s *Simulator) exchange(req *http.Request) (Reply, error) {
	res, err := s.client.Do(req)
	if err != nil {
		return Reply{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxReply))
	return Reply{Status: res.StatusCode, Header: res.Header, Body: body}, err
}

// envelope is what every activity of a person carries (inbound 4). The name is
// left out where Teams leaves it out: on install and update events.
func (s *Simulator) envelope(p Person, kind, id string, named bool) map[string]any {
	from := map[string]any{"id": p.UserID}
	conversation := map[string]any{"id": p.ConversationID}
	if named || p.Skype() {
		from["name"] = p.Name
	}
	now := s.opt.Now()
	act := map[string]any{
		"type": kind, "id": id, "timestamp": timestamp(now),
		"serviceUrl": s.ServiceURL(p.Channel), "channelId": p.Channel,
		"from": from, "conversation": conversation,
		"recipient": map[string]any{"id": s.botID(), "name": "Assistant"},
		"entities":  []any{s.clientInfo(p)},
	}
	if p.Skype() {
		return act
	}
	from["aadObjectId"] = p.ObjectID
	conversation["conversationType"], conversation["tenantId"] = "personal", s.opt.TenantID
	act["channelData"] = map[string]any{"tenant": map[string]any{"id": s.opt.TenantID}}
	act["locale"] = p.Locale
	if zone := s.people.zones[p.TimeZone]; zone != nil {
		act["localTimestamp"] = now.In(zone).Format("2006-01-02T15:04:05.000-07:00")
	}
	if s.people.draw(drawTimezoneShown, p.Index)%4 != 0 { // not always present
		act["localTimezone"] = p.TimeZone
	}
	return act
}

func timestamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

func (s *Simulator) clientInfo(p Person) map[string]any {
	platforms := []string{"Windows", "Web", "iOS", "Android", "Mac"}
	return map[string]any{
		"type": "clientInfo", "locale": p.Locale, "country": p.Country, "timezone": p.TimeZone,
		"platform": platforms[pick(s.people.draw(drawPlatform, p.Index), len(platforms))],
	}
}

func (s *Simulator) botID() string { return "28:" + s.opt.AppID }

// eventID is the id of everything that is not a message: "f:" and a GUID.
func (s *Simulator) eventID() string {
	return "f:" + guid(seal(s.opt.Seed, drawEvent, uint32(s.next())))
}

// with copies an activity and sets some of its fields.
func with(activity map[string]any, fields map[string]any) map[string]any {
	out := maps.Clone(activity)
	maps.Copy(out, fields)
	return out
}

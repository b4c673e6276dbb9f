package connector

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"time"
)

const (
	defaultTimeout     = 15 * time.Second
	defaultConcurrency = 32
	gccServiceURL      = "https://smba.infra.gcc.teams.microsoft.com/teams"
)

// ClientOptions are the settings of a [Client].
type ClientOptions struct {
	AppID       string        // names the bot when a conversation is created
	Hosts       TrustedHosts  // the zero value lets nothing out
	Tokens      *Tokens       // nil: no Authorization header, for the emulator
	Throttle    *Throttle     // nil: no limit but the gates of 429s
	Concurrency int           // requests in flight; default 32
	Timeout     time.Duration // of one request, waiting for its turn not counted; default 15 s
	UserAgent   string        // default: "crier"

	// GCCServiceURL is where a request is repeated when the service says that
	// the tenant lives in GCC. Default: Microsoft's.
	GCCServiceURL string
}

// Client calls the Connector (protocol/outbound.md section 2). Each method is
// one logical request: paced by the throttle, limited in time and in size,
// sent to trusted hosts only, repeated at most once for a refused token and
// once for a tenant in GCC. All other repeating is the caller's. Cancelling ctx
// keeps a request from being sent, but does not cut short one that has begun.
// Errors are [*Error]; when ctx ended the request they also match ctx.Err().
type Client struct {
	botID     string
	hosts     TrustedHosts
	tokens    *Tokens
	throttle  *Throttle
	slots     chan struct{}
	timeout   time.Duration
	userAgent string
	gcc       string
	http      *http.Client
}

// Ref says where a conversation is. Ids are opaque and are encoded here.
type Ref struct {
	ServiceURL     string
	ConversationID string
	TenantID       string // whose throttle counts; empty on Skype
}

// Receipt is what the channel says of an accepted activity.
type Receipt struct {
	// ActivityID names the message for updates and read receipts. It may be
	// empty: Teams gives none for a message that it splits.
	ActivityID string
	// ServiceURL is set when the conversation was found at another address,
	// to be stored instead of the old one.
	ServiceURL string
}

// NewClient opens nothing yet.
func NewClient(o ClientOptions) *Client {
	concurrency := o.Concurrency
	if concurrency <= 0 {
		concurrency = defaultConcurrency
	}
	guard := &dialGuard{hosts: o.Hosts}
	c := &Client{
		hosts:     o.Hosts,
		tokens:    o.Tokens,
		throttle:  o.Throttle,
		slots:     make(chan struct{}, concurrency),
		timeout:   cmp.Or(o.Timeout, defaultTimeout),
		userAgent: cmp.Or(o.UserAgent, "crier"),
		gcc:       cmp.Or(o.GCCServiceURL, gccServiceURL),
		http:      newHTTPClient(guard.dial, guard.proxy, concurrency),
	}
	if o.AppID != "" {
		c.botID = "28:" + o.AppID
	}
	if c.throttle == nil {
		c.throttle = NewThrottle(ThrottleOptions{})
	}
	return c
}

// CloseIdleConnections ends the connections that no request uses.
func (c *Client) CloseIdleConnections() { c.http.CloseIdleConnections() }

// Prepare has the token ready, so that the next request need not wait for it.
func (c *Client) Prepare(ctx context.Context) error {
	if c.tokens == nil {
		return nil
	}
	_, err := c.tokens.Token(ctx)
	return err
}

// Send posts an activity, one JSON object, to the conversation.
func (c *Client) Send(ctx context.Context, ref Ref, activity []byte) (Receipt, error) {
	return c.deliver(ctx, sendCall(ref, activity))
}

// SendInTurn is Send for a caller whose turn has come in [Throttle.Wait]. Only
// a repetition waits for a turn of its own, and so does a request that finds
// the gate closed by now.
func (c *Client) SendInTurn(ctx context.Context, ref Ref, activity []byte) (Receipt, error) {
	send := sendCall(ref, activity)
	send.inTurn = true
	return c.deliver(ctx, send)
}

func sendCall(ref Ref, activity []byte) call {
	return call{
		op: "send", method: http.MethodPost, ref: ref,
		path: []string{"conversations", ref.ConversationID, "activities"}, body: activity,
	}
}

// Reply posts an activity below another one. In a 1:1 chat Send does the same.
func (c *Client) Reply(ctx context.Context, ref Ref, activityID string, activity []byte) (Receipt, error) {
	return c.deliver(ctx, call{
		op: "reply", method: http.MethodPost, ref: ref,
		path: []string{"conversations", ref.ConversationID, "activities", activityID}, body: activity,
	})
}

// Update puts a whole activity in the place of one that the bot sent.
func (c *Client) Update(ctx context.Context, ref Ref, activityID string, activity []byte) (Receipt, error) {
	return c.update(ctx, ref, activityID, activity, false)
}

// UpdateInTurn is Update for a caller whose turn has come, like SendInTurn.
func (c *Client) UpdateInTurn(ctx context.Context, ref Ref, activityID string, activity []byte) (Receipt, error) {
	return c.update(ctx, ref, activityID, activity, true)
}

func (c *Client) update(ctx context.Context, ref Ref, activityID string, activity []byte, inTurn bool) (Receipt, error) {
	receipt, err := c.deliver(ctx, call{
		op: "update", method: http.MethodPut, ref: ref, idempotent: true, inTurn: inTurn,
		path: []string{"conversations", ref.ConversationID, "activities", activityID}, body: activity,
	})
	if err == nil && receipt.ActivityID == "" {
		receipt.ActivityID = activityID
	}
	return receipt, err
}

// DeleteInTurn removes an activity that the bot sent, for a caller whose turn has come, like
// SendInTurn.
func (c *Client) DeleteInTurn(ctx context.Context, ref Ref, activityID string) error {
	_, err := c.do(ctx, call{
		op: "delete", method: http.MethodDelete, ref: ref, idempotent: true, inTurn: true,
		path: []string{"conversations", ref.ConversationID, "activities", activityID},
	})
	return err
}

// deliver treats every 2xx as success: the message is out, whatever the body
// looks like.
func (c *Client) deliver(ctx context.Context, call call) (Receipt, error) {
	answer, err := c.do(ctx, call)
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{ActivityID: readID(answer.body), ServiceURL: answer.serviceURL}, nil
}

func readID(body []byte) string {
	var resource struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(body, &resource) != nil {
		return ""
	}
	return scalar(resource.ID)
}

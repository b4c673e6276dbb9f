package connector

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/infracloudio/msbotbuilder-go/schema"
)

const defaultPageSize = 500

// NewConversation asks for the 1:1 conversation with one person.
type NewConversation struct {
	ServiceURL string
	TenantID   string // empty on Skype
	MemberID   string // the "29:…" id; e-mail addresses are not accepted
}

// Conversation is where to send from now on.
type Conversation struct {
	ID         string
	ServiceURL string
}

// CreateConversation opens the 1:1 conversation, or finds the one there is:
// asking again gives the same id (protocol/outbound.md section 2.1). It
// delivers nothing; the app must be installed for the person.
func (c *Client) CreateConversation(ctx context.Context, n NewConversation) (Conversation, error) {
	body, err := json.Marshal(n.parameters(c.botID))
	if err != nil {
		return Conversation{}, &Error{Op: "create conversation", Class: Message, Err: err}
	}
	call := call{
		op: "create conversation", method: http.MethodPost, idempotent: true,
		ref:  Ref{ServiceURL: n.ServiceURL, TenantID: n.TenantID},
		path: []string{"conversations"}, body: body,
	}
	var created schema.ConversationResourceResponse
	answer, err := c.read(ctx, call, &created)
	if err != nil {
		return Conversation{}, err
	}
	if created.ID == "" {
		return Conversation{}, unreadable(call.op, errors.New("no conversation id in the answer"))
	}
	return Conversation{ID: created.ID, ServiceURL: c.bestServiceURL(n.ServiceURL, answer.serviceURL, created.ServiceURL)}, nil
}

// bestServiceURL is the last of the addresses that may be called.
func (c *Client) bestServiceURL(addresses ...string) string {
	best := ""
	for _, address := range addresses {
		if c.hosts.Check(address) == nil {
			best = address
		}
	}
	return best
}

type conversationParameters struct {
	IsGroup     bool                    `json:"isGroup"`
	Bot         *schema.ChannelAccount  `json:"bot,omitempty"`
	Members     []schema.ChannelAccount `json:"members"`
	TenantID    string                  `json:"tenantId,omitempty"`
	ChannelData *tenantData             `json:"channelData,omitempty"`
}

type tenantData struct {
	Tenant struct {
		ID string `json:"id"`
	} `json:"tenant"`
}

// parameters names the tenant twice: documentation and Microsoft's own library
// put it in different places.
func (n NewConversation) parameters(botID string) conversationParameters {
	p := conversationParameters{Members: []schema.ChannelAccount{{ID: n.MemberID}}, TenantID: n.TenantID}
	if botID != "" {
		p.Bot = &schema.ChannelAccount{ID: botID}
	}
	if n.TenantID != "" {
		p.ChannelData = &tenantData{}
		p.ChannelData.Tenant.ID = n.TenantID
	}
	return p
}

// Member is somebody in a conversation. Teams no longer promises Email and
// UserPrincipalName.
type Member struct {
	ID                string `json:"id"`
	Name              string `json:"name"`
	AadObjectID       string `json:"aadObjectId"`
	GivenName         string `json:"givenName"`
	Surname           string `json:"surname"`
	Email             string `json:"email"`
	UserPrincipalName string `json:"userPrincipalName"`
	TenantID          string `json:"tenantId"`
	Role              string `json:"userRole"`
}

// UnmarshalJSON reads the object id under either of its two names.
func (m *Member) UnmarshalJSON(data []byte) error {
	type plain Member
	wire := struct {
		*plain
		ObjectID string `json:"objectId"`
	}{plain: (*plain)(m)}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	m.AadObjectID = firstNonEmpty(m.AadObjectID, wire.ObjectID)
	return nil
}

// MemberPage is a part of a roster. An empty ContinuationToken ends it.
type MemberPage struct {
	Members           []Member `json:"members"`
	ContinuationToken string   `json:"continuationToken"`
}

// Member reads one member by "29:…" id, Entra object id or user principal
// name.
func (c *Client) Member(ctx context.Context, ref Ref, memberID string) (Member, error) {
	var member Member
	_, err := c.read(ctx, call{
		op: "read member", method: http.MethodGet, ref: ref, idempotent: true,
		path: []string{"conversations", ref.ConversationID, "members", memberID},
	}, &member)
	return member, err
}

// PagedMembers reads a page of the roster: the first without a continuation
// token, the next with the page's. pageSize 0 means 500.
func (c *Client) PagedMembers(ctx context.Context, ref Ref, pageSize int, continuationToken string) (MemberPage, error) {
	if pageSize <= 0 {
		pageSize = defaultPageSize
	}
	query := url.Values{"pageSize": {strconv.Itoa(pageSize)}}
	if continuationToken != "" {
		query.Set("continuationToken", continuationToken)
	}
	var page MemberPage
	_, err := c.read(ctx, call{
		op: "read members", method: http.MethodGet, ref: ref, idempotent: true, query: query,
		path: []string{"conversations", ref.ConversationID, "pagedmembers"},
	}, &page)
	return page, err
}

// read is for calls that are made for the sake of their answer.
func (c *Client) read(ctx context.Context, call call, into any) (answer, error) {
	result, err := c.do(ctx, call)
	if err != nil {
		return answer{}, err
	}
	if result.err != nil {
		return answer{}, unreadable(call.op, result.err)
	}
	if err := json.Unmarshal(result.body, into); err != nil {
		return answer{}, unreadable(call.op, errors.New("the answer is not the JSON that was expected"))
	}
	return result, nil
}

func unreadable(op string, err error) *Error {
	return &Error{Op: op, Class: Retryable, Status: http.StatusOK, Wrote: true, Err: err}
}

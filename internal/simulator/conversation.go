package simulator

import (
	"encoding/json"
	"net/http"
	"strings"
)

// createConversation follows outbound 2.1: one member, not a group, a tenant, and
// the same conversation for the same member every time. An activity sent along is
// delivered, but its id is not told.
func (s *Simulator) createConversation(c *call) *answer {
	var in struct {
		IsGroup     bool                            `json:"isGroup"`
		Members     []struct{ ID string }           `json:"members"`
		TenantID    string                          `json:"tenantId"`
		Activity    json.RawMessage                 `json:"activity"`
		ChannelData struct{ Tenant, Channel named } `json:"channelData"`
	}
	if json.Unmarshal(c.body, &in) != nil {
		return badSyntax()
	}
	if in.IsGroup && in.ChannelData.Channel.ID != "" && present(in.Activity) {
		return conversationNotFound() // a thread, in a tenant without teams
	}
	tenant := in.TenantID
	if tenant == "" {
		tenant = in.ChannelData.Tenant.ID
	}
	if in.IsGroup || len(in.Members) != 1 || c.channel == channelTeams && tenant == "" {
		return badSyntax()
	}
	if c.channel == channelTeams && !strings.EqualFold(tenant, s.opt.TenantID) {
		return failure(http.StatusForbidden, "BotNotInConversationRoster", "The bot is not installed in this tenant.")
	}
	i, a := s.addressee(c.channel, in.Members[0].ID)
	if a != nil {
		return a
	}
	return s.write(c, i, func() *answer {
		if present(in.Activity) {
			if a := s.deliver(c.channel, i, in.Activity); a.status >= 400 {
				return a
			}
		}
		return ok(http.StatusCreated, map[string]string{
			"id": s.people.conversationID(i), "serviceUrl": s.ServiceURL(c.channel.id),
		})
	})
}

type named struct{ ID string }

func present(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

// addressee finds the member of a new conversation: a "29:" id, or (in Teams) the
// Entra object id. E-mail addresses and UPNs are not taken.
func (s *Simulator) addressee(ch channel, id string) (int, *answer) {
	i, known := s.people.byUserID(id)
	if !known && !strings.HasPrefix(id, "29:") {
		i, known = s.people.byObjectID(id)
		if !known {
			return 0, badArgument("Invalid user identity in provided tenant")
		}
	}
	if !known || s.people.channel(i) != ch {
		return 0, badArgument("Failed to decrypt pairwise id")
	}
	if s.state(i) != installed {
		return 0, notInRoster()
	}
	return i, nil
}

// member is the shape of one member; the field with the object id has two names,
// depending on the operation (outbound 2).
func (s *Simulator) memberOf(i int, objectIDField string) map[string]string {
	p := s.people.person(i)
	m := map[string]string{"id": p.UserID, "name": p.Name, "givenName": p.GivenName, "surname": p.Surname, "userRole": "user"}
	if !p.Skype() {
		m[objectIDField] = p.ObjectID
		m["email"], m["userPrincipalName"], m["tenantId"] = p.Email, p.UPN, s.opt.TenantID
	}
	return m
}

func (s *Simulator) members(c *call) *answer {
	i, a := s.conversation(c)
	if a != nil {
		return a
	}
	if aid := c.r.PathValue("aid"); aid != "" && !s.mail.has(i, aid) {
		return activityNotFound()
	}
	return ok(http.StatusOK, []map[string]string{s.memberOf(i, "objectId")})
}

func (s *Simulator) pagedMembers(c *call) *answer {
	i, a := s.conversation(c)
	if a != nil {
		return a
	}
	if c.r.URL.Query().Get("continuationToken") != "" {
		return badArgument("Invalid continuation token") // one member is one page
	}
	return ok(http.StatusOK, map[string]any{"members": []map[string]string{s.memberOf(i, "aadObjectId")}})
}

func (s *Simulator) member(c *call) *answer {
	i, a := s.conversation(c)
	if a != nil {
		return a
	}
	id := c.r.PathValue("mid")
	for _, find := range []func(string) (int, bool){s.people.byUserID, s.people.byObjectID, s.people.byUPN} {
		if found, known := find(id); known && found == i {
			return ok(http.StatusOK, s.memberOf(i, "aadObjectId"))
		}
	}
	return failure(http.StatusNotFound, "MemberNotFoundInConversation", "Member not found in conversation.")
}

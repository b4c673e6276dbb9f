package connector

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// TenantID is the Entra tenant the activity speaks for: that of the
// conversation, else that of the channel data; empty on Skype and on the
// emulator's web chat.
func (a Activity) TenantID() string {
	if a.Conversation.TenantID != "" {
		return a.Conversation.TenantID
	}
	var data struct {
		Tenant struct {
			ID string `json:"id"`
		} `json:"tenant"`
	}
	if json.Unmarshal(a.ChannelData, &data) != nil {
		return ""
	}
	return data.Tenant.ID
}

// EventType is channelData.eventType, for example "teamMemberAdded" or
// "editMessage"; empty when there is none.
func (a Activity) EventType() string {
	var data struct {
		EventType string `json:"eventType"`
	}
	if json.Unmarshal(a.ChannelData, &data) != nil {
		return ""
	}
	return data.EventType
}

// IsPersonal tells whether the conversation is one person and the bot. Skype
// and older Teams activities name no conversation type: there whatever is not
// marked as a group is personal.
func (a Activity) IsPersonal() bool {
	if a.Conversation.ConversationType != "" {
		return a.Conversation.ConversationType == "personal"
	}
	return !a.Conversation.IsGroup
}

// Language is the BCP 47 tag of the person's client, as sent; empty when
// unknown.
func (a Activity) Language() string {
	if a.Locale != "" {
		return a.Locale
	}
	return a.clientInfo(func(e Entity) string { return e.Locale })
}

// TimeZone is the IANA name of the person's time zone, as sent and not
// checked; empty when unknown.
func (a Activity) TimeZone() string {
	if a.LocalTimezone != "" {
		return a.LocalTimezone
	}
	return a.clientInfo(func(e Entity) string { return e.TimeZone })
}

// clientInfo is the first non-empty field of a clientInfo entity.
func (a Activity) clientInfo(field func(Entity) string) string {
	for _, entity := range a.Entities {
		if entity.Type == "clientInfo" && field(entity) != "" {
			return field(entity)
		}
	}
	return ""
}

// Key is the same for every delivery of one activity: 64 hexadecimal digits
// made of channel, conversation, type and id (protocol/inbound.md section 1,
// redelivery). It is empty for an activity without an id, which cannot be
// told from another.
func (a Activity) Key() string {
	if a.ID == "" {
		return ""
	}
	// Encoded as JSON first, so that no two lists of parts read the same.
	parts, err := json.Marshal([]string{a.ChannelID, a.Conversation.ID, string(a.Type), a.ID})
	if err != nil {
		return "" // strings always encode
	}
	sum := sha256.Sum256(parts)
	return hex.EncodeToString(sum[:])
}

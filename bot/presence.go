package bot

import (
	"context"
	"strings"

	"crier/bot/connector"

	"github.com/infracloudio/msbotbuilder-go/schema"
)

// relation is the app added or removed: installationUpdate on Teams, contactRelationUpdate
// on Skype (protocol/inbound.md 5.2, skype.md 2). Actions are compared without regard to
// case; add and add-upgrade install, remove and remove-upgrade remove, upgrade keeps.
func (b *Bot) relation(ctx context.Context, t turn) (answer, error) {
	action := strings.ToLower(t.activity.Action)
	switch {
	case strings.HasPrefix(action, "remove"):
		return handled, b.People.Leave(ctx, t.channel, t.sighting.Reference.UserID)
	case strings.HasPrefix(action, "add"), action == "upgrade":
		t.sighting.Install = true
		return handled, b.People.Remember(ctx, t.sighting)
	}
	return ignored, nil
}

// members is the bot joining or leaving a conversation. A personal install sends this and
// an installationUpdate, in either order: keeping both is the same as keeping one.
func (b *Bot) members(ctx context.Context, t turn) (answer, error) {
	a := t.activity
	switch {
	case b.among(a.MembersAdded, a):
		t.sighting.Install = true
		return handled, b.People.Remember(ctx, t.sighting)
	case b.among(a.MembersRemoved, a):
		return handled, b.People.Leave(ctx, t.channel, t.sighting.Reference.UserID)
	}
	return ignored, nil
}

func (b *Bot) among(members []schema.ChannelAccount, a connector.Activity) bool {
	for _, m := range members {
		if m.ID != "" && (m.ID == a.Recipient.ID || m.ID == b.BotID) {
			return true
		}
	}
	return false
}

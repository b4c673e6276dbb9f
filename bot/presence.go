package bot

import (
	"context"
	"strings"

	"crier/bot/connector"
	"crier/internal/domain"

	"github.com/infracloudio/msbotbuilder-go/schema"
)

// relation is the app added or removed: installationUpdate on Teams, contactRelationUpdate
// on Skype (protocol/inbound.md 5.2, skype.md 2). Actions are compared without regard to
// case; add and add-upgrade install, remove and remove-upgrade remove, upgrade keeps.
func (b *Bot) relation(ctx context.Context, t turn) (answer, error) {
	action := strings.ToLower(t.activity.Action)
	switch {
	case strings.HasPrefix(action, "remove"):
		return b.leave(ctx, t)
	case strings.HasPrefix(action, "add"), action == "upgrade":
		return b.join(ctx, t)
	}
	return ignored, nil
}

// members is the bot joining or leaving a conversation. A personal install sends this and
// an installationUpdate, in either order: keeping both is the same as keeping one.
func (b *Bot) members(ctx context.Context, t turn) (answer, error) {
	a := t.activity
	switch {
	case b.among(a.MembersAdded, a):
		return b.join(ctx, t)
	case b.among(a.MembersRemoved, a):
		return b.leave(ctx, t)
	}
	return ignored, nil
}

// join keeps whoever installed the app; an install that shows nothing new is taken note of.
func (b *Bot) join(ctx context.Context, t turn) (answer, error) {
	t.sighting.Install = true
	known, err := b.person(ctx, t)
	if err == nil && !t.sighting.Changes(known) {
		return handled, nil
	}
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return handled, err
	}
	return b.settle(ctx, t, func() error { return b.People.Remember(ctx, t.sighting) })
}

func (b *Bot) leave(ctx context.Context, t turn) (answer, error) {
	return b.settle(ctx, t, func() error { return b.People.Leave(ctx, t.channel, t.sighting.Reference.UserID) })
}

func (b *Bot) among(members []schema.ChannelAccount, a connector.Activity) bool {
	for _, m := range members {
		if m.ID != "" && (m.ID == a.Recipient.ID || m.ID == b.BotID) {
			return true
		}
	}
	return false
}

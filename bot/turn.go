package bot

import (
	"context"

	"crier/bot/connector"
	"crier/cards"
	"crier/internal/domain"
)

// turn is one inbound activity: who, where, and how to answer them.
type turn struct {
	activity connector.Activity
	channel  domain.Channel
	sighting domain.Sighting
}

// channelOf is our channel for the Bot Framework's.
func channelOf(a connector.Activity) (domain.Channel, bool) {
	switch a.ChannelID {
	case connector.ChannelTeams:
		return domain.Teams, true
	case connector.ChannelSkype:
		return domain.Skype, true
	}
	return domain.Teams, false // the emulator's own channels, in development
}

// turn reads who speaks; false where it is not one person alone with the bot.
func (b *Bot) turn(a connector.Activity) (turn, bool) {
	channel, _ := channelOf(a)
	who, bot := a.From, a.Recipient.ID
	if bot == "" {
		bot = b.BotID
	}
	if who.ID == "" || who.ID == bot {
		// Some update events name nobody, or the bot itself, as the sender.
		for _, m := range append(a.MembersAdded, a.MembersRemoved...) {
			if m.ID != bot {
				who = m
			}
		}
	}
	if !a.IsPersonal() || who.ID == "" || who.ID == bot || a.Conversation.ID == "" {
		return turn{}, false
	}
	return turn{activity: a, channel: channel, sighting: domain.Sighting{
		Channel: channel,
		Reference: domain.ConversationReference{
			ConversationID: a.Conversation.ID, ServiceURL: a.ServiceURL, TenantID: a.TenantID(), UserID: who.ID, BotID: bot,
		},
		AADObjectID: who.AadObjectID, Name: who.Name, Locale: a.Language(), TimeZone: a.TimeZone(), At: a.Timestamp.Time,
	}}, true
}

// person is who speaks, as we know them.
func (b *Bot) person(ctx context.Context, t turn) (domain.Person, error) {
	return b.People.BySender(ctx, t.channel, t.sighting.Reference.UserID)
}

// refTo is where a person is reached.
func refTo(p domain.Person) connector.Ref {
	r := p.Reference
	return connector.Ref{ServiceURL: r.ServiceURL, ConversationID: r.ConversationID, TenantID: r.TenantID}
}

// reply sends content to a person, after the answer to their activity.
func (b *Bot) reply(p domain.Person, c cards.Content) {
	b.after(func(ctx context.Context) { b.say(ctx, p, cards.Reply(p, c)) })
}

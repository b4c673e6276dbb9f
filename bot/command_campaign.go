package bot

import (
	"context"
	"strings"

	"crier/cards"
	"crier/internal/domain"
)

// filters are the words after "campaigns", without accents' subtleties.
var filters = map[string][]domain.Status{
	"drafts": {domain.Draft}, "draft": {domain.Draft}, "brouillons": {domain.Draft}, "brouillon": {domain.Draft},
	"scheduled": {domain.Scheduled}, "programmées": {domain.Scheduled}, "programmees": {domain.Scheduled}, "planifiées": {domain.Scheduled},
	"sending": {domain.Sending, domain.Paused}, "en cours": {domain.Sending, domain.Paused},
	"done": {domain.Done, domain.Cancelled}, "terminées": {domain.Done, domain.Cancelled}, "terminees": {domain.Done, domain.Cancelled},
}

func listCampaigns(ctx context.Context, b *Bot, c conversation) (cards.Content, error) {
	statuses, ok := filters[strings.ToLower(c.words)]
	if !ok && c.words != "" {
		return c.say("I know drafts, scheduled, sending and done."), nil
	}
	list, err := b.Campaigns.List(ctx, c.by, domain.CampaignFilter{Statuses: statuses}, 0, 10)
	if err != nil {
		return cards.Content{}, err
	}
	if len(list) == 0 {
		return c.say("There are no campaigns here yet."), nil
	}
	return cards.CampaignList(c.person, list), nil
}

func report(ctx context.Context, b *Bot, c conversation) (cards.Content, error) {
	campaign, err := b.campaign(ctx, c, named(c.words))
	if err != nil {
		return cards.Content{}, err
	}
	r, err := b.Campaigns.Report(ctx, c.by, campaign.ID)
	if err != nil {
		return cards.Content{}, err
	}
	return cards.ReportCard(c.person, r), nil
}

// campaign is the one that is meant; without a word it is asked for.
func (b *Bot) campaign(ctx context.Context, c conversation, name string) (domain.Campaign, error) {
	if err := c.by.May(domain.Analyst); err != nil {
		return domain.Campaign{}, err
	}
	if name == "" {
		return domain.Campaign{}, domain.Fail(domain.Invalid, "Which campaign? Write its name or number after the command.")
	}
	return b.Campaigns.Find(ctx, c.by, name)
}

// move is a command that changes a campaign's status.
type move struct {
	do func(b *Bot, ctx context.Context, by domain.Actor, id int64) (domain.Campaign, string, error)
}

func (m move) run(ctx context.Context, b *Bot, c conversation) (cards.Content, error) {
	campaign, err := b.campaign(ctx, c, named(c.words))
	if err != nil {
		return cards.Content{}, err
	}
	campaign, words, err := m.do(b, ctx, c.by, campaign.ID)
	if err != nil {
		return cards.Content{}, err
	}
	return c.say(words, campaign.Name), nil
}

func (b *Bot) pauseCampaign(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, string, error) {
	c, err := b.Campaigns.Pause(ctx, by, id)
	return c, "%s is paused.", err
}

func (b *Bot) resumeCampaign(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, string, error) {
	c, err := b.Campaigns.Resume(ctx, by, id)
	return c, "%s goes on.", err
}

func (b *Bot) cancelCampaign(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, string, error) {
	c, err := b.Campaigns.Cancel(ctx, by, id)
	return c, "%s is cancelled. What was not sent yet stays unsent.", err
}

func (b *Bot) recallCampaign(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, string, error) {
	c, err := b.Campaigns.Recall(ctx, by, id)
	return c, "%s is being taken back from everyone who has it.", err
}

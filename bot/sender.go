package bot

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"crier/bot/connector"
	"crier/cards"
	"crier/internal/app"
	"crier/internal/domain"
)

// Sender is the engine's way out: it draws a campaign once, fills it in for each person,
// and hands it to the connector.
type Sender struct {
	Bot      *Bot
	Throttle *connector.Throttle
	Refs     app.Refs
	Links    LinkStore
	LinkBase string // what the address of a counted link begins with, before its token

	// Results are those of a survey, as its privacy allows to show them.
	Results func(ctx context.Context, campaignID int64) (domain.SurveyReport, error)

	// Reminded is where somebody stands in a survey, by the row that they were sent it in; nil:
	// they have not begun.
	Reminded func(ctx context.Context, row int64) (*domain.SurveyStep, error)

	mu      sync.Mutex
	drawn   map[drawing]*cards.Message
	reports map[int64]domain.SurveyReport // by the campaigns that send results
}

// LinkStore numbers the addresses in a campaign's message that are counted.
type LinkStore interface {
	Number(ctx context.Context, campaignID int64, urls []string) (map[string]int, error)
}

// drawing is a campaign as it was at a revision, or a test of it.
type drawing struct {
	campaign, revision int64
	trial              bool
}

// maxDrawn bounds the drawings kept; one made again costs a fraction of a millisecond.
const maxDrawn = 64

// Turn waits until a request to the tenant may go; see delivery.Sender.
func (s *Sender) Turn(ctx context.Context, tenant string) domain.Result {
	// The token first: whoever waited for it with a turn in hand would go with the next ones.
	if err := s.Bot.Connector.Prepare(ctx); err != nil {
		return resultOf(ctx, err)
	}
	if err := s.Throttle.Wait(ctx, tenant); err != nil {
		return resultOf(ctx, err)
	}
	return domain.Result{}
}

// Rate is how many requests a second the tenant is allowed now.
func (s *Sender) Rate(tenant string) float64 { return s.Throttle.Rate(tenant) }

// ClosedUntil is when a tenant that asked us to wait may be sent to again.
func (s *Sender) ClosedUntil(tenant string) time.Time { return s.Throttle.ClosedUntil(tenant) }

// Send sends one message; see delivery.Sender.
func (s *Sender) Send(ctx context.Context, c domain.Campaign, d domain.Delivery) domain.Result {
	p := d.Person
	if !p.Installed || p.Reference.ConversationID == "" {
		// They left, or were erased, after the campaign named them.
		return domain.Result{Verdict: domain.Refused, Code: domain.NotInstalled, Reason: "the app was removed"}
	}
	if c.Change != "" && !c.Change.Sends() {
		return s.change(ctx, c, d)
	}
	body, refused := s.body(ctx, c, d)
	if refused != nil {
		return *refused
	}
	receipt, err := s.Bot.Connector.SendInTurn(ctx, refTo(p), body)
	if err != nil {
		return s.failed(ctx, p, err)
	}
	if receipt.ServiceURL != "" {
		s.moved(ctx, p, receipt.ServiceURL)
	}
	return domain.Result{Verdict: domain.Accepted, ActivityID: receipt.ActivityID}
}

// failed is what a failure of the connector came to.
func (s *Sender) failed(ctx context.Context, p domain.Person, err error) domain.Result {
	r := resultOf(ctx, err)
	if r.Code == domain.NotInstalled {
		s.left(ctx, p)
	}
	return r
}

// body is a campaign's message for one person, or why there can be none.
func (s *Sender) body(ctx context.Context, c domain.Campaign, d domain.Delivery) ([]byte, *domain.Result) {
	if c.Change == domain.Share {
		return s.results(ctx, c, d.Person)
	}
	standing, err := s.standing(ctx, c, d)
	if err != nil {
		return nil, &domain.Result{Verdict: domain.Passing, Code: domain.ServiceError, Reason: "the answers so far can't be read just now"}
	}
	m, err := s.draw(ctx, c, d.Trial, standing)
	if _, ours := errors.AsType[*domain.Error](err); err != nil && !ours {
		return nil, &domain.Result{Verdict: domain.Passing, Code: domain.ServiceError, Reason: "the links can't be numbered just now"}
	}
	if err != nil {
		return nil, &domain.Result{Verdict: domain.Refused, Code: domain.CardRejected, Reason: err.Error()}
	}
	p := d.Person
	if p.Name == "" && p.FirstName == "" && c.Content.HasTags() {
		// The roster has not been asked yet: now it matters. Without names it goes all the same.
		if known, err := s.Bot.learn(ctx, p); err == nil {
			p = known
		}
	}
	message := cmp.Or(d.Origin, d.ID)
	link := func(dst []byte, n int) []byte { return s.Refs.AppendLink(append(dst, s.LinkBase...), message, n) }
	body := m.Fill(nil, cards.Recipient{Person: p, Ref: s.Refs.Sign(message), Link: link})
	if cards.Size(body) > cards.MaxSize {
		return nil, &domain.Result{Verdict: domain.Refused, Code: domain.TooBig, Reason: "larger than the channel takes"}
	}
	return body, nil
}

// standing is where somebody is in a survey that they are reminded of, or whose words are corrected
// while they are at it; nil: they have not begun.
func (s *Sender) standing(ctx context.Context, c domain.Campaign, d domain.Delivery) (*domain.SurveyStep, error) {
	if c.Kind != domain.KindSurvey || !c.Change.Asks() && c.Change != domain.Correct {
		return nil, nil
	}
	return s.Reminded(ctx, d.Origin)
}

// results is what came of a survey, for one of those who answered.
func (s *Sender) results(ctx context.Context, c domain.Campaign, p domain.Person) ([]byte, *domain.Result) {
	report, err := s.report(ctx, c)
	if err != nil {
		return nil, &domain.Result{Verdict: domain.Passing, Code: domain.ServiceError, Reason: "the results can't be read just now"}
	}
	return cards.Results(c, report, p), nil
}

// report is read once while it is remembered, so that everybody gets the same figures.
func (s *Sender) report(ctx context.Context, c domain.Campaign) (domain.SurveyReport, error) {
	s.mu.Lock()
	r, ok := s.reports[c.ID]
	s.mu.Unlock()
	if ok {
		return r, nil
	}
	r, err := s.Results(ctx, c.Parent)
	if err != nil {
		return r, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.reports) >= maxDrawn || s.reports == nil {
		s.reports = map[int64]domain.SurveyReport{}
	}
	s.reports[c.ID] = r
	return r, nil
}

// change does to one message what a recall, a correction or an expiry is to do. The tries may
// be repeated: it comes to the same.
func (s *Sender) change(ctx context.Context, c domain.Campaign, d domain.Delivery) domain.Result {
	done := domain.Result{Verdict: domain.Accepted, ActivityID: d.ActivityID}
	if c.Change == domain.Recall {
		err := s.Bot.Connector.DeleteInTurn(ctx, refTo(d.Person), d.ActivityID)
		if e, ok := errors.AsType[*connector.Error](err); ok && e.Status == http.StatusNotFound && e.Has("ActivityNotFoundInConversation") {
			return done // nobody has it any more
		}
		if err != nil {
			return s.failed(ctx, d.Person, err)
		}
		return done
	}
	body := cards.Expired(c, d.Person)
	if c.Change == domain.Correct {
		var refused *domain.Result
		if body, refused = s.body(ctx, c, d); refused != nil {
			return *refused
		}
	}
	if _, err := s.Bot.Connector.UpdateInTurn(ctx, refTo(d.Person), d.ActivityID, body); err != nil {
		return s.failed(ctx, d.Person, err)
	}
	return done
}

// draw is the campaign's message, drawn at most once a revision while it is remembered; for
// somebody who is half-way through a survey, one of their own. The links of a test send are the
// author's own: what it is clicked for counts nowhere.
func (s *Sender) draw(ctx context.Context, c domain.Campaign, trial bool, standing *domain.SurveyStep) (*cards.Message, error) {
	key := drawing{c.ID, c.Revision, trial}
	s.mu.Lock()
	m, ok := s.drawn[key]
	s.mu.Unlock()
	if ok && standing == nil {
		return m, nil
	}
	o := cards.Options{Trial: trial, Corrected: c.Change == domain.Correct, Standing: standing}
	if links := cards.Links(c); !trial && len(links) > 0 {
		var err error
		if o.Links, err = s.Links.Number(ctx, cmp.Or(c.Parent, c.ID), links); err != nil {
			return nil, err
		}
	}
	m, err := cards.Compile(c, o)
	if err != nil || standing != nil {
		return m, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.drawn) >= maxDrawn || s.drawn == nil {
		s.drawn = map[drawing]*cards.Message{}
	}
	s.drawn[key] = m
	return m, nil
}

// left notes that the channel says the person has not the app.
func (s *Sender) left(ctx context.Context, p domain.Person) {
	if err := s.Bot.People.Leave(context.WithoutCancel(ctx), p.Channel, p.Reference.UserID); err != nil {
		s.Bot.Log.Warn("can't note that a person left", "person_id", p.ID, "error", err)
	}
}

// moved keeps a newer service URL that the channel named.
func (s *Sender) moved(ctx context.Context, p domain.Person, serviceURL string) {
	if err := s.Bot.People.Moved(context.WithoutCancel(ctx), p, serviceURL); err != nil {
		s.Bot.Log.Warn("can't keep a newer service URL", "person_id", p.ID, "error", err)
	}
}

// resultOf reads a failure of the connector in the engine's terms (protocol/errors.md).
func resultOf(ctx context.Context, err error) domain.Result {
	e, ok := errors.AsType[*connector.Error](err)
	if !ok || ctx.Err() != nil && !e.Wrote {
		if ctx.Err() != nil {
			return domain.Result{Verdict: domain.Stopped}
		}
		return domain.Result{Verdict: domain.Passing, Code: domain.ServiceError, Reason: err.Error()}
	}
	r := domain.Result{Reason: reason(e), RetryAfter: e.RetryAfter, Code: codeOf(e)}
	switch {
	case errors.Is(err, connector.ErrThrottled), e.Status == 429 && e.Op != "token", e.Op == "wait":
		r.Verdict = domain.Slowed // not tried at all, or not taken
	case errors.Is(err, connector.ErrUntrustedServiceURL):
		r.Verdict = domain.Refused
	case e.Class == connector.Retryable:
		r.Verdict = domain.Passing
	case e.Class == connector.Ambiguous:
		r.Verdict = domain.Ambiguous
	case e.Class == connector.Config && (e.Op == "token" || e.Status == 401):
		r.Verdict = domain.Misset // the bot itself is refused; elsewhere it may be this one person
	default:
		r.Verdict = domain.Refused
	}
	return r
}

// codeOf is the API's code for a failure.
func codeOf(e *connector.Error) domain.Code {
	codes := []struct {
		service string
		code    domain.Code
	}{
		{"MessageWritesBlocked", domain.BlockedByUser},
		{"ConversationBlockedByUser", domain.BlockedByUser},
		{"BotNotInConversationRoster", domain.NotInstalled},
		{"ForbiddenOperationException", domain.NotInstalled},
		{"BotDisabledByAdmin", domain.DisabledByAdmin},
		{"ConversationNotFound", domain.ConversationGone},
		{"MessageSizeTooBig", domain.TooBig},
		{"RequestEntityTooLarge", domain.TooBig},
		{"Throttled", domain.Throttled},
	}
	for _, c := range codes {
		if e.Has(c.service) {
			return c.code
		}
	}
	switch {
	case errors.Is(e, connector.ErrUntrustedServiceURL):
		return domain.UntrustedServiceURL
	case e.Class == connector.Config:
		return domain.Unauthorized
	case e.Status == 413:
		return domain.TooBig
	case e.Class == connector.Message:
		return domain.CardRejected
	case e.Class == connector.Recipient && e.Status == 400:
		return domain.UnknownPerson
	case e.Class == connector.Recipient:
		return domain.ConversationGone
	case e.Status == 429:
		return domain.Throttled
	case errors.Is(e, connector.ErrTimeout):
		return domain.Timeout
	}
	return domain.ServiceError
}

// reason is what the channel said, for the officer and the operator.
func reason(e *connector.Error) string {
	if e.Message != "" {
		return e.Message
	}
	return e.Error()
}

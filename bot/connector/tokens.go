package connector

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// AppType is the kind of bot registration (protocol/inbound.md section 3).
type AppType string

const (
	SingleTenant    AppType = "SingleTenant"
	MultiTenant     AppType = "MultiTenant"
	UserAssignedMSI AppType = "UserAssignedMSI"
)

const (
	renewBefore      = 5 * time.Minute // before a token expires
	maxTokenLifetime = 24 * time.Hour
)

// TokenOptions are the settings of [Tokens].
type TokenOptions struct {
	AppID    string
	Password string
	TenantID string  // of the bot's registration; needed for SingleTenant
	AppType  AppType // default: SingleTenant
	LoginURL string  // default: the public cloud's
	Scope    string  // default: that of the cloud LoginURL belongs to
	IMDSURL  string  // default: Azure's; for UserAssignedMSI

	Now func() time.Time // default: time.Now
	Log *slog.Logger     // default: discards
}

// Tokens has the bearer token of one (tenant, app id, scope) ready: fetched
// when first needed, renewed five minutes before it expires (a tenth of its
// lifetime for short-lived ones) by one caller while the others wait
// (protocol/outbound.md section 1).
type Tokens struct {
	request func(context.Context) (*http.Request, error)
	client  *http.Client
	secret  string // removed from whatever the authority answers
	now     func() time.Time
	log     *slog.Logger

	current atomic.Pointer[heldToken]
	renewal renewal
}

type heldToken struct {
	value   string
	renewAt time.Time
	expires time.Time
}

// NewTokens fails for settings that cannot work; it asks for nothing yet.
func NewTokens(o TokenOptions) (*Tokens, error) {
	o = o.withDefaults()
	t := &Tokens{client: newAuthClient(), secret: o.Password, now: o.Now, log: o.Log}
	t.renewal = renewal{fetch: t.fetch, now: o.Now, limit: authLimit}
	if o.AppID == "" {
		return nil, errors.New("an app id is needed to get tokens")
	}
	switch o.AppType {
	case SingleTenant, MultiTenant:
		if err := o.checkSecret(); err != nil {
			return nil, err
		}
		t.request = o.passwordRequest
	case UserAssignedMSI:
		t.request = o.identityRequest
		t.client = newIdentityClient()
	default:
		return nil, fmt.Errorf("app type %q is none of SingleTenant, MultiTenant, UserAssignedMSI", o.AppType)
	}
	return t, nil
}

func (o TokenOptions) withDefaults() TokenOptions {
	o.AppType = cmp.Or(o.AppType, SingleTenant)
	o.LoginURL = strings.TrimRight(cmp.Or(o.LoginURL, publicCloud().loginURL), "/")
	o.Scope = cmp.Or(o.Scope, cloudOf(o.LoginURL).scope)
	o.IMDSURL = cmp.Or(o.IMDSURL, imdsURL)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func (o TokenOptions) checkSecret() error {
	if err := checkEndpoint(o.LoginURL); err != nil {
		return fmt.Errorf("login URL: %w", err)
	}
	if o.Password == "" {
		return fmt.Errorf("a %s app needs its password", o.AppType)
	}
	if o.AppType == SingleTenant && o.TenantID == "" {
		return errors.New("a SingleTenant app needs the id of its tenant")
	}
	return nil
}

// Token is a token that is still valid. When none can be had the error is an
// [*Error] with Op "token": Config when the authority refuses the credentials,
// Retryable when it is out of reach.
func (t *Tokens) Token(ctx context.Context) (string, error) {
	if held := t.current.Load(); held.fresh(t.now()) {
		return held.value, nil
	}
	err := t.renewal.run(ctx, func() bool { return !t.current.Load().fresh(t.now()) })
	// A token in its last minutes outlives a renewal that fails.
	if held := t.current.Load(); held.valid(t.now()) {
		return held.value, nil
	}
	return "", asTokenError(err)
}

// Drop forgets a token that the Connector refused, unless it was renewed
// since.
func (t *Tokens) Drop(token string) {
	if held := t.current.Load(); held != nil && held.value == token {
		t.current.CompareAndSwap(held, nil)
	}
}

func (h *heldToken) fresh(now time.Time) bool { return h != nil && now.Before(h.renewAt) }
func (h *heldToken) valid(now time.Time) bool { return h != nil && now.Before(h.expires) }

func newHeldToken(value string, lifetime time.Duration, now time.Time) *heldToken {
	lifetime = min(lifetime, maxTokenLifetime)
	early := min(renewBefore, lifetime/10)
	return &heldToken{value: value, renewAt: now.Add(lifetime - early), expires: now.Add(lifetime)}
}

// fetch gets a new token. The lifetime counts from before the request, so that
// a slow answer does not stretch it.
func (t *Tokens) fetch(ctx context.Context) error {
	asked := t.now()
	grant, err := t.ask(ctx)
	if err != nil {
		t.log.Warn("no new token", "error", err)
		return err
	}
	t.current.Store(newHeldToken(grant.token, grant.lifetime, asked))
	return nil
}

func (t *Tokens) ask(ctx context.Context) (grant, error) {
	request, err := t.request(ctx)
	if err != nil {
		return grant{}, &Error{Op: opToken, Class: Config, Err: err}
	}
	response, err := t.client.Do(request)
	if err != nil {
		return grant{}, &Error{Op: opToken, Class: Retryable, Err: withoutURL(err)}
	}
	body, err := readBody(response.Body, maxAuthBody)
	if response.StatusCode != http.StatusOK {
		return grant{}, t.refusal(response, body)
	}
	if err != nil {
		return grant{}, &Error{Op: opToken, Class: Retryable, Status: response.StatusCode, Err: err}
	}
	return readGrant(body)
}

func asTokenError(err error) error {
	var failure *Error
	if errors.As(err, &failure) {
		return failure
	}
	if err == nil {
		err = errors.New("the token was dropped again at once")
	}
	return &Error{Op: opToken, Class: Retryable, Err: err}
}

package connector

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// VerifierOptions are the settings of a [Verifier]. Without an AppID it
// accepts nothing.
type VerifierOptions struct {
	AppID       string
	MetadataURL string // default: the public cloud's
	Issuer      string // default: that of the cloud MetadataURL belongs to

	// Emulator also accepts tokens that Microsoft's emulator gets with the
	// bot's own secret. Whoever holds that secret can then speak as anybody:
	// for development only.
	Emulator            bool
	EmulatorMetadataURL string // default: that of the same cloud
	TenantID            string // the bot's own tenant, for the emulator's issuers

	// Tenants and Channels are allow-lists; empty allows all.
	Tenants  []string
	Channels []string

	Now func() time.Time // default: time.Now
	Log *slog.Logger     // default: discards
}

// Verifier decides whether an activity really comes from its channel
// (protocol/inbound.md section 2).
type Verifier struct {
	appID           string
	issuer          string
	channelKeys     *keyring
	emulatorKeys    *keyring // nil: the emulator is not accepted
	emulatorIssuers map[string]string
	tenants         []string
	channels        []string
	now             func() time.Time
	parser          *jwt.Parser
	verified        *verifiedTokens
}

// AuthError says why an activity is refused, and how to answer: 401 for a
// missing or invalid token, 403 for an endorsement, tenant or channel that is
// not allowed, 503 while there are no keys to decide with. Reason holds
// nothing of the request and is safe to log.
type AuthError struct {
	Status int
	Reason string
	Err    error // the cause of a 503; may be nil
}

func (e *AuthError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("activity refused (%d): %s: %v", e.Status, e.Reason, e.Err)
	}
	return fmt.Sprintf("activity refused (%d): %s", e.Status, e.Reason)
}

func (e *AuthError) Unwrap() error { return e.Err }

func unauthorized(reason string) error {
	return &AuthError{Status: http.StatusUnauthorized, Reason: reason}
}

func forbidden(reason string) error {
	return &AuthError{Status: http.StatusForbidden, Reason: reason}
}

// NewVerifier fails for a metadata address that is neither https nor on
// loopback. Keys are fetched when first needed; see Ready.
func NewVerifier(o VerifierOptions) (*Verifier, error) {
	o = o.withDefaults()
	if err := checkEndpoint(o.MetadataURL); err != nil {
		return nil, fmt.Errorf("OpenID metadata URL: %w", err)
	}
	client := newAuthClient()
	v := &Verifier{
		appID: o.AppID, issuer: o.Issuer, tenants: o.Tenants, channels: o.Channels, now: o.Now,
		channelKeys: newKeyring(o.MetadataURL, client, o.Now, o.Log),
		parser:      jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithoutClaimsValidation()),
		verified:    newVerifiedTokens(),
	}
	if o.Emulator {
		if err := checkEndpoint(o.EmulatorMetadataURL); err != nil {
			return nil, fmt.Errorf("emulator metadata URL: %w", err)
		}
		v.emulatorKeys = newKeyring(o.EmulatorMetadataURL, client, o.Now, o.Log)
		v.emulatorIssuers = emulatorIssuers(o.TenantID)
	}
	return v, nil
}

func (o VerifierOptions) withDefaults() VerifierOptions {
	if o.MetadataURL == "" {
		o.MetadataURL = publicCloud().metadataURL
	}
	c := cloudOf(o.MetadataURL)
	if o.Issuer == "" {
		o.Issuer = c.issuer
	}
	if o.EmulatorMetadataURL == "" {
		o.EmulatorMetadataURL = c.emulatorMetadataURL
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Ready loads the channel's keys unless they are loaded, and fails while there
// are none: for /readyz, and to load them before the first activity. It never
// asks more often than the keys' own back-off allows. Without an app id
// nothing is ever accepted and no keys are needed: ready at once.
func (v *Verifier) Ready(ctx context.Context) error {
	if v.appID == "" {
		return nil
	}
	return v.channelKeys.load(ctx)
}

// Verify checks the request's token and that it speaks for this activity. The
// error, if any, is an [*AuthError]. An activity that was not verified must
// not be acted upon.
func (v *Verifier) Verify(ctx context.Context, header http.Header, a Activity) error {
	if v.appID == "" {
		return unauthorized("no app id is configured")
	}
	raw, err := bearer(header)
	if err != nil {
		return err
	}
	t, err := v.authenticate(ctx, raw)
	if err != nil {
		return err
	}
	if err := v.checkToken(t, a); err != nil {
		return err
	}
	return v.checkPolicy(a)
}

// keysOf chooses the path by the issuer: step 3. Exact comparison here is also
// step 7.
func (v *Verifier) keysOf(issuer string) (*keyring, error) {
	if issuer == v.issuer {
		return v.channelKeys, nil
	}
	if v.isEmulator(issuer) {
		return v.emulatorKeys, nil
	}
	return nil, unauthorized("token of an unknown issuer")
}

func (v *Verifier) isEmulator(issuer string) bool {
	return v.emulatorKeys != nil && v.emulatorIssuers[issuer] != ""
}

// checkToken is steps 8 to 11, done for each activity: one token comes with
// many.
func (v *Verifier) checkToken(t *token, a Activity) error {
	if err := t.claims.checkAudience(v.appID); err != nil {
		return err
	}
	if err := t.claims.checkTimes(v.now()); err != nil {
		return err
	}
	if v.isEmulator(t.claims.Issuer) {
		return v.checkEmulator(t.claims)
	}
	if !sameServiceURL(t.claims.ServiceURL, a.ServiceURL) {
		return unauthorized("token for another service URL")
	}
	return checkEndorsement(t.key, a.ChannelID)
}

// checkEndorsement ties the token to a channel: all channels share issuer and
// keys document, only the key's endorsements tell them apart. Teams and Skype
// must be endorsed; a key without endorsements passes for others.
func checkEndorsement(key *signingKey, channel string) error {
	strict := strings.EqualFold(channel, ChannelTeams) || strings.EqualFold(channel, ChannelSkype)
	if (strict || len(key.endorsements) > 0) && !key.endorses(channel) {
		return forbidden("key not endorsed for the channel")
	}
	return nil
}

// checkPolicy is step 12, the deployment's own.
func (v *Verifier) checkPolicy(a Activity) error {
	if len(v.channels) > 0 && !slices.Contains(v.channels, a.ChannelID) {
		return forbidden("channel not allowed")
	}
	allowed := func(tenant string) bool { return strings.EqualFold(tenant, a.TenantID()) }
	if len(v.tenants) > 0 && !slices.ContainsFunc(v.tenants, allowed) {
		return forbidden("tenant not allowed")
	}
	return nil
}

// sameServiceURL compares without regard to case and one trailing slash.
func sameServiceURL(claimed, stated string) bool {
	normal := func(address string) string { return strings.TrimSuffix(strings.ToLower(address), "/") }
	return claimed != "" && stated != "" && normal(claimed) == normal(stated)
}

package simulator

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	sharedTenant = "botframework.com" // tokens of multi-tenant bots (outbound 1)
	botAudience  = "https://api.botframework.com"
	graphAccess  = "https://graph.microsoft.com"
)

// routeOAuth serves the client credentials grant of outbound 1.
func (s *Simulator) routeOAuth(mux *http.ServeMux) {
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", s.issueToken)
}

func (s *Simulator) issueToken(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	tenant := r.PathValue("tenant")
	audience, fault := s.checkGrant(tenant, r)
	if fault != nil {
		s.tally.add(func(st *Stats) { st.TokensRefused++ })
		s.refuseToken(w, fault)
		return
	}
	now := s.opt.Now()
	roles := s.rolesIn(tenant, audience)
	claims := jwt.MapClaims{
		"aud": audience, "iss": s.entraIssuer(tenant), "tid": tenant,
		"appid": s.opt.AppID, "ver": "1.0", "uti": fmt.Sprintf("%016x", mix(s.next())),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(s.opt.TokenLifetime).Unix(),
	}
	if len(roles) > 0 {
		claims["roles"] = roles
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = s.keys.entra.id
	signed, err := token.SignedString(s.keys.entra.private)
	if err != nil {
		http.Error(w, "signing failed", http.StatusInternalServerError)
		return
	}
	s.remember(signed, now, grant{audience: audience, roles: roles, until: now.Add(s.opt.TokenLifetime)})
	s.tally.add(func(st *Stats) { st.Tokens++ })
	seconds := int(s.opt.TokenLifetime / time.Second)
	writeJSON(w, http.StatusOK, map[string]any{
		"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": signed,
	})
}

func (s *Simulator) entraIssuer(tenant string) string {
	return "https://sts.windows.net/" + tenant + "/"
}

// grantFault is one of Entra's refusals.
type grantFault struct {
	status int
	code   string
	number int
	text   string
}

func (s *Simulator) checkGrant(tenant string, r *http.Request) (audience string, fault *grantFault) {
	if err := r.ParseForm(); err != nil {
		return "", &grantFault{400, "invalid_request", 900144, "The request body could not be read."}
	}
	form := r.PostForm
	secret := []byte(form.Get("client_secret"))
	switch {
	case !s.knownTenant(tenant):
		return "", unknownTenant(tenant)
	case form.Get("grant_type") != "client_credentials":
		return "", &grantFault{400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type."}
	case !strings.EqualFold(form.Get("client_id"), s.opt.AppID):
		return "", &grantFault{400, "unauthorized_client", 700016, "Application was not found in the directory."}
	case subtle.ConstantTimeCompare(secret, []byte(s.opt.AppPassword)) != 1:
		return "", &grantFault{401, "invalid_client", 7000215, "Invalid client secret provided."}
	}
	for _, audience := range []string{botAudience, graphAccess} {
		if slices.Contains(strings.Fields(form.Get("scope")), audience+"/.default") {
			return audience, nil
		}
	}
	return "", &grantFault{400, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid."}
}

func (s *Simulator) knownTenant(tenant string) bool {
	return tenant == sharedTenant || strings.EqualFold(tenant, s.opt.TenantID)
}

func unknownTenant(string) *grantFault {
	return &grantFault{400, "invalid_request", 90002, "Tenant not found. Check to make sure you have the correct tenant ID."}
}

func (s *Simulator) refuseTenant(w http.ResponseWriter, tenant string) {
	s.refuseToken(w, unknownTenant(tenant))
}

func (s *Simulator) refuseToken(w http.ResponseWriter, f *grantFault) {
	n := s.next()
	trace, correlation := guid(seal(s.opt.Seed, drawEvent, uint32(2*n))), guid(seal(s.opt.Seed, drawEvent, uint32(2*n+1)))
	stamp := s.opt.Now().UTC().Format("2006-01-02 15:04:05Z")
	writeJSON(w, f.status, map[string]any{
		"error": f.code, "error_codes": []int{f.number}, "timestamp": stamp,
		"error_description": fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s",
			f.number, f.text, trace, correlation, stamp),
		"trace_id": trace, "correlation_id": correlation,
	})
}

// grant is an access token that was handed out.
type grant struct {
	audience string
	roles    []string // permissions that were consented to when it was issued
	until    time.Time
}

// remember keeps a token until it expires. Tokens are opaque to the bot, so one that
// was not handed out here is not one of ours: no need to verify a signature for each
// of a load test's requests.
func (s *Simulator) remember(token string, now time.Time, g grant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.granted, func(_ string, old grant) bool { return !now.Before(old.until) })
	s.granted[token] = g
}

// authorised finds the grant behind a request's token; false when there is none for
// that audience or it has expired.
func (s *Simulator) authorised(r *http.Request, audience string) (grant, bool) {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		return grant{}, false
	}
	token, bearer := strings.CutPrefix(headers[0], "Bearer ")
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.granted[token]
	return g, bearer && g.audience == audience && s.opt.Now().Before(g.until)
}

// writeJSON answers with a value as JSON.
func writeJSON(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		http.Error(w, "encoding failed", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

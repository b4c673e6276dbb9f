package simulator

import "net/http"

const (
	channelIssuer   = "https://api.botframework.com"
	metadataPath    = "/v1/.well-known/openidconfiguration"
	channelKeysPath = "/v1/.well-known/keys"
)

// routeOpenID serves the channel's metadata and keys (inbound 2), and Entra's,
// which Microsoft's token library asks for before it asks for a token.
func (s *Simulator) routeOpenID(mux *http.ServeMux) {
	mux.HandleFunc("GET "+metadataPath, func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{
			"issuer":                                channelIssuer,
			"authorization_endpoint":                "https://invalid.botframework.com",
			"jwks_uri":                              s.here(r) + channelKeysPath,
			"id_token_signing_alg_values_supported": []string{"RS256"},
			"token_endpoint_auth_methods_supported": []string{"private_key_jwt"},
		})
	})
	mux.HandleFunc("GET "+channelKeysPath, func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"keys": s.keys.channelKeys()})
	})
	mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		tenant := r.PathValue("tenant")
		if !s.knownTenant(tenant) {
			s.refuseTenant(w, tenant)
			return
		}
		base := s.here(r) + "/" + tenant
		writeJSON(w, http.StatusOK, map[string]any{
			"issuer":                                base + "/v2.0",
			"authorization_endpoint":                base + "/oauth2/v2.0/authorize",
			"token_endpoint":                        base + "/oauth2/v2.0/token",
			"jwks_uri":                              base + "/discovery/v2.0/keys",
			"token_endpoint_auth_methods_supported": []string{"client_secret_post"},
			"response_types_supported":              []string{"code", "id_token"},
			"subject_types_supported":               []string{"pairwise"},
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET /{tenant}/discovery/v2.0/keys", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"keys": []jwk{s.keys.entra.announce(nil)}})
	})
}

// here is scheme and host as the caller knows them: what a metadata document names
// must be on the host it was read from (inbound 2, step 4).
func (s *Simulator) here(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

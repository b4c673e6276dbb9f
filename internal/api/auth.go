package api

import (
	"net/http"
	"strings"

	"crier/internal/domain"
)

// authenticate is who makes the request, by its bearer token (RFC 6750). A token in the
// address is not looked at: addresses end up in logs.
func (s *server) authenticate(r *http.Request) (domain.Actor, error) {
	given := r.Header.Values("Authorization")
	if len(given) == 0 {
		return domain.Actor{}, unauthorized("", domain.Say("Send an API token: Authorization: Bearer <token>."))
	}
	scheme, token, _ := strings.Cut(given[0], " ")
	if len(given) > 1 || !strings.EqualFold(scheme, "Bearer") {
		return domain.Actor{}, unauthorized("invalid_request", domain.Say("Send one API token: Authorization: Bearer <token>."))
	}
	by, ok := s.Officers.Token(strings.TrimSpace(token))
	if !ok {
		return domain.Actor{}, unauthorized("invalid_token", domain.Say("This API token is not valid."))
	}
	return by, nil
}

func unauthorized(code string, detail domain.Text) error {
	challenge := `Bearer realm="crier"`
	if code != "" {
		challenge += `, error="` + code + `"`
	}
	return &refusal{status: http.StatusUnauthorized, name: "unauthorized", detail: detail, header: map[string]string{"Www-Authenticate": challenge}}
}

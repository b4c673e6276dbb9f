package connector

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
)

const imdsURL = "http://169.254.169.254/metadata/identity/oauth2/token"

// identityRequest asks Azure's instance metadata service for the token of a
// user-assigned managed identity, which is the bot's app id. It takes a
// resource where Entra takes a scope.
func (o TokenOptions) identityRequest(ctx context.Context) (*http.Request, error) {
	query := url.Values{
		"api-version": {"2018-02-01"},
		"resource":    {strings.TrimSuffix(o.Scope, "/.default")},
		"client_id":   {o.AppID},
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, o.IMDSURL+"?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Metadata", "true")
	return request, nil
}

// newIdentityClient uses no proxy: the service answers on the machine's own
// link only.
func newIdentityClient() *http.Client {
	return newHTTPClient((&net.Dialer{Timeout: dialLimit}).DialContext, nil, 1)
}

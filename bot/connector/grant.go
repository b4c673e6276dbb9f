package connector

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const opToken = "token"

// passwordRequest is the client-credentials grant of protocol/outbound.md
// section 1. The Connector's token comes from the bot's own tenant, or for a
// multi-tenant bot from the Bot Framework's.
func (o TokenOptions) passwordRequest(ctx context.Context) (*http.Request, error) {
	tenant := o.TenantID
	if o.AppType == MultiTenant {
		tenant = cloudOf(o.LoginURL).botTenant
	}
	form := url.Values{
		"grant_type":    {"client_credentials"},
		"client_id":     {o.AppID},
		"client_secret": {o.Password},
		"scope":         {o.Scope},
	}
	address := o.LoginURL + "/" + escapePart(tenant) + "/oauth2/v2.0/token"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	return request, nil
}

type grant struct {
	token    string
	lifetime time.Duration
}

// readGrant reads a token answer. expires_in is a number from Entra and a
// string of digits from IMDS.
func readGrant(body []byte) (grant, error) {
	var answer struct {
		Token     string          `json:"access_token"`
		ExpiresIn json.RawMessage `json:"expires_in"`
	}
	unreadable := &Error{Op: opToken, Class: Retryable, Status: http.StatusOK, Err: errors.New("the token answer is not readable")}
	if json.Unmarshal(body, &answer) != nil || answer.Token == "" {
		return grant{}, unreadable
	}
	seconds, err := strconv.ParseFloat(scalar(answer.ExpiresIn), 64)
	if err != nil || !(seconds > 0) {
		return grant{}, unreadable
	}
	lifetime := min(seconds, maxTokenLifetime.Seconds())
	return grant{token: answer.Token, lifetime: time.Duration(lifetime * float64(time.Second))}, nil
}

// refusal reads an OAuth error: Code is its "error", SubCode the AADSTS number
// that says what is wrong, Message its description. The classes are the two
// token lines of protocol/errors.md.
func (t *Tokens) refusal(response *http.Response, body []byte) *Error {
	e := &Error{
		Op: opToken, Class: Config, Status: response.StatusCode,
		RetryAfter: retryAfter(response.Header.Get("Retry-After"), t.now()),
	}
	switch status := response.StatusCode; {
	case status >= 500, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout:
		e.Class = Retryable
	}
	var answer struct {
		Error       string        `json:"error"`
		Description string        `json:"error_description"`
		Codes       []json.Number `json:"error_codes"`
	}
	body = redact(body, t.secret)
	if json.Unmarshal(body, &answer) != nil {
		e.Message = shorten(string(body), maxMessage)
		return e
	}
	e.Code, e.Message = oneLine(answer.Error), shorten(answer.Description, maxMessage)
	if len(answer.Codes) > 0 {
		e.SubCode = oneLine("AADSTS" + answer.Codes[0].String())
	} else {
		e.SubCode = regexp.MustCompile(`AADSTS\d{1,10}`).FindString(answer.Description)
	}
	return e
}

package connector

import (
	"net/http"
	"strings"
	"time"
)

// foreignConversationRest is how long to wait after "Failed to decrypt
// conversation id": either for ever the wrong bot, or an incident of the
// service that needs long to heal.
const foreignConversationRest = 5 * time.Minute

// rule is a line of the table in protocol/errors.md. Empty fields match
// anything.
type rule struct {
	status int
	code   string
	phrase string // in the message
	class  Class
}

// rules in order: the first that matches counts.
func rules() []rule {
	return []rule{
		{400, "BadArgument", "failed to decrypt pairwise id", Recipient},
		{400, "BadSyntax", "incorrect conversation creation parameters", Config},
		{400, "", "", Message},
		{401, "", "", Config},                  // a new token was tried before
		{403, "InvalidBotApiHost", "", Config}, // the GCC host was tried before, or is not trusted
		{403, "NotEnoughPermissions", "", Config},
		{403, "BadArgument", "failed to decrypt conversation id", Retryable},
		{403, "", "", Recipient}, // blocked, uninstalled, disabled by an admin, unknown reasons
		{404, "ActivityNotFoundInConversation", "", Message},
		{404, "", "", Recipient},
		{408, "", "", Retryable},
		{412, "", "", Retryable},
		{413, "", "", Message},
		{429, "", "", Retryable},
		{501, "", "", Message},
		{503, "", "", Retryable},
	}
}

// classify reads a refusal. An answer of the service's gateways (500, 502,
// 504) leaves open whether a send went through; idempotent requests are simply
// repeated. Redirects are not followed: the service URL is wrong.
func classify(status int, f failure, idempotent bool) Class {
	for _, r := range rules() {
		if r.matches(status, f) {
			return r.class
		}
	}
	switch {
	case status >= 500 && idempotent:
		return Retryable
	case status >= 500:
		return Ambiguous
	case status >= 400:
		return Message
	}
	return Config
}

func (r rule) matches(status int, f failure) bool {
	return r.status == status &&
		(r.code == "" || sameCode(r.code, f.code) || sameCode(r.code, f.subCode)) &&
		strings.Contains(strings.ToLower(f.message), r.phrase)
}

// refusal is the error of an HTTP answer that is not a success. secret is
// removed wherever the answer repeats it.
func refusal(op string, response *http.Response, body []byte, idempotent bool, secret string, now time.Time) *Error {
	f := readFailure(redact(body, secret))
	e := &Error{
		Op: op, Class: classify(response.StatusCode, f, idempotent), Status: response.StatusCode,
		Code: f.code, SubCode: f.subCode, Message: f.message,
		RetryAfter: retryAfter(response.Header.Get("Retry-After"), now),
		MSCV:       string(redact([]byte(oneLine(response.Header.Get("MS-CV"))), secret)),
		Wrote:      true,
	}
	if e.Status == http.StatusTooManyRequests && e.Code == "" {
		e.Code = "Throttled"
	}
	if e.Status == http.StatusForbidden && e.Class == Retryable {
		e.RetryAfter = max(e.RetryAfter, foreignConversationRest)
	}
	return e
}

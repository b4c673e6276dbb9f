package connector

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// The table of protocol/errors.md.
func TestClasses(t *testing.T) {
	t.Parallel()
	object := func(code, message string) string {
		return fmt.Sprintf(`{"error":{"code":%q,"message":%q}}`, code, message)
	}
	blocked := `{"errorCode":209,"message":"{\r\n  \"subCode\": \"MessageWritesBlocked\",\r\n  \"details\": \"Thread is blocked from message writes.\",\r\n  \"errorCode\": null,\r\n  \"errorSubCode\": null\r\n}"}`
	for _, test := range []struct {
		status int
		body   string
		want   Class
	}{
		{400, object("BadArgument", "x"), Message},
		{400, object("Bad Argument", "Failed to decrypt pairwise id"), Recipient},
		{400, object("BadSyntax", "Incorrect conversation creation parameters"), Config},
		{400, object("BadSyntax", "other"), Message},
		{400, "", Message},
		{401, "", Config},
		{401, object("BotNotRegistered", "x"), Config},
		{403, object("ConversationBlockedByUser", "x"), Recipient},
		{403, blocked, Recipient},
		{403, object("BotNotInConversationRoster", "x"), Recipient},
		{403, object("Bot Disabled By Admin", "x"), Recipient},
		{403, object("invalidbotapihost", "x"), Config},
		{403, object("NotEnoughPermissions", "x"), Config},
		{403, object("BadArgument", "Failed to decrypt conversation id"), Retryable},
		{403, object("ForbiddenOperationException", "x"), Recipient},
		{403, "<html>Forbidden</html>", Recipient},
		{404, object("ConversationNotFound", "x"), Recipient},
		{404, object("ActivityNotFoundInConversation", "x"), Message},
		{404, "", Recipient},
		{408, "", Retryable},
		{409, "", Message},
		{412, object("PreconditionFailed", "x"), Retryable},
		{413, object("MessageSizeTooBig", "x"), Message},
		{413, object("RequestEntityTooLarge", "x"), Message},
		{418, "", Message},
		{429, object("Throttled", "x"), Retryable},
		{500, object("ServiceError", "x"), Ambiguous},
		{501, "", Message},
		{502, "<html>Bad Gateway</html>", Ambiguous},
		{503, "", Retryable},
		{504, "", Ambiguous},
		{599, "", Ambiguous},
		{302, "", Config},
	} {
		if got := classify(test.status, readFailure([]byte(test.body)), false); got != test.want {
			t.Errorf("%d %s: %s, want %s", test.status, test.body, got, test.want)
		}
	}
	for _, status := range []int{500, 502, 504} {
		if got := classify(status, failure{}, true); got != Retryable {
			t.Errorf("%d of an idempotent request: %s", status, got)
		}
	}
}

func TestReadFailureShapes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body string
		want failure
	}{
		"object":             {`{"error":{"code":"BotNotInConversationRoster","message":"The bot is not part of the conversation roster."}}`, failure{"BotNotInConversationRoster", "", "The bot is not part of the conversation roster."}},
		"JSON in a string":   {`{"errorCode":209,"message":"{\r\n \"subCode\": \"MessageWritesBlocked\",\r\n \"details\": \"Thread is blocked.\",\r\n \"errorCode\": null}"}`, failure{"209", "MessageWritesBlocked", "Thread is blocked."}},
		"both at once":       {`{"error":{"code":"Forbidden","message":"{\"subCode\":\"MessageWritesBlocked\"}"}}`, failure{"Forbidden", "MessageWritesBlocked", `{"error":{"code":"Forbidden","message":"{\"subCode\":\"MessageWritesBlocked\"}"}}`}},
		"error is a string":  {`{"error":"no such thing"}`, failure{"", "", "no such thing"}},
		"a bare string":      {`"no such thing"`, failure{"", "", "no such thing"}},
		"HTML":               {"  <html>Bad Gateway</html>\n", failure{"", "", "<html>Bad Gateway</html>"}},
		"nothing":            {"", failure{}},
		"a list":             {`[1]`, failure{"", "", "[1]"}},
		"cut off":            {`{"error":{"code":"x"`, failure{"", "", `{"error":{"code":"x"`}},
		"message not JSON":   {`{"message":"{oops"}`, failure{"", "", "{oops"}},
		"code with newlines": {`{"error":{"code":"a\nlevel=ERROR b","message":"m"}}`, failure{"alevel=ERROR b", "", "m"}},
	} {
		if diff := cmp.Diff(test.want, readFailure([]byte(test.body)), cmp.AllowUnexported(failure{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	long := readFailure([]byte(`{"error":{"code":"` + strings.Repeat("c", 5000) + `","message":"` + strings.Repeat("é", 5000) + `"}}`))
	if len(long.code) > maxCode || len(long.message) > maxMessage || !utf8.ValidString(long.message) {
		t.Errorf("not bounded: %d, %d", len(long.code), len(long.message))
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{
		"":                              0,
		"7":                             7 * time.Second,
		" 7 ":                           7 * time.Second,
		"0.25":                          250 * time.Millisecond,
		"-3":                            0,
		"soon":                          0,
		"NaN":                           0,
		"Inf":                           maxRetryAfter,
		"1e300":                         maxRetryAfter,
		"Mon, 02 Mar 2026 09:00:30 GMT": 30 * time.Second,
		"Mon, 02 Mar 2026 08:00:00 GMT": 0,
		"Mon, 02 Mar 2099 08:00:00 GMT": maxRetryAfter,
	} {
		if got := retryAfter(header, testNow); got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
	}
}

func TestRefusalHoldsNoToken(t *testing.T) {
	t.Parallel()
	secret := "eyJhbGciOi.secret.token"
	response := &http.Response{StatusCode: 400, Header: http.Header{"Ms-Cv": {"cv " + secret}, "Retry-After": {"2"}}}
	body := `{"error":{"code":"` + secret + `","message":"` + strings.Repeat("x", maxMessage-10) + secret + `"}}`
	e := refusal("send", response, []byte(body), false, secret, testNow)
	for _, text := range []string{e.Code, e.Message, e.MSCV, e.Error()} {
		if strings.Contains(text, "eyJ") {
			t.Errorf("the token shows: %q", text)
		}
	}
	if e.RetryAfter != 2*time.Second || e.Status != 400 || !e.Wrote {
		t.Errorf("%+v", e)
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	e := &Error{Op: "send", Class: Recipient, Status: 403, Code: "209", SubCode: "MessageWritesBlocked", Message: "you wrote: private", MSCV: "abc.1"}
	if got, want := e.Error(), "connector: send failed (recipient): HTTP 403 209 MessageWritesBlocked (MS-CV abc.1)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !e.Has("message writes blocked") || !e.Has("209") || e.Has("") || e.Has("Blocked") {
		t.Error("Has")
	}
}

func TestRefusalOfAForeignConversationWaitsLong(t *testing.T) {
	t.Parallel()
	body := []byte(`{"error":{"code":"BadArgument","message":"Failed to decrypt conversation id"}}`)
	e := refusal("send", &http.Response{StatusCode: 403}, body, false, "", testNow)
	if e.Class != Retryable || e.RetryAfter != foreignConversationRest {
		t.Errorf("%+v", e)
	}
}

func FuzzReadFailure(f *testing.F) {
	f.Add([]byte(`{"errorCode":209,"message":"{\"subCode\":\"MessageWritesBlocked\"}"}`), "7")
	f.Add([]byte(`{"error":{"code":"x","message":{"message":"\"{}\""}}}`), "Mon, 02 Mar 2026 09:00:30 GMT")
	f.Add([]byte(`<html>`), "1e400")
	f.Fuzz(func(t *testing.T, body []byte, header string) {
		got := readFailure(body)
		if len(got.message) > maxMessage || len(got.code) > maxCode || len(got.subCode) > maxCode {
			t.Errorf("not bounded: %+v", got)
		}
		if !utf8.ValidString(got.message + got.code + got.subCode) {
			t.Errorf("not UTF-8: %+v", got)
		}
		if strings.ContainsAny(got.code+got.subCode, "\r\n") {
			t.Errorf("a code over several lines: %+v", got)
		}
		if wait := retryAfter(header, testNow); wait < 0 || wait > maxRetryAfter || math.IsNaN(wait.Seconds()) {
			t.Errorf("Retry-After %q: %v", header, wait)
		}
	})
}

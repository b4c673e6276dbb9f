package simulator

import (
	"encoding/json"
	"net/http"
)

// answer is what the Connector replies to one request.
type answer struct {
	status int
	body   any    // JSON; nil: none
	html   string // instead of JSON
}

func ok(status int, body any) *answer { return &answer{status: status, body: body} }

// failure is the first error shape of the errors page.
func failure(status int, code, message string) *answer {
	return &answer{status: status, body: map[string]any{"error": map[string]string{"code": code, "message": message}}}
}

func badArgument(message string) *answer {
	return failure(http.StatusBadRequest, "BadArgument", message)
}

func badSyntax() *answer {
	return failure(http.StatusBadRequest, "BadSyntax", "Incorrect conversation creation parameters")
}

func conversationNotFound() *answer {
	return failure(http.StatusNotFound, "ConversationNotFound", "Conversation not found.")
}

func activityNotFound() *answer {
	return failure(http.StatusNotFound, "ActivityNotFoundInConversation", "Activity not found in conversation.")
}

func notInRoster() *answer {
	return failure(http.StatusForbidden, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
}

// writesBlocked is the second shape: the message is a string that holds JSON.
func writesBlocked() *answer {
	return ok(http.StatusForbidden, map[string]any{
		"errorCode": 209,
		"message": "{\r\n  \"subCode\": \"MessageWritesBlocked\",\r\n  \"details\": \"Thread is blocked from message writes.\"," +
			"\r\n  \"errorCode\": null,\r\n  \"errorSubCode\": null\r\n}",
	})
}

func unauthorized() *answer {
	return ok(http.StatusUnauthorized, map[string]string{"message": "Authorization has been denied for this request."})
}

func throttled() *answer {
	return failure(http.StatusTooManyRequests, "Throttled", "Too many requests")
}

// gatewayFault is one of the 5xx answers, half of them from a gateway that speaks
// HTML (the third shape).
func gatewayFault(x uint64) *answer {
	status := []int{500, 502, 503, 504}[x%4]
	if x>>8&1 == 1 {
		return &answer{status: status, html: "<html><head><title>" + http.StatusText(status) +
			"</title></head><body><center><h1>" + http.StatusText(status) + "</h1></center></body></html>"}
	}
	return failure(status, "ServiceError", http.StatusText(status))
}

func (a *answer) write(w http.ResponseWriter) {
	switch {
	case a.html != "":
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(a.status)
		_, _ = w.Write([]byte(a.html))
	case a.body == nil:
		w.WriteHeader(a.status)
	default:
		writeJSON(w, a.status, a.body)
	}
}

// object reads a JSON object; nil when it is something else.
func object(raw []byte) map[string]json.RawMessage {
	var out map[string]json.RawMessage
	if json.Unmarshal(raw, &out) != nil {
		return nil
	}
	return out
}

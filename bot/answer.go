package bot

import (
	"encoding/json"
	"net/http"

	"crier/bot/connector"

	"github.com/infracloudio/msbotbuilder-go/schema"
)

// answer is the HTTP answer to an activity; without a status it is 200, without a body
// empty. result is how it is counted.
type answer struct {
	status int
	body   any
	result string
}

var (
	handled  = answer{result: "handled"}
	ignored  = answer{result: "ignored"}
	repeated = answer{result: "repeated"}
)

func (a answer) write(w http.ResponseWriter) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	writeJSON(w, a.status, "application/json; charset=utf-8", a.body)
}

// refuse answers a 4xx or 5xx in the API's form, for whoever set the channel up.
func refuse(w http.ResponseWriter, status int, detail string) {
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	writeJSON(w, status, "application/problem+json", map[string]any{
		"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": detail,
	})
}

func writeJSON(w http.ResponseWriter, status int, contentType string, body any) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) //nolint:errcheck // the channel has gone
}

// kindOf is an activity's type as it is counted: what is unknown is one kind, or a stranger
// could make up labels without end.
func kindOf(a connector.Activity) string {
	switch a.Type {
	case schema.Message, schema.Invoke, schema.InstallationUpdate, schema.ConversationUpdate, schema.ContactRelationUpdate,
		schema.MsgReaction, schema.Event, schema.Typing, schema.EndOfConversation, schema.MessageUpdate, schema.MessageDelete:
		return string(a.Type)
	}
	return "other"
}

package connector

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/infracloudio/msbotbuilder-go/schema"
)

const personalMessage = `{"type":"message","id":"1485983408511","timestamp":"2026-02-01T21:10:07.437Z",
 "localTimestamp":"2026-02-01T14:10:07.437-07:00","localTimezone":"America/Denver",
 "serviceUrl":"https://smba.trafficmanager.net/amer/","channelId":"msteams",
 "from":{"id":"29:1XJK","name":"Megan Bowen","aadObjectId":"7faf8ab2-3d56-4244-b585-20c8a42ed2b8"},
 "conversation":{"conversationType":"personal","tenantId":"72f988bf","id":"a:17I0kl9E"},
 "recipient":{"id":"28:c9e8c047","name":"Assistant"},"textFormat":"plain","text":"Hello",
 "attachments":[{"contentType":"text/html","content":"<div>Hello</div>"}],
 "entities":[{"type":"clientInfo","locale":"fr-FR","country":"FR","platform":"Windows","timezone":"Europe/Paris"}],
 "channelData":{"tenant":{"id":"other"},"eventType":"editMessage"},"locale":"en-US","value":{"a":[1]},"replyToId":"77"}`

func TestDecodeReadsAMessage(t *testing.T) {
	t.Parallel()
	got, err := Decode([]byte(personalMessage))
	if err != nil {
		t.Fatal(err)
	}
	want := Activity{
		Type: schema.Message, ID: "1485983408511", ChannelID: "msteams", ServiceURL: "https://smba.trafficmanager.net/amer/",
		From:           schema.ChannelAccount{ID: "29:1XJK", Name: "Megan Bowen", AadObjectID: "7faf8ab2-3d56-4244-b585-20c8a42ed2b8"},
		Recipient:      schema.ChannelAccount{ID: "28:c9e8c047", Name: "Assistant"},
		Conversation:   schema.ConversationAccount{ConversationType: "personal", TenantID: "72f988bf", ID: "a:17I0kl9E"},
		Timestamp:      Timestamp{time.Date(2026, 2, 1, 21, 10, 7, 437e6, time.UTC)},
		LocalTimestamp: Timestamp{time.Date(2026, 2, 1, 14, 10, 7, 437e6, time.FixedZone("", -7*3600))},
		LocalTimezone:  "America/Denver", Locale: "en-US", Text: "Hello", ReplyToID: "77",
		Entities:    Entities{{Type: "clientInfo", Locale: "fr-FR", Country: "FR", Platform: "Windows", TimeZone: "Europe/Paris"}},
		Value:       []byte(`{"a":[1]}`),
		ChannelData: []byte(`{"tenant":{"id":"other"},"eventType":"editMessage"}`),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Decode (-want +got):\n%s", diff)
	}
	if got.EventType() != "editMessage" {
		t.Errorf("EventType() = %q", got.EventType())
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"nothing":           ``,
		"cut off":           `{"type":"message"`,
		"an array":          `[{"type":"message"}]`,
		"null":              `null`,
		"two values":        `{"type":"message"} {"type":"message"}`,
		"no type":           `{"id":"1"}`,
		"empty type":        `{"type":""}`,
		"type is a number":  `{"type":7}`,
		"from is a string":  `{"type":"message","from":"Megan's secret"}`,
		"very deep":         `{"type":"message","value":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`,
		"markup":            `<html></html>`,
		"an array, in part": `[`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Decode([]byte(body))
			if err == nil {
				t.Fatal("no error")
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error repeats contents: %v", err)
			}
		})
	}
}

func TestDecodeTolerates(t *testing.T) {
	t.Parallel()
	for name, fields := range map[string]string{
		"no timestamp":             `"id":"1"`,
		"timestamp is null":        `"timestamp":null`,
		"timestamp is empty":       `"timestamp":""`,
		"timestamp is a number":    `"timestamp":1485983408511`,
		"timestamp is nonsense":    `"timestamp":"yesterday"`,
		"value is a string":        `"value":"yes"`,
		"value is a list":          `"value":[1,2]`,
		"value is null":            `"value":null`,
		"channelData is a string":  `"channelData":"x"`,
		"channelData.tenant odd":   `"channelData":{"tenant":"x"}`,
		"entities is an object":    `"entities":{"type":"clientInfo"}`,
		"an entity is a string":    `"entities":["x",{"type":"clientInfo","locale":7}]`,
		"accounts are null":        `"from":null,"recipient":null,"conversation":null,"membersAdded":null`,
		"unknown fields":           `"whatever":{"deep":[{}]}`,
		"unknown type of activity": `"name":"application/vnd.microsoft.new"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Decode([]byte(`{"type":"event",` + fields + `}`))
			if err != nil {
				t.Fatal(err)
			}
			if !got.Timestamp.IsZero() || got.TenantID() != "" || got.Language() != "" || len(got.Entities) != 0 {
				t.Errorf("odd values were believed: %+v", got)
			}
		})
	}
}

func TestTimestampForms(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 2, 1, 4, 47, 30, 0, time.UTC)
	for _, text := range []string{"2026-02-01T04:47:30Z", "2026-02-01T04:47:30.000", "2026-02-01T05:47:30+01:00", "2026-02-01 04:47:30Z"} {
		var got Timestamp
		if err := got.UnmarshalJSON([]byte(`"` + text + `"`)); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

func TestDecodeReadsEvents(t *testing.T) {
	t.Parallel()
	reaction := decode(t, `{"type":"messageReaction","reactionsAdded":[{"type":"like"}],"reactionsRemoved":[{"type":"sad"}],"replyToId":"9"}`)
	if diff := cmp.Diff([]schema.MessageReaction{{Type: "like"}}, reaction.ReactionsAdded); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]schema.MessageReaction{{Type: "sad"}}, reaction.ReactionsRemoved); diff != "" {
		t.Error(diff)
	}
	update := decode(t, `{"type":"conversationUpdate","membersAdded":[{"id":"28:bot"}],"membersRemoved":[{"id":"29:x","aadObjectId":"o"}]}`)
	if diff := cmp.Diff([]schema.ChannelAccount{{ID: "28:bot"}}, update.MembersAdded); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]schema.ChannelAccount{{ID: "29:x", AadObjectID: "o"}}, update.MembersRemoved); diff != "" {
		t.Error(diff)
	}
	install := decode(t, `{"type":"installationUpdate","action":"add-upgrade"}`)
	receipt := decode(t, `{"type":"event","name":"application/vnd.microsoft.readReceipt","value":{"lastReadMessageId":"1"}}`)
	if install.Action != "add-upgrade" || receipt.Name != "application/vnd.microsoft.readReceipt" || string(receipt.Value) != `{"lastReadMessageId":"1"}` {
		t.Errorf("%+v %+v", install, receipt)
	}
	mention := decode(t, `{"type":"message","entities":[{"type":"mention","mentioned":{"id":"28:b","name":"Crier"},"text":"<at>Crier</at>"}]}`)
	if diff := cmp.Diff(Entities{{Type: "mention", Mentioned: schema.ChannelAccount{ID: "28:b", Name: "Crier"}, Text: "<at>Crier</at>"}}, mention.Entities); diff != "" {
		t.Error(diff)
	}
}

func TestActivityHelpers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body                   string
		tenant, language, zone string
		personal               bool
	}{
		"all fields": {
			body:   `{"type":"message","conversation":{"tenantId":"t1","conversationType":"personal"},"channelData":{"tenant":{"id":"t2"}},"locale":"en-US","localTimezone":"Europe/Rome","entities":[{"type":"clientInfo","locale":"fr-FR","timezone":"Europe/Paris"}]}`,
			tenant: "t1", language: "en-US", zone: "Europe/Rome", personal: true,
		},
		"second choices": {
			body:   `{"type":"message","conversation":{"conversationType":"channel"},"channelData":{"tenant":{"id":"t2"}},"entities":[{"type":"other","locale":"xx"},{"type":"clientInfo","country":"FR"},{"type":"clientInfo","locale":"fr-FR","timezone":"Europe/Paris"}]}`,
			tenant: "t2", language: "fr-FR", zone: "Europe/Paris",
		},
		"skype":     {body: `{"type":"message","conversation":{"id":"29:x"}}`, personal: true},
		"old group": {body: `{"type":"message","conversation":{"id":"19:x","isGroup":true}}`},
		"group":     {body: `{"type":"message","conversation":{"id":"19:x","conversationType":"groupChat"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := decode(t, test.body)
			got := []any{a.TenantID(), a.Language(), a.TimeZone(), a.IsPersonal()}
			if diff := cmp.Diff([]any{test.tenant, test.language, test.zone, test.personal}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestKeyTellsActivitiesApart(t *testing.T) {
	t.Parallel()
	base := `{"type":"message","id":"1","channelId":"msteams","conversation":{"id":"a:1"},"text":"x"}`
	key := decode(t, base).Key()
	if len(key) != 64 || key != decode(t, strings.Replace(base, `"x"`, `"redelivered"`, 1)).Key() {
		t.Errorf("the same activity has another key: %q", key)
	}
	for _, other := range []string{
		strings.Replace(base, `"id":"1"`, `"id":"2"`, 1),
		strings.Replace(base, "a:1", "a:2", 1),
		strings.Replace(base, "msteams", "skype", 1),
		strings.Replace(base, `"message"`, `"event"`, 1),
	} {
		if decode(t, other).Key() == key {
			t.Errorf("the same key: %s", other)
		}
	}
	shifted := Activity{ChannelID: "a", Conversation: schema.ConversationAccount{ID: "b,c"}, Type: "d", ID: "e"}
	moved := Activity{ChannelID: "a,b", Conversation: schema.ConversationAccount{ID: "c"}, Type: "d", ID: "e"}
	if shifted.Key() == moved.Key() {
		t.Error("parts run into each other")
	}
	if got := decode(t, `{"type":"typing"}`).Key(); got != "" {
		t.Errorf("a key without an id: %q", got)
	}
}

func decode(t testing.TB, body string) Activity {
	t.Helper()
	a, err := Decode([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(personalMessage))
	f.Add([]byte(`{"type":"event","timestamp":1,"entities":[1,{"type":"x"}],"channelData":[],"value":null}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := Decode(body)
		if err != nil {
			return
		}
		if a.Type == "" {
			t.Error("accepted without a type")
		}
		if (a.Key() == "") != (a.ID == "") {
			t.Errorf("key %q for id %q", a.Key(), a.ID)
		}
		_, _, _, _, _ = a.TenantID(), a.Language(), a.TimeZone(), a.IsPersonal(), a.EventType()
	})
}

func BenchmarkDecode(b *testing.B) {
	body := []byte(personalMessage)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, err := Decode(body); err != nil {
			b.Fatal(err)
		}
	}
}

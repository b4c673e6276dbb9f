package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"crier/internal/domain"

	"github.com/google/go-cmp/cmp"
)

// FuzzCampaign throws bodies at the decoder: nothing panics, every refusal is one for
// people, and what is taken comes back the same when it is sent again as it was answered.
func FuzzCampaign(f *testing.F) {
	for _, seed := range []string{
		simple, surveyBody, `{}`, `[]`, `{"name":5}`, `{"name":"N","kind":"card","content":{"adaptive_card":{"type":"AdaptiveCard","version":"1.5"}}}`,
		`{"name":"N","kind":"card","delivery":{"spread":"1h30m0.5s","start_at":"2026-02-29T24:00:00Z"}}`, `{"content":{"questions":[null,{"goto":{"a":null}}]}}`,
		`{"name":"N","kind":"survey","content":{"closes_at":"2026-09-01T08:00:00.123456+23:59","questions":[{"type":"date","text":"?","required":false}]}}`,
		`{"name":"N","kind":"message","audience":{"people":[" a@b.example "]},"delivery":{"max_per_hour":-0}}`, `{"name":"N","name":{}}`,
		`{"name":"N","kind":"message","delivery":{"working_hours":{"days":null,"from":"22:00","to":"06:00"},"presence":["busy","busy"],"max_per_hour":1}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		draft, err := decodeDraft(body)
		if err != nil {
			refused(t, err)
			return
		}
		answered, err := encode(encodeCampaign(draft))
		must(t, err)
		again, err := decodeDraft(answered)
		if err != nil {
			t.Fatalf("what was answered is refused: %v\n%s", err, answered)
		}
		if diff := cmp.Diff(plain(encodeCampaign(draft)), plain(encodeCampaign(again))); diff != "" {
			t.Fatalf("it changed on its way (-first +second):\n%s", diff)
		}
	})
}

func decodeDraft(body []byte) (domain.Campaign, error) {
	c := &call{Request: httptest.NewRequest(http.MethodPost, base+"/campaigns", nil), body: body}
	var in campaign
	if err := c.decode(&in); err != nil {
		return domain.Campaign{}, err
	}
	return in.draft()
}

func refused(t *testing.T, err error) {
	t.Helper()
	if e, ok := err.(*refusal); ok && e.status == http.StatusBadRequest {
		return
	}
	if e, ok := err.(*domain.Error); ok && e.Kind == domain.Invalid && len(e.Fields) > 0 {
		return
	}
	t.Fatalf("refused with %#v", err)
}

func TestDurations(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0": "0s", "0s": "0s", "2h": "2h", "2h0m0s": "2h", "120m": "2h", "90m": "1h30m", "10m": "10m", "1h10m": "1h10m", "20s": "20s", "1h0m20s": "1h0m20s", "1500ms": "1.5s", "100h": "100h", "10m30s": "10m30s",
	} {
		var f faults
		if got := formatDuration(f.duration("spread", &text)); got != want || f.err() != nil {
			t.Errorf("%q: %q, %v, want %q", text, got, f.err(), want)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	paris := time.FixedZone("", 2*60*60)
	for want, at := range map[string]time.Time{
		"2026-09-01T08:00:00Z":     time.Date(2026, 9, 1, 10, 0, 0, 0, paris),
		"2026-09-01T08:00:00.123Z": time.Date(2026, 9, 1, 8, 0, 0, 123e6, time.UTC),
	} {
		got := formatTime(at)
		if got == nil || *got != want {
			t.Errorf("%v: %v, want %s", at, got, want)
			continue
		}
		var f faults
		if back := f.time("at", got); !back.Equal(at) || back.Location() != time.UTC {
			t.Errorf("%s: %v", want, back)
		}
	}
	if got := formatTime(time.Time{}); got != nil {
		t.Errorf("the zero time: %q", *got)
	}
}

// Every state and every field's type of the requests is known to the check of shapes.
func TestShapeKnowsItsTypes(t *testing.T) {
	t.Parallel()
	for _, body := range []any{&campaign{}, &testRequest{}} {
		text, err := json.Marshal(body)
		must(t, err)
		var tree any
		must(t, json.Unmarshal(text, &tree))
		if err := checkShape(tree, body); err != nil && domain.KindOf(err) != domain.Invalid {
			t.Errorf("%T: %v", body, err)
		}
	}
}

func TestWorkingHoursComeBack(t *testing.T) {
	t.Parallel()
	in := domain.Policy{Hours: &domain.WorkingHours{Days: []string{"mon"}, From: "09:00", To: "18:00", TimeZone: "Europe/Paris"},
		Presence: []domain.Presence{domain.Available}, MaxPerHour: 60, OnUncertain: domain.Hold, Spread: time.Hour}
	var f faults
	if diff := cmp.Diff(in, encodePolicy(in).decode(&f)); diff != "" || f.err() != nil {
		t.Errorf("(-want +got) %v:\n%s", f.err(), diff)
	}
}

package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSecretIsNeverPrinted(t *testing.T) {
	t.Parallel()
	const text = "hunter2hunter2"
	s := NewSecret(text)
	type holder struct {
		Shown  Secret
		hidden Secret
	}
	whole := holder{s, s}
	for _, verb := range strings.Split("v +v #v s q x X d T p t c", " ") {
		for _, value := range []any{s, &s, whole, &whole, []Secret{s}, map[string]Secret{"a": s}, map[Secret]bool{s: true}} {
			if got := fmt.Sprintf("%"+verb, value); tells(got, text) {
				t.Errorf("%%%s of %T prints %s", verb, value, got)
			}
		}
	}
	for _, verb := range strings.Split("v +v #v s q x d", " ") {
		if got := fmt.Sprintf("%"+verb, s); got != "[redacted]" {
			t.Errorf("%%%s prints %s", verb, got)
		}
	}
	encoded, err := json.Marshal(whole)
	if err != nil || string(encoded) != `{"Shown":"[redacted]"}` {
		t.Errorf("JSON %s: %v", encoded, err)
	}
	if s.Reveal() != text || whole.hidden.Reveal() != text {
		t.Error("the secret is lost")
	}
}

func TestSecretIsNeverLogged(t *testing.T) {
	t.Parallel()
	const text = "hunter2hunter2"
	c := Config{Secret: NewSecret(text), APIToken: NewSecret(text), DatabaseURL: NewSecret(text)}
	var out strings.Builder
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("started", "secret", c.Secret, "config", c, "pointer", &c)
	}
	if tells(out.String(), text) || strings.Count(out.String(), "secret=[redacted]") != 1 {
		t.Errorf("logged %s", out.String())
	}
}

// tells finds the text as it is, in hexadecimal and as Go's list of bytes.
func tells(out, text string) bool {
	return strings.Contains(out, text) ||
		strings.Contains(strings.ToLower(out), fmt.Sprintf("%x", text)) ||
		strings.Contains(out, strings.Trim(fmt.Sprint([]byte(text)), "[]"))
}

func TestSecretsCompare(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(NewSecret("a"), NewSecret("a")); diff != "" {
		t.Error(diff)
	}
	if NewSecret("a").Equal(NewSecret("b")) || NewSecret("a").Equal(Secret{}) {
		t.Error("different secrets are equal")
	}
	if !NewSecret("").IsZero() || NewSecret("a").IsZero() {
		t.Error("IsZero is wrong")
	}
}

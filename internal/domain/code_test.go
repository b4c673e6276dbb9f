package domain

import (
	"strings"
	"testing"
)

// codes are those of the contract.
func codes() []Code {
	return []Code{
		"not_installed", "blocked_by_user", "disabled_by_admin", "unknown_person", "conversation_gone", "card_rejected", "too_big",
		"unauthorized", "untrusted_service_url", "throttled", "service_error", "timeout", "presence",
	}
}

func TestEveryCodeHasASentenceOfItsOwn(t *testing.T) {
	t.Parallel()
	said := map[string]Code{Code("news").Explain().String(): "one that is new"}
	for _, code := range codes() {
		sentence := code.Explain().String()
		if other, taken := said[sentence]; taken {
			t.Errorf("%s says the same as %s: %s", code, other, sentence)
		}
		said[sentence] = code
		if !strings.HasSuffix(sentence, ".") || strings.Contains(sentence, "%") {
			t.Errorf("%s: %q is no sentence for people", code, sentence)
		}
	}
}

func TestAPauseSaysWhy(t *testing.T) {
	t.Parallel()
	other := PauseNotice("")
	reasons := map[Code]string{
		Unauthorized: "credentials", NotPresent: "Presence.Read.All", UntrustedServiceURL: "CRIER_TRUSTED_SERVICE_HOSTS", CardRejected: "refuses this message", TooBig: "refuses this message",
	}
	for _, code := range codes() {
		notice := PauseNotice(code)
		if why, known := reasons[code]; known && !strings.Contains(notice, why) || !known && notice != other {
			t.Errorf("%s: %q", code, notice)
		}
		if !strings.HasPrefix(notice, "Paused: ") {
			t.Errorf("%s: %q does not begin with what happened", code, notice)
		}
	}
}

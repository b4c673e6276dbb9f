package bot

import (
	"errors"
	"strings"

	"crier/internal/domain"
	"crier/internal/i18n"
)

// refusal is the error that people may see, or nil when there is none or it is internal.
func refusal(err error) *domain.Error {
	e, _ := errors.AsType[*domain.Error](err)
	return e
}

// inWords is an error in a person's language, with the fields at fault.
func inWords(language string, e *domain.Error) string {
	lines := []string{i18n.Text(language, e.Message.Format, e.Message.Args...)}
	for _, f := range e.Fields {
		lines = append(lines, i18n.Text(language, f.Message.Format, f.Message.Args...))
	}
	return strings.Join(lines, "\n\n")
}

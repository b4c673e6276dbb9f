package cards

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crier/internal/domain"
)

var update = flag.Bool("update", false, "write the golden files anew")

// activities is every activity of the samples, by the name of its golden file.
func activities(t *testing.T) map[string][]byte {
	t.Helper()
	drawn := map[string][]byte{}
	for language, to := range map[string]Recipient{"en": ana(), "fr": paul()} {
		for name, c := range samples() {
			for _, c.Channel = range []domain.Channel{domain.Teams, domain.Skype} {
				m, err := Compile(c, Options{BotName: "Crier"})
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				drawn[name+"."+string(c.Channel)+"."+language] = m.Fill(nil, to)
			}
		}
		for name, content := range words(to.Person) {
			drawn[name+"."+language] = Reply(to.Person, content)
		}
		survey := samples()["survey"]
		card := Answered(survey, to.Person, []domain.Answer{{QuestionID: "q1", Value: "In the *old* factory"}})
		drawn["survey_answered."+language] = ActivityWithCard(to.Person, card, "Thank you")
	}
	return drawn
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, got := range activities(t) {
		path := filepath.Join("testdata", name+".json")
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, got, "", "  "); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, got)
		}
		pretty.WriteByte('\n')
		if *update {
			if err := os.WriteFile(path, pretty.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%v (go test ./cards -update writes it)", err)
			continue
		}
		if diff := cmp.Diff(string(want), pretty.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// TestGoldenFilesAreAllDrawn finds files that nothing draws any more.
func TestGoldenFilesAreAllDrawn(t *testing.T) {
	t.Parallel()
	drawn := activities(t)
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := filepath.Base(f[:len(f)-len(".json")])
		if _, ok := drawn[name]; !ok {
			t.Errorf("%s: nothing draws it", f)
		}
	}
}

package cards

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strconv"
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
		for name, m := range variants(t) {
			drawn[name+"."+language] = m.Fill(nil, counting(to))
		}
		for _, name := range []string{"idea", "important_rtl", "own", "message", "survey"} {
			drawn[name+"_expired."+language] = Expired(samples()[name], to.Person)
		}
		for name, content := range words(to.Person) {
			drawn[name+"."+language] = Reply(to.Person, content)
		}
		skype := to.Person
		skype.Channel = domain.Skype
		for name, step := range steps() {
			drawn["survey_"+name+"."+language] = SurveyActivity(step, to.Person)
			drawn["survey_"+name+".skype."+language] = Reply(skype, SurveyText(step, skype))
		}
		drawn["survey_results."+language] = Results(poll(), pollResults(), to.Person)
		drawn["survey_results.skype."+language] = Results(poll(), pollResults(), skype)
	}
	return drawn
}

// golden is the content of every golden file, by its name.
func golden(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for name, raw := range activities(t) {
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, raw, "", "  "); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, raw)
		}
		files[name+".json"] = pretty.String() + "\n"
	}
	for language, to := range map[string]Recipient{"en": ana(), "fr": paul()} {
		for name, c := range samples() {
			files[name+".text."+language+".txt"] = Text(c, to.Person) + "\n"
		}
	}
	return files
}

// variants are messages that are tests, corrections, or count their links.
func variants(t *testing.T) map[string]*Message {
	t.Helper()
	drawn := map[string]*Message{}
	for name, o := range map[string]Options{"trial": {Trial: true}, "corrected": {Corrected: true}, "counted": {}} {
		for _, sample := range []string{"idea", "own", "message"} {
			for _, channel := range []domain.Channel{domain.Teams, domain.Skype} {
				c := samples()[sample]
				c.Channel = channel
				if name == "counted" {
					o.Links = numbered(c)
				}
				m, err := Compile(c, o)
				if err != nil {
					t.Fatalf("%s: %v", sample, err)
				}
				drawn[sample+"_"+name+"."+string(channel)] = m
			}
		}
	}
	return drawn
}

// numbered counts all links of a campaign.
func numbered(c domain.Campaign) map[string]int {
	numbers := map[string]int{}
	for i, address := range Links(c) {
		numbers[address] = i + 1
	}
	return numbers
}

// counting is somebody whose links are counted.
func counting(r Recipient) Recipient {
	r.Link = func(dst []byte, n int) []byte {
		return strconv.AppendInt(append(dst, "https://crier.example.com/l/"...), int64(n), 10)
	}
	return r
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, got := range golden(t) {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%v (go test ./cards -update writes it)", err)
			continue
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// TestGoldenFilesAreAllDrawn finds files that nothing draws any more.
func TestGoldenFilesAreAllDrawn(t *testing.T) {
	t.Parallel()
	drawn := golden(t)
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if _, ok := drawn[filepath.Base(f)]; !ok {
			t.Errorf("%s: nothing draws it", f)
		}
	}
}

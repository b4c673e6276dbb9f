package cards

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// cardSchemaFile compiles the official schema of Adaptive Cards 1.5, which is not part
// of this repository: it stands in $CRIER_SCHEMAS, or in shared/schemas beside us.
func cardSchemaFile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	folder := os.Getenv("CRIER_SCHEMAS")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared", "schemas")
		if _, err := os.Stat(folder); err != nil {
			t.Skipf("no schemas at %s: set CRIER_SCHEMAS to the folder that holds adaptive-cards/adaptive-card-1.5.0.json", folder)
		}
	}
	file, err := os.Open(filepath.Join(folder, "adaptive-cards", "adaptive-card-1.5.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("card.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("card.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestCardsKeepTheSchema(t *testing.T) {
	t.Parallel()
	schema := cardSchemaFile(t)
	checked := 0
	for name, raw := range activities(t) {
		for _, card := range cardsOf(t, raw) {
			if err := schema.Validate(withoutTeams(card)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			checked++
		}
	}
	if checked < 20 {
		t.Errorf("only %d cards were checked", checked)
	}
}

func TestSchemaRefusesWhatIsNoCard(t *testing.T) {
	t.Parallel()
	bad := map[string]any{"type": "AdaptiveCard", "version": "1.5", "body": []any{map[string]any{"type": "TextBlock", "wrapp": true}}}
	if err := cardSchemaFile(t).Validate(bad); err == nil {
		t.Error("a TextBlock without text passed")
	}
}

// cardsOf are the Adaptive Cards of an activity.
func cardsOf(t *testing.T, raw []byte) []map[string]any {
	t.Helper()
	var a struct {
		Attachments []struct {
			ContentType string
			Content     map[string]any
		}
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatal(err)
	}
	var found []map[string]any
	for _, at := range a.Attachments {
		if at.ContentType == cardType {
			found = append(found, at.Content)
		}
	}
	return found
}

// withoutTeams drops "msteams", which the schema does not know, at every depth.
func withoutTeams(v any) any {
	switch v := v.(type) {
	case map[string]any:
		kept := map[string]any{}
		for k, member := range v {
			if k != "msteams" {
				kept[k] = withoutTeams(member)
			}
		}
		return kept
	case []any:
		kept := make([]any, len(v))
		for i, item := range v {
			kept[i] = withoutTeams(item)
		}
		return kept
	}
	return v
}

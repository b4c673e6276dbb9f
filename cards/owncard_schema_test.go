package cards

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crier/internal/domain"
)

// checkOwn is what an author is told about a card of their own.
func checkOwn(card []byte) error {
	c := domain.Campaign{
		Name: "Own", Channel: domain.Teams, Kind: domain.KindCard, Content: domain.Content{AdaptiveCard: card},
		Audience: domain.Audience{Everyone: true},
	}
	c.Normalize()
	return c.Check()
}

// What we let pass and the official schema does not, each for a reason. Besides, a newer
// element with a fallback passes; the tests put the fallback in its place.
var passAllTheSame = map[string]string{
	"an unknown member: clients leave it out, and CardNotes tells": `{"type":"TextBlock","text":"a","targetWidth":"wide"}`,
	"a list to search in: 1.5 has it, its schema forgot":           `{"type":"Input.ChoiceSet","id":"a","style":"filtered"}`,
	"right to left: the schema spells it rtl?":                     `{"type":"Container","items":[],"rtl":true}`,
	"a backslash before a bracket that is no tag":                  `{"type":"Image","url":"https://example.com/\\[x]"}`,
}

func TestOwnCardsThatPassAllTheSame(t *testing.T) {
	t.Parallel()
	schema := cardSchemaFile(t)
	for why, element := range passAllTheSame {
		card := []byte(`{"type":"AdaptiveCard","version":"1.5","body":[` + element + `]}`)
		if err := checkOwn(card); err != nil {
			t.Errorf("%s: %v", why, err)
		}
		if schema.Validate(decoded(t, card)) == nil {
			t.Errorf("%s: the schema lets it pass as well; take it off the list", why)
		}
	}
}

// TestOwnCardsAgreeWithTheSchema makes cards out of the schema itself, one after the other
// with all that it allows, and spoils them: what we accept, the schema accepts.
func TestOwnCardsAgreeWithTheSchema(t *testing.T) {
	t.Parallel()
	schema, maker := cardSchemaFile(t), newMaker(t)
	spoiled, alsoRefused := 0, 0
	for seed := range uint64(30) {
		maker.rand, maker.ids = rand.New(rand.NewPCG(seed, 5)), 0
		card := maker.card()
		raw := jsonOf(t, card)
		if err := schema.Validate(decoded(t, raw)); err != nil {
			t.Fatalf("seed %d: the card that was made is none: %v\n%s", seed, err, raw)
		}
		if err := checkOwn(raw); err != nil {
			t.Fatalf("seed %d: refused: %v\n%s", seed, err, raw)
		}
		for range 10 {
			bad := maker.spoil(decoded(t, raw))
			text := jsonOf(t, bad)
			if schema.Validate(withoutTeams(older(bad))) == nil {
				continue
			}
			spoiled++
			switch {
			case checkOwn(text) != nil:
				alsoRefused++
			case !hasUnknownMember(text):
				t.Fatalf("seed %d: accepted, but not by the schema:\n%s", seed, text)
			}
		}
	}
	if spoiled < 100 || alsoRefused < spoiled*3/4 {
		t.Errorf("of %d spoiled cards %d were refused", spoiled, alsoRefused)
	}
}

func hasUnknownMember(card []byte) bool {
	return slices.ContainsFunc(domain.CardNotes(card), func(n domain.FieldError) bool {
		return strings.Contains(n.Message.Format, "has no member")
	})
}

func decoded(t *testing.T, raw []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func jsonOf(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// dropped stands for an element that its fallback drops.
type dropped struct{}

// older puts fallbacks in the place of what 1.5 does not know.
func older(v any) any {
	switch v := v.(type) {
	case []any:
		kept := []any{}
		for _, item := range v {
			if item = older(item); item != (dropped{}) {
				kept = append(kept, item)
			}
		}
		return kept
	case map[string]any:
		newer := slices.Contains([]any{"Badge", "odd", "drop"}, v["type"]) // spoil's
		if newer && isDrop(v["fallback"]) {
			return dropped{}
		}
		if newer && v["fallback"] != nil {
			return older(v["fallback"])
		}
		kept := map[string]any{}
		for name, member := range v {
			if member = older(member); member != (dropped{}) {
				kept[name] = member
			}
		}
		return kept
	}
	return v
}

func isDrop(v any) bool {
	word, ok := v.(string)
	return ok && strings.EqualFold(word, "drop")
}

// maker makes cards after the definitions of the schema.
type maker struct {
	definitions map[string]map[string]any
	rand        *rand.Rand
	ids         int
}

// schemaPath is where cardSchemaFile finds the schema.
func schemaPath() string {
	folder := cmp.Or(os.Getenv("CRIER_SCHEMAS"), filepath.Join("..", "..", "shared", "schemas"))
	return filepath.Join(folder, "adaptive-cards", "adaptive-card-1.5.0.json")
}

func newMaker(t *testing.T) *maker {
	t.Helper()
	file, err := os.ReadFile(schemaPath())
	if err != nil {
		t.Fatal(err)
	}
	var schema struct{ Definitions map[string]map[string]any }
	if err := json.Unmarshal(file, &schema); err != nil {
		t.Fatal(err)
	}
	return &maker{definitions: schema.Definitions}
}

func (m *maker) card() map[string]any {
	card := m.object("AdaptiveCard", 0, true)
	card["type"], card["version"] = "AdaptiveCard", "1.5"
	return card
}

func (m *maker) often() bool { return m.rand.IntN(10) < 4 }

// value is a value of a schema; depth is how deep in the card it stands.
func (m *maker) value(name string, schema map[string]any, depth int, typed bool) any {
	if ref, ok := schema["$ref"].(string); ok {
		return m.named(strings.TrimPrefix(ref, "#/definitions/"), name, depth, typed)
	}
	if choices, ok := schema["anyOf"].([]any); ok {
		choice := choices[m.rand.IntN(len(choices))].(map[string]any)
		for choice["pattern"] != nil {
			choice = choices[m.rand.IntN(len(choices))].(map[string]any)
		}
		return m.value(name, choice, depth, typed)
	}
	if parents, ok := schema["allOf"].([]any); ok {
		return m.value(name, parents[0].(map[string]any), depth, true)
	}
	if words, ok := schema["enum"].([]any); ok {
		return words[m.rand.IntN(len(words))]
	}
	switch schema["type"] {
	case "string":
		return m.text(name, schema)
	case "number":
		return float64(m.rand.IntN(9))
	case "boolean":
		return m.rand.IntN(2) == 0
	case "array":
		list := []any{}
		for range m.rand.IntN(4) {
			list = append(list, m.value(name, schema["items"].(map[string]any), depth+1, false))
		}
		return list
	case "object":
		return map[string]any{"adaptiveCards": "1.2"}
	}
	return nil
}

func (m *maker) named(definition, name string, depth int, typed bool) any {
	d := m.definitions[definition]
	switch {
	case definition == "ImplementationsOf.Element" && depth > 6:
		return map[string]any{"type": "TextBlock", "text": "deep"}
	case definition == "ImplementationsOf.Action" && depth > 6:
		return map[string]any{"type": "Action.Submit"}
	case d["properties"] != nil:
		return m.object(definition, depth, typed)
	case definition == "TextRun": // a text or an object
		if m.often() {
			return "text"
		}
		run := m.members(d["anyOf"].([]any)[1].(map[string]any), depth)
		run["type"] = "TextRun"
		return run
	case definition == "TargetElement":
		return map[string]any{"elementId": "i1", "isVisible": nil}
	}
	return m.value(name, d, depth, typed)
}

func (m *maker) object(definition string, depth int, typed bool) map[string]any {
	made := m.members(m.definitions[definition], depth)
	kind, ok := m.definitions[definition]["properties"].(map[string]any)["type"].(map[string]any)["enum"].([]any)
	if ok && (typed || m.often()) {
		made["type"] = kind[0]
	}
	return made
}

// members are the members of an object: all that have to be there, and some others.
func (m *maker) members(d map[string]any, depth int) map[string]any {
	properties, required := m.inherited(d)
	made := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		optional := !slices.Contains(required, any(name))
		if name == "type" && optional || name == "rtl?" || optional && (depth > 6 || !m.often()) {
			continue
		}
		made[name] = m.value(name, properties[name].(map[string]any), depth+1, false)
	}
	return made
}

// inherited are the properties of a definition and of those that it extends.
func (m *maker) inherited(d map[string]any) (map[string]any, []any) {
	properties, required := map[string]any{}, []any{}
	parents, _ := d["allOf"].([]any)
	for _, parent := range parents {
		ref := parent.(map[string]any)["$ref"].(string)
		more, needed := m.inherited(m.definitions[strings.TrimPrefix(ref, "#/definitions/")])
		maps.Copy(properties, more)
		required = append(required, needed...)
	}
	own, _ := d["properties"].(map[string]any)
	for name, schema := range own {
		if len(schema.(map[string]any)) > 0 { // an empty one stands for the parent's
			properties[name] = schema
		}
	}
	needed, _ := d["required"].([]any)
	return properties, append(required, needed...)
}

func (m *maker) text(name string, schema map[string]any) string {
	switch {
	case name == "version":
		return "1.5"
	case name == "id":
		m.ids++
		return fmt.Sprintf("i%d", m.ids)
	case schema["format"] != nil:
		return "https://example.com/" + name
	}
	return "Some " + name
}

// spoil changes one place of a card at random.
func (m *maker) spoil(card any) any {
	spots := spotsIn(card)
	spot := spots[m.rand.IntN(len(spots))]
	others := []any{nil, true, 7.5, "odd", []any{}, map[string]any{}, []any{"odd"}, "drop"}
	types := []any{"TextBlock", "Image", "Badge", "Column", "Action.OpenUrl", "Action.ShowCard", "Action.Http", "Input.Text", "TableRow"}
	switch m.rand.IntN(4) {
	case 0:
		delete(spot.in, spot.name)
	case 1:
		spot.in["type"] = types[m.rand.IntN(len(types))]
	case 2:
		spot.in["surprise"] = others[m.rand.IntN(len(others))]
		fallthrough
	default:
		spot.in[spot.name] = others[m.rand.IntN(len(others))]
	}
	return card
}

type spot struct {
	in   map[string]any
	name string
}

func spotsIn(v any) []spot {
	var spots []spot
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			spots = append(spots, spotsIn(item)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			spots = append(append(spots, spot{v, name}), spotsIn(v[name])...)
		}
	}
	return spots
}

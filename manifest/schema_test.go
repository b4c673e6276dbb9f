package manifest

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestSchemas holds the files against Microsoft's own schemas, which are not
// part of this repository: CRIER_SCHEMAS names the folder that has them.
func TestSchemas(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("CRIER_SCHEMAS")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared", "schemas")
		if _, err := os.Stat(folder); err != nil {
			t.Skipf("no schemas at %s: set CRIER_SCHEMAS to the folder that holds teams-manifest/MicrosoftTeams.v1.19.schema.json", folder)
		}
	}
	compiler := jsonschema.NewCompiler()
	schemas := map[string]*jsonschema.Schema{}
	for name, path := range map[string]string{
		"manifest.json": "MicrosoftTeams.v1.19.schema.json",
		"fr.json":       "MicrosoftTeams.Localization.v1.19.schema.json",
	} {
		schema, err := compiler.Compile(filepath.Join(folder, "teams-manifest", path))
		if err != nil {
			t.Fatal(err)
		}
		schemas[name] = schema
	}
	loopback := options()
	loopback.PublicURL = "http://localhost:3978"
	for _, o := range []Options{options(), loopback} {
		_, contents := unzipped(t, zipped(t, built(t, o)))
		for name, schema := range schemas {
			if err := validate(schema, contents[name]); err != nil {
				t.Errorf("%s at %s: %v", name, o.PublicURL, err)
			}
			if validate(schema, []byte(`{"name.short": 1, "unknown": true}`)) == nil {
				t.Errorf("the schema of %s takes anything", name)
			}
		}
	}
}

func validate(schema *jsonschema.Schema, data []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

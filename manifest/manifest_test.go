package manifest

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	anAppID = "11111111-2222-3333-4444-555555555555"
	aBotID  = "99999999-8888-7777-6666-555555555555"
)

func options() Options {
	return Options{AppID: anAppID, BotID: aBotID, Name: "Town crier", Version: "1.2.3", PublicURL: "https://crier.contoso.com/"}
}

func built(t *testing.T, o Options) Package {
	t.Helper()
	p, err := Build(o)
	if err != nil {
		t.Fatalf("Build: %v", err)
	}
	return p
}

func zipped(t *testing.T, p Package) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := p.WriteZip(&out); err != nil {
		t.Fatalf("WriteZip: %v", err)
	}
	return out.Bytes()
}

// unzipped gives the entries' names, in order, and their contents.
func unzipped(t *testing.T, archive []byte) ([]string, map[string][]byte) {
	t.Helper()
	reader, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	contents := map[string][]byte{}
	for _, f := range reader.File {
		entry, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(entry)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, f.Name)
		contents[f.Name] = data
	}
	return names, contents
}

func decoded(t *testing.T, p Package) document {
	t.Helper()
	_, contents := unzipped(t, zipped(t, p))
	var doc document
	if err := decode(contents["manifest.json"], &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestArchive(t *testing.T) {
	t.Parallel()
	archive := zipped(t, built(t, options()))
	names, contents := unzipped(t, archive)
	if diff := cmp.Diff([]string{"manifest.json", "color.png", "outline.png", "fr.json"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !bytes.Equal(archive, zipped(t, built(t, options()))) {
		t.Error("the same options give another archive")
	}
	for name, size := range map[string]int{"color.png": 192, "outline.png": 32} {
		icon, err := png.Decode(bytes.NewReader(contents[name]))
		if err != nil {
			t.Fatal(err)
		}
		if icon.Bounds().Dx() != size || icon.Bounds().Dy() != size {
			t.Errorf("%s is %v", name, icon.Bounds())
		}
	}
	color, _ := png.Decode(bytes.NewReader(contents["color.png"]))
	for _, corner := range [][2]int{{0, 0}, {191, 0}, {0, 191}, {191, 191}} {
		if r, g, b, a := color.At(corner[0], corner[1]).RGBA(); r>>8 != 0x5b || g>>8 != 0x5f || b>>8 != 0xc7 || a != 0xffff {
			t.Errorf("the corner %v is not the solid accent colour", corner)
		}
	}
}

func TestOptionsAreFilledIn(t *testing.T) {
	t.Parallel()
	doc := decoded(t, built(t, options()))
	if doc.ID != anAppID || doc.Version != "1.2.3" || doc.Name.Short != "Town crier" || doc.Bots[0].BotID != aBotID {
		t.Errorf("id %s, version %s, name %s, bot %s", doc.ID, doc.Version, doc.Name.Short, doc.Bots[0].BotID)
	}
	wantDeveloper := developer{"Crier", "https://crier.contoso.com", "https://crier.contoso.com/privacy", "https://crier.contoso.com/terms"}
	wantTabs := []tab{
		{EntityID: "conversations", Scopes: []string{"personal"}},
		{EntityID: "console", Name: "Campaigns", ContentURL: "https://crier.contoso.com/tab", WebsiteURL: "https://crier.contoso.com", Scopes: []string{"personal"}},
		{EntityID: "about", Scopes: []string{"personal"}},
	}
	wantApplication := webApplication{ID: aBotID, Resource: "api://crier.contoso.com/botid-" + aBotID}
	for _, diff := range []string{
		cmp.Diff(wantDeveloper, doc.Developer),
		cmp.Diff(wantTabs, doc.StaticTabs),
		cmp.Diff([]string{"crier.contoso.com"}, doc.ValidDomains),
		cmp.Diff(wantApplication, doc.WebApplicationInfo),
		cmp.Diff([]permission{{"ChatMessageReadReceipt.Read.Chat", "Application"}}, doc.Authorization.Permissions.ResourceSpecific),
	} {
		if diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	doc := decoded(t, built(t, Options{BotID: aBotID, PublicURL: "https://crier.contoso.com:8443"}))
	if doc.ID != aBotID || doc.Name.Short != "Crier" || doc.Version != "1.0.0" {
		t.Errorf("id %s, name %s, version %s", doc.ID, doc.Name.Short, doc.Version)
	}
	if diff := cmp.Diff([]string{"crier.contoso.com:8443"}, doc.ValidDomains); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestATabElsewhere(t *testing.T) {
	t.Parallel()
	o := options()
	o.TabURL = "https://console.contoso.com/tab"
	doc := decoded(t, built(t, o))
	if diff := cmp.Diff([]string{"crier.contoso.com", "console.contoso.com"}, doc.ValidDomains); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := "api://console.contoso.com/botid-" + aBotID; doc.WebApplicationInfo.Resource != want {
		t.Errorf("resource %s", doc.WebApplicationInfo.Resource)
	}
}

func TestCommandsInBothLanguages(t *testing.T) {
	t.Parallel()
	_, contents := unzipped(t, zipped(t, built(t, options())))
	var doc document
	var french map[string]string
	if err := errors.Join(decode(contents["manifest.json"], &doc), json.Unmarshal(contents["fr.json"], &french)); err != nil {
		t.Fatal(err)
	}
	var titles, titres []string
	for i, c := range doc.Bots[0].CommandLists[0].Commands {
		key := "bots[0].commandLists[0].commands[" + string(rune('0'+i)) + "]"
		titles, titres = append(titles, c.Title), append(titres, french[key+".title"])
		if french[key+".description"] == "" {
			t.Errorf("%s is not described in French", c.Title)
		}
	}
	if diff := cmp.Diff([]string{"help", "campaigns", "report", "try", "send"}, titles); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"aide", "campagnes", "rapport", "essayer", "envoyer"}, titres); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if french["name.short"] != "Town crier" || french["staticTabs[1].name"] != "Campagnes" {
		t.Errorf("name %q, tab %q", french["name.short"], french["staticTabs[1].name"])
	}
}

func TestADemoPackageCanBeLookedAt(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"http://127.0.0.1:3978", "http://localhost:3978", "http://[::1]:3978"} {
		o := options()
		o.PublicURL = address
		p := built(t, o)
		if len(p.Warnings) != 1 || !strings.Contains(p.Warnings.Error(), "Teams can't reach the bot") {
			t.Errorf("%s: warnings %v", address, p.Warnings)
		}
		if doc := decoded(t, p); doc.StaticTabs != nil || doc.ValidDomains != nil || doc.WebApplicationInfo.Resource != "api://botid-"+aBotID {
			t.Errorf("%s: a package without https has tabs %v, domains %v, resource %s", address, doc.StaticTabs, doc.ValidDomains, doc.WebApplicationInfo.Resource)
		}
		if _, contents := unzipped(t, zipped(t, p)); bytes.Contains(contents["fr.json"], []byte("staticTabs")) {
			t.Errorf("%s: fr.json names a tab that is not there", address)
		}
	}
	if p := built(t, options()); p.Warnings != nil {
		t.Errorf("a real package warns: %v", p.Warnings)
	}
}

func TestWriteZipReportsABrokenWriter(t *testing.T) {
	t.Parallel()
	reader, writer := io.Pipe()
	_ = reader.Close()
	if err := built(t, options()).WriteZip(writer); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v", err)
	}
}

package manifest

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
)

func TestOptionsAtFault(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*Options)
		where  string
		says   string
	}{
		"no bot":                      {func(o *Options) { o.BotID = "" }, "bot id", "CRIER_APP_ID"},
		"bot id that is no GUID":      {func(o *Options) { o.BotID = "crier" }, "bot id", "not a GUID"},
		"app id that is no GUID":      {func(o *Options) { o.AppID = "crier" }, "app id", "not a GUID"},
		"long name":                   {func(o *Options) { o.Name = strings.Repeat("é", 31) }, "name", "31 characters"},
		"long developer":              {func(o *Options) { o.DeveloperName = strings.Repeat("é", 33) }, "developer name", "33 characters"},
		"version of a build":          {func(o *Options) { o.Version = "1.2.3-dev" }, "version", "three numbers"},
		"version of two numbers":      {func(o *Options) { o.Version = "1.2" }, "version", "three numbers"},
		"the published version":       {func(o *Options) { o.Published = "1.2.3" }, "version", "not above"},
		"a lower version":             {func(o *Options) { o.Published = "1.10.0" }, "version", "not above"},
		"unreadable published":        {func(o *Options) { o.Published = "one" }, "published version", "three numbers"},
		"no public URL":               {func(o *Options) { o.PublicURL = "" }, "public URL", "absolute"},
		"public URL without a scheme": {func(o *Options) { o.PublicURL = "crier.contoso.com" }, "public URL", "absolute"},
		"public URL over plain HTTP":  {func(o *Options) { o.PublicURL = "http://crier.contoso.com" }, "public URL", "not https"},
		"public URL with a path":      {func(o *Options) { o.PublicURL = "https://contoso.com/crier" }, "public URL", "after the host"},
		"website over plain HTTP":     {func(o *Options) { o.WebsiteURL = "http://contoso.com" }, "website URL", "not an https URL"},
		"privacy page of an example":  {func(o *Options) { o.PrivacyURL = "https://www.example.org/privacy" }, "privacy URL", "examples"},
		"terms that are no URL":       {func(o *Options) { o.TermsURL = "terms" }, "terms of use URL", "not an https URL"},
		"tab over plain HTTP":         {func(o *Options) { o.TabURL = "http://contoso.com/tab" }, "tab URL", "not an https URL"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options()
			test.change(&o)
			_, err := Build(o)
			faults, _ := err.(Faults)
			wantFault(t, faults, test.where, test.says)
		})
	}
}

func TestARaisedVersion(t *testing.T) {
	t.Parallel()
	o := options()
	o.Version, o.Published = "1.10.0", "1.9.9"
	built(t, o)
}

func TestAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := Build(Options{BotID: aBotID, AppID: "x", Name: strings.Repeat("x", 31), Version: "x", PublicURL: "http://contoso.com"})
	faults, _ := err.(Faults)
	if len(faults) != 4 || strings.Count(faults.Error(), "\n") != 3 {
		t.Errorf("faults:\n%v", err)
	}
}

// TestFilesAtFault changes a good package by hand.
func TestFilesAtFault(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		name   string
		change func([]byte) []byte // nil takes the file away
		where  string
		says   string
	}{
		"no manifest":               {"manifest.json", nil, "manifest.json", "missing"},
		"broken manifest":           {"manifest.json", replaced("{", "["), "manifest.json", "can't be read"},
		"a key Teams does not know": {"manifest.json", replaced(`"id"`, `"packageName": "crier", "id"`), "manifest.json", "packageName"},
		"another schema":            {"manifest.json", replaced(`"manifestVersion": "1.19"`, `"manifestVersion": "1.30"`), "manifestVersion", "not 1.19"},
		"another bot":               {"manifest.json", replaced(`"botId": "9`, `"botId": "8`), "bot id", "not the configured bot"},
		"no resource":               {"manifest.json", replaced(`"api://crier.contoso.com/botid-`+aBotID+`"`, `""`), "webApplicationInfo", "read receipts"},
		"no short description":      {"manifest.json", replaced("News, tips and surveys from your organization, in a chat with you.", ""), "short description", "0 characters"},
		"long command":              {"manifest.json", replaced(`"help"`, `"`+strings.Repeat("h", 33)+`"`), `title of command "` + strings.Repeat("h", 33) + `"`, "33 characters"},
		"command without a word":    {"manifest.json", replaced("What you can ask for", ""), `description of command "help"`, "0 characters"},
		"tab without a name":        {"manifest.json", replaced(`"name": "Campaigns",`, ""), `name of tab "console"`, "0 characters"},
		"domain with a scheme":      {"manifest.json", replaced(`"validDomains": [`, `"validDomains": ["https://contoso.com",`), "validDomains", "without scheme"},
		"domain with a path":        {"manifest.json", replaced(`"validDomains": [`, `"validDomains": ["contoso.com/tab",`), "validDomains", "without scheme"},
		"too many domains":          {"manifest.json", replaced(`"validDomains": [`, `"validDomains": [`+strings.Repeat(`"contoso.com",`, 16)), "validDomains", "there are 17"},
		"too many commands":         {"manifest.json", replaced(`"commands": [`, `"commands": [`+strings.Repeat(`{"title":"t","description":"d"},`, 6)), "commands", "there are 11"},
		"no colour icon":            {"color.png", nil, "color.png", "missing"},
		"no outline icon":           {"outline.png", nil, "outline.png", "missing"},
		"icon that is no PNG":       {"color.png", func([]byte) []byte { return []byte("GIF89a") }, "color.png", "not a PNG"},
		"icon cut off":              {"color.png", func(b []byte) []byte { return b[:len(b)/2] }, "color.png", "broken PNG"},
		"small colour icon":         {"color.png", drawn(96, color.NRGBA{A: 255}), "color.png", "96 by 96"},
		"large outline icon":        {"outline.png", drawn(192, color.NRGBA{255, 255, 255, 255}), "outline.png", "192 by 192"},
		"outline in grey":           {"outline.png", drawn(32, color.NRGBA{128, 128, 128, 255}), "outline.png", "pure white"},
		"outline all white":         {"outline.png", drawn(32, color.NRGBA{255, 255, 255, 255}), "outline.png", "pure white"},
		"outline that is empty":     {"outline.png", drawn(32, color.NRGBA{}), "outline.png", "pure white"},
		"no French":                 {"fr.json", nil, "fr.json", "missing"},
		"broken French":             {"fr.json", func(b []byte) []byte { return b[1:] }, "fr.json", "can't be read"},
		"French without a name":     {"fr.json", replaced("Town crier", ""), "fr.json name.short", "0 characters"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options().filled()
			files, err := fill(o)
			if err != nil {
				t.Fatal(err)
			}
			faults, _ := check(changed(t, files, test.name, test.change), o)
			wantFault(t, faults, test.where, test.says)
		})
	}
}

func TestAFolderInTheArchive(t *testing.T) {
	t.Parallel()
	o := options().filled()
	files, err := fill(o)
	if err != nil {
		t.Fatal(err)
	}
	faults, _ := check(append(files, file{name: "crier/readme.txt"}), o)
	wantFault(t, faults, "crier/readme.txt", "folder")
}

func wantFault(t *testing.T, faults Faults, where, says string) {
	t.Helper()
	if len(faults) != 1 || faults[0].Where != where || !strings.Contains(faults[0].String(), says) || faults[0].Remedy == "" {
		t.Errorf("faults %q, want one at %q that says %q", faults, where, says)
	}
}

func changed(t *testing.T, files []file, name string, change func([]byte) []byte) []file {
	t.Helper()
	var all []file
	for _, f := range files {
		if f.name == name {
			if change == nil {
				continue
			}
			before := f.data
			if f.data = change(before); bytes.Equal(before, f.data) {
				t.Fatalf("%s did not change", name)
			}
		}
		all = append(all, f)
	}
	return all
}

func replaced(before, after string) func([]byte) []byte {
	return func(data []byte) []byte { return bytes.Replace(data, []byte(before), []byte(after), 1) }
}

func drawn(size int, c color.NRGBA) func([]byte) []byte {
	icon := image.NewNRGBA(image.Rect(0, 0, size, size))
	for i := range size * size {
		icon.SetNRGBA(i%size, i/size, c)
	}
	var out bytes.Buffer
	_ = png.Encode(&out, icon)
	return func([]byte) []byte { return out.Bytes() }
}

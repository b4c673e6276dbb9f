package manifest

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

//go:embed manifest.json fr.json color.png outline.png
var parts embed.FS // read only

// filled puts the defaults where nothing is given.
func (o Options) filled() Options {
	o.PublicURL = strings.TrimRight(o.PublicURL, "/")
	o.AppID = cmp.Or(o.AppID, o.BotID)
	o.Name = cmp.Or(o.Name, "Crier")
	o.Version = cmp.Or(o.Version, "1.0.0")
	o.DeveloperName = cmp.Or(o.DeveloperName, "Crier")
	o.WebsiteURL = cmp.Or(o.WebsiteURL, o.PublicURL)
	o.PrivacyURL = cmp.Or(o.PrivacyURL, o.PublicURL+"/privacy")
	o.TermsURL = cmp.Or(o.TermsURL, o.PublicURL+"/terms")
	if o.TabURL == "" && strings.HasPrefix(o.PublicURL, "https://") {
		o.TabURL = o.PublicURL + "/tab"
	}
	return o
}

// fill gives the files of the archive, in its order.
func fill(o Options) ([]file, error) {
	var doc document
	french := map[string]string{}
	if err := cmp.Or(read("manifest.json", &doc), read("fr.json", &french)); err != nil {
		return nil, err
	}
	o.fillDocument(&doc)
	french["name.short"] = o.Name
	if len(doc.StaticTabs) == 0 {
		delete(french, "staticTabs[1].name")
	}
	files := []file{{"manifest.json", encode(doc)}}
	for _, name := range []string{"color.png", "outline.png"} {
		data, err := parts.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, data})
	}
	return append(files, file{"fr.json", encode(french)}), nil
}

func (o Options) fillDocument(doc *document) {
	doc.ID, doc.Version = o.AppID, o.Version
	doc.Name.Short = o.Name
	doc.Developer = developer{Name: o.DeveloperName, WebsiteURL: o.WebsiteURL, PrivacyURL: o.PrivacyURL, TermsURL: o.TermsURL}
	doc.Bots[0].BotID = o.BotID
	doc.WebApplicationInfo = webApplication{ID: o.BotID, Resource: "api://botid-" + o.BotID}
	if o.TabURL == "" {
		doc.StaticTabs = nil
		return
	}
	doc.StaticTabs[1].ContentURL, doc.StaticTabs[1].WebsiteURL = o.TabURL, o.PublicURL
	doc.ValidDomains = domains(o.PublicURL, o.TabURL)
	// Single sign-on in a tab wants the tab's host in the resource.
	if tab, err := url.Parse(o.TabURL); err == nil {
		doc.WebApplicationInfo.Resource = "api://" + tab.Host + "/botid-" + o.BotID
	}
}

// domains are the hosts of the addresses, each once.
func domains(addresses ...string) []string {
	var hosts []string
	for _, address := range addresses {
		if u, err := url.Parse(address); err == nil && u.Host != "" && !slices.Contains(hosts, u.Host) {
			hosts = append(hosts, u.Host)
		}
	}
	return hosts
}

func read(name string, into any) error {
	data, err := parts.ReadFile(name)
	if err != nil {
		return err
	}
	if err := decode(data, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// decode refuses what it does not know, for so does Teams.
func decode(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// encode keeps <campaign> readable. Plain structs and maps of strings always encode.
func encode(value any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(value)
	return out.Bytes()
}

package manifest

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// check looks the finished files over as Teams will, protocol/manifest.md
// section 5. The lengths are the schema's, counted in characters.
func check(files []file, o Options) (faults, warnings Faults) {
	checkPublicURL(o.PublicURL, &faults, &warnings)
	data, ok := find(files, "manifest.json")
	var doc document
	if !ok {
		faults.add("manifest.json", "it is missing", "build the package again")
	} else if err := decode(data, &doc); err != nil {
		faults.add("manifest.json", "it can't be read: "+err.Error(), "mend the file")
	} else {
		checkIDs(doc, o, &faults)
		checkVersion(doc, o.Published, &faults)
		checkTexts(doc, &faults)
		checkURLs(doc, o.PublicURL, &faults)
		checkDomains(doc.ValidDomains, &faults)
		checkIcons(files, doc.Icons, &faults)
		checkLanguages(files, doc, &faults)
	}
	for _, f := range files {
		if strings.ContainsAny(f.name, `/\`) {
			faults.add(f.name, "it is in a folder of the archive", "put every file at the root")
		}
	}
	return faults, warnings
}

func find(files []file, name string) ([]byte, bool) {
	i := slices.IndexFunc(files, func(f file) bool { return f.name == name })
	if i < 0 {
		return nil, false
	}
	return files[i].data, true
}

func checkPublicURL(address string, faults, warnings *Faults) {
	const where, remedy = "public URL", "set CRIER_PUBLIC_URL to the https address that Teams reaches the bot at"
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		faults.add(where, strconv.Quote(address)+" is not an absolute URL", remedy)
	case u.Path != "" || u.RawQuery != "" || u.Fragment != "":
		faults.add(where, strconv.Quote(address)+" does not end after the host", remedy)
	case isLoopback(u.Hostname()):
		warnings.add(where, address+" is this machine's own address, so Teams can't reach the bot", remedy+"; until then the package is only good to look at")
	case u.Scheme != "https":
		faults.add(where, address+" is not https, and Teams calls nothing else", remedy)
	}
}

func checkIDs(doc document, o Options, faults *Faults) {
	guid := regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	if o.BotID == "" {
		faults.add("bot id", "no bot is configured", "set CRIER_APP_ID to the application id of the bot registration")
		return
	}
	if !guid.MatchString(doc.ID) {
		faults.add("app id", strconv.Quote(doc.ID)+" is not a GUID", "use the bot's application id or a new GUID, and keep it for ever")
	}
	if len(doc.Bots) != 1 {
		faults.add("bots", fmt.Sprintf("there are %d, and Teams takes one", len(doc.Bots)), "keep one bot")
	}
	for _, b := range doc.Bots {
		if !guid.MatchString(b.BotID) {
			faults.add("bot id", strconv.Quote(b.BotID)+" is not a GUID", "set CRIER_APP_ID to the application id of the bot registration")
		} else if !strings.EqualFold(b.BotID, o.BotID) {
			faults.add("bot id", b.BotID+" is not the configured bot, "+o.BotID, "build the package with the configuration that serves the bot")
		}
	}
	if !strings.EqualFold(doc.WebApplicationInfo.ID, o.BotID) || doc.WebApplicationInfo.Resource == "" {
		faults.add("webApplicationInfo", "it does not name the configured bot, so read receipts would not come", "build the package again")
	}
}

// checkVersion compares major, minor and patch.
func checkVersion(doc document, published string, faults *Faults) {
	if doc.ManifestVersion != "1.19" {
		faults.add("manifestVersion", strconv.Quote(doc.ManifestVersion)+" is not 1.19", "build the package again")
	}
	version, ok := numbers(doc.Version)
	if !ok {
		faults.add("version", strconv.Quote(doc.Version)+" is not three numbers", "give one like 1.2.3")
		return
	}
	before, ok := numbers(published)
	switch {
	case published == "":
	case !ok:
		faults.add("published version", strconv.Quote(published)+" is not three numbers", "give one like 1.2.3")
	case slices.Compare(version, before) <= 0:
		faults.add("version", doc.Version+" is not above "+published+", which is published already", "raise the version, or Teams keeps the old package")
	}
}

// numbers are the three of 1.2.3.
func numbers(version string) ([]int, bool) {
	parts := strings.Split(version, ".")
	all := make([]int, len(parts))
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil || strconv.FormatUint(n, 10) != part {
			return nil, false
		}
		all[i] = int(n)
	}
	return all, len(parts) == 3
}

func checkTexts(doc document, faults *Faults) {
	lengths := func(where, value string, most int) { checkLength(where, value, most, faults) }
	lengths("name", doc.Name.Short, 30)
	lengths("full name", doc.Name.Full, 100)
	lengths("short description", doc.Description.Short, 80)
	lengths("full description", doc.Description.Full, 4000)
	lengths("developer name", doc.Developer.Name, 32)
	for _, t := range doc.StaticTabs {
		if t.ContentURL != "" {
			lengths("name of tab "+strconv.Quote(t.EntityID), t.Name, 128)
		}
	}
	for _, b := range doc.Bots {
		for _, list := range b.CommandLists {
			if len(list.Commands) > 10 {
				faults.add("commands", fmt.Sprintf("there are %d, and Teams takes 10", len(list.Commands)), "drop some")
			}
			for _, c := range list.Commands {
				lengths("title of command "+strconv.Quote(c.Title), c.Title, 32)
				lengths("description of command "+strconv.Quote(c.Title), c.Description, 128)
			}
		}
	}
}

func checkLength(where, value string, most int, faults *Faults) {
	n := utf8.RuneCountInString(value)
	if n == 0 || n > most {
		faults.add(where, fmt.Sprintf("it has %d characters, and Teams takes 1 to %d", n, most), "change it")
	}
}

// checkURLs lets a loopback address pass as its warning stands already.
func checkURLs(doc document, publicURL string, faults *Faults) {
	addresses := [][2]string{{"website URL", doc.Developer.WebsiteURL}, {"privacy URL", doc.Developer.PrivacyURL}, {"terms of use URL", doc.Developer.TermsURL}}
	for _, t := range doc.StaticTabs {
		if t.ContentURL != "" || t.WebsiteURL != "" {
			addresses = append(addresses, [2]string{"tab URL", t.ContentURL}, [2]string{"tab's website URL", t.WebsiteURL})
		}
	}
	for _, named := range addresses {
		where, address := named[0], named[1]
		if publicURL == "" || strings.HasPrefix(address, publicURL) && !strings.HasPrefix(publicURL, "https:") {
			continue // what is wrong with the public URL is said once
		}
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" || u.Hostname() == "" || len(address) > 2048 {
			faults.add(where, strconv.Quote(address)+" is not an https URL", "give one that starts with https://")
		} else if isExample(u.Hostname()) {
			faults.add(where, u.Hostname()+" is a name for examples", "give your own host")
		}
	}
}

func checkDomains(domains []string, faults *Faults) {
	if len(domains) > 16 {
		faults.add("validDomains", fmt.Sprintf("there are %d, and Teams takes 16", len(domains)), "drop some")
	}
	for _, domain := range domains {
		if domain == "" || strings.ContainsAny(domain, "/?#@ ") {
			faults.add("validDomains", strconv.Quote(domain)+" is more than a host", "give it without scheme and path")
		}
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// isExample knows the host of the schema's examples, which nobody owns.
func isExample(host string) bool {
	return strings.HasSuffix("."+strings.ToLower(host), ".example.org")
}

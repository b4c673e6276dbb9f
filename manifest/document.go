package manifest

// document is manifest.json, the part of the schema that is used here.
type document struct {
	Schema             string         `json:"$schema"`
	ManifestVersion    string         `json:"manifestVersion"`
	Version            string         `json:"version"`
	ID                 string         `json:"id"`
	Developer          developer      `json:"developer"`
	Name               text           `json:"name"`
	Description        text           `json:"description"`
	Icons              icons          `json:"icons"`
	AccentColor        string         `json:"accentColor"`
	Localization       localization   `json:"localizationInfo"`
	StaticTabs         []tab          `json:"staticTabs,omitempty"`
	Bots               []bot          `json:"bots"`
	Permissions        []string       `json:"permissions"`
	ValidDomains       []string       `json:"validDomains,omitempty"`
	WebApplicationInfo webApplication `json:"webApplicationInfo"`
	Authorization      authorization  `json:"authorization"`
}

type developer struct {
	Name       string `json:"name"`
	WebsiteURL string `json:"websiteUrl"`
	PrivacyURL string `json:"privacyUrl"`
	TermsURL   string `json:"termsOfUseUrl"`
}

type text struct {
	Short string `json:"short"`
	Full  string `json:"full"`
}

type icons struct {
	Color   string `json:"color"`
	Outline string `json:"outline"`
}

type localization struct {
	Default    string     `json:"defaultLanguageTag"`
	Additional []language `json:"additionalLanguages"`
}

type language struct {
	Tag  string `json:"languageTag"`
	File string `json:"file"`
}

type tab struct {
	EntityID   string   `json:"entityId"`
	Name       string   `json:"name,omitempty"`
	ContentURL string   `json:"contentUrl,omitempty"`
	WebsiteURL string   `json:"websiteUrl,omitempty"`
	Scopes     []string `json:"scopes"`
}

type bot struct {
	BotID              string        `json:"botId"`
	Scopes             []string      `json:"scopes"`
	SupportsFiles      bool          `json:"supportsFiles"`
	IsNotificationOnly bool          `json:"isNotificationOnly"`
	CommandLists       []commandList `json:"commandLists"`
}

type commandList struct {
	Scopes   []string  `json:"scopes"`
	Commands []command `json:"commands"`
}

type command struct {
	Title       string `json:"title"`
	Description string `json:"description"`
}

type webApplication struct {
	ID       string `json:"id"`
	Resource string `json:"resource"`
}

type authorization struct {
	Permissions struct {
		ResourceSpecific []permission `json:"resourceSpecific"`
	} `json:"permissions"`
}

type permission struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

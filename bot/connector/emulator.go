package connector

import "strings"

// Tenants in which Microsoft registers emulator tokens (protocol/inbound.md
// section 2.1).
const (
	emulatorTenant31         = "d6d49420-f39b-4df7-a1dc-d59a935871db"
	emulatorTenant32         = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
	governmentEmulatorTenant = "cab8a31a-1906-4287-a0d8-4eef66b95f6e"
)

// emulatorIssuers maps each accepted issuer to its tenant. The bot's own
// tenant comes from the configuration, never from the token: all Entra keys
// are shared between tenants, so a token of any tenant has a good signature.
func emulatorIssuers(botTenant string) map[string]string {
	issuers := make(map[string]string)
	add := func(tenant, login string) {
		issuers["https://sts.windows.net/"+tenant+"/"] = tenant
		issuers["https://"+login+"/"+tenant+"/v2.0"] = tenant
	}
	add(emulatorTenant31, "login.microsoftonline.com")
	add(emulatorTenant32, "login.microsoftonline.com")
	add(governmentEmulatorTenant, "login.microsoftonline.us")
	if botTenant != "" {
		add(botTenant, "login.microsoftonline.com")
		add(botTenant, "login.microsoftonline.us")
	}
	return issuers
}

// checkEmulator holds for a token that the bot's own id and secret obtained.
// It signs for no service URL and its key endorses no channel.
func (v *Verifier) checkEmulator(c *claims) error {
	party := c.AppID
	if c.Version == "2.0" {
		party = c.AuthorizedParty
	}
	if !strings.EqualFold(party, v.appID) {
		return unauthorized("token of another app")
	}
	if !strings.EqualFold(c.TenantID, v.emulatorIssuers[c.Issuer]) {
		return unauthorized("token of another tenant")
	}
	return nil
}

package config

import (
	"slices"
	"strings"
)

// setting is one row of the table that flags, variables and help are made from.
type setting struct {
	name     string // SEND_RATE: the variable is CRIER_SEND_RATE, the flag --send-rate
	standard string // the default; empty: none
	example  string
	help     string
	commands string // commands that take it beside serve and doctor, which take all
	isSwitch bool   // the flag may stand without a value: --allow-anonymous
	parse    func(string) error
}

func (s setting) variable() string { return "CRIER_" + s.name }

func (s setting) flag() string { return strings.ToLower(strings.ReplaceAll(s.name, "_", "-")) }

// settingsOf gives the settings that a command takes, parsing into c.
func settingsOf(command string, c *Config) []setting {
	takes := func(s setting) bool {
		return command == "serve" || command == "doctor" || slices.Contains(strings.Fields(s.commands), command)
	}
	return slices.DeleteFunc(settings(c), func(s setting) bool { return !takes(s) })
}

// settings is the table, contract.md section 2. A demo brings its own database
// and its own Teams, and so takes no setting about either: an environment that
// was made for serve must not lead it to a real tenant.
func settings(c *Config) []setting {
	return slices.Concat(addressSettings(c), registrationSettings(c), ownerSettings(c), sendSettings(c), logSettings(c))
}

func addressSettings(c *Config) []setting {
	return []setting{
		{name: "LISTEN", standard: "127.0.0.1:3978", example: "127.0.0.1:3978", commands: "demo manifest",
			help: "address to listen on, host:port", parse: into(&c.Listen, hostPort)},
		{name: "PUBLIC_URL", example: "https://crier.contoso.com", commands: "demo manifest",
			help: "where Teams and browsers reach it (default: http:// and the address listened on)", parse: into(&c.PublicURL, publicURL)},
		{name: "METRICS_LISTEN", example: "127.0.0.1:9090", commands: "demo",
			help: "an address of its own for /metrics", parse: into(&c.MetricsListen, hostPort)},
		{name: "DATABASE_URL", standard: "sqlite:crier.db", example: "postgres://crier:password@db.contoso.com/crier", commands: "migrate",
			help: "sqlite:PATH or postgres://…", parse: into(&c.DatabaseURL, databaseURL)},
	}
}

func registrationSettings(c *Config) []setting {
	return []setting{
		{name: "APP_ID", example: "6f1c8f5e-3a52-4a6e-9c1d-2b7f0e4d8a90", commands: "manifest",
			help: "application (client) id of the bot registration", parse: into(&c.AppID, guid)},
		{name: "APP_PASSWORD", example: "the client secret's value, from the Azure portal",
			help: "client secret of the bot registration", parse: into(&c.AppPassword, secret(1))},
		{name: "APP_TENANT_ID", example: "72f988bf-86f1-41af-91ab-2d7cd011db47",
			help: "directory (tenant) id of the bot registration", parse: into(&c.AppTenantID, tenant)},
		{name: "APP_TYPE", standard: string(SingleTenant), example: string(SingleTenant),
			help: "SingleTenant, MultiTenant or UserAssignedMSI", parse: into(&c.AppType, oneOf(SingleTenant, MultiTenant, UserAssignedMSI))},
		{name: "LOGIN_URL", standard: "https://login.microsoftonline.com", example: "https://login.microsoftonline.com",
			help: "token authority", parse: into(&c.LoginURL, serviceURL)},
		{name: "OPENID_METADATA_URL", standard: "https://login.botframework.com/v1/.well-known/openidconfiguration",
			example: "https://login.botframework.com/v1/.well-known/openidconfiguration",
			help:    "where the channel's signing keys are announced", parse: into(&c.OpenIDMetadataURL, serviceURL)},
		{name: "GRAPH_URL", standard: "https://graph.microsoft.com", example: "https://graph.microsoft.com",
			help: "Microsoft Graph", parse: into(&c.GraphURL, serviceURL)},
		{name: "TRUSTED_SERVICE_HOSTS", example: "smba.trafficmanager.net,http://127.0.0.1:9000",
			help: "hosts that a conversation may point to, comma separated (default: Microsoft's)", parse: into(&c.TrustedServiceHosts, anyText)},
		{name: "ALLOW_ANONYMOUS", example: "false, or CRIER_LISTEN=127.0.0.1:3978", isSwitch: true,
			help: "take activities without a token, on a loopback address only (Microsoft's emulator)", parse: into(&c.AllowAnonymous, yesNo)},
	}
}

func ownerSettings(c *Config) []setting {
	return []setting{
		{name: "ADMINS", example: "ada@contoso.com,grace@contoso.com", commands: "demo",
			help: "owners: user principal names or Entra object ids, comma separated", parse: into(&c.Admins, list)},
		{name: "API_TOKEN", example: "the output of: openssl rand -hex 32", commands: "demo",
			help: "an API token with the owner role, to begin with", parse: into(&c.APIToken, secret(8))},
		{name: "SECRET", example: "the output of: openssl rand -hex 32", commands: "demo",
			help: "signs sessions, links and card data (default: generated once, kept in the database)", parse: into(&c.Secret, secret(16))},
	}
}

func sendSettings(c *Config) []setting {
	return []setting{
		{name: "SEND_RATE", standard: "30", example: "30", commands: "demo",
			help: "requests a second to the connector for each tenant, over all instances", parse: into(&c.SendRate, positive)},
		{name: "SEND_CONCURRENCY", standard: "32", example: "32", commands: "demo",
			help: "requests in flight to the connector, for each instance", parse: into(&c.SendConcurrency, between(1, 1024))},
		{name: "MAX_SCHEDULE_AHEAD", standard: "144h", example: "144h", commands: "demo",
			help: "how far ahead a send may be scheduled; 0 lifts it", parse: into(&c.MaxScheduleAhead, duration)},
		{name: "TIME_ZONE", standard: "UTC", example: "Europe/Paris", commands: "demo",
			help: "default zone for working hours", parse: into(&c.TimeZone, timeZone)},
	}
}

func logSettings(c *Config) []setting {
	return []setting{
		{name: "LOG_LEVEL", standard: "info", example: "info", commands: "demo simulate manifest migrate",
			help: "debug, info, warn or error", parse: into(&c.LogLevel, level)},
		{name: "LOG_FORMAT", standard: string(LogText), example: string(LogText), commands: "demo simulate manifest migrate",
			help: "text, or json for machines", parse: into(&c.LogFormat, oneOf(LogText, LogJSON))},
	}
}

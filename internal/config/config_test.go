package config

import (
	"flag"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const (
	anAppID    = "6f1c8f5e-3a52-4a6e-9c1d-2b7f0e4d8a90"
	aSecret    = "0123456789abcdef0123456789abcdef"
	aTokenText = "0123456789abcdef"
)

func environment(pairs ...string) func(string) string {
	values := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return values[name] }
}

func loaded(t *testing.T, command string, args []string, pairs ...string) Config {
	t.Helper()
	c, err := Load(command, args, environment(pairs...), nil)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return c
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	want := Config{
		Listen:            "127.0.0.1:3978",
		PublicURL:         "http://127.0.0.1:3978",
		DatabaseURL:       NewSecret("sqlite:crier.db"),
		AppType:           SingleTenant,
		LoginURL:          "https://login.microsoftonline.com",
		OpenIDMetadataURL: "https://login.botframework.com/v1/.well-known/openidconfiguration",
		GraphURL:          "https://graph.microsoft.com",
		SendRate:          30,
		SendConcurrency:   32,
		MaxScheduleAhead:  144 * time.Hour,
		TimeZone:          "UTC",
		LogLevel:          slog.LevelInfo,
		LogFormat:         LogText,
	}
	got := loaded(t, "serve", nil)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEverySettingIsRead(t *testing.T) {
	t.Parallel()
	values := map[string]string{
		"LISTEN": "[::1]:8080", "PUBLIC_URL": "https://crier.contoso.com/", "METRICS_LISTEN": ":9090",
		"DATABASE_URL": "postgresql://crier:pw@db/crier?sslmode=disable",
		"APP_ID":       anAppID, "APP_PASSWORD": "pw", "APP_TENANT_ID": "contoso.onmicrosoft.com", "APP_TYPE": "MultiTenant",
		"LOGIN_URL": "http://127.0.0.1:9000/", "OPENID_METADATA_URL": "http://localhost:9000/v1/.well-known/openidconfiguration",
		"GRAPH_URL": "http://[::1]:9000/graph", "TRUSTED_SERVICE_HOSTS": "http://127.0.0.1:9000, a.example",
		"ALLOW_ANONYMOUS": "true", "ADMINS": " ada@contoso.com ,, grace@contoso.com", "API_TOKEN": aTokenText, "SECRET": aSecret,
		"SEND_RATE": "0.5", "SEND_CONCURRENCY": "1024", "MAX_SCHEDULE_AHEAD": "0", "TIME_ZONE": "Europe/Paris",
		"LOG_LEVEL": "WARN", "LOG_FORMAT": "json",
	}
	want := Config{
		Listen: "[::1]:8080", PublicURL: "https://crier.contoso.com", MetricsListen: ":9090",
		DatabaseURL: NewSecret("postgresql://crier:pw@db/crier?sslmode=disable"),
		AppID:       anAppID, AppPassword: NewSecret("pw"), AppTenantID: "contoso.onmicrosoft.com", AppType: MultiTenant,
		LoginURL: "http://127.0.0.1:9000", OpenIDMetadataURL: "http://localhost:9000/v1/.well-known/openidconfiguration",
		GraphURL: "http://[::1]:9000/graph", TrustedServiceHosts: "http://127.0.0.1:9000, a.example",
		AllowAnonymous: true, Admins: []string{"ada@contoso.com", "grace@contoso.com"}, APIToken: NewSecret(aTokenText), Secret: NewSecret(aSecret),
		SendRate: 0.5, SendConcurrency: 1024, MaxScheduleAhead: 0, TimeZone: "Europe/Paris",
		LogLevel: slog.LevelWarn, LogFormat: LogJSON,
	}
	var args, pairs []string
	for _, s := range settings(&Config{}) {
		value, ok := values[s.name]
		if !ok {
			t.Fatalf("the test gives no %s", s.name)
		}
		args = append(args, "--"+s.flag()+"="+value)
		pairs = append(pairs, s.variable(), value)
	}
	for name, got := range map[string]Config{
		"variables": loaded(t, "serve", nil, pairs...),
		"flags":     loaded(t, "serve", args),
	} {
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Config{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFlagWins(t *testing.T) {
	t.Parallel()
	c := loaded(t, "serve", []string{"--send-rate", "7", "--api-token=", "-allow-anonymous"},
		"CRIER_SEND_RATE", "9", "CRIER_API_TOKEN", aTokenText, "CRIER_LOG_LEVEL", "debug")
	if c.SendRate != 7 || c.LogLevel != slog.LevelDebug || !c.AllowAnonymous {
		t.Errorf("rate %v, level %v, anonymous %v", c.SendRate, c.LogLevel, c.AllowAnonymous)
	}
	if !c.APIToken.IsZero() {
		t.Error("an empty flag does not take the variable away")
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		variables []string
		at        string
		problem   string
	}{
		"listen without a port":       {[]string{"CRIER_LISTEN", "localhost"}, "CRIER_LISTEN", "host:port"},
		"listen on a named port":      {[]string{"CRIER_LISTEN", "localhost:http"}, "CRIER_LISTEN", "0 to 65535"},
		"listen on port 65536":        {[]string{"CRIER_LISTEN", ":65536"}, "CRIER_LISTEN", "0 to 65535"},
		"metrics without a port":      {[]string{"CRIER_METRICS_LISTEN", "9090"}, "CRIER_METRICS_LISTEN", "host:port"},
		"public URL without a scheme": {[]string{"CRIER_PUBLIC_URL", "crier.contoso.com"}, "CRIER_PUBLIC_URL", "absolute"},
		"public URL of another kind":  {[]string{"CRIER_PUBLIC_URL", "ftp://crier.contoso.com"}, "CRIER_PUBLIC_URL", "absolute"},
		"public URL without a host":   {[]string{"CRIER_PUBLIC_URL", "https://:443"}, "CRIER_PUBLIC_URL", "absolute"},
		"public URL with a path":      {[]string{"CRIER_PUBLIC_URL", "https://contoso.com/crier"}, "CRIER_PUBLIC_URL", "path"},
		"public URL with a query":     {[]string{"CRIER_PUBLIC_URL", "https://contoso.com?a=b"}, "CRIER_PUBLIC_URL", "query"},
		"public URL with a user":      {[]string{"CRIER_PUBLIC_URL", "https://ada:hunter2@contoso.com"}, "CRIER_PUBLIC_URL", "user name"},
		"unknown database":            {[]string{"CRIER_DATABASE_URL", "mysql://u:hunter2@h/d"}, "CRIER_DATABASE_URL", "neither"},
		"SQLite without a path":       {[]string{"CRIER_DATABASE_URL", "sqlite:"}, "CRIER_DATABASE_URL", "path"},
		"unreadable database URL":     {[]string{"CRIER_DATABASE_URL", "postgres://u:hunter2%zz@h/d"}, "CRIER_DATABASE_URL", "percent-encode"},
		"app id that is no GUID":      {[]string{"CRIER_APP_ID", "crier"}, "CRIER_APP_ID", "GUID"},
		"app id in braces":            {[]string{"CRIER_APP_ID", "{" + anAppID + "}"}, "CRIER_APP_ID", "GUID"},
		"tenant that is a path":       {[]string{"CRIER_APP_TENANT_ID", "a/b"}, "CRIER_APP_TENANT_ID", "domain"},
		"unknown app type":            {[]string{"CRIER_APP_TYPE", "singletenant"}, "CRIER_APP_TYPE", "UserAssignedMSI"},
		"login over plain HTTP":       {[]string{"CRIER_LOGIN_URL", "http://login.contoso.com"}, "CRIER_LOGIN_URL", "loopback"},
		"keys over plain HTTP":        {[]string{"CRIER_OPENID_METADATA_URL", "http://10.0.0.1/keys"}, "CRIER_OPENID_METADATA_URL", "loopback"},
		"Graph at localhost.evil":     {[]string{"CRIER_GRAPH_URL", "http://localhost.evil.com"}, "CRIER_GRAPH_URL", "loopback"},
		"anonymous that is neither":   {[]string{"CRIER_ALLOW_ANONYMOUS", "maybe"}, "CRIER_ALLOW_ANONYMOUS", "neither"},
		"short API token":             {[]string{"CRIER_API_TOKEN", "hunter2"}, "CRIER_API_TOKEN", "7 characters"},
		"short secret":                {[]string{"CRIER_SECRET", "hunter2"}, "CRIER_SECRET", "7 characters"},
		"rate of nothing":             {[]string{"CRIER_SEND_RATE", "0"}, "CRIER_SEND_RATE", "above 0"},
		"rate that is no number":      {[]string{"CRIER_SEND_RATE", "NaN"}, "CRIER_SEND_RATE", "above 0"},
		"rate without end":            {[]string{"CRIER_SEND_RATE", "Inf"}, "CRIER_SEND_RATE", "above 0"},
		"no concurrency":              {[]string{"CRIER_SEND_CONCURRENCY", "0"}, "CRIER_SEND_CONCURRENCY", "1 to 1024"},
		"too much concurrency":        {[]string{"CRIER_SEND_CONCURRENCY", "1025"}, "CRIER_SEND_CONCURRENCY", "1 to 1024"},
		"schedule in days":            {[]string{"CRIER_MAX_SCHEDULE_AHEAD", "6d"}, "CRIER_MAX_SCHEDULE_AHEAD", "duration"},
		"schedule in the past":        {[]string{"CRIER_MAX_SCHEDULE_AHEAD", "-1h"}, "CRIER_MAX_SCHEDULE_AHEAD", "duration"},
		"unknown zone":                {[]string{"CRIER_TIME_ZONE", "Paris"}, "CRIER_TIME_ZONE", "IANA"},
		"the machine's zone":          {[]string{"CRIER_TIME_ZONE", "Local"}, "CRIER_TIME_ZONE", "IANA"},
		"unknown level":               {[]string{"CRIER_LOG_LEVEL", "loud"}, "CRIER_LOG_LEVEL", "debug, info"},
		"unknown format":              {[]string{"CRIER_LOG_FORMAT", "xml"}, "CRIER_LOG_FORMAT", "text, json"},
		"no password":                 {[]string{"CRIER_APP_ID", anAppID, "CRIER_APP_TENANT_ID", "t"}, "CRIER_APP_PASSWORD", "missing"},
		"no tenant":                   {[]string{"CRIER_APP_ID", anAppID, "CRIER_APP_PASSWORD", "p"}, "CRIER_APP_TENANT_ID", "missing"},
		"anonymous for everybody":     {[]string{"CRIER_ALLOW_ANONYMOUS", "true", "CRIER_LISTEN", "0.0.0.0:80"}, "CRIER_ALLOW_ANONYMOUS", "loopback"},
		"anonymous on every address":  {[]string{"CRIER_ALLOW_ANONYMOUS", "true", "CRIER_LISTEN", ":80"}, "CRIER_ALLOW_ANONYMOUS", "loopback"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Load("serve", nil, environment(test.variables...), nil)
			faults, _ := err.(Faults)
			if len(faults) != 1 || faults[0].Variable != test.at || !strings.Contains(faults[0].Problem, test.problem) || faults[0].Example == "" {
				t.Errorf("faults %+v, want one at %s with %q and an example", faults, test.at, test.problem)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("a secret is told: %v", err)
			}
		})
	}
}

func TestRegistrationsThatNeedLess(t *testing.T) {
	t.Parallel()
	loaded(t, "serve", nil, "CRIER_APP_ID", anAppID, "CRIER_APP_TYPE", "UserAssignedMSI")
	loaded(t, "serve", nil, "CRIER_APP_ID", anAppID, "CRIER_APP_TYPE", "MultiTenant", "CRIER_APP_PASSWORD", "p")
	loaded(t, "manifest", nil, "CRIER_APP_ID", anAppID)
}

func TestAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	extra := func(set *flag.FlagSet) { set.Int("users", 250, "how many people") }
	args := []string{"--users", "many", "--sendrate", "9", "stray", "--log-level", "loud\nquiet", "--time-zone"}
	_, err := Load("serve", args, environment("CRIER_SECRET", "short", "CRIER_APP_ID", anAppID), extra)
	want := `--users: "many" is no value for it: parse error
--sendrate: there is no such flag; did you mean --send-rate?
"stray" belongs to no flag
--time-zone: it stands without a value
CRIER_SECRET: it has 5 characters, and needs 16 at least (example: the output of: openssl rand -hex 32)
CRIER_LOG_LEVEL: "loud\nquiet" is none of debug, info, warn, error (example: info)
CRIER_APP_PASSWORD: it is missing, and CRIER_APP_ID needs it (except for CRIER_APP_TYPE=UserAssignedMSI) (example: the client secret's value, from the Azure portal)
CRIER_APP_TENANT_ID: it is missing, and CRIER_APP_TYPE=SingleTenant needs it (example: 72f988bf-86f1-41af-91ab-2d7cd011db47)`
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUnknownFlags(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"--send-rat":  "--send-rat: there is no such flag; did you mean --send-rate?",
		"-listn=:1":   "--listn: there is no such flag; did you mean --listen?",
		"--app":       "--app: there is no such flag; see crier serve --help",
		"--xyzzy=abc": "--xyzzy: there is no such flag; see crier serve --help",
		"--=abc":      "--: there is no such flag; see crier serve --help",
	}
	for argument, want := range tests {
		_, err := Load("serve", []string{argument}, environment(), nil)
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", argument, err, want)
		}
	}
}

func TestACommandTakesItsOwn(t *testing.T) {
	t.Parallel()
	var users int
	var chatty bool
	var listen string
	extra := func(set *flag.FlagSet) {
		set.IntVar(&users, "users", 250, "how many people")
		set.BoolVar(&chatty, "chatty", false, "people say hello")
		set.StringVar(&listen, "listen", "127.0.0.1:9000", "address to listen on")
	}
	args := []string{"--users", "3", "--chatty", "--listen=:1", "--log-format", "json"}
	c, err := Load("simulate", args, environment("CRIER_LISTEN", "nonsense", "CRIER_DATABASE_URL", "nonsense"), extra)
	if err != nil || users != 3 || !chatty || listen != ":1" {
		t.Errorf("users %d, chatty %v, listen %q: %v", users, chatty, listen, err)
	}
	if diff := cmp.Diff(Config{LogFormat: LogJSON}, c, cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDemoNeverSeesARealTenant(t *testing.T) {
	t.Parallel()
	c := loaded(t, "demo", nil, "CRIER_APP_ID", anAppID, "CRIER_DATABASE_URL", "postgres://h/d", "CRIER_LOGIN_URL", "https://login.contoso.com")
	if c.AppID != "" || c.LoginURL != "" || c.GraphURL != "" || !c.DatabaseURL.IsZero() {
		t.Errorf("a demo got %+v", c)
	}
}

func TestListeningOn(t *testing.T) {
	t.Parallel()
	address := &net.TCPAddr{IP: net.IPv4zero, Port: 5555}
	followed := loaded(t, "serve", []string{"--listen", "0.0.0.0:0"}).ListeningOn(address)
	if followed.Listen != "0.0.0.0:5555" || followed.PublicURL != "http://localhost:5555" {
		t.Errorf("listen %s, public %s", followed.Listen, followed.PublicURL)
	}
	given := loaded(t, "serve", []string{"--public-url", "https://crier.contoso.com"}).ListeningOn(address)
	if given.PublicURL != "https://crier.contoso.com" {
		t.Errorf("a given public URL became %s", given.PublicURL)
	}
}

func TestHelpIsAsked(t *testing.T) {
	t.Parallel()
	for _, argument := range []string{"-h", "--help"} {
		if _, err := Load("serve", []string{argument}, environment(), nil); err != flag.ErrHelp {
			t.Errorf("%s: %v", argument, err)
		}
	}
}

func TestHelpNamesEverySetting(t *testing.T) {
	t.Parallel()
	var help strings.Builder
	if err := Help(&help, "serve", func(set *flag.FlagSet) { set.Int("users", 250, "how many people") }); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(help.String(), "\n")
	for _, s := range settings(&Config{}) {
		if !hasLine(lines, "--"+s.flag(), s.variable()) || !strings.Contains(help.String(), s.help) {
			t.Errorf("%s is not in the help", s.variable())
		}
		if s.standard != "" && !strings.Contains(help.String(), "(default: "+s.standard+")") {
			t.Errorf("the default of %s is not in the help", s.variable())
		}
		if s.help == "" || s.example == "" {
			t.Errorf("%s has no help or no example", s.variable())
		}
	}
	if !hasLine(lines, "--users") || !strings.Contains(help.String(), "how many people (default: 250)") {
		t.Error("the command's own flag is not in the help")
	}
}

func hasLine(lines []string, words ...string) bool {
	for _, line := range lines {
		if strings.Join(strings.Fields(line), " ") == strings.Join(words, " ") {
			return true
		}
	}
	return false
}

func TestHelpReportsABrokenWriter(t *testing.T) {
	t.Parallel()
	reader, writer := io.Pipe()
	_ = reader.Close()
	if err := Help(writer, "serve", nil); err != io.ErrClosedPipe {
		t.Errorf("error %v", err)
	}
}

// Package config reads the flags and the environment once into a value, with
// all faults in one message. Nothing else in the program looks at either.
package config

import (
	"flag"
	"log/slog"
	"net"
	"time"
)

// Config is every setting of the program, checked. A command sees the settings
// it takes (see [Help]); the others stay zero.
type Config struct {
	Listen        string // host:port
	PublicURL     string // absolute, without a trailing slash
	MetricsListen string // host:port; empty: /metrics is served on Listen

	DatabaseURL Secret // "sqlite:PATH", "postgres://…" or "postgresql://…"; a secret, for it may hold a password

	AppID       string // of the bot registration, a GUID; empty: no bot is registered
	AppPassword Secret
	AppTenantID string // a GUID or a domain
	AppType     AppType

	LoginURL            string // token authority, without a trailing slash
	OpenIDMetadataURL   string
	GraphURL            string // without a trailing slash
	TrustedServiceHosts string // as given, comma separated; empty: Microsoft's hosts
	AllowAnonymous      bool   // true only where Listen is a loopback address

	Admins   []string // user principal names or Entra object ids
	APIToken Secret   // empty: none
	Secret   Secret   // empty: generated once and kept in the database

	SendRate         float64       // requests a second for each tenant
	SendConcurrency  int           // requests in flight
	MaxScheduleAhead time.Duration // 0: no limit
	TimeZone         string        // IANA name

	LogLevel  slog.Level
	LogFormat LogFormat

	publicURLDefaulted bool
}

// AppType is how the bot is registered with Microsoft.
type AppType string

// The types of a registration, protocol/inbound.md.
const (
	SingleTenant    AppType = "SingleTenant"
	MultiTenant     AppType = "MultiTenant"
	UserAssignedMSI AppType = "UserAssignedMSI"
)

// LogFormat is how a line of the log is written.
type LogFormat string

// The formats of the log.
const (
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// Load reads the settings that the command takes from args (without the
// program's and the command's names) and, where no flag says otherwise, from
// the environment. The command's own flags are registered by extra, which may
// be nil; their names must differ from the settings'.
//
// The error is [flag.ErrHelp] when help was asked for, otherwise [Faults].
func Load(command string, args []string, getenv func(string) string, extra func(*flag.FlagSet)) (Config, error) {
	var c Config
	all := settingsOf(command, &c)
	given, faults, err := parseFlags(command, args, all, extra)
	if err != nil {
		return Config{}, err
	}
	faults = append(faults, read(all, given, getenv)...)
	faults = append(faults, c.check(all, faults)...)
	if len(faults) > 0 {
		return Config{}, faults
	}
	if c.PublicURL == "" && c.Listen != "" {
		c.publicURLDefaulted = true
		c.PublicURL = urlOf(c.Listen)
	}
	return c, nil
}

// read parses each setting from its flag, its variable or its default.
func read(all []setting, given map[string]string, getenv func(string) string) Faults {
	var faults Faults
	for _, s := range all {
		text, isFlag := given[s.flag()]
		if !isFlag {
			text = getenv(s.variable())
		}
		if text == "" {
			text = s.standard
		}
		if text == "" {
			continue
		}
		if err := s.parse(text); err != nil {
			faults = append(faults, Fault{s.variable(), err.Error(), s.example})
		}
	}
	return faults
}

// ListeningOn tells the address that was really opened, which differs from
// Listen when that asked for port 0. A public URL that nobody gave follows it.
func (c Config) ListeningOn(address net.Addr) Config {
	c.Listen = address.String()
	if c.publicURLDefaulted {
		c.PublicURL = urlOf(c.Listen)
	}
	return c
}

// urlOf is where a browser on this machine reaches an address that is listened on.
func urlOf(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "http://" + listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

package config

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones are known on a machine that has none installed
)

// into parses a value and keeps it where it belongs.
func into[T any](field *T, parse func(string) (T, error)) func(string) error {
	return func(text string) error {
		value, err := parse(text)
		if err == nil {
			*field = value
		}
		return err
	}
}

func anyText(text string) (string, error) { return text, nil }

func hostPort(text string) (string, error) {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return "", fmt.Errorf("%s is not host:port", quote(text))
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", fmt.Errorf("%s has no port from 0 to 65535", quote(text))
	}
	return text, nil
}

func publicURL(text string) (string, error) {
	u, err := webURL(text)
	if err != nil {
		return "", err
	}
	if strings.Trim(u.Path, "/") != "" {
		return "", fmt.Errorf("%s has a path; it must end after the host", quote(text))
	}
	return u.Scheme + "://" + u.Host, nil
}

// serviceURL is a service that secrets are sent to, hence https.
func serviceURL(text string) (string, error) {
	u, err := webURL(text)
	if err != nil {
		return "", err
	}
	if u.Scheme == "http" && !isLoopback(u.Hostname()) {
		return "", fmt.Errorf("%s is plain http, which is for loopback addresses only", quote(text))
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func webURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%s is not an absolute http or https URL", quote(text))
	}
	if u.User != nil {
		return nil, errors.New("the URL holds a user name or a password")
	}
	if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, fmt.Errorf("%s has a query or a fragment", quote(text))
	}
	return u, nil
}

// databaseURL never quotes its text: it may hold a password.
func databaseURL(text string) (Secret, error) {
	if path, ok := strings.CutPrefix(text, "sqlite:"); ok {
		if path == "" {
			return Secret{}, errors.New("sqlite: stands without a path")
		}
		return NewSecret(text), nil
	}
	if !strings.HasPrefix(text, "postgres://") && !strings.HasPrefix(text, "postgresql://") {
		return Secret{}, errors.New("the URL is neither sqlite:PATH nor postgres://…")
	}
	if _, err := url.Parse(text); err != nil {
		return Secret{}, errors.New("the URL can't be read; percent-encode what is special in the password")
	}
	return NewSecret(text), nil
}

func guid(text string) (string, error) {
	if !regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`).MatchString(text) {
		return "", fmt.Errorf("%s is not a GUID", quote(text))
	}
	return text, nil
}

// tenant becomes a part of the path of the token's address.
func tenant(text string) (string, error) {
	if !regexp.MustCompile(`^[0-9a-zA-Z][0-9a-zA-Z.-]*$`).MatchString(text) {
		return "", fmt.Errorf("%s is neither a GUID nor a domain", quote(text))
	}
	return text, nil
}

func secret(least int) func(string) (Secret, error) {
	return func(text string) (Secret, error) {
		if n := len([]rune(text)); n < least {
			return Secret{}, fmt.Errorf("it has %d characters, and needs %d at least", n, least)
		}
		return NewSecret(text), nil
	}
}

func oneOf[T ~string](allowed ...T) func(string) (T, error) {
	return func(text string) (T, error) {
		names := make([]string, len(allowed))
		for i, name := range allowed {
			if text == string(name) {
				return name, nil
			}
			names[i] = string(name)
		}
		return "", fmt.Errorf("%s is none of %s", quote(text), strings.Join(names, ", "))
	}
}

func list(text string) ([]string, error) {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items, nil
}

func yesNo(text string) (bool, error) {
	value, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("%s is neither true nor false", quote(text))
	}
	return value, nil
}

func positive(text string) (float64, error) {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || !(number > 0) || math.IsInf(number, 0) {
		return 0, fmt.Errorf("%s is not a number above 0", quote(text))
	}
	return number, nil
}

func between(least, most int) func(string) (int, error) {
	return func(text string) (int, error) {
		number, err := strconv.Atoi(text)
		if err != nil || number < least || number > most {
			return 0, fmt.Errorf("%s is not a whole number from %d to %d", quote(text), least, most)
		}
		return number, nil
	}
}

func duration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%s is not a duration such as 90m or 144h, or 0", quote(text))
	}
	return d, nil
}

// timeZone refuses "Local", which means another zone on another machine.
func timeZone(text string) (string, error) {
	if _, err := time.LoadLocation(text); err != nil || text == "Local" {
		return "", fmt.Errorf("%s is not the IANA name of a time zone", quote(text))
	}
	return text, nil
}

func level(text string) (slog.Level, error) {
	var l slog.Level
	switch strings.ToLower(text) {
	case "debug", "info", "warn", "error":
		return l, l.UnmarshalText([]byte(text))
	}
	return 0, fmt.Errorf("%s is none of debug, info, warn, error", quote(text))
}

// isLoopback reports whether a host, without a port, can only be this machine.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// quote shows a value on one line, shortened where it is long.
func quote(text string) string {
	if runes := []rune(text); len(runes) > 80 {
		text = string(runes[:80]) + "…"
	}
	return strconv.Quote(text)
}

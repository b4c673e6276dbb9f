package connector

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

const (
	dialLimit   = 5 * time.Second
	tlsLimit    = 5 * time.Second
	idleLimit   = 90 * time.Second
	drainLimit  = 64 << 10 // bytes read past what was wanted, to reuse the connection
	authLimit   = 10 * time.Second
	maxAuthBody = 1 << 20 // metadata, keys, tokens: a few tens of kilobytes at most
)

var errTooLarge = errors.New("the answer is too large")

type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// newHTTPClient makes a client that keeps up to idle connections open to a
// host and follows no redirect: whoever holds a secret in hand must not be
// sent elsewhere with it. The whole exchange is limited by the caller's
// context.
func newHTTPClient(dial dialFunc, proxy func(*http.Request) (*url.URL, error), idle int) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                  proxy,
			DialContext:            dial,
			TLSHandshakeTimeout:    tlsLimit,
			MaxIdleConns:           2 * idle,
			MaxIdleConnsPerHost:    idle,
			IdleConnTimeout:        idleLimit,
			ExpectContinueTimeout:  time.Second,
			ForceAttemptHTTP2:      true,
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// newAuthClient is for the addresses of the configuration: keys and tokens.
func newAuthClient() *http.Client {
	return newHTTPClient((&net.Dialer{Timeout: dialLimit}).DialContext, http.ProxyFromEnvironment, 2)
}

// readBody reads at most limit bytes and makes the connection ready for
// reuse. What was read is returned beside an error.
func readBody(body io.ReadCloser, limit int64) ([]byte, error) {
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return data, err
	}
	if int64(len(data)) > limit {
		_, _ = io.CopyN(io.Discard, body, drainLimit)
		return data[:limit], errTooLarge
	}
	return data, nil
}

// checkEndpoint accepts an address of the configuration: https, or http to a
// loopback address (contract section 2).
func checkEndpoint(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return fmt.Errorf("%q is not a URL", address)
	case u.Host == "" || u.Hostname() == "":
		return fmt.Errorf("%q names no host", address)
	case u.User != nil || u.Fragment != "":
		return fmt.Errorf("%q must not hold a user or a fragment", u.Redacted())
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	}
	return fmt.Errorf("%q must be https (plain http is for loopback addresses only)", address)
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// hostOf is the lower-case host:port of an address, the port always given;
// empty for what is no URL.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), portOf(u))
}

func portOf(u *url.URL) string {
	if u.Port() != "" {
		return u.Port()
	}
	if u.Scheme == "http" {
		return "80"
	}
	return "443"
}

package web

import (
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

const (
	maxBody     = 4 << 20 // bytes; ten thousand addresses fit
	requestTime = 20 * time.Second
)

// policy is what pages may load and do: nothing inline, nothing from elsewhere but pictures.
const policy = "default-src 'self'; img-src 'self' https: data:; style-src 'self'; script-src 'self'; " +
	"frame-ancestors 'self' https://teams.microsoft.com https://*.cloud.microsoft; base-uri 'none'; form-action 'self'; object-src 'none'"

// guard puts what holds for every request around the routes, outermost first.
func (s *server) guard(next http.Handler) (http.Handler, error) {
	cross := http.NewCrossOriginProtection()
	if err := cross.AddTrustedOrigin(s.public.Scheme + "://" + s.public.Host); err != nil {
		return nil, fmt.Errorf("console: the public URL: %w", err)
	}
	cross.SetDenyHandler(s.open(s.crossOrigin))
	return s.recovered(headed(limited(s.hosted(cross.Handler(next))))), nil
}

// recovered answers a panic with the page for internal errors.
func (s *server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.Log.Error("the console panicked", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
			s.errorPage(w, s.stranger(r), internalFailure())
		}()
		next.ServeHTTP(w, r)
	})
}

// headed sets the security headers.
func headed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// limited bounds what a request may bring; how long it may take is bounded where it is run.
func limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit(r))
		next.ServeHTTP(w, r)
	})
}

// hosted refuses, where no sign-in is asked for, requests under another name than this
// machine's own: a page elsewhere could have its name point here (DNS rebinding).
func (s *server) hosted(next http.Handler) http.Handler {
	if s.SignIn != Open {
		return next
	}
	refuse := s.open(s.foreignHost)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if loopback(r.Host) || strings.EqualFold(r.Host, s.public.Host) {
			next.ServeHTTP(w, r)
			return
		}
		refuse.ServeHTTP(w, r)
	})
}

func loopback(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

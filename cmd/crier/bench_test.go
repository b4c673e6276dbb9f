package main

import (
	"bytes"
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crier/bot/connector"
	"crier/internal/config"
	"crier/internal/domain"
	"crier/internal/simulator"
	"crier/internal/store"
	"crier/internal/store/storetest"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/sync/errgroup"
)

// unlimited lets the pipeline run as fast as it can: a rate that nobody comes near.
func unlimited(c *config.Config) { c.SendRate = 1e6 }

// benchUsers are people whose names are known, so that nothing but the campaign is sent.
func benchUsers(b *testing.B, s *stage, n int) {
	b.Helper()
	ctx, now := context.Background(), domain.SystemClock()
	people := store.People{DB: s.service.db}
	for i := range n {
		s.tenant.Place(i)
		p := s.tenant.Person(i)
		v := domain.Sighting{Channel: domain.Teams, AADObjectID: p.ObjectID, Reference: domain.ConversationReference{
			ConversationID: p.ConversationID, ServiceURL: s.tenant.ServiceURL("msteams"), TenantID: simulatedTenant, UserID: p.UserID, BotID: "28:" + simulatedApp,
		}}
		if err := people.Remember(ctx, v, now.Add(time.Hour)); err != nil { // the roster is not asked for an hour
			b.Fatal(err)
		}
		known, err := people.BySender(ctx, domain.Teams, p.UserID)
		if err != nil {
			b.Fatal(err)
		}
		known.Name, known.FirstName, known.LastName, known.Email = p.Name, p.GivenName, p.Surname, p.Email
		if err := people.SaveRoster(ctx, known); err != nil {
			b.Fatal(err)
		}
		if _, err := people.MarkWelcomed(ctx, known.ID, now); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkInbound is activities a second over 32 connections: verified, acted on, answered.
// Compare BenchmarkInboundPlain.
func BenchmarkInbound(b *testing.B) {
	for _, d := range storetest.Databases() {
		for name, change := range map[string]func(a map[string]any){
			"readReceipt": func(a map[string]any) {
				a["type"], a["name"], a["value"] = "event", "application/vnd.microsoft.readReceipt", map[string]any{"lastReadMessageId": "1"}
			},
			"install": func(a map[string]any) { a["type"], a["action"] = "installationUpdate", "add" },
			"newcomer": func(a map[string]any) { // each activity from somebody new
				a["type"], a["action"] = "installationUpdate", "add"
				a["from"] = map[string]any{"id": "29:" + unique}
				a["conversation"] = map[string]any{"id": "a:" + unique, "conversationType": "personal", "tenantId": simulatedTenant}
			},
			"typing": func(a map[string]any) { a["type"] = "typing" },
		} {
			b.Run(d.Name+"/"+name, func(b *testing.B) {
				s := newStage(b, d, simulator.Options{Users: 100}, unlimited)
				s.install()
				token, err := s.tenant.Token(nil)
				if err != nil {
					b.Fatal(err)
				}
				a := s.message(0)
				change(a)
				load(b, s.service.cfg.PublicURL+"/api/messages", token, a)
			})
		}
	}
}

// BenchmarkInboundPlain is what one writes first: a handler that checks the signature of the
// same token with the channel's key, decodes the same body, and does nothing.
func BenchmarkInboundPlain(b *testing.B) {
	s := newStage(b, storetest.SQLite(), simulator.Options{Users: 1})
	token, err := s.tenant.Token(nil)
	if err != nil {
		b.Fatal(err)
	}
	key := channelKey(b, s, token)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var a map[string]any
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
			b.Error(err)
		}
		_, err := jwt.Parse(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), func(*jwt.Token) (any, error) { return key, nil },
			jwt.WithValidMethods([]string{"RS256"}), jwt.WithAudience(simulatedApp), jwt.WithIssuer("https://api.botframework.com"))
		if err != nil {
			b.Error(err)
		}
	}))
	defer server.Close()
	load(b, server.URL, token, s.message(0))
}

// channelKey is the announced key that signed a token.
func channelKey(b *testing.B, s *stage, token string) *rsa.PublicKey {
	b.Helper()
	parsed, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
	if err != nil {
		b.Fatal(err)
	}
	var metadata struct {
		JWKS string `json:"jwks_uri"`
	}
	var set struct {
		Keys []struct{ Kid, N string }
	}
	getJSON(b, s.tenant.metadataURL(), &metadata)
	getJSON(b, metadata.JWKS, &set)
	for _, k := range set.Keys {
		if k.Kid == parsed.Header["kid"] {
			n, err := base64.RawURLEncoding.DecodeString(k.N)
			if err != nil {
				b.Fatal(err)
			}
			return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537}
		}
	}
	b.Fatal("the token's key is not announced")
	return nil
}

func getJSON(b *testing.B, url string, into any) {
	b.Helper()
	response, err := http.Get(url)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkInboundRaw is the same with the verifier of bot/connector, which remembers that a
// signature was right.
func BenchmarkInboundRaw(b *testing.B) {
	s := newStage(b, storetest.SQLite(), simulator.Options{Users: 1})
	v, err := connector.NewVerifier(connector.VerifierOptions{AppID: simulatedApp, MetadataURL: s.tenant.metadataURL(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			b.Error(err)
		}
		a, err := connector.Decode(body)
		if err != nil {
			b.Error(err)
		}
		if err := v.Verify(r.Context(), r.Header, a); err != nil {
			b.Error(err)
		}
	}))
	defer server.Close()
	token, err := s.tenant.Token(nil)
	if err != nil {
		b.Fatal(err)
	}
	load(b, server.URL, token, s.message(0))
}

// unique stands for what differs from one activity to the next.
const unique = "UNIQUE"

// load posts b.N activities over 32 connections, each with an id of its own.
func load(b *testing.B, url, token string, activity map[string]any) {
	b.Helper()
	activity["id"] = unique
	body, err := json.Marshal(activity)
	if err != nil {
		b.Fatal(err)
	}
	run := time.Now().UnixNano()
	hammer(b, 32, token, func(i int) (string, []byte) {
		return url, bytes.ReplaceAll(body, []byte(unique), fmt.Appendf(nil, "%d-%d", run, i))
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "activities/s")
}

// hammer posts b.N requests over so many connections and times them.
func hammer(b *testing.B, atOnce int, token string, request func(i int) (url string, body []byte)) {
	b.Helper()
	b.ResetTimer()
	if err := postAll(b.N, atOnce, token, request); err != nil {
		b.Error(err)
	}
	b.StopTimer()
}

// postAll posts n requests over so many connections, and forgets the answers.
func postAll(n, atOnce int, token string, request func(i int) (url string, body []byte)) error {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce}}
	var next atomic.Int64
	var group errgroup.Group
	for range atOnce {
		group.Go(func() error {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				url, body := request(i)
				if err := post(client, url, token, body); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

func post(client *http.Client, url, token string, body []byte) error {
	r, err := http.NewRequest("POST", url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode > 299 {
		return errors.New(response.Status)
	}
	_, err = io.Copy(io.Discard, response.Body) // to use the connection again
	return err
}

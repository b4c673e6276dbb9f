package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// examined runs "crier doctor" on a service that runs, with some of its settings changed.
func (s *stage) examined(change map[string]string, flags ...string) (code int, says string) {
	s.Helper()
	vars := map[string]string{
		"CRIER_LISTEN": "127.0.0.1:0", "CRIER_PUBLIC_URL": s.service.cfg.PublicURL, "CRIER_DATABASE_URL": s.cfg.DatabaseURL.Reveal(), "CRIER_API_TOKEN": testToken,
		"CRIER_APP_ID": simulatedApp, "CRIER_APP_PASSWORD": simulatedSecret, "CRIER_APP_TENANT_ID": simulatedTenant, "CRIER_LOGIN_URL": s.tenant.url,
		"CRIER_OPENID_METADATA_URL": s.tenant.metadataURL(), "CRIER_GRAPH_URL": s.tenant.url, "CRIER_ADMINS": "ada@contoso.com",
	}
	for name, value := range change {
		vars[name] = value
	}
	var out bytes.Buffer
	code = run(s.Context(), append([]string{"doctor"}, flags...), func(name string) string { return vars[name] }, &out, &out)
	if says = out.String(); strings.Contains(says, simulatedSecret) || strings.Contains(says, testToken) {
		s.Errorf("it tells a secret: %s", says)
	}
	return code, says
}

func TestDoctorFindsNothing(t *testing.T) {
	t.Parallel()
	onEach(t, simulator.Options{Users: 1}, func(s *stage) {
		box := filepath.Join(s.TempDir(), "crier.zip")
		env := func(name string) string {
			return map[string]string{"CRIER_APP_ID": simulatedApp, "CRIER_PUBLIC_URL": s.service.cfg.PublicURL}[name]
		}
		var out bytes.Buffer
		if code := run(s.Context(), []string{"manifest", "-o", box}, env, &out, &out); code != exitOK {
			s.Fatal(out.String())
		}
		code, says := s.examined(nil, "--package", box)
		if code != exitOK || strings.Contains(says, "FAIL") || !strings.Contains(says, "Nothing to mend.") {
			s.Errorf("it ends with %d and says\n%s", code, says)
		}
		for _, what := range []string{"database", "clock", "credentials", "keys", "public URL", "Teams app", "presence", "owners"} {
			if !strings.Contains(says, "ok    "+what) {
				s.Errorf("no word of %s in\n%s", what, says)
			}
		}
	})
}

func TestDoctorSaysHowToMend(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite(), simulator.Options{Users: 1})
	away := httptest.NewServer(http.NotFoundHandler())
	away.Close()
	late := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
	}))
	t.Cleanup(late.Close)
	empty := filepath.Join(t.TempDir(), "crier.db")
	tests := map[string]struct {
		change map[string]string
		flags  []string
		wants  []string // a line with FAIL, and what to do
	}{
		"no folder":        {map[string]string{"CRIER_DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "no", "crier.db")}, nil, []string{"FAIL  database", "there is no folder", "Make the folder"}},
		"no server":        {map[string]string{"CRIER_DATABASE_URL": "postgres://crier@" + strings.TrimPrefix(away.URL, "http://") + "/crier?sslmode=disable&connect_timeout=2"}, nil, []string{"FAIL  database", "Check CRIER_DATABASE_URL"}},
		"a wrong clock":    {map[string]string{"CRIER_LOGIN_URL": late.URL}, nil, []string{"FAIL  clock", "1h0m", "Set the machine's clock"}},
		"no way out":       {map[string]string{"CRIER_LOGIN_URL": away.URL}, nil, []string{"FAIL  clock", "FAIL  credentials", "must reach CRIER_LOGIN_URL"}},
		"a wrong secret":   {map[string]string{"CRIER_APP_PASSWORD": "something else"}, nil, []string{"FAIL  credentials", "the secret's value, not its id"}},
		"no bot":           {map[string]string{"CRIER_APP_ID": ""}, nil, []string{"FAIL  credentials", "Register a bot"}},
		"no keys":          {map[string]string{"CRIER_OPENID_METADATA_URL": away.URL}, nil, []string{"FAIL  keys", "CRIER_OPENID_METADATA_URL"}},
		"it does not run":  {map[string]string{"CRIER_PUBLIC_URL": away.URL}, nil, []string{"FAIL  public URL", "Start crier serve"}},
		"somebody else":    {map[string]string{"CRIER_PUBLIC_URL": late.URL}, nil, []string{"FAIL  public URL", "somebody else answers"}},
		"no package":       {nil, []string{"--package", empty}, []string{"FAIL  Teams app", "Name the package"}},
		"nobody may":       {map[string]string{"CRIER_ADMINS": "", "CRIER_API_TOKEN": ""}, nil, []string{"FAIL  owners", "Set CRIER_ADMINS"}},
		"no consent asked": {map[string]string{"CRIER_GRAPH_URL": away.URL}, nil, []string{"note  presence"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, says := s.examined(test.change, test.flags...)
			want := exitFailed
			if !strings.HasPrefix(test.wants[0], "FAIL") {
				want = exitOK
			}
			if code != want {
				t.Errorf("it ends with %d", code)
			}
			for _, words := range test.wants {
				if !strings.Contains(says, words) {
					t.Errorf("no %q in\n%s", words, says)
				}
			}
		})
	}
}

func TestDoctorKnowsAnotherBotsPackage(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite(), simulator.Options{Users: 1})
	box := filepath.Join(t.TempDir(), "other.zip")
	const here = "https://127.0.0.1:1" // where nobody is
	for _, test := range []struct{ bot, address, wants string }{
		{"11111111-2222-4333-8444-555555555555", here, "is for the bot 11111111-2222-4333-8444-555555555555"},
		{simulatedApp, "https://elsewhere.example.com", "does not know the address 127.0.0.1:1"},
	} {
		var out bytes.Buffer
		env := func(name string) string {
			return map[string]string{"CRIER_APP_ID": test.bot, "CRIER_PUBLIC_URL": test.address}[name]
		}
		if code := run(t.Context(), []string{"manifest", "-o", box}, env, &out, &out); code != exitOK {
			t.Fatal(out.String())
		}
		if code, says := s.examined(map[string]string{"CRIER_PUBLIC_URL": here}, "--package", box); code != exitFailed || !strings.Contains(says, test.wants) || !strings.Contains(says, "Write the package anew") {
			t.Errorf("it ends with %d and says\n%s", code, says)
		}
	}
}

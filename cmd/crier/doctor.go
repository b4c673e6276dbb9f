package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"crier/bot/connector"
	"crier/internal/config"
	"crier/internal/domain"
	"crier/internal/store"
	"crier/manifest"
)

// finding is what one look came to.
type finding struct {
	what string
	bad  bool   // it must be mended
	says string // how it is
	mend string // what to do about it; empty: nothing
}

func fine(what, says string, args ...any) finding {
	return finding{what: what, says: fmt.Sprintf(says, args...)}
}
func noted(what, mend, says string, args ...any) finding {
	return finding{what: what, says: fmt.Sprintf(says, args...), mend: mend}
}
func wrong(what, mend, says string, args ...any) finding {
	return finding{what: what, bad: true, says: fmt.Sprintf(says, args...), mend: mend}
}

// doctor looks at one configuration, from end to end.
type doctor struct {
	cfg     config.Config
	service *service // as far as it is needed: nothing listens and nothing is sent
	client  *http.Client
	path    string // of a Teams app package to look at; empty: none
}

// oneLook bounds a look at something elsewhere.
const oneLook = 10 * time.Second

// runDoctor is "crier doctor".
func runDoctor(ctx context.Context, w world) int {
	d := doctor{client: &http.Client{Timeout: oneLook, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	cfg, code, ok := w.settings("doctor", func(f *flag.FlagSet) {
		f.StringVar(&d.path, "package", "", "Teams app package to look at, as crier manifest wrote it")
	})
	if !ok {
		return code
	}
	d.cfg, d.service = cfg, &service{cfg: cfg, log: slog.New(slog.DiscardHandler)}
	if _, err := trustedHosts(cfg); err != nil {
		fmt.Fprintln(w.stderr, err)
		return exitUsage
	}
	bad := 0
	for _, look := range []func(context.Context) []finding{d.database, d.clock, d.credentials, d.keys, d.address, d.app, d.presence, d.owners} {
		for _, f := range look(ctx) {
			w.report(f)
			if f.bad {
				bad++
			}
		}
		if ctx.Err() != nil {
			return exitFailed
		}
	}
	if bad > 0 {
		fmt.Fprintf(w.stdout, "\n%d to mend.\n", bad)
		return exitFailed
	}
	fmt.Fprintln(w.stdout, "\nNothing to mend.")
	return exitOK
}

func (w world) report(f finding) {
	mark := "ok"
	switch {
	case f.bad:
		mark = "FAIL"
	case f.mend != "":
		mark = "note"
	}
	fmt.Fprintf(w.stdout, "%-5s %-12s %s\n", mark, f.what, f.says)
	if f.mend != "" {
		fmt.Fprintf(w.stdout, "%-18s → %s\n", "", f.mend)
	}
}

func (d *doctor) database(ctx context.Context) []finding {
	const what = "database"
	at := d.cfg.DatabaseURL.Reveal()
	if path, ok := strings.CutPrefix(at, "sqlite:"); ok {
		folder := filepath.Dir(path)
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return []finding{wrong(what, "Make the folder, for the user that crier runs as, or change CRIER_DATABASE_URL.", "there is no folder %s", folder)}
		}
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return []finding{fine(what, "there is no %s yet; crier serve makes it", path)}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, oneLook)
	defer cancel()
	db, err := store.Open(ctx, at, 2)
	if err != nil {
		return []finding{wrong(what, "Check CRIER_DATABASE_URL: the server's name and port, the user, the password, the database's name.", "%v", err)}
	}
	defer db.Close()
	list, err := db.Migrations(ctx)
	if err != nil {
		return []finding{wrong(what, "The user needs the right to make tables in this database.", "%v", err)}
	}
	pending := 0
	for _, m := range list {
		if !m.Applied {
			pending++
		}
	}
	if pending > 0 {
		return []finding{fine(what, "%s answers; crier serve will apply %d migrations", db.Dialect(), pending)}
	}
	return []finding{fine(what, "%s answers, and its schema is up to date", db.Dialect())}
}

// mostSkew is how far the machine's clock may be off: tokens are good for some minutes more or less.
const mostSkew = 2 * time.Minute

// clock compares the machine's clock with that of the token authority.
func (d *doctor) clock(ctx context.Context) []finding {
	const what = "clock"
	asked := time.Now()
	response, err := d.get(ctx, d.cfg.LoginURL)
	if err != nil {
		return []finding{wrong(what, "This machine must reach CRIER_LOGIN_URL: look at its firewall, proxy (HTTPS_PROXY) and name server.", "%s does not answer: %v", d.cfg.LoginURL, err)}
	}
	response.Body.Close()
	there, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return []finding{noted(what, "Compare the machine's clock by hand.", "%s does not say what time it is", d.cfg.LoginURL)}
	}
	off := asked.Add(time.Since(asked) / 2).Sub(there).Round(time.Second)
	if off.Abs() > mostSkew {
		return []finding{wrong(what, "Set the machine's clock, and keep it right (NTP): with it, tokens are refused.", "it is off by %s", off)}
	}
	return []finding{fine(what, "it agrees with %s", host(d.cfg.LoginURL))}
}

func (d *doctor) get(ctx context.Context, address string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	return d.client.Do(request)
}

func host(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Host
	}
	return address
}

// credentials gets a token as the bot would, and shows it to nobody.
func (d *doctor) credentials(ctx context.Context) []finding {
	const what = "credentials"
	if d.cfg.AppID == "" {
		return []finding{wrong(what, "Register a bot (docs/operators.md), then set CRIER_APP_ID, CRIER_APP_PASSWORD and CRIER_APP_TENANT_ID.", "no bot is configured")}
	}
	ctx, cancel := context.WithTimeout(ctx, oneLook)
	defer cancel()
	tokens, err := connector.NewTokens(d.service.tokenOptions())
	if err == nil {
		_, err = tokens.Token(ctx)
	}
	if err != nil {
		return []finding{wrong(what, "Check CRIER_APP_PASSWORD (the secret's value, not its id; it may have expired), CRIER_APP_TENANT_ID and CRIER_APP_TYPE.", "no token came: %v", err)}
	}
	return []finding{fine(what, "a token came for %s (%s)", d.cfg.AppID, d.cfg.AppType)}
}

// keys loads the keys with which the channel signs.
func (d *doctor) keys(ctx context.Context) []finding {
	const what = "keys"
	ctx, cancel := context.WithTimeout(ctx, oneLook)
	defer cancel()
	v, err := connector.NewVerifier(connector.VerifierOptions{AppID: orNobody(d.cfg.AppID), MetadataURL: d.cfg.OpenIDMetadataURL, Now: time.Now})
	if err == nil {
		err = v.Ready(ctx)
	}
	if err != nil {
		return []finding{wrong(what, "This machine must reach CRIER_OPENID_METADATA_URL: without it no activity is believed.", "%v", err)}
	}
	return []finding{fine(what, "the channel's keys came from %s", host(d.cfg.OpenIDMetadataURL))}
}

// orNobody is an app id, for who has none yet: the keys are the same for all.
func orNobody(appID string) string {
	if appID == "" {
		return "00000000-0000-0000-0000-000000000000"
	}
	return appID
}

// address looks whether Teams finds this service at its public address.
func (d *doctor) address(ctx context.Context) []finding {
	const what = "public URL"
	u, err := url.Parse(d.cfg.PublicURL)
	if err != nil || u.Host == "" {
		return []finding{wrong(what, "Set CRIER_PUBLIC_URL to where Teams and browsers reach crier, as https://crier.contoso.com.", "%q is no address", d.cfg.PublicURL)}
	}
	var list []finding
	if u.Scheme != "https" {
		list = append(list, noted(what, "Teams needs https and a name that the Internet knows: set CRIER_PUBLIC_URL, and put a proxy with a certificate in front.", "%s is for this machine alone", d.cfg.PublicURL))
	}
	response, err := d.get(ctx, strings.TrimSuffix(d.cfg.PublicURL, "/")+"/healthz")
	if err != nil {
		return append(list, wrong(what, "Start crier serve, then look at the name server, the certificate and the proxy in front of it.", "nobody answers: %v", err))
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(response.Body, 64))
	if response.StatusCode != http.StatusOK || strings.TrimSpace(string(body)) != "ok" {
		return append(list, wrong(what, "Look where the proxy in front of crier leads to.", "somebody else answers at %s/healthz, with %d", d.cfg.PublicURL, response.StatusCode))
	}
	return append(list, fine(what, "crier answers at %s; the bot's messaging endpoint is %s/api/messages", d.cfg.PublicURL, strings.TrimSuffix(d.cfg.PublicURL, "/")))
}

// app looks whether the Teams app that is uploaded is this bot's.
func (d *doctor) app(context.Context) []finding {
	const what = "Teams app"
	if d.cfg.AppID == "" {
		return nil
	}
	if _, err := manifest.Build(manifest.Options{BotID: d.cfg.AppID, PublicURL: d.cfg.PublicURL}); err != nil {
		return []finding{wrong(what, "Mend these settings, then write the package anew: crier manifest -o crier.zip.", "no package can be made: %s", strings.ReplaceAll(err.Error(), "\n", "; "))}
	}
	if d.path == "" {
		return []finding{fine(what, "a package can be made; --package looks at the one that is uploaded")}
	}
	app, err := manifest.ReadZip(d.path)
	if err != nil {
		return []finding{wrong(what, "Name the package that crier manifest wrote.", "%s can't be read: %v", d.path, err)}
	}
	const anew = "Write the package anew (crier manifest -o crier.zip) and upload it."
	switch {
	case !app.IsOf(d.cfg.AppID):
		return []finding{wrong(what, anew, "%s is for the bot %s, and CRIER_APP_ID is %s", d.path, strings.Join(app.BotIDs, ", "), d.cfg.AppID)}
	case strings.HasPrefix(d.cfg.PublicURL, "https:") && !slices.Contains(app.Domains, host(d.cfg.PublicURL)): // else there is no tab
		return []finding{wrong(what, anew, "%s does not know the address %s", d.path, host(d.cfg.PublicURL))}
	}
	return []finding{fine(what, "%s is for this bot and this address", d.path)}
}

// presence looks whether campaigns may wait until people are there. That is a choice.
func (d *doctor) presence(ctx context.Context) []finding {
	const what = "presence"
	if d.cfg.AppID == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, oneLook)
	defer cancel()
	err := d.service.buildDirectory()
	if err == nil {
		err = d.service.canAsk(ctx)
	}
	if u, ok := errors.AsType[*domain.Unavailable](err); ok && u.Permission != "" {
		return []finding{noted(what, "Only if campaigns are to wait until people are there: give the app "+u.Permission+" and consent to it.", "it may not be asked for")}
	}
	if err != nil {
		return []finding{noted(what, "Only campaigns that wait until people are there need CRIER_GRAPH_URL.", "%v", err)}
	}
	return []finding{fine(what, "campaigns may wait until people are there")}
}

func (d *doctor) owners(context.Context) []finding {
	const what = "owners"
	if len(d.cfg.Admins) == 0 && d.cfg.APIToken.IsZero() {
		return []finding{wrong(what, "Set CRIER_ADMINS (for commands in chat) and CRIER_API_TOKEN (for the console and the API).", "nobody may do anything")}
	}
	if d.cfg.APIToken.IsZero() {
		return []finding{noted(what, "Set CRIER_API_TOKEN for the console and the API.", "%d in chat, nobody in the console", len(d.cfg.Admins))}
	}
	return []finding{fine(what, "%d in chat; the console and the API by CRIER_API_TOKEN", len(d.cfg.Admins))}
}

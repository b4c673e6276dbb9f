package connector

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	keysLifetime   = 24 * time.Hour
	unknownKeyRest = time.Hour // between refreshes that an unknown key asks for
)

var errUnknownKey = errors.New("unknown key")

// keyring holds the keys that one metadata address announces. They are fetched
// when first needed and again when a day old; until a fetch succeeds the old
// ones stay. An unknown key id may cause a fetch once after a start and then
// once an hour (contract section 6 point 2): that one time is all there is to
// remember, so invented ids cost neither traffic nor memory.
type keyring struct {
	metadataURL string
	client      *http.Client
	now         func() time.Time
	log         *slog.Logger

	set     atomic.Pointer[keySet]
	renewal renewal

	// Touched only by the renewal's due and fetch.
	searching    bool      // the fetch is for an unknown key
	nextSearchAt time.Time // zero: at once
}

type keySet struct {
	keys     map[string]*signingKey
	loadedAt time.Time
}

func newKeyring(metadataURL string, client *http.Client, now func() time.Time, log *slog.Logger) *keyring {
	k := &keyring{metadataURL: metadataURL, client: client, now: now, log: log}
	k.renewal = renewal{fetch: k.fetch, now: now, limit: authLimit}
	return k
}

// find is the key of that id. errUnknownKey: there is none; any other error:
// there are no keys at all yet.
func (k *keyring) find(ctx context.Context, id string) (*signingKey, error) {
	if key := k.known(id); key != nil && !k.stale() {
		return key, nil
	}
	err := k.renewal.run(ctx, func() bool { return k.due(id) })
	if key := k.known(id); key != nil {
		return key, nil
	}
	if k.set.Load() == nil {
		return nil, fmt.Errorf("signing keys are not available: %w", err)
	}
	return nil, errUnknownKey
}

// load fetches the keys unless they are there.
func (k *keyring) load(ctx context.Context) error {
	if k.set.Load() != nil {
		return nil
	}
	err := k.renewal.run(ctx, k.stale)
	if k.set.Load() != nil {
		return nil
	}
	return fmt.Errorf("signing keys are not available: %w", err)
}

func (k *keyring) known(id string) *signingKey {
	if set := k.set.Load(); set != nil {
		return set.keys[id]
	}
	return nil
}

func (k *keyring) stale() bool {
	set := k.set.Load()
	return set == nil || !k.now().Before(set.loadedAt.Add(keysLifetime))
}

// due tells whether to fetch for the sake of that key, now that no fetch is in
// progress.
func (k *keyring) due(id string) bool {
	k.searching = !k.stale()
	if !k.searching {
		return true
	}
	return k.known(id) == nil && !k.now().Before(k.nextSearchAt)
}

func (k *keyring) fetch(ctx context.Context) error {
	keys, err := k.download(ctx)
	if err != nil {
		k.log.Warn("signing keys not refreshed", "metadata", k.metadataURL, "error", err)
		return err
	}
	k.set.Store(&keySet{keys: keys, loadedAt: k.now()})
	if k.searching {
		k.nextSearchAt = k.now().Add(unknownKeyRest)
	}
	k.log.Debug("signing keys refreshed", "metadata", k.metadataURL, "keys", len(keys))
	return nil
}

// download reads the metadata document and the keys it points to. The pointer
// is followed only within the host that the configuration names.
func (k *keyring) download(ctx context.Context) (map[string]*signingKey, error) {
	body, err := k.get(ctx, k.metadataURL)
	if err != nil {
		return nil, err
	}
	var metadata struct {
		KeysURL string `json:"jwks_uri"`
	}
	if json.Unmarshal(body, &metadata) != nil || metadata.KeysURL == "" {
		return nil, errors.New("the metadata document names no keys")
	}
	if err := checkEndpoint(metadata.KeysURL); err != nil {
		return nil, fmt.Errorf("jwks_uri: %w", err)
	}
	if !sameHost(metadata.KeysURL, k.metadataURL) {
		return nil, fmt.Errorf("jwks_uri is on another host than the metadata: %s", hostOf(metadata.KeysURL))
	}
	body, err = k.get(ctx, metadata.KeysURL)
	if err != nil {
		return nil, err
	}
	return readKeys(body)
}

func (k *keyring) get(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	response, err := k.client.Do(request)
	if err != nil {
		return nil, err
	}
	body, err := readBody(response.Body, maxAuthBody)
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s: %s", address, response.Status)
	}
	return body, err
}

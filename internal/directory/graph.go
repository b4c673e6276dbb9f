package directory

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"crier/internal/domain"
)

// request asks Graph for one batch, and once more when the token was refused.
func (d *Directory) request(ctx context.Context, tenantID string, batch []guid) (presences, error) {
	question, err := json.Marshal(map[string][]guid{"ids": batch})
	if err != nil {
		return nil, err
	}
	body, err := d.post(ctx, tenantID, question)
	if refused, ok := errors.AsType[*refusal](err); ok && refused.status == http.StatusUnauthorized {
		body, err = d.post(ctx, tenantID, question)
	}
	if err != nil {
		return nil, err
	}
	return readPresences(body)
}

// post gives the body of an answer with 200; everything else is an error.
func (d *Directory) post(ctx context.Context, tenantID string, question []byte) ([]byte, error) {
	token, err := d.tokens.Token(ctx, tenantID)
	if err == nil && token == "" {
		err = errors.New("it is empty")
	}
	if err != nil {
		return nil, fmt.Errorf("no token for Graph: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, d.limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.address, bytes.NewReader(question))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	request.Header.Set("client-request-id", randomGUID().String())
	response, err := d.client.Do(request)
	if err != nil {
		return nil, withoutURL(err)
	}
	body, err := readBody(response.Body)
	d.noteLoad(response.Header)
	if response.StatusCode != http.StatusOK {
		return nil, d.refuse(tenantID, token, response, body)
	}
	return body, err
}

// refuse reads an answer that is not 200. The roles of an app are written into its
// token: after a 403 the old one would hide a consent that was given since.
func (d *Directory) refuse(tenantID, token string, response *http.Response, body []byte) error {
	r := readRefusal(response, body, token)
	u := &domain.Unavailable{RetryAfter: retryAfter(response.Header.Get("Retry-After"), d.now()), Err: r}
	switch r.status {
	case http.StatusForbidden:
		u.Permission = permission
		d.tokens.Drop(tenantID, token)
	case http.StatusUnauthorized:
		d.tokens.Drop(tenantID, token)
	}
	return u
}

// noteLoad logs how near the limit is, which Graph tells from 0.8 of it on.
func (d *Directory) noteLoad(header http.Header) {
	share, err := strconv.ParseFloat(header.Get("x-ms-throttle-limit-percentage"), 64)
	if err == nil {
		d.log.Info("near Graph's limit for presence", "share", share)
	}
}

// readPresences gives nobody who is absent. An answer that is no list at all is an
// error: it must not pass for one that says that nobody is there.
func readPresences(body []byte) (presences, error) {
	var answer struct {
		Value []struct{ ID, Availability, Activity string }
	}
	if json.Unmarshal(body, &answer) != nil || answer.Value == nil {
		return nil, errors.New("the answer is not readable")
	}
	all := presences{}
	for _, one := range answer.Value {
		id, ok := parseGUID(one.ID)
		if p := presenceOf(one.Availability, one.Activity); ok && p != absent {
			all[id] = p
		}
	}
	return all, nil
}

// withoutURL takes the address out of a client's error: it is the configuration's,
// and may be long.
func withoutURL(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("no answer within the time limit")
	}
	if outer, ok := errors.AsType[*url.Error](err); ok {
		return outer.Err
	}
	return err
}

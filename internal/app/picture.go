package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"crier/internal/domain"
)

// PictureStore keeps uploaded pictures.
type PictureStore interface {
	// Add keeps a picture, or answers the one with the same content that is kept already.
	Add(ctx context.Context, p domain.Picture) (domain.Picture, error)
	Get(ctx context.Context, token string) (domain.Picture, error)
}

// Pictures are the operations on uploaded pictures.
type Pictures struct {
	Store PictureStore
	// Read makes a picture of a file. What is wrong with the file is an error with Words.
	Read func(file io.Reader) (domain.Picture, error)
	Base string // before a picture's file: "https://crier.contoso.com/i/"
	Now  domain.Clock

	reading sync.Mutex // one at a time: a picture that is unpacked takes hundreds of megabytes
}

// wrongFile is an error that says in a sentence what is wrong with a file.
type wrongFile interface {
	error
	Words() (format string, args []any)
}

// Add keeps the picture of an uploaded file. A file that is none, or too big, is Invalid.
func (a *Pictures) Add(ctx context.Context, by domain.Actor, file io.Reader) (domain.Picture, error) {
	if err := by.May(domain.Author); err != nil {
		return domain.Picture{}, err
	}
	p, err := a.read(file)
	if wrong, ok := errors.AsType[wrongFile](err); ok {
		format, args := wrong.Words()
		return domain.Picture{}, &domain.Error{Kind: domain.Invalid, Message: domain.Say("Some fields need attention."), Fields: []domain.FieldError{
			{Field: "file", Message: domain.Say(format, args...)},
		}}
	}
	if err != nil {
		return domain.Picture{}, err
	}
	p.Token, p.CreatedAt, p.CreatedBy = newPictureToken(), a.Now(), by.Name
	return a.Store.Add(ctx, p)
}

func (a *Pictures) read(file io.Reader) (domain.Picture, error) {
	a.reading.Lock()
	defer a.reading.Unlock()
	return a.Read(file)
}

func newPictureToken() string {
	chance := make([]byte, 16)
	rand.Read(chance) //nolint:errcheck // never fails
	return base64.RawURLEncoding.EncodeToString(chance)
}

// Get is the picture whose address ends so. Anybody may see it who knows that.
func (a *Pictures) Get(ctx context.Context, file string) (domain.Picture, error) {
	token, kind, ok := domain.ReadPictureFile(file)
	if !ok {
		return domain.Picture{}, noPicture()
	}
	p, err := a.Store.Get(ctx, token)
	if domain.KindOf(err) == domain.NotFound || err == nil && p.Type != kind {
		return domain.Picture{}, noPicture()
	}
	return p, err
}

func noPicture() error { return domain.Fail(domain.NotFound, "There is no such picture.") }

// URL is the picture's public address.
func (a *Pictures) URL(p domain.Picture) string { return a.Base + p.File() }

// checkImage refuses pictures of another Crier by plain http; those of this one may be so
// where it is reached by http itself.
func (a *Campaigns) checkImage(c domain.Campaign) error {
	var faults []domain.FieldError
	check := func(field string, image *domain.Image) {
		if image != nil && domain.IsPlainPicture(image.URL) && (a.Own == "" || !strings.HasPrefix(image.URL, a.Own)) {
			faults = append(faults, domain.FieldError{Field: field,
				Message: domain.Say("This is not an address that people can open. It should look like %s://example.com/page.", "https")})
		}
	}
	check("content.image.url", c.Content.Image)
	if c.Content.Survey != nil {
		for i, q := range c.Content.Survey.Questions {
			check(fmt.Sprintf("content.questions[%d].image.url", i), q.Image)
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return &domain.Error{Kind: domain.Invalid, Message: domain.Say("Some fields need attention."), Fields: faults}
}

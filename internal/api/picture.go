package api

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"

	"crier/internal/domain"
)

// maxUpload is the biggest body of an upload: a file, and what a form puts around it.
const maxUpload = domain.MaxUpload + 64<<10

// uploadedImage is a picture as it is kept.
type uploadedImage struct {
	ID     string `json:"id"`
	URL    string `json:"url"` // for anybody, without a token
	Type   string `json:"type"`
	Width  int    `json:"width"`  // pixels
	Height int    `json:"height"` // pixels
	Size   int    `json:"size"`   // bytes
}

// createImage keeps the picture of an uploaded file, which is the call's body.
func (s *server) createImage(c *call) (answer, error) {
	p, err := s.Pictures.Add(c.Context(), c.by, bytes.NewReader(c.body))
	if err != nil {
		return answer{}, err
	}
	url := s.Pictures.URL(p)
	return answer{status: http.StatusCreated, location: url, body: uploadedImage{
		ID: p.Token, URL: url, Type: p.Type, Width: p.Width, Height: p.Height, Size: len(p.Data),
	}}, nil
}

// readUpload is the one file of a form with the field "file". What the file is called and
// what type it is said to have does not matter.
func readUpload(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	form, err := r.MultipartReader()
	if err != nil {
		return nil, noFile()
	}
	part, err := form.NextPart()
	if err == io.EOF {
		return nil, noFile()
	}
	if err != nil {
		return nil, brokenUpload(err)
	}
	if part.FormName() != "file" {
		return nil, &refusal{status: http.StatusBadRequest, name: "malformed", detail: domain.Say("There are fields that are not known here."),
			fields: []domain.FieldError{{Field: part.FormName(), Message: domain.Say("There is no such field.")}}}
	}
	return readPart(part, form)
}

// readPart is the content of a form's only part.
func readPart(part *multipart.Part, form *multipart.Reader) ([]byte, error) {
	file, err := io.ReadAll(io.LimitReader(part, domain.MaxUpload+1))
	if err != nil {
		return nil, brokenUpload(err)
	}
	if len(file) > domain.MaxUpload {
		return nil, fileTooBig()
	}
	switch _, err := form.NextPart(); {
	case err == nil:
		return nil, malformed(domain.Say("Send one file at a time, and nothing beside it."))
	case err != io.EOF:
		return nil, brokenUpload(err)
	}
	return file, nil
}

func noFile() error {
	return &domain.Error{Kind: domain.Invalid, Message: domain.Say("Some fields need attention."), Fields: []domain.FieldError{
		{Field: "file", Message: domain.Say("Send the image as a file, in the field file of a form: Content-Type: multipart/form-data.")},
	}}
}

func brokenUpload(err error) error {
	if _, tooBig := errors.AsType[*http.MaxBytesError](err); tooBig {
		return fileTooBig()
	}
	return malformed(domain.Say("The request's body did not arrive whole."))
}

func fileTooBig() error {
	return &refusal{status: http.StatusRequestEntityTooLarge, name: "too-large",
		detail: domain.Say("A picture may have at most %d MB. Make it smaller and upload it again.", domain.MaxUpload>>20)}
}

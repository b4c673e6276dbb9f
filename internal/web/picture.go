package web

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"crier/internal/domain"
)

// The editor's field for a file stands beside the one for the image's address: "picture" beside
// "content.image.url", and "content.questions[2].picture" beside "content.questions[2].image.url".
const pictureField = "picture"

var questionPicture = regexp.MustCompile(`^content\.questions\[\d{1,3}\]\.` + pictureField + `$`)

// pictureIn is the field for a file that an upload names, and the one for its address.
func pictureIn(r *http.Request) (file, address string) {
	if field := r.URL.Query().Get("field"); questionPicture.MatchString(field) {
		return field, addressField(field)
	}
	return pictureField, addressField(pictureField)
}

// addressField is the field for an image's address beside one for a file.
func addressField(file string) string {
	if file == pictureField {
		return "content.image.url"
	}
	return strings.TrimSuffix(file, pictureField) + "image.url"
}

// picture serves an uploaded picture to anybody who has its address. It never changes, and is
// never taken for anything but a picture.
func (s *server) picture(w http.ResponseWriter, r *http.Request, _ *visit) error {
	file := mux.Vars(r)["file"]
	token, _, _ := strings.Cut(file, ".")
	h := w.Header()
	if etag := `"` + token + `"`; r.Header.Get("If-None-Match") == etag { // whoever has it has it for good
		h.Set("Etag", etag)
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	p, err := s.Pictures.Get(r.Context(), file)
	if err != nil {
		return err
	}
	h.Set("Content-Type", p.Type)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Etag", `"`+p.Token+`"`)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // Teams shows it on its own pages
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(p.Data))
	return nil
}

// uploadPicture keeps the file of a form that has one. A script is told the address; a browser
// without scripts gets the form's page again, with all that was typed and the address in its
// field.
func (s *server) uploadPicture(posted func(*http.Request, *visit) (editorData, error)) handler {
	return func(w http.ResponseWriter, r *http.Request, v *visit) error {
		address, err := s.keepPicture(r, v)
		fault, ok := errors.AsType[*domain.Error](err)
		if err != nil && (!ok || fault.Kind != domain.Invalid) {
			return err
		}
		said := ""
		if fault != nil {
			said = sayIn(v.tr, fault.Fields[0].Message)
		}
		if v.fragment && fault != nil {
			return writeJSON(w, http.StatusUnprocessableEntity, map[string]string{"fault": said})
		}
		if v.fragment {
			return writeJSON(w, http.StatusOK, map[string]string{"url": address})
		}
		data, err := posted(r, v)
		if err != nil {
			return err
		}
		return s.drawWithPicture(w, r, v, data, address, said)
	}
}

// keepPicture answers the address of the picture in a posted form; without one it is Invalid.
func (s *server) keepPicture(r *http.Request, v *visit) (string, error) {
	field, _ := pictureIn(r)
	file, _, err := r.FormFile(field)
	if err != nil {
		return "", &domain.Error{Kind: domain.Invalid, Message: domain.Say("Some fields need attention."), Fields: []domain.FieldError{
			{Field: "file", Message: domain.Say("Choose a file first.")},
		}}
	}
	defer file.Close()
	p, err := s.Pictures.Add(r.Context(), v.actor(), file)
	if err != nil {
		return "", err
	}
	return s.Pictures.URL(p), nil
}

// postedEditor is the editor as it was posted.
func (s *server) postedEditor(r *http.Request, v *visit) (editorData, error) {
	typed, stored, err := s.typed(r, v)
	if err != nil {
		return editorData{}, err
	}
	data := s.editor(r, v, typed, refill(r.PostForm, typed))
	data.Location, data.Unsaved = "/campaigns/new", true
	if stored.ID != 0 {
		data.Location = campaignPath(stored.ID)
	}
	return data, nil
}

// drawWithPicture shows a posted form with a picture's address, or with what is wrong with the
// file.
func (s *server) drawWithPicture(w http.ResponseWriter, r *http.Request, v *visit, data editorData, address, fault string) error {
	field, into := pictureIn(r)
	if fault != "" {
		data.Fault = v.tr.Text("Some fields need attention.")
		data.Form.Faults = map[string]string{field: fault}
		data.Summary = []input{{Name: field, Fault: fault}}
		return s.render(w, v, http.StatusUnprocessableEntity, "editor", "", data)
	}
	data.Said = v.tr.Text("Uploaded. Its address is filled in.")
	data.Form.Values.Set(into, address)
	return s.render(w, v, http.StatusOK, "editor", "", data)
}

// parseForm reads a posted form, with its file where it has one. What it may bring is bounded
// already, so that all of it stays in memory.
func parseForm(r *http.Request) error {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return r.ParseMultipartForm(bodyLimit(r))
	}
	return r.ParseForm()
}

// bodyLimit is how many bytes a request may bring.
func bodyLimit(r *http.Request) int64 {
	if strings.HasSuffix(r.URL.Path, "/picture") {
		return maxBody + domain.MaxUpload
	}
	return maxBody
}

// upload is a field for a file.
type upload struct {
	In   input
	Into string // the field for its address
	Path string // where it is posted
}

// upload is the field for a file beside the one for an image's address.
func (f form) upload(field, base string) upload {
	in := f.Field(field)
	up := upload{In: in, Into: addressField(field), Path: base + "/picture"}
	if field != pictureField {
		up.Path += "?field=" + url.QueryEscape(field)
	}
	return up
}

// Upload is the field for the campaign's picture.
func (d editorData) Upload(base string) upload {
	if d.Correcting {
		base += "/correct"
	}
	return d.Form.upload(pictureField, base)
}

// Upload is the field for the question's picture.
func (q questionForm) Upload() upload { return q.upload(questionField(q.at, pictureField), q.Base) }

// Most is how big a picture's file may be, in bytes.
func (upload) Most() int { return domain.MaxUpload }

// MostMB is the same in megabytes.
func (upload) MostMB() int { return domain.MaxUpload >> 20 }

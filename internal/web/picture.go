package web

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"crier/internal/domain"
)

// pictureField is the editor's field for a file.
const pictureField = "picture"

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

// uploadPicture keeps the file of the editor's form. A script is told the address; a browser
// without scripts gets the editor again, with all that was typed and the address in its field.
func (s *server) uploadPicture(w http.ResponseWriter, r *http.Request, v *visit) error {
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
	return s.editorWithPicture(w, r, v, address, said)
}

// keepPicture answers the address of the picture in a posted form; without one it is Invalid.
func (s *server) keepPicture(r *http.Request, v *visit) (string, error) {
	file, _, err := r.FormFile(pictureField)
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

// editorWithPicture shows the editor as it was posted, with a picture's address or with what
// is wrong with the file.
func (s *server) editorWithPicture(w http.ResponseWriter, r *http.Request, v *visit, address, fault string) error {
	typed, stored, err := s.typed(r, v)
	if err != nil {
		return err
	}
	data := s.editor(r, v, typed, refill(r.PostForm, typed))
	data.Location = "/campaigns/new"
	if stored.ID != 0 {
		data.Location = campaignPath(stored.ID)
	}
	if fault != "" {
		data.Fault = v.tr.Text("Some fields need attention.")
		data.Form.Faults = map[string]string{pictureField: fault}
		data.Summary = []input{{Name: pictureField, Fault: fault}}
		return s.render(w, v, http.StatusUnprocessableEntity, "editor", "", data)
	}
	data.Said = v.tr.Text("Uploaded. Its address is filled in.")
	data.Form.Values.Set("content.image.url", address)
	return s.render(w, v, http.StatusOK, "editor", "", data)
}

// parseForm reads a posted form, with its file where it has one. What it may bring is bounded
// already, so that all of it stays in memory.
func parseForm(r *http.Request) error {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return r.ParseMultipartForm(domain.MaxUpload)
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

// MaxUpload is how big a picture's file may be, in bytes.
func (editorData) MaxUpload() int { return domain.MaxUpload }

// MaxUploadMB is the same in megabytes.
func (editorData) MaxUploadMB() int { return domain.MaxUpload >> 20 }

package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"crier/internal/simulator"
)

// An uploaded picture stands in what people get, at an address that opens without a sign-in,
// also after a restart.
func TestAnUploadedPictureReachesPeople(t *testing.T) {
	t.Parallel()
	onEach(t, simulator.Options{Users: 3}, func(s *stage) {
		s.install()
		url := s.uploadPicture(200, 100)
		id := s.campaign(map[string]any{"name": "Clocks", "kind": "idea", "audience": map[string]any{"everyone": true},
			"content": map[string]any{"text": "Look at the clock", "image": map[string]any{"url": url, "alt": "A clock"}}})
		s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", nil)
		want(s, s.finished(id), map[string]int{"sent": 3})
		if n := s.got(2, url); n != 1 {
			s.Errorf("the address arrived %d times", n)
		}
		before := s.service.cfg.PublicURL
		s.stop()
		s.start()
		answer, err := http.Get(strings.Replace(url, before, s.service.cfg.PublicURL, 1))
		if err != nil {
			s.Fatal(err)
		}
		defer answer.Body.Close()
		drawn, err := png.Decode(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK || drawn.Bounds().Dx() != 200 {
			s.Errorf("%s: %v", answer.Status, err)
		}
	})
}

// uploadPicture answers the address of a new picture of that size.
func (s *stage) uploadPicture(width, height int) string {
	s.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", "clock.png")
	if err == nil {
		err = png.Encode(file, image.NewGray(image.Rect(0, 0, width, height)))
	}
	if err != nil {
		s.Fatal(err)
	}
	form.Close()
	r, err := http.NewRequestWithContext(s.Context(), http.MethodPost, s.service.cfg.PublicURL+"/api/v1/images", &body)
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+testToken)
	r.Header.Set("Content-Type", form.FormDataContentType())
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer answer.Body.Close()
	told, err := io.ReadAll(answer.Body)
	var kept struct{ URL string }
	if err != nil || answer.StatusCode != http.StatusCreated || json.Unmarshal(told, &kept) != nil || !strings.HasPrefix(kept.URL, s.service.cfg.PublicURL+"/i/") {
		s.Fatalf("%s: %s", answer.Status, told)
	}
	return kept.URL
}

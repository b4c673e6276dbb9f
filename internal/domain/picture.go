package domain

import (
	"encoding/base64"
	"net/url"
	"strings"
	"time"
)

const (
	// MaxUpload is how big a file may be that a picture is made of, in bytes.
	MaxUpload = 5 << 20
	// PicturePath is where pictures are served, under the public address.
	PicturePath = "/i/"
	// pictureToken is how many bytes of chance are in a picture's address: who has the
	// address may see the picture, and nobody else finds it.
	pictureToken = 16
)

// Picture is a picture that an author uploaded, as it is served.
type Picture struct {
	Token         string // 128 bits of chance in base64url
	Type          string // "image/png" or "image/jpeg"
	Width, Height int    // pixels
	Data          []byte
	CreatedAt     time.Time
	CreatedBy     string // who uploaded it first
}

// pictureEndings are the types there are, and how the names of their files end.
var pictureEndings = map[string]string{"image/png": ".png", "image/jpeg": ".jpg"}

// File is the last part of the picture's address: "hT0…Q.png".
func (p Picture) File() string { return p.Token + pictureEndings[p.Type] }

// ReadPictureFile takes the last part of a picture's address apart. False for what can't
// be one.
func ReadPictureFile(file string) (token, kind string, ok bool) {
	for kind, ending := range pictureEndings {
		if token, ok := strings.CutSuffix(file, ending); ok {
			bytes, err := base64.RawURLEncoding.Strict().DecodeString(token)
			return token, kind, err == nil && len(bytes) == pictureToken && !strings.ContainsAny(token, "\r\n")
		}
	}
	return "", "", false
}

// imageSchemes are the schemes that an image's address may have. Where Crier itself is
// reached by plain http, as on the machine of somebody who tries it, so are its own pictures.
// Whose pictures they are is not known here; see app.Campaigns.
func imageSchemes(address string) []string {
	if IsPlainPicture(address) {
		return []string{"https", "http"}
	}
	return []string{"https"}
}

// IsPlainPicture says whether an address is that of an uploaded picture of some Crier that
// is reached by plain http.
func IsPlainPicture(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return false
	}
	file, ok := strings.CutPrefix(u.EscapedPath(), PicturePath)
	if !ok {
		return false
	}
	_, _, ok = ReadPictureFile(file)
	return ok
}

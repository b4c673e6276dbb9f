package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/gorilla/mux"
)

// static holds the console's own files, and in vendor/ what make assets bundles.
//
//go:embed static
var static embed.FS

// assets are the static files, in memory, under the checksum of them all.
type assets struct {
	sum   string
	files map[string]asset
}

type asset struct {
	kind         string // content type
	plain, small []byte // small is gzip, or nil where that gains nothing
}

func loadAssets() (*assets, error) {
	a := &assets{files: map[string]asset{}}
	sum := sha256.New()
	err := fs.WalkDir(static, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := static.ReadFile(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(data))
		sum.Write(data)
		one, err := pack(name, data)
		a.files[strings.TrimPrefix(name, "static/")] = one
		return err
	})
	a.sum = base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:9])
	return a, err
}

func pack(name string, data []byte) (asset, error) {
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	one := asset{kind: kinds[path.Ext(name)], plain: data}
	if one.kind == "" {
		one.kind = mime.TypeByExtension(path.Ext(name))
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return one, err
	}
	if _, err = z.Write(data); err != nil {
		return one, err
	}
	if err = z.Close(); err == nil && b.Len() < len(data)*9/10 {
		one.small = b.Bytes()
	}
	return one, err
}

func (a *assets) has(name string) bool { _, ok := a.files[name]; return ok }

// path is the address of a file, which changes when any file does.
func (a *assets) path(name string) string { return "/assets/" + a.sum + "/" + name }

// ServeHTTP serves a file, to be kept for ever. A page of another version, still open while
// this one starts, gets today's file, to be kept not at all.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	vars := mux.Vars(r)
	one, ok := a.files[vars["name"]]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	if vars["sum"] == a.sum {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Content-Type", one.kind)
	h.Set("Vary", "Accept-Encoding")
	data := one.plain
	if one.small != nil && acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		data = one.small
	}
	h.Set("Content-Length", fmt.Sprint(len(data)))
	if r.Method != http.MethodHead {
		w.Write(data) //nolint:errcheck // the reader left; nothing is lost
	}
}

func acceptsGzip(r *http.Request) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" {
			return strings.ReplaceAll(q, " ", "") != "q=0"
		}
	}
	return false
}

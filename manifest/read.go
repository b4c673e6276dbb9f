package manifest

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// App is what a package says of the app in it.
type App struct {
	BotIDs  []string // of its bots
	Domains []string // hosts that its pages may be on, with their ports
}

// IsOf says whether the app is of this bot.
func (a App) IsOf(botID string) bool {
	return slices.ContainsFunc(a.BotIDs, func(id string) bool { return strings.EqualFold(id, botID) })
}

// maxManifest bounds the manifest that is read, in bytes.
const maxManifest = 1 << 20

// ReadZip reads a package, be it ours or changed since.
func ReadZip(path string) (App, error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return App{}, fmt.Errorf("manifest: %w", err)
	}
	defer archive.Close()
	file, err := archive.Open("manifest.json")
	if err != nil {
		return App{}, fmt.Errorf("manifest: %w", err)
	}
	defer file.Close()
	var doc document
	if err := json.NewDecoder(io.LimitReader(file, maxManifest)).Decode(&doc); err != nil {
		return App{}, fmt.Errorf("manifest: manifest.json: %w", err)
	}
	app := App{Domains: doc.ValidDomains}
	for _, b := range doc.Bots {
		app.BotIDs = append(app.BotIDs, b.BotID)
	}
	return app, nil
}

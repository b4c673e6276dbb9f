// Package manifest makes the Teams app package: the archive that an
// administrator uploads so that Teams shows the bot. It follows
// protocol/manifest.md, with version 1.19 of the schema.
package manifest

import (
	"archive/zip"
	"fmt"
	"io"
	"time"
)

//go:generate go run ./icons

// Options is what differs from one installation to the next.
type Options struct {
	AppID     string // id of the Teams app, a GUID that stays the same for ever; empty: BotID
	BotID     string // application id of the bot registration, a GUID
	Name      string // shown in Teams, 30 characters at most; empty: Crier
	Version   string // of the package, 1.2.3; empty: 1.0.0
	Published string // version published last, which Version must be above; empty: none
	PublicURL string // where Teams reaches the bot, without a path
	TabURL    string // the console as a personal tab; empty: PublicURL + /tab

	DeveloperName string // 32 characters at most; empty: Crier
	WebsiteURL    string // empty: PublicURL
	PrivacyURL    string // empty: PublicURL + /privacy
	TermsURL      string // empty: PublicURL + /terms
}

// Package is what the archive holds, checked.
type Package struct {
	// Warnings say why the package can be looked at but not be used: its
	// public URL is this machine's own.
	Warnings Faults

	files []file
}

// file is one entry of the archive, at its root.
type file struct {
	name string
	data []byte
}

// Build fills the package in and checks it as protocol/manifest.md section 5
// asks. The error is [Faults], all of them at once.
//
// A public URL on a loopback address is a warning, not a fault, so that the
// package of a demo can be looked at; plain HTTP to anywhere else is a fault.
// A package without https has no tab, because Teams would not show it.
func Build(options Options) (Package, error) {
	o := options.filled()
	files, err := fill(o)
	if err != nil {
		return Package{}, fmt.Errorf("manifest: %w", err)
	}
	faults, warnings := check(files, o)
	if len(faults) > 0 {
		return Package{}, faults
	}
	return Package{Warnings: warnings, files: files}, nil
}

// WriteZip writes the archive, the same bytes for the same package.
func (p Package) WriteZip(w io.Writer) error {
	archive := zip.NewWriter(w)
	for _, f := range p.files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}
		entry, err := archive.CreateHeader(header)
		if err != nil {
			return fmt.Errorf("manifest: write %s: %w", f.name, err)
		}
		if _, err := entry.Write(f.data); err != nil {
			return fmt.Errorf("manifest: write %s: %w", f.name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("manifest: close the archive: %w", err)
	}
	return nil
}

package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"crier/manifest"
)

// writeManifest is "crier manifest -o crier.zip".
func writeManifest(_ context.Context, w world) int {
	var path string
	var o manifest.Options
	cfg, code, ok := w.settings("manifest", func(f *flag.FlagSet) {
		f.StringVar(&path, "o", "crier.zip", "where to write the package")
		f.StringVar(&o.Name, "name", "", "name shown in Teams (default Crier)")
		f.StringVar(&o.Version, "package-version", "", "version of the package; must rise with each upload (default 1.0.0)")
		f.StringVar(&o.Published, "published", "", "version uploaded last, to check that the new one is above it")
		f.StringVar(&o.AppID, "teams-app-id", "", "id of the Teams app, if it is not the bot's")
		f.StringVar(&o.DeveloperName, "developer", "", "your organisation (default Crier)")
		f.StringVar(&o.WebsiteURL, "website", "", "your organisation's site (default the public URL)")
		f.StringVar(&o.PrivacyURL, "privacy", "", "your privacy statement (default the public URL's /privacy)")
		f.StringVar(&o.TermsURL, "terms", "", "your terms of use (default the public URL's /terms)")
	})
	if !ok {
		return code
	}
	o.BotID, o.PublicURL = cfg.AppID, cfg.PublicURL
	p, err := manifest.Build(o)
	if err != nil {
		fmt.Fprintln(w.stderr, err)
		return exitUsage
	}
	file, err := os.Create(path)
	if err != nil {
		return w.failed(err)
	}
	if err := p.WriteZip(file); err != nil {
		file.Close()
		return w.failed(err)
	}
	if err := file.Close(); err != nil {
		return w.failed(err)
	}
	for _, warning := range p.Warnings {
		fmt.Fprintln(w.stderr, "warning:", warning)
	}
	fmt.Fprintf(w.stdout, "wrote %s: upload it in the Teams admin center under Manage apps\n", path)
	return exitOK
}

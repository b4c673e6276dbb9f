// Command icons draws the two icons of the Teams app package, color.png and
// outline.png, into the current folder. Sizes and colours follow
// protocol/manifest.md section 5.
package main

import (
	"fmt"
	"image"
	"image/png"
	"os"
)

func main() {
	for name, icon := range map[string]image.Image{"color.png": colorIcon(192), "outline.png": outlineIcon(32)} {
		if err := save(name, icon); err != nil {
			fmt.Fprintln(os.Stderr, "icons:", err)
			os.Exit(1)
		}
	}
}

func save(name string, icon image.Image) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := png.Encode(file, icon); err != nil {
		return err
	}
	return file.Close()
}

package manifest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

func checkIcons(files []file, named icons, faults *Faults) {
	checkIcon(files, named.Color, 192, faults)
	if outline := checkIcon(files, named.Outline, 32, faults); outline != nil && !isWhite(outline) {
		faults.add(named.Outline, "it is not pure white on transparent", "draw it in white only, with a transparent background")
	}
}

// checkIcon gives the icon, or nil when it is at fault.
func checkIcon(files []file, name string, size int, faults *Faults) image.Image {
	data, ok := find(files, name)
	if !ok {
		faults.add(name, "the icon is missing", fmt.Sprintf("add a PNG of %d by %d pixels", size, size))
		return nil
	}
	head, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		faults.add(name, "it is not a PNG", fmt.Sprintf("add a PNG of %d by %d pixels", size, size))
		return nil
	}
	if head.Width != size || head.Height != size {
		faults.add(name, fmt.Sprintf("it is %d by %d pixels", head.Width, head.Height), fmt.Sprintf("make it %d by %d", size, size))
		return nil
	}
	icon, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		faults.add(name, "it is a broken PNG", "save it again")
		return nil
	}
	return icon
}

// isWhite reports whether every pixel that shows is white, and some do not show.
func isWhite(icon image.Image) bool {
	var clear, white bool
	for y := icon.Bounds().Min.Y; y < icon.Bounds().Max.Y; y++ {
		for x := icon.Bounds().Min.X; x < icon.Bounds().Max.X; x++ {
			c := color.NRGBAModel.Convert(icon.At(x, y)).(color.NRGBA)
			switch {
			case c.A == 0:
				clear = true
			case c.R == 255 && c.G == 255 && c.B == 255:
				white = true
			default:
				return false
			}
		}
	}
	return clear && white
}

func checkLanguages(files []file, doc document, faults *Faults) {
	for _, l := range doc.Localization.Additional {
		data, ok := find(files, l.File)
		if !ok {
			faults.add(l.File, "the texts in "+l.Tag+" are missing", "add the file, or drop the language")
			continue
		}
		var texts map[string]string
		if err := decode(data, &texts); err != nil {
			faults.add(l.File, "it can't be read: "+err.Error(), "mend the file")
			continue
		}
		checkLength(l.File+" name.full", texts["name.full"], 100, faults)
		checkLength(l.File+" description.short", texts["description.short"], 80, faults)
		checkLength(l.File+" description.full", texts["description.full"], 4000, faults)
		if name := texts["name.short"]; name != doc.Name.Short { // the same name is judged once
			checkLength(l.File+" name.short", name, 30, faults)
		}
	}
}

//go:build browser

package browser

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

const maxPicture = 150 << 10

// Where the variable PICTURES names a directory, the pictures of the documents
// are made again there, from the case drift.
func TestPictures(t *testing.T) {
	dir := os.Getenv("PICTURES")
	if dir == "" {
		return
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("../..", dir)
	}
	for _, s := range sites(t) {
		if s.name != "drift" {
			continue
		}
		b := openTab(t, "file://"+s.dir+"/")
		for _, p := range []struct {
			file, page, colours string
			width, height       int64
		}{
			{"overview.png", "index.html", "light", 1280, 1080},
			{"overview-dark.png", "index.html", "dark", 1280, 1080},
			{"feature.png", "feature/llm_quality.html", "light", 1280, 1080},
			{"phone.png", "index.html", "light", 390, 844},
		} {
			b.do(t, show("", p.colours), chromedp.EmulateViewport(p.width, p.height), chromedp.Navigate(s.url(p.page)))
			ask[audit](t, b, "audit") // which waits for the page's own pictures
			shot, err := png.Decode(bytes.NewReader(run(t, b, chromedp.CaptureScreenshot())))
			if err != nil {
				t.Fatal(err)
			}
			var small bytes.Buffer
			if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, paletted(shot)); err != nil {
				t.Fatal(err)
			}
			if small.Len() > maxPicture {
				t.Errorf("%s: %d bytes, want at most %d", p.file, small.Len(), maxPicture)
			}
			if err := os.WriteFile(filepath.Join(dir, p.file), small.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// paletted returns the picture in 256 of its most common colours, none of them
// close to another: text on a plain ground needs few.
func paletted(from image.Image) image.Image {
	count := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(from.At(x, y)).(color.RGBA) }
	box := from.Bounds()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var palette color.Palette
	for _, c := range colours {
		near := func(other color.Color) bool {
			o := other.(color.RGBA)
			return max(diff(c.R, o.R), diff(c.G, o.G), diff(c.B, o.B)) < 7
		}
		if len(palette) < 16 || len(palette) < 256 && !slices.ContainsFunc(palette, near) {
			palette = append(palette, c)
		}
	}
	index := map[color.RGBA]uint8{}
	to := image.NewPaletted(box, palette)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			c := at(x, y)
			i, known := index[c]
			if !known {
				i = uint8(palette.Index(c))
				index[c] = i
			}
			to.SetColorIndex(x, y, i)
		}
	}
	return to
}

func diff(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

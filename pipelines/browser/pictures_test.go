//go:build browser

package browser

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
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
			if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, shot); err != nil {
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

package chart

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the pictures that were looked at; look at them")

// Fonts and lines may fall a hair differently with another version of the
// drawing code: that is no change of the picture.
const (
	tolerated = 48    // of 255, in any channel of a pixel
	strays    = 0.004 // share of pixels that may differ by more
)

// TestPicturesLookAsTheyDid compares every picture with one that a person
// looked at. After a change that is meant: go test ./pkg/chart -run Look -update.
func TestPicturesLookAsTheyDid(t *testing.T) {
	for name, p := range pictures {
		t.Run(name, func(t *testing.T) {
			raw, err := p.PNG(p.Size)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", "golden", strings.ReplaceAll(name, " ", "-")+".png")
			if *update {
				if err := os.WriteFile(path, raw, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := alike(raw, want); err != nil {
				t.Errorf("%v: compare with %s", err, path)
			}
		})
	}
}

// The tolerance must not hide a change that a reader would see.
func TestToleranceSeesAChange(t *testing.T) {
	draw := func(h Histogram) []byte {
		t.Helper()
		raw, err := h.PNG(Size{480, 240})
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	h := Histogram{Edges: tenEdges, Ref: low, Cur: high, RefName: "reference", CurName: "production", XLabel: "years"}
	for name, change := range map[string]func(h *Histogram){
		"the sides swapped": func(h *Histogram) { h.Ref, h.Cur = h.Cur, h.Ref },
		"no legend":         func(h *Histogram) { h.RefName, h.CurName = "", "" },
		"another bar":       func(h *Histogram) { h.Cur = append([]float64{.04}, high[1:]...) },
		"an open end":       func(h *Histogram) { h.OpenHigh = true },
	} {
		other := h
		change(&other)
		if alike(draw(h), draw(other)) == nil {
			t.Errorf("%s: not seen", name)
		}
	}
	if err := alike(draw(h), draw(h)); err != nil {
		t.Error(err)
	}
}

// alike tells whether two pictures show the same.
func alike(got, want []byte) error {
	a, err := png.Decode(bytes.NewReader(got))
	if err != nil {
		return err
	}
	b, err := png.Decode(bytes.NewReader(want))
	if err != nil {
		return err
	}
	if a.Bounds() != b.Bounds() {
		return fmt.Errorf("size %v, want %v", a.Bounds().Size(), b.Bounds().Size())
	}
	// Strays are counted against the pixels that show something: a picture is
	// mostly empty.
	differ, shown := 0, 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			d, any := apart(a, b, x, y)
			if any {
				shown++
			}
			if d > tolerated {
				differ++
			}
		}
	}
	if float64(differ) > strays*float64(shown) {
		return fmt.Errorf("%d of %d pixels differ", differ, shown)
	}
	return nil
}

// apart is the largest difference of a pixel's channels, colours weighed by how
// opaque they are, and whether either picture has anything there.
func apart(a, b image.Image, x, y int) (uint32, bool) {
	ar, ag, ab, aa := a.At(x, y).RGBA()
	br, bg, bb, ba := b.At(x, y).RGBA()
	most := uint32(0)
	for _, c := range [][2]uint32{{ar, br}, {ag, bg}, {ab, bb}, {aa, ba}} {
		most = max(most, max(c[0], c[1])-min(c[0], c[1]))
	}
	return most >> 8, aa > 0 || ba > 0
}

// Depth means size in a heat map: the palette must not level it.
func TestHeatKeepsItsDepths(t *testing.T) {
	nan := math.NaN()
	h := Heat{[]string{"a", "b", "c", "d"}, [][]float64{{nan, .2, .5, .9}, {.2, nan, .9, .5}, {.5, .9, nan, .2}, {.9, .5, .2, nan}}}
	raw, err := h.PNG(HeatSize(4))
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	pixels := map[uint32]int{}
	for y := range img.Bounds().Max.Y {
		for x := range img.Bounds().Max.X {
			_, _, _, a := img.At(x, y).RGBA()
			pixels[a]++
		}
	}
	depths := 0
	for a, n := range pixels {
		if a > 0 && n > 5000 { // two cells at least, of some 80 by 50 pixels
			depths++
		}
	}
	if depths != 3 {
		t.Errorf("%d depths of 3 sizes: %v", depths, pixels)
	}
}

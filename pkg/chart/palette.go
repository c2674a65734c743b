package chart

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// paletted reduces an image to at most 256 colours, the first of them
// transparent. A chart has a handful of colours and their antialiased edges, so
// rounding five bits a channel loses nothing that an eye sees and shortens the
// file by half.
func paletted(img image.Image) *image.Paletted {
	b := img.Bounds()
	counts := make(map[color.NRGBA]int)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			counts[coarse(img.At(x, y))]++
		}
	}
	delete(counts, color.NRGBA{})
	colors := make([]color.NRGBA, 0, len(counts))
	for c := range counts {
		colors = append(colors, c)
	}
	slices.SortFunc(colors, func(a, b color.NRGBA) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(key(a), key(b)))
	})
	palette := color.Palette{color.NRGBA{}}
	for _, c := range colors[:min(len(colors), 255)] {
		palette = append(palette, c)
	}
	index := map[color.NRGBA]uint8{{}: 0}
	out := image.NewPaletted(b, palette)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := coarse(img.At(x, y))
			i, ok := index[c]
			if !ok {
				i = uint8(palette.Index(c))
				index[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	return out
}

// coarse rounds a colour to 8 levels of opacity and 32 of each channel.
func coarse(c color.Color) color.NRGBA {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = uint8((int(n.A) + 18) / 36 * 36 * 255 / 252)
	if n.A == 0 {
		return color.NRGBA{}
	}
	n.R, n.G, n.B = five(n.R), five(n.G), five(n.B)
	return n
}

func five(v uint8) uint8 { return v&^7 | v>>5 }

func key(c color.NRGBA) uint32 {
	return uint32(c.R)<<24 | uint32(c.G)<<16 | uint32(c.B)<<8 | uint32(c.A)
}

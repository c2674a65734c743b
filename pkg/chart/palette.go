package chart

import (
	"cmp"
	"encoding/binary"
	"image"
	"image/color"
	"slices"
)

// paletted reduces an image to at most 16 colours, the first of them
// transparent: those that name a side, the most frequent ones, and for others the
// nearest of them. A chart has a handful of colours and their antialiased edges,
// so this loses nothing that an eye sees and shortens the file by half.
// Runs of one colour are long and distinct colours few, so the work per pixel is
// a comparison.
func paletted(img *image.RGBA) *image.Paletted {
	counts := make(map[uint32]int)
	runs := runsOf(img.Pix)
	from := 0
	for _, r := range runs {
		counts[r.raw] += r.to - from
		from = r.to
	}
	type entry struct {
		raw   uint32
		color color.NRGBA
	}
	byColor := make(map[color.NRGBA]int)
	var entries []entry
	for raw, n := range counts {
		e := entry{raw, coarse(raw)}
		entries = append(entries, e)
		byColor[e.color] += n
	}
	delete(byColor, color.NRGBA{})
	colors := make([]color.NRGBA, 0, len(byColor))
	for c := range byColor {
		colors = append(colors, c)
	}
	slices.SortFunc(colors, func(a, b color.NRGBA) int {
		return cmp.Or(cmp.Compare(kept(a), kept(b)), cmp.Compare(byColor[b], byColor[a]), cmp.Compare(key(a), key(b)))
	})
	palette := color.Palette{color.NRGBA{}}
	place := map[color.NRGBA]uint8{{}: 0}
	for i, c := range colors {
		if i < 15 {
			place[c] = uint8(len(palette))
			palette = append(palette, c)
		} else {
			place[c] = uint8(palette.Index(c))
		}
	}
	index := make(map[uint32]uint8, len(entries))
	for _, e := range entries {
		index[e.raw] = place[e.color]
	}
	out := image.NewPaletted(img.Bounds(), palette)
	from = 0
	for _, r := range runs {
		i := index[r.raw]
		for p := from; p < r.to; p++ {
			out.Pix[p] = i
		}
		from = r.to
	}
	return out
}

// kept is 0 for a colour that tells what a thing is, however little of it there
// may be, and 1 for the others.
func kept(c color.NRGBA) int {
	for _, k := range []color.NRGBA{ink, refColor, curColor, badColor} {
		if c == (color.NRGBA{five(k.R), five(k.G), five(k.B), 0xff}) {
			return 0
		}
	}
	return 1
}

// A run is pixels of one colour up to the pixel to.
type run struct {
	raw uint32
	to  int
}

// runsOf returns the runs of an image's pixels.
func runsOf(pix []byte) []run {
	var runs []run
	for at := 0; at < len(pix); {
		raw := binary.BigEndian.Uint32(pix[at:])
		two := uint64(raw)<<32 | uint64(raw)
		for at += 4; at+8 <= len(pix) && binary.BigEndian.Uint64(pix[at:]) == two; {
			at += 8
		}
		for at < len(pix) && binary.BigEndian.Uint32(pix[at:]) == raw {
			at += 4
		}
		runs = append(runs, run{raw, at / 4})
	}
	return runs
}

// coarse rounds a premultiplied colour to 8 levels of opacity and 32 of each
// channel.
func coarse(raw uint32) color.NRGBA {
	n := color.NRGBAModel.Convert(color.RGBA{uint8(raw >> 24), uint8(raw >> 16), uint8(raw >> 8), uint8(raw)}).(color.NRGBA)
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

package chart

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"sync"
)

// blank returns an empty image that nobody writes to: all share their memory, since most
// of what drawing costs is memory that is used once.
func blank(w, h int) *image.RGBA {
	blanks.Lock()
	defer blanks.Unlock()
	if n := 4 * w * h; n > len(blanks.pix) {
		blanks.pix = make([]byte, n)
	}
	return &image.RGBA{Pix: blanks.pix[:4*w*h], Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
}

var blanks struct {
	sync.Mutex
	pix []byte
}

// packers compress what they are given one by one.
var packers = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}

// encode writes an image of up to 16 colours as a PNG of four bits a pixel. image/png
// asks for every pixel's colour by a call, which costs as much as the compression.
// zlib's default is a twelfth larger than its best, which takes five times as long.
func encode(img *image.Paletted) ([]byte, error) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	var head, colors, alpha []byte
	head = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(head, uint32(w)), uint32(h))
	head = append(head, 4, 3, 0, 0, 0) // bits of a pixel, a palette, and the only kinds of compression, filter and order
	for _, c := range img.Palette {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		colors, alpha = append(colors, n.R, n.G, n.B), append(alpha, n.A)
	}
	var rows bytes.Buffer
	z := packers.Get().(*zlib.Writer)
	defer packers.Put(z)
	z.Reset(&rows)
	row := make([]byte, 1+(w+1)/2) // its first byte says that no filter is used
	for y := range h {
		pix := img.Pix[y*img.Stride:][:w]
		for x := 0; x+1 < w; x += 2 {
			row[1+x/2] = pix[x]<<4 | pix[x+1]
		}
		if w&1 == 1 {
			row[len(row)-1] = pix[w-1] << 4
		}
		if _, err := z.Write(row); err != nil {
			return nil, fmt.Errorf("chart: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	out := []byte("\x89PNG\r\n\x1a\n")
	for _, c := range []struct {
		kind string
		data []byte
	}{{"IHDR", head}, {"PLTE", colors}, {"tRNS", alpha}, {"IDAT", rows.Bytes()}, {"IEND", nil}} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(c.data)))
		from := len(out)
		out = append(append(out, c.kind...), c.data...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
	}
	return out, nil
}

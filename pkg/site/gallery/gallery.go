// Package gallery has the pictures of a site: a page promises them, with words for
// who cannot see them and the numbers that they show, and they are drawn together.
package gallery

import (
	"encoding/base64"
	"html/template"
	"runtime"
	"sync"

	"github.com/leadsman/leadsman/pkg/chart"
)

// The sides' names, in pictures and tables alike.
const (
	Reference  = "reference"
	Production = "production"
)

// smallest is the width from which a picture is markup of its page: smaller ones are
// shapes without text, of which a page has many.
const smallest = 200

// A Picture is a chart on a page. Src stays empty when it could not be drawn; the
// page then leaves it out.
type Picture struct {
	Src     template.URL  // of the PNG; empty for markup on a page without other files
	Markup  template.HTML // of a large picture
	Letters []string      // what the PNG has A, B, C, … for
	W, H    int
	Alt     string

	path    string
	drawing Drawing
	size    chart.Size
	inline  bool // no PNG beside the markup
}

// A Drawing is any chart of package chart.
type Drawing interface {
	PNG(chart.Size) ([]byte, error)
	SVG(s chart.Size, alt string) (chart.SVG, error)
}

// A Grid is a plain table.
type Grid struct {
	Head []string
	Rows [][]string
}

// A Figure is a picture, what it shows, and its numbers.
type Figure struct {
	Picture *Picture
	Caption string
	Numbers Grid
	Wide    bool // it scrolls rather than shrinks
}

// A Gallery is the promised pictures of one site.
type Gallery struct {
	Draw     func(Drawing, chart.Size) ([]byte, error) // nil for Drawing.PNG
	pictures []*Picture
}

// Add promises a chart at path, without directory and extension.
func (g *Gallery) Add(path string, size chart.Size, alt string, d Drawing) *Picture {
	p := &Picture{W: size.W, H: size.H, Alt: alt, path: "charts/" + path + ".png", drawing: d, size: size}
	g.pictures = append(g.pictures, p)
	return p
}

// Inline is Add for a picture of which no page offers a PNG.
func (g *Gallery) Inline(size chart.Size, alt string, d Drawing) *Picture {
	p := g.Add("", size, alt, d)
	p.inline = true
	return p
}

// Files draws the promised pictures on all processors and returns them by their
// file. Inline pictures stand in the page itself, and there are no files. A
// picture that cannot be drawn is left out: its numbers still stand beside it.
func (g *Gallery) Files(inline bool) map[string][]byte {
	draw := g.Draw
	if draw == nil {
		draw = Drawing.PNG
	}
	drawn, marked := make([][]byte, len(g.pictures)), make([]chart.SVG, len(g.pictures))
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				p := g.pictures[i]
				if p.W >= smallest {
					svg, err := p.drawing.SVG(p.size, p.Alt)
					if marked[i] = svg; err != nil || inline || p.inline {
						continue
					}
				}
				if raw, err := draw(p.drawing, p.size); err == nil {
					drawn[i] = raw
				}
			}
		})
	}
	for i := range g.pictures {
		next <- i
	}
	close(next)
	group.Wait()
	files := map[string][]byte{}
	for i, p := range g.pictures {
		p.Markup, p.Letters = template.HTML(marked[i].Element), marked[i].Letters // the chart escapes all text
		switch {
		case drawn[i] == nil:
		case inline:
			p.Src = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(drawn[i]))
		default:
			files[p.path] = drawn[i]
			p.Src = template.URL(p.path)
		}
	}
	return files
}

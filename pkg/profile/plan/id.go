package plan

import (
	"encoding/binary"
	"math"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// canonical returns all that the plan says, as bytes. Strings and lists are
// preceded by their lengths, so that no two plans share their bytes.
func (p *Plan) canonical() []byte {
	var b []byte
	number := func(v int64) { b = binary.LittleEndian.AppendUint64(b, uint64(v)) }
	float := func(v float64) {
		if math.IsNaN(v) {
			v = math.NaN()
		}
		number(int64(math.Float64bits(v)))
	}
	text := func(s string) { number(int64(len(s))); b = append(b, s...) }
	flag := func(v bool) {
		if v {
			number(1)
		} else {
			number(0)
		}
	}
	grid := func(g *Grid) {
		flag(g.Exact)
		flag(g.Discrete)
		float(g.Center)
		float(g.Inverse)
		for _, list := range [][]float64{g.Edges, g.Bins} {
			number(int64(len(list)))
			for _, e := range list {
				float(e)
			}
		}
		for _, z := range g.Normal {
			number(int64(z))
		}
	}
	text("leadsman plan")
	number(Version)
	number(int64(p.Window))
	number(SlotMinutes)
	float(p.Threshold)
	text(p.PositiveLabel)
	text(p.IDColumn)
	text(p.Entity)
	text(p.Target)
	text(p.Outcomes)
	for _, name := range p.Classes {
		text("class")
		text(name)
	}
	text(p.Week.Zone)
	for _, n := range p.Week.Days {
		number(n)
	}
	number(int64(p.Week.Span))
	text(p.Reference)
	flag(p.Simulated)
	flag(p.Sample)
	if p.Provenance != "" {
		text(p.Provenance)
	}
	number(int64(len(p.Columns)))
	for _, c := range p.Columns {
		text(c.Name)
		text(string(c.Role))
		text(string(c.Kind))
		flag(c.Public)
		flag(c.InSample)
		switch c.Kind {
		case view.NumberKind:
			grid(c.Grid)
		case view.TextKind:
			grid(c.Length)
			grid(c.Commas)
		case view.CategoryKind:
			number(int64(len(c.Names)))
			for _, n := range c.Names {
				text(n)
			}
			number(int64(len(c.Known)))
			for _, h := range c.Known {
				number(int64(h))
			}
			number(c.Distinct)
			number(c.Once)
			number(c.Twice)
		}
	}
	for _, c := range p.Columns {
		if len(c.Missing) > 0 { // else the ID stays that of plans that knew none
			text("missing")
			text(c.Name)
			for _, v := range c.Missing {
				text(v)
			}
		}
	}
	for _, c := range p.Columns {
		if c.Line > 0 { // else as above
			text("line")
			text(c.Name)
			number(c.Line)
		}
	}
	for _, name := range p.Segments {
		text("segment")
		text(name)
	}
	if p.Exact {
		text("exact")
	}
	// Plans of the usual size keep the ID that they had before there was a choice.
	if p.SampleRows != p.usualRows() {
		text("sample rows")
		number(p.SampleRows)
	}
	return b
}

package profile

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
	grid := func(g *grid) {
		flag(g.exact)
		flag(g.discrete)
		float(g.center)
		float(g.inverse)
		for _, list := range [][]float64{g.edges, g.bins} {
			number(int64(len(list)))
			for _, e := range list {
				float(e)
			}
		}
		for _, z := range g.normal {
			number(int64(z))
		}
	}
	text("leadsman plan")
	number(Version)
	number(int64(p.Window))
	number(slotMinutes)
	float(p.Threshold)
	text(p.PositiveLabel)
	text(p.idColumn)
	text(p.target)
	text(p.reference)
	flag(p.Simulated)
	flag(p.Sample)
	number(int64(len(p.columns)))
	for _, c := range p.columns {
		text(c.name)
		text(string(c.role))
		text(string(c.kind))
		flag(c.public)
		flag(c.inSample)
		switch c.kind {
		case view.NumberKind:
			grid(c.grid)
		case view.TextKind:
			grid(c.length)
			grid(c.commas)
		case view.CategoryKind:
			number(int64(len(c.names)))
			for _, n := range c.names {
				text(n)
			}
		}
	}
	// Plans of the usual size keep the ID that they had before there was a choice.
	if p.SampleRows != sampleRows {
		text("sample rows")
		number(p.SampleRows)
	}
	return b
}

// Package shares makes of a subject's bins the shares of its values on both sides,
// as a chart, a table and words.
package shares

import (
	"cmp"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Distribution is a subject's bins made ready to be drawn and described.
type Distribution struct {
	Classes []Class // in order: under, intervals, over; or categories
	Missing *Class  // rows without a value, of all rows
	Numeric bool
	nRef    int64 // rows with a value
	nCur    int64
}

// A Class is one bin of both sides. The shares are of the rows with a value.
type Class struct {
	Name       string
	Kind       string
	Lo, Hi     float64
	NRef, NCur int64
	Ref, Cur   float64
	PSIShare   float64
}

// Delta is the change of the class's share.
func (c Class) Delta() float64 { return c.Cur - c.Ref }

// Of returns the distribution of a subject's bins, nil without classes.
func Of(bins []verdict.Bin) *Distribution {
	d := &Distribution{}
	for _, b := range bins {
		c := Class{Name: b.Name, Kind: b.Kind, Lo: b.Lo, Hi: b.Hi, NRef: b.NRef, NCur: b.NCur, PSIShare: b.PSIShare}
		if c.Name == "" {
			c.Name = className(b)
		}
		c.Name = wording.Clip(c.Name, 80)
		if b.Kind == verdict.BinMissing {
			d.Missing = &c
			continue
		}
		d.Numeric = d.Numeric || b.Kind == verdict.BinInterval
		d.Classes = append(d.Classes, c)
		d.nRef += max(b.NRef, 0)
		d.nCur += max(b.NCur, 0)
	}
	if len(d.Classes) == 0 {
		return nil
	}
	for i := range d.Classes {
		c := &d.Classes[i]
		c.Ref, c.Cur = report.Share(c.NRef, d.nRef), report.Share(c.NCur, d.nCur)
	}
	if m := d.Missing; m != nil {
		m.Ref, m.Cur = report.Share(m.NRef, m.NRef+d.nRef), report.Share(m.NCur, m.NCur+d.nCur)
	}
	order := map[string]int{verdict.BinUnder: -1, verdict.BinOver: 1}
	if !d.Numeric {
		order = map[string]int{verdict.BinRare: 1, verdict.BinUnseen: 2}
	}
	slices.SortStableFunc(d.Classes, func(a, b Class) int {
		by := cmp.Compare(order[a.Kind], order[b.Kind])
		if d.Numeric && a.Kind == verdict.BinInterval && b.Kind == verdict.BinInterval && !math.IsNaN(a.Hi) && !math.IsNaN(b.Hi) {
			by = cmp.Or(by, cmp.Compare(a.Hi, b.Hi))
		}
		return by
	})
	return d
}

// className names a bin that has no name of its own.
func className(b verdict.Bin) string {
	switch b.Kind {
	case verdict.BinUnder:
		if !math.IsNaN(b.Hi) {
			return "below " + words.Number(b.Hi)
		}
		return "below the reference's range"
	case verdict.BinOver:
		if !math.IsNaN(b.Lo) {
			return "above " + words.Number(b.Lo)
		}
		return "above the reference's range"
	case verdict.BinInterval:
		switch {
		case math.IsNaN(b.Lo) && math.IsNaN(b.Hi):
			return "all values"
		case math.IsNaN(b.Lo):
			return "up to " + words.Number(b.Hi)
		case math.IsNaN(b.Hi):
			return "from " + words.Number(b.Lo)
		}
		return words.Number(b.Lo) + " – " + words.Number(b.Hi)
	case verdict.BinMissing:
		return "missing"
	case verdict.BinRare:
		return "rare values"
	case verdict.BinUnseen:
		return "not in the reference"
	}
	return "(empty)"
}

// Shown are the classes of a page's table.
func (d *Distribution) Shown() []Class { return d.Classes[:min(len(d.Classes), 60)] }

// Comparable tells whether both sides have rows.
func (d *Distribution) Comparable() bool { return d != nil && d.nRef > 0 && d.nCur > 0 }

// Description says in words where the distribution moved most: for who cannot see the
// picture.
func (d *Distribution) Description(name string) string {
	if !d.Comparable() {
		return name + ": nothing to compare."
	}
	var up, down Class
	for _, c := range d.Classes {
		if c.Delta() > up.Delta() {
			up = c
		}
		if c.Delta() < down.Delta() {
			down = c
		}
	}
	text := "Shares of " + name + ", reference against production"
	if up.Delta() < 0.005 && down.Delta() > -0.005 {
		return text + ": no class moved by more than half a point."
	}
	if up.Delta() >= 0.005 {
		text += ": " + up.Name + " rose from " + wording.PercentBeside(up.Ref, up.Cur) + " to " + wording.PercentBeside(up.Cur, up.Ref)
	}
	if down.Delta() <= -0.005 {
		sep := ": "
		if up.Delta() >= 0.005 {
			sep = ", "
		}
		text += sep + down.Name + " fell from " + wording.PercentBeside(down.Ref, down.Cur) + " to " + wording.PercentBeside(down.Cur, down.Ref)
	}
	return text + "."
}

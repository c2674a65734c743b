package sim

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"sort"

	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// stream returns the random numbers for one purpose and chunk: independent of
// every other stream, and the same wherever and whenever it is asked for.
func stream(seed uint64, purpose string, chunk int64) *rand.Rand {
	key := make([]byte, 0, 64)
	key = append(key, "leadsman sim 1 "...)
	key = binary.LittleEndian.AppendUint64(key, seed)
	key = binary.LittleEndian.AppendUint64(key, uint64(chunk))
	key = append(key, purpose...)
	return rand.New(rand.NewChaCha8(sha256.Sum256(key)))
}

// nudge changes how one column is drawn. The zero nudge changes nothing.
type nudge struct {
	shift   float64 // added to the latent value, in standard deviations
	spread  float64 // the latent's standard deviation less 1
	negate  bool    // the loadings change their sign: same marginal, opposite dependence
	missing float64 // at least this share is missing
}

// drawer draws the rows of one chunk.
type drawer struct {
	p       *Population
	r       *rand.Rand
	factors []float64
	values  []record.Value
	text    []byte
	before  []float64 // normals of the row before: of the factors, then of the columns; nil of independent rows
}

func (p *Population) rows(r *rand.Rand) rowDrawer { return p.drawer(r) }

func (p *Population) drawer(r *rand.Rand) *drawer {
	d := &drawer{p: p, r: r, factors: make([]float64, p.factors), values: make([]record.Value, len(p.columns))}
	if p.keep > 0 {
		d.before = make([]float64, p.factors+len(p.columns))
		for i := range d.before {
			d.before[i] = r.NormFloat64()
		}
	}
	return d
}

// wandering returns the population with rows that hang on the row before: every
// normal variable that they are made of is a first-order autoregression whose
// coefficient is keep. A single row is drawn from the same distribution. Each
// chunk of rows begins anew.
func (p *Population) wandering(keep float64) *Population {
	q := *p
	q.keep = keep
	return &q
}

// normal draws the i-th normal variable of a row.
func (d *drawer) normal(i int) float64 {
	z := d.r.NormFloat64()
	if d.before != nil {
		z = float64(d.p.keep*d.before[i]) + float64(math.Sqrt(1-square(d.p.keep))*z)
		d.before[i] = z
	}
	return z
}

// row draws one row. nudges is nil or has one entry a column.
func (d *drawer) row(nudges []nudge) drawn {
	for i := range d.factors {
		d.factors[i] = d.normal(i)
	}
	for i := range d.p.columns {
		var n nudge
		if nudges != nil {
			n = nudges[i]
		}
		d.values[i] = d.value(i, n)
	}
	chance := d.p.outcome.probability(d.values, d.factors)
	return drawn{values: d.values, outcome: d.r.Float64() < chance, chance: chance}
}

// draw draws the variable, own being its noise.
func (l *latent) draw(d *drawer, negate bool, own float64) float64 {
	z := 0.0
	for i, f := range l.factors {
		z += float64(l.weights[i] * d.factors[f])
	}
	if negate {
		z = -z
	}
	return z + float64(l.noise*own)
}

// value draws the value of column i.
func (d *drawer) value(i int, n nudge) record.Value {
	c := &d.p.columns[i]
	z := c.latent.draw(d, n.negate, d.normal(d.p.factors+i))
	z = float64(z*(1+n.spread)) + n.shift
	cut := c.cut
	if n.missing > 0 {
		cut = min(cut, quantileNormal(1-n.missing))
	}
	if !math.IsInf(cut, 1) && c.absent.draw(d, false, d.r.NormFloat64()) > cut {
		return record.Value{}
	}
	switch c.kind {
	case category:
		return c.values[c.place(z)]
	case number:
		return record.NumberValue(c.number(z))
	}
	d.text = d.text[:0]
	switch c.kind {
	case phrase:
		d.text = c.templates[c.place(z)].append(d.text, d.r)
	case prose:
		d.text = c.appendProse(d.text, int(c.quantile(z)), d.r)
	case list:
		d.text = c.appendList(d.text, int(math.Round(c.quantile(z))), d.r)
	}
	return record.StringValue(string(d.text))
}

// place is the category of a latent value.
func (c *column) place(z float64) int {
	return min(sort.SearchFloat64s(c.bounds, z), len(c.bounds)-1)
}

// quantile is the marginal's quantile at the latent value's probability.
func (c *column) quantile(z float64) float64 {
	u := normal(z)
	if c.stairs {
		return c.quantiles[min(int(u*float64(len(c.quantiles))), len(c.quantiles)-1)]
	}
	at := u * float64(len(c.quantiles)-1)
	i := min(int(at), len(c.quantiles)-2)
	lo, hi := c.quantiles[i], c.quantiles[i+1]
	return lo + float64((at-float64(i))*(hi-lo))
}

// number is the quantile as a multiple of the step. Dividing by a step's
// inverse, where that is whole, keeps 0.07 from becoming 0.07000000000000001.
func (c *column) number(z float64) float64 {
	q := c.quantile(z)
	if inverse := math.Round(1 / c.step); c.step < 1 && math.Abs(inverse*c.step-1) < 1e-12 {
		return math.Round(q*inverse) / inverse
	}
	return math.Round(q/c.step) * c.step
}

func (o *outcome) probability(values []record.Value, factors []float64) float64 {
	x := o.intercept
	for i := range o.terms {
		t := &o.terms[i]
		if t.factor >= 0 {
			x += float64(t.weight * factors[t.factor])
			continue
		}
		switch v := values[t.column]; {
		case v.Kind == record.Null:
		case t.present:
			x += t.weight
		case t.effects != nil:
			x += t.effects[v.Str]
		default:
			x += float64(t.weight * (v.Num - t.center) / t.scale)
		}
	}
	return 1 / (1 + math.Exp(-x))
}

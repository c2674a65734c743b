package count

import (
	"math"
	"math/big"
	"slices"

	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

const (
	pairedClasses = 16                // classes of a pair's table, the last one for all others
	pairStride    = pairedClasses + 1 // the last row and column take what has no class
	pairTable     = 1 << 9            // cells of a pair's table, pairStride² and some that stay empty
)

// Pairs count the plan's pairs of columns, in its order.
type Pairs struct {
	plan *plan.Plan
	list []pairCounts
}

// NewPairs returns the plan's pairs, all zero.
func NewPairs(p *plan.Plan) Pairs {
	out := Pairs{plan: p}
	for _, ab := range p.Pairs {
		a, b := &p.Columns[ab[0]], &p.Columns[ab[1]]
		pc := pairCounts{numbers: a.Kind == view.NumberKind && b.Kind == view.NumberKind}
		if a.Discrete() || b.Discrete() {
			pc.table = make([]int64, pairTable)
			pc.classesA, pc.classesB = min(pairedClasses, a.Classes()), min(pairedClasses, b.Classes())
		}
		out.list = append(out.list, pc)
	}
	return out
}

// Add counts a chunk's rows of pair i, whose columns are a and b. Different pairs
// may be added at the same time.
func (p *Pairs) Add(i int, a, b *PairColumn) { p.list[i].add(a, b) }

// Merge adds o.
func (p *Pairs) Merge(o *Pairs) {
	for i := range p.list {
		p.list[i].merge(&o.list[i])
	}
}

// View returns what a reader sees of the pairs.
func (p *Pairs) View() []view.Pair {
	var out []view.Pair
	for i, ab := range p.plan.Pairs {
		out = append(out, p.list[i].view(p.plan.Columns[ab[0]].Name, p.plan.Columns[ab[1]].Name))
	}
	return out
}

// Put puts the pairs that column i is first of into the column's ledger.
func (p *Pairs) Put(l *ledger.Ledger, i int) {
	for j, ab := range p.plan.Pairs {
		if ab[0] == i {
			p.list[j].put(l, ledger.Index("pair/", ab[1])+"/")
		}
	}
}

// Set sets a counter that Put has put under a key of column i.
func (p *Pairs) Set(i int, key string, n ledger.Numbers) bool {
	if !ledger.Take(&key, "pair/") {
		return false
	}
	at := slices.Index(p.plan.Pairs, [2]int{i, ledger.Place(&key, len(p.plan.Columns))})
	return at >= 0 && p.list[at].set(key, n)
}

// pairCounts counts two columns jointly. Numbers sum their steps and normal
// scores; a pair with a discrete column counts classes.
type pairCounts struct {
	numbers bool
	table   []int64 // pairStride rows of pairStride, and a rest; nil without a discrete column

	n                  int64
	x, y, xx, yy, xy   sketch.Wide // steps
	a, b, aa, bb, ab   int64       // normal scores
	moments            moments     // of pairs without a table, whose correlation is tested
	classesA, classesB int
}

// A PairColumn is a paired column's judged rows of a chunk.
type PairColumn struct {
	n      int
	class  [read.ChunkRows]uint8
	steps  [read.ChunkRows]int32 // 0 where there is no value
	normal [read.ChunkRows]int16 // 0 likewise
	values int                   // rows with a value
	most   int64                 // greatest |steps|

	sum, square       sketch.Wide
	normals, squaresN int64
	mostN             int64 // greatest |normal score|

	powers [read.ChunkRows]powers // of the normal scores
	summed powerSums              // of all rows
}

// Clear forgets the rows of the chunk before.
func (c *PairColumn) Clear() { c.n = 0 }

// Fill appends rows from to to of a chunk.
func (c *PairColumn) Fill(at *plan.Placed, from, to int) {
	for i, k := range at.Class[from:to] {
		if k == plan.NoClass {
			c.class[c.n+i] = pairedClasses
			continue
		}
		c.class[c.n+i] = min(k, pairedClasses-1)
	}
	if at.Distance != nil { // of a category they stay 0
		copy(c.steps[c.n:], at.Distance[from:to])
		copy(c.normal[c.n:], at.Normal[from:to])
	}
	c.n += to - from
}

// Sums adds the rows up once they are all there; those of a category have
// neither steps nor normal scores.
func (c *PairColumn) Sums(number bool) {
	c.values = 0
	for _, k := range c.class[:c.n] {
		if k != pairedClasses {
			c.values++
		}
	}
	if !number {
		return
	}
	c.most, c.sum, c.normals, c.squaresN, c.mostN = 0, sketch.Wide{}, 0, 0, 0
	var sum int64 // 1024 rows of 32 bits
	for _, s := range c.steps[:c.n] {
		c.most = max(c.most, int64(s), -int64(s))
		sum += int64(s)
	}
	c.sum.Add(sum)
	c.square = dot(c, c, c.n)
	c.summed = powerSums{}
	for i, z := range c.normal[:c.n] {
		c.normals += int64(z)
		c.squaresN += int64(z) * int64(z)
		c.mostN = max(c.mostN, int64(z), -int64(z))
		c.powers[i] = powersOf(z)
		c.summed.add(c.powers[i])
	}
}

// add counts the rows of two filled columns.
func (p *pairCounts) add(a, b *PairColumn) {
	n := a.n
	if a.values == 0 || b.values == 0 {
		return
	}
	if p.table != nil {
		t := (*[pairTable]int64)(p.table)
		ca, cb := a.class[:n], b.class[:n]
		for i := range ca { // the remainder is no other cell, and needs no check of bounds
			t[(uint(ca[i])*pairStride+uint(cb[i]))%pairTable]++
		}
	}
	if !p.numbers {
		return
	}
	p.xy.Plus(dot(a, b, n))
	moments := p.table == nil
	if moments {
		p.mixed(a, b)
	}
	var ab int64
	za, zb := a.normal[:n], b.normal[:n]
	for i := range za {
		ab += int64(za[i]) * int64(zb[i])
	}
	p.ab += ab
	if a.values == n && b.values == n {
		p.n += int64(n)
		p.x.Plus(a.sum)
		p.y.Plus(b.sum)
		p.xx.Plus(a.square)
		p.yy.Plus(b.square)
		p.a += a.normals
		p.b += b.normals
		p.aa += a.squaresN
		p.bb += b.squaresN
		if moments {
			p.alone(a.summed, b.summed)
		}
		return
	}
	for i := range n {
		if a.class[i] == pairedClasses || b.class[i] == pairedClasses {
			continue
		}
		p.n++
		x, y, u, v := a.steps[i], b.steps[i], int64(a.normal[i]), int64(b.normal[i])
		p.x.Add(int64(x))
		p.y.Add(int64(y))
		p.xx.AddProduct(x, x)
		p.yy.AddProduct(y, y)
		p.a += u
		p.b += v
		p.aa += u * u
		p.bb += v * v
		if moments {
			p.alone(a.powers[i].sum(), b.powers[i].sum())
		}
	}
}

// dot returns the sum of the products of two columns' steps.
func dot(a, b *PairColumn, n int) sketch.Wide {
	x, y := a.steps[:n], b.steps[:n]
	if a.most < 1<<26 && b.most < 1<<26 { // 2^52 · 1024 rows fit
		var s int64
		for i := range x {
			s += int64(x[i]) * int64(y[i])
		}
		return sketch.WideOf(s)
	}
	var s sketch.Wide
	for i := range x {
		s.AddProduct(x[i], y[i])
	}
	return s
}

func (p *pairCounts) merge(o *pairCounts) {
	for i, n := range o.table {
		p.table[i] += n
	}
	for i, w := range p.wides() {
		w.Plus(*o.wides()[i])
	}
	for i, w := range p.sums() {
		*w += *o.sums()[i]
	}
}

// wides are the sums of steps, then those of the scores' moments.
func (p *pairCounts) wides() [14]*sketch.Wide {
	out := [14]*sketch.Wide{&p.x, &p.y, &p.xx, &p.yy, &p.xy}
	for i := range p.moments {
		out[5+i] = &p.moments[i]
	}
	return out
}

func (p *pairCounts) sums() [6]*int64 {
	return [6]*int64{&p.n, &p.a, &p.b, &p.aa, &p.bb, &p.ab}
}

func (p *pairCounts) put(l *ledger.Ledger, prefix string) {
	if p.table != nil {
		var class [pairedClasses * pairedClasses]int64
		for i := range pairedClasses {
			copy(class[i*pairedClasses:], p.table[i*pairStride:][:pairedClasses])
		}
		l.List(prefix+"class", class[:], 0, 1)
	}
	if !p.numbers {
		return
	}
	var sums []int64
	for _, s := range p.sums() {
		sums = append(sums, *s)
	}
	l.List(prefix+"score", sums, 0, 1)
	var wides []sketch.Wide
	for _, w := range p.wides() {
		wides = append(wides, *w)
	}
	l.Wide(prefix+"steps", wides...)
}

func (p *pairCounts) set(key string, n ledger.Numbers) bool {
	switch key {
	case "class":
		if p.table == nil {
			return false
		}
		var class [pairedClasses * pairedClasses]int64
		ok := ledger.SetList(class[:], n, 0, 1)
		for i := range pairedClasses {
			copy(p.table[i*pairStride:], class[i*pairedClasses:][:pairedClasses])
		}
		return ok
	case "score":
		sums := p.sums()
		for i, v := range n.All() {
			if i >= len(sums) {
				return false
			}
			*sums[i] = v
		}
		return p.numbers
	case "steps":
		wides := p.wides()
		return p.numbers && ledger.SetWide(wides[:], n)
	}
	return false
}

func (p *pairCounts) view(a, b string) view.Pair {
	v := view.Pair{A: a, B: b, N: p.n, Pearson: math.NaN(), Normal: math.NaN(), Spread: math.NaN()}
	if p.table != nil {
		v.N = 0
		for i := range p.classesA {
			row := p.table[i*pairStride : i*pairStride+p.classesB]
			v.Table = append(v.Table, row)
			for _, n := range row {
				v.N += n
			}
		}
	}
	if p.numbers {
		v.Pearson = correlation(p.n, p.x.Int(), p.y.Int(), p.xx.Int(), p.yy.Int(), p.xy.Int())
		v.Normal = correlation(p.n, big.NewInt(p.a), big.NewInt(p.b), big.NewInt(p.aa), big.NewInt(p.bb), big.NewInt(p.ab))
		if p.table == nil {
			v.Spread = p.spread(v.Normal)
		}
	}
	return v
}

// correlation returns (nΣxy - ΣxΣy) / √((nΣxx - (Σx)²)(nΣyy - (Σy)²)) from
// whole numbers, NaN when a variance is 0.
func correlation(n int64, x, y, xx, yy, xy *big.Int) float64 {
	size := big.NewInt(n)
	cov := func(sum, a, b *big.Int) *big.Int {
		v := new(big.Int).Mul(size, sum)
		return v.Sub(v, new(big.Int).Mul(a, b))
	}
	vx, vy := cov(xx, x, x), cov(yy, y, y)
	if vx.Sign() <= 0 || vy.Sign() <= 0 {
		return math.NaN()
	}
	f := func(v *big.Int) *big.Float { return new(big.Float).SetPrec(192).SetInt(v) }
	den := f(new(big.Int).Mul(vx, vy))
	r, _ := new(big.Float).SetPrec(192).Quo(f(cov(xy, x, y)), den.Sqrt(den)).Float64()
	return max(-1, min(1, r))
}

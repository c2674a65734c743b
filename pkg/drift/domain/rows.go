package domain

import (
	"bytes"
	"cmp"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// LeastRows is how many rows of a side it takes.
const LeastRows = 50

const (
	folds       = 3
	mostRows    = 512   // rows of a side, at most
	mostRatio   = 4     // rows of the larger side to those of the smaller, at most
	mostCells   = 16384 // rows of a side times columns, at most, down to fewRows rows
	fewRows     = 256
	mostRepeats = 0.1 // share of a side's rows that came before, above which a row counts as often as it came

	leastTrees, mostTrees = 24, 96
)

// The seeds of the draws.
const (
	seedRows = iota + 1
	seedFolds
	seedLabels
	seedImportance
)

// rng returns the source of the k-th draw of a kind.
func rng(seed, k uint64) *rand.Rand { return rand.New(rand.NewPCG(0x6c656164736d616e+seed, k)) }

// A column is one column as the trees see it.
type column struct {
	name     string // raw column
	classes  int    // bin 0 is missing
	category bool
	missing  bool // some row has no value
}

// A pool is the rows of both sides, in groups of equal ones.
type pool struct {
	columns []column
	classes []uint8 // by group, then column
	fold    []int8  // by group
	labels  []int32 // group of each row: the reference's, then production's
	ref     int     // rows of the reference
	roots   []root  // of the trees
}

func (t *pool) row(i int) []uint8 {
	return t.classes[i*len(t.columns):][:len(t.columns)]
}

// label deals the rows to the sides as labels has them.
func (t *pool) label(labels []int32, ref, cur []int32) {
	clear(ref)
	clear(cur)
	for _, g := range labels[:t.ref] {
		ref[g]++
	}
	for _, g := range labels[t.ref:] {
		cur[g]++
	}
}

// An input is a raw column that the classifier sees.
type input struct {
	name     string
	kind     view.Kind
	ref, cur int // place among the cells of each side's rows
}

// inputsOf returns the features that both sides hold, in plan order.
func inputsOf(ref, cur *view.View, outcome string) []input {
	place := func(names []string) map[string]int {
		at := make(map[string]int, len(names))
		for i, n := range names {
			if _, twice := at[n]; !twice {
				at[n] = i
			}
		}
		return at
	}
	refAt, curAt := place(ref.Names), place(cur.Names)
	var out []input
	known := make(map[string]bool, len(ref.Columns))
	for k := range ref.Columns {
		before := &ref.Columns[k]
		now := cur.Column(before.Name)
		if known[before.Name] {
			continue
		}
		known[before.Name] = true
		if now == nil || now.New || now.Vanished || before.Vanished || before.Name == outcome {
			continue
		}
		if table.IsScore(before.Role) || before.Role == table.Label || now.Rows > 0 && now.Absent >= now.Rows {
			continue
		}
		i, here := refAt[before.Name]
		j, there := curAt[before.Name]
		if here && there {
			out = append(out, input{before.Name, before.Kind, i, j})
		}
	}
	return out
}

// A group is the rows of both sides that are equal in all inputs: in the 128 bits
// of their hash.
type group struct {
	hash       [16]byte
	row        *view.Row // one of them
	production bool      // its side
	ref, cur   int64
}

// cell returns the group's value of an input.
func (g *group) cell(in input) view.Cell { return in.of(g.row, g.production) }

func (in *input) of(row *view.Row, production bool) view.Cell {
	at := in.ref
	if production {
		at = in.cur
	}
	if at < len(row.Cells) {
		return row.Cells[at]
	}
	return view.Cell{Null: true}
}

// groups pools the rows of both sides. once says that each distinct row of a
// side counts once. The order is that of the hashes, whatever that of the rows.
func groups(inputs []input, ref, cur []view.Row, once bool) []*group {
	known := make(map[[16]byte]*group, len(ref)+len(cur))
	var key []byte
	h := fnv.New128a()
	add := func(row *view.Row, production bool) {
		key = key[:0]
		for k := range inputs {
			key = appendCell(key, inputs[k].of(row, production))
		}
		h.Reset()
		h.Write(key)
		hash := [16]byte(h.Sum(key[:0]))
		g := known[hash]
		if g == nil {
			g = &group{hash: hash, row: row, production: production}
			known[hash] = g
		}
		n := row.N
		if once {
			n = min(n, 1)
		}
		if production {
			g.cur += max(0, n)
		} else {
			g.ref += max(0, n)
		}
	}
	for i := range ref {
		add(&ref[i], false)
	}
	for i := range cur {
		add(&cur[i], true)
	}
	return slices.SortedFunc(maps.Values(known), func(a, b *group) int { return bytes.Compare(a.hash[:], b.hash[:]) })
}

// appendCell writes a cell so that equal bytes are equal cells.
func appendCell(b []byte, c view.Cell) []byte {
	switch {
	case c.Null:
		return append(b, '-')
	case c.String:
		b = strconv.AppendInt(append(b, '"'), int64(len(c.Str)), 10)
		return append(append(b, ':'), c.Str...)
	}
	return strconv.AppendUint(append(b, '='), math.Float64bits(c.Num), 16)
}

// subsample draws at most k of the rows that the counts stand for, each as likely as
// any other.
func subsample(counts []*int64, k int64, rng *rand.Rand) {
	var total int64
	for _, c := range counts {
		total += *c
	}
	if total <= k {
		return
	}
	taken := make(map[int64]bool, k) // Floyd's sampling without replacement
	for j := total - k; j < total; j++ {
		at := rng.Int64N(j + 1)
		if taken[at] {
			at = j
		}
		taken[at] = true
	}
	places := make([]int64, 0, k)
	for at := range taken {
		places = append(places, at)
	}
	slices.Sort(places)
	var from int64
	for _, c := range counts {
		until := from + *c
		n, _ := slices.BinarySearch(places, until)
		*c = int64(n)
		places = places[n:]
		from = until
	}
}

// rowsOf pools both sides' rows, thinned and balanced. Where they
// do not do it returns nil, and why.
func rowsOf(ref, cur *view.View, inputs []input, o Options) (*pool, Result) {
	before, after := perEntity(ref, cur, o.Thin[0]), perEntity(cur, ref, o.Thin[1])
	repeats := max(repeated(before.rows), repeated(after.rows))
	whole := before.whole && after.whole
	res := Result{Evidence: policy.None(0, 0), Repeats: repeats}
	res.Test = "domain_classifier"
	if repeats > mostRepeats && !whole {
		res.Unjudged = verdict.ReasonRepetitive
		return nil, res
	}
	pooled := groups(inputs, before.rows, after.rows, repeats <= mostRepeats)
	var then, now []*int64
	var n, m int64
	for _, g := range pooled {
		if o.Repeat[0] {
			g.ref = min(g.ref, 1)
		}
		if o.Repeat[1] {
			g.cur = min(g.cur, 1)
		}
		then, now = append(then, &g.ref), append(now, &g.cur)
		n, m = n+g.ref, m+g.cur
	}
	if min(n, m) < LeastRows {
		res.Unjudged, res.Rows = verdict.ReasonTooFewRows, [2]int64{n, m}
		if o.Thin[0] > 1 || o.Thin[1] > 1 {
			res.Unjudged = verdict.ReasonDependent
		}
		return nil, res
	}
	width := 0
	for _, in := range inputs {
		width++
		if in.kind == view.TextKind {
			width++
		}
	}
	most := min(mostRows, max(fewRows, int64(mostCells/width)))
	subsample(then, min(n, most, mostRatio*min(n, m)), rng(seedRows, 0))
	subsample(now, min(m, most, mostRatio*min(n, m)), rng(seedRows, 1))
	pooled = slices.DeleteFunc(pooled, func(g *group) bool { return g.ref+g.cur == 0 })

	t := &pool{}
	for _, production := range [2]bool{false, true} {
		for i, g := range pooled {
			n := g.ref
			if production {
				n = g.cur
			}
			t.labels = slices.Grow(t.labels, int(n))
			for range n {
				t.labels = append(t.labels, int32(i))
			}
		}
		if !production {
			t.ref = len(t.labels)
		}
	}
	t.encode(inputs, pooled)
	if len(t.columns) == 0 {
		res.Unjudged = verdict.ReasonNoneVaries
		return nil, res
	}
	t.fold = make([]int8, len(pooled))
	for k, i := range rng(seedFolds, 0).Perm(len(pooled)) {
		t.fold[i] = int8(k % folds)
	}
	t.setFirstSplits(pooled)
	return t, res
}

// sampled are the rows of a side that the classifier may see.
type sampled struct {
	rows  []view.Row
	whole bool // they say how often each of the side's rows came
}

// perEntity returns one row of each entity of a side, without the entities that the
// other side has too, whose rows would tell the sides apart or make them alike by who
// they are of. Where the side's rows name none, it is the sample of its rows, of those
// in order of time one in so many as thin says.
func perEntity(side, other *view.View, thin float64) sampled {
	if len(side.Entities) == 0 {
		return sampled{apart(side, thin), side.SampleRows >= side.Rows}
	}
	there := make(map[uint64]bool, len(other.Entities))
	for i := range other.Entities {
		there[other.Entities[i].Entity] = true
	}
	out := sampled{whole: true}
	for _, row := range side.Entities {
		if !there[row.Entity] {
			row.N = 1
			out.rows = append(out.rows, row)
		}
	}
	return out
}

// apart are the sampled rows of a side that are so many rows apart in time.
func apart(side *view.View, thin float64) []view.Row {
	step := int(math.Ceil(thin * float64(side.SampleRows) / math.Max(1, float64(side.Rows))))
	if thin <= 1 || step <= 1 {
		return side.Sample
	}
	rows := slices.Clone(side.Sample)
	slices.SortStableFunc(rows, func(a, b view.Row) int { return a.At.Compare(b.At) })
	var out []view.Row
	for i := 0; i < len(rows); i += step {
		out = append(out, rows[i])
	}
	return out
}

// repeated returns the share of a sample's rows that came before.
func repeated(sample []view.Row) float64 {
	var all, distinct int64
	for i := range sample {
		if n := sample[i].N; n > 0 {
			all += n
			distinct++
		}
	}
	return bins.Share(all-distinct, all)
}

// encode bins the groups' cells: of a number and of a text's length and commas
// at most 15 quantiles of the pooled rows, of a category the 14 most frequent
// values and all others; bin 0 is missing. A column of one bin is left out.
func (t *pool) encode(inputs []input, pooled []*group) {
	var columns [][]uint8
	keep := func(name string, category bool, classes []uint8) {
		c := column{name: name, category: category}
		var held [mostBins]bool
		for _, b := range classes {
			held[b] = true
			c.classes = max(c.classes, int(b)+1)
		}
		c.missing = held[0]
		some := 0
		for _, h := range held {
			if h {
				some++
			}
		}
		if some > 1 {
			t.columns, columns = append(t.columns, c), append(columns, classes)
		}
	}
	x := make([]float64, len(pooled))
	for _, in := range inputs {
		switch in.kind {
		case view.CategoryKind:
			keep(in.name, true, frequencyBins(pooled, in))
		case view.TextKind:
			for _, of := range [2]func(string) int{utf8.RuneCountInString, func(s string) int { return strings.Count(s, ",") }} {
				for i, g := range pooled {
					x[i] = math.NaN()
					if c := g.cell(in); !c.Null && text(c) != "" {
						x[i] = float64(of(text(c)))
					}
				}
				keep(in.name, false, quantileBins(pooled, x))
			}
		default:
			for i, g := range pooled {
				x[i] = math.NaN()
				if c := g.cell(in); !c.Null && !c.String {
					x[i] = c.Num
				}
			}
			keep(in.name, false, quantileBins(pooled, x))
		}
	}
	t.classes = make([]uint8, 0, len(pooled)*len(columns))
	for i := range pooled {
		for _, c := range columns {
			t.classes = append(t.classes, c[i])
		}
	}
}

func text(c view.Cell) string {
	if c.String {
		return c.Str
	}
	return strconv.FormatFloat(c.Num, 'g', -1, 64)
}

// quantileBins puts each value into one of at most 15 bins of about as many
// rows; NaN goes to bin 0, and equal values to one bin.
func quantileBins(pooled []*group, x []float64) []uint8 {
	const most = mostBins - 1
	var order []int
	var total int64
	for i, v := range x {
		if !math.IsNaN(v) {
			order = append(order, i)
			total += pooled[i].ref + pooled[i].cur
		}
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(x[i], x[j]) })
	classes := make([]uint8, len(x))
	bin, below := 1, int64(0) // rows in classes before this one and in it
	for a := 0; a < len(order); {
		b := a
		var tied int64
		for ; b < len(order) && x[order[b]] == x[order[a]]; b++ {
			tied += pooled[order[b]].ref + pooled[order[b]].cur
		}
		// The middle of the tied values says where they belong.
		if at := 1 + int((2*below+tied)*most/(2*total)); a > 0 && at > bin {
			bin = min(at, most)
		}
		for ; a < b; a++ {
			classes[order[a]] = uint8(bin)
		}
		below += tied
	}
	return renumbered(classes)
}

// renumbered renumbers the bins from 1, leaving none out. Bin 0 stays.
func renumbered(classes []uint8) []uint8 {
	var held [mostBins]bool
	for _, b := range classes {
		held[b] = true
	}
	var to [mostBins]uint8
	next := uint8(1)
	for b := 1; b < mostBins; b++ {
		if held[b] {
			to[b] = next
			next++
		}
	}
	for i, b := range classes {
		classes[i] = to[b]
	}
	return classes
}

// frequencyBins numbers a column's values by falling frequency from 1, those from
// the fifteenth on alike; an empty value is missing.
func frequencyBins(pooled []*group, in input) []uint8 {
	rows := map[string]int64{}
	for _, g := range pooled {
		if c := g.cell(in); !c.Null && text(c) != "" {
			rows[text(c)] += g.ref + g.cur
		}
	}
	names := make([]string, 0, len(rows))
	for v := range rows {
		names = append(names, v)
	}
	sort.Slice(names, func(i, j int) bool {
		if rows[names[i]] != rows[names[j]] {
			return rows[names[i]] > rows[names[j]]
		}
		return names[i] < names[j]
	})
	bin := make(map[string]uint8, len(names))
	for i, v := range names {
		bin[v] = uint8(min(i+1, mostBins-1))
	}
	classes := make([]uint8, len(pooled))
	for i, g := range pooled {
		if c := g.cell(in); !c.Null {
			classes[i] = bin[text(c)]
		}
	}
	return classes
}

// setFirstSplits gives each tree its first split. It is not chosen by gain: where two
// columns go together in another way than before and neither has changed by
// itself, no first split has any. So every column has its turn, a number split
// at its median, then its quartiles, a category at its most frequent value,
// then the next. With more than 96 columns, columns evenly spaced have one.
func (t *pool) setFirstSplits(pooled []*group) {
	width := len(t.columns)
	trees := min(mostTrees, max(leastTrees, width+width/2))
	count := make([][mostBins]int64, width)
	for i, g := range pooled {
		for f, b := range t.row(i) {
			count[f][b] += g.ref + g.cur
		}
	}
	for k := range trees {
		f, turn := k%width, k/width
		if width > trees {
			f, turn = k*width/trees, 0
		}
		c := &t.columns[f]
		var classes uint16
		if c.category {
			lowest := 1
			if c.missing {
				lowest = 0
			}
			classes = 1 << (lowest + (1-lowest+turn)%(c.classes-lowest))
		} else {
			classes = cut(count[f][:c.classes], [3]float64{0.5, 0.25, 0.75}[turn%3])
		}
		t.roots = append(t.roots, root{f, classes})
	}
}

// cut returns the lowest bins of a number that hold at least a share of its
// values, but not all; where there is one bin of values only, that one. Missing
// values go with the others.
func cut(count []int64, share float64) uint16 {
	var total, below int64
	for _, n := range count[1:] {
		total += n
	}
	last := max(1, len(count)-2)
	for j := 1; j <= last; j++ {
		below += count[j]
		if j == last || float64(below) >= share*float64(total) {
			return uint16(1)<<(j+1) - 2
		}
	}
	return 2
}

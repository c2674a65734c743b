package count

import (
	"math"
	"math/big"
	"sync"

	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// Durations are counted in exponential buckets, 256 to each doubling, so that a
// bucket's middle is within 0.14 % of every duration in it. Bucket 0 holds
// zeros; bucket b > 0 holds (bound(b-1), bound(b)] ms, where bound(0) is
// 2^-20 ms; shorter and longer ones go to the first and last.
const (
	bucketsPerOctave = 256
	leastOctave      = -20
	octaves          = 60
	bucketCount      = octaves*bucketsPerOctave + 1
	coarseShift      = 3 // coarse buckets are eight fine ones: 32 to a doubling
	coarseCount      = (bucketCount-1)>>coarseShift + 1
)

// fractions returns 2^(i/256) for i in 0..256, each rounded once. They are
// products of exact square roots and not math.Exp2's, which may differ between
// machines by a bit, and so move a value to the next bucket.
var fractions = sync.OnceValue(func() *[bucketsPerOctave + 1]float64 {
	const prec = 256
	var roots [8]*big.Float // 2^(1/2), 2^(1/4), … 2^(1/256)
	r := new(big.Float).SetPrec(prec).SetInt64(2)
	for i := range roots {
		r = new(big.Float).SetPrec(prec).Sqrt(r)
		roots[i] = r
	}
	var out [bucketsPerOctave + 1]float64
	for i := range bucketsPerOctave {
		v := new(big.Float).SetPrec(prec).SetInt64(1)
		for bit := range 8 {
			if i>>bit&1 == 1 {
				v.Mul(v, roots[7-bit])
			}
		}
		out[i], _ = v.Float64()
	}
	out[bucketsPerOctave] = 2
	return &out
})

// bucketOf returns the bucket of ms, which is finite and not negative.
func bucketOf(ms float64, table *[bucketsPerOctave + 1]float64) int {
	if ms == 0 {
		return 0
	}
	b := math.Float64bits(ms)
	e := int(b>>52&0x7ff) - 1023
	if e < leastOctave {
		return 1
	}
	if e >= leastOctave+octaves {
		return bucketCount - 1
	}
	f := math.Float64frombits(b&(1<<52-1) | 1023<<52) // in [1, 2)
	// 2^x is at most 1+x on [0, 1], so f's own leading bits are a lower guess
	// of 256·log2(f), at most 22 too low.
	i := int(b >> 44 & 0xff)
	for f > table[i] {
		i++
	}
	// f ≤ table[i] = 2^(i/256): the i-th bucket of the octave, and i = 0 is the
	// last of the octave below.
	at := (e-leastOctave)*bucketsPerOctave + i
	return max(1, at)
}

// bound returns the upper bound of bucket b.
func bound(b int) float64 {
	o, i := b/bucketsPerOctave, b%bucketsPerOctave
	return math.Ldexp(fractions()[i], o+leastOctave)
}

// Durations counts a latency exactly: fine buckets, sum, least and greatest.
type Durations struct {
	n, missing int64
	sum        sketch.Sum
	min, max   int64 // images; valid when n > 0
	bucket     []int64
}

// Add counts a duration in milliseconds; one that is negative, infinite or NaN is missing.
func (d *Durations) Add(ms float64) {
	if !(ms >= 0) || math.IsInf(ms, 1) {
		d.missing++
		return
	}
	b := bucketOf(ms, fractions())
	if d.bucket == nil {
		d.bucket = make([]int64, bucketCount)
	}
	k := sketch.Image(ms)
	if d.n == 0 {
		d.min, d.max = k, k
	}
	d.n++
	d.bucket[b]++
	d.sum.Add(ms)
	d.min, d.max = min(d.min, k), max(d.max, k)
}

// Merge adds o.
func (d *Durations) Merge(o *Durations) {
	d.missing += o.missing
	if o.n == 0 {
		return
	}
	if d.n == 0 {
		d.min, d.max = o.min, o.max
	}
	d.n += o.n
	d.min, d.max = min(d.min, o.min), max(d.max, o.max)
	d.sum.Merge(&o.sum)
	if d.bucket == nil {
		d.bucket = make([]int64, bucketCount)
	}
	for i, n := range o.bucket {
		d.bucket[i] += n
	}
}

// View returns what a reader sees of the durations.
func (d *Durations) View() view.Latency {
	l := view.Latency{N: d.n, Missing: d.missing, Mean: math.NaN(), Min: math.NaN(), Max: math.NaN()}
	if d.n == 0 {
		return l
	}
	l.Mean = d.sum.Mean(d.n)
	l.Min, l.Max = sketch.FromImage(d.min), sketch.FromImage(d.max)
	for b, n := range d.bucket {
		if n != 0 {
			l.Buckets = append(l.Buckets, bucketView(b, b, n))
		}
	}
	return l
}

func bucketView(first, last int, n int64) view.Bucket {
	if last == 0 {
		return view.Bucket{Count: n}
	}
	return view.Bucket{Lo: bound(first - 1), Hi: bound(last), Count: n}
}

// Put puts the durations under a prefix.
func (d *Durations) Put(l *ledger.Ledger, prefix string) {
	l.Sum(prefix+"missing", d.missing)
	if d.n == 0 {
		return
	}
	l.Least(prefix+"min", d.min)
	l.Most(prefix+"max", d.max)
	l.Exact(prefix+"sum", &d.sum)
	l.List(prefix+"bucket", d.bucket, 0, 1)
}

// Set sets what Put has put under a key, less its prefix.
func (d *Durations) Set(key string, n ledger.Numbers) bool {
	switch key {
	case "missing":
		return ledger.SetCount(&d.missing, n)
	case "min":
		return ledger.SetOne(&d.min, n)
	case "max":
		return ledger.SetOne(&d.max, n)
	case "sum":
		return ledger.SetExact(&d.sum, n)
	case "bucket":
		d.bucket = make([]int64, bucketCount)
		for _, k := range n.All() {
			d.n += k
		}
		return ledger.SetList(d.bucket, n, 0, 1)
	}
	return false
}

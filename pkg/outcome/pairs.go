package outcome

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/profile/joined"
)

// A Pair is rows of one score and one outcome.
type Pair struct {
	Score, Value float64
	N            int64
}

// RowsOf is how many rows pairs are.
func RowsOf(ps []Pair) (n int64) {
	for _, p := range ps {
		n += p.N
	}
	return n
}

func orderPairs(a, b Pair) int {
	return cmp.Or(cmp.Compare(a.Score, b.Score), cmp.Compare(a.Value, b.Value))
}

// pairLimit is how many pairs are kept apart. Beyond, scores are rounded to multiples
// of 1/65536, or a uniform sample is kept.
const pairLimit = 1 << 18

// mostOwners is how many entities a row is kept of, those of smallest hash.
const mostOwners = 1 << 20

// An owner is the row that is kept of an entity: that of smallest hash, so that the
// order of rows does not tell.
type owner struct {
	rows         int64 // of the entity
	hash         uint64
	score, value float64
}

// pairs collects rows. The result does not depend on their order.
type pairs struct {
	sampling bool // beyond the limit a sample is kept, and scores are not rounded
	n        map[[2]float64]int64
	coarse   bool   // scores are rounded
	sampled  bool   // there were more
	most     uint64 // the greatest hash that is kept then
}

func (p *pairs) add(score, value float64, n int64) {
	if p.n == nil {
		p.n = make(map[[2]float64]int64)
	}
	if p.coarse {
		score = rough(score)
	}
	pair := [2]float64{score + 0, value + 0}
	if p.sampled && hashOf(pair[:]) > p.most {
		return
	}
	p.n[pair] += n
	if !p.sampling && !p.coarse && len(p.n) > pairLimit {
		p.coarse = true
		old := p.n
		p.n = make(map[[2]float64]int64)
		for pair, n := range old {
			p.n[[2]float64{rough(pair[0]), pair[1]}] += n
		}
	}
	if len(p.n) > 2*pairLimit {
		p.settle()
	}
}

// settle leaves the pairs of smallest hash. One that was driven out never comes back,
// so that all rows of those that are left were counted.
func (p *pairs) settle() {
	if len(p.n) <= pairLimit {
		return
	}
	hashes := make([]uint64, 0, len(p.n))
	for pair := range p.n {
		hashes = append(hashes, hashOf(pair[:]))
	}
	slices.Sort(hashes)
	p.sampled, p.most = true, hashes[pairLimit-1]
	for pair := range p.n {
		if hashOf(pair[:]) > p.most {
			delete(p.n, pair)
		}
	}
}

func (p *pairs) sorted() []Pair {
	p.settle()
	out := make([]Pair, 0, len(p.n))
	for pair, n := range p.n {
		out = append(out, Pair{pair[0], pair[1], n})
	}
	slices.SortFunc(out, orderPairs)
	return out
}

func rough(score float64) float64 { return math.Round(score*(1<<16)) / (1 << 16) }

func hashOf(numbers []float64) uint64 {
	var b []byte
	for _, x := range numbers {
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(x))
	}
	return joined.Hash(b)
}

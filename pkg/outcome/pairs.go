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
	Score, Value float64 // of classes the highest score, and the place of the outcome's class
	N            int64
	Scores       string // of each class, for ScoresOf; empty where there is one score
}

// RowsOf is how many rows pairs are.
func RowsOf(ps []Pair) (n int64) {
	for _, p := range ps {
		n += p.N
	}
	return n
}

func orderPairs(a, b Pair) int {
	return cmp.Or(cmp.Compare(a.Score, b.Score), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Scores, b.Scores))
}

// pairLimit is how many pairs are kept apart. Beyond, scores are rounded to multiples
// of 1/65536, or a uniform sample is kept.
const pairLimit = 1 << 18

// mostOwners is how many entities a row is kept of, those of smallest hash.
const mostOwners = 1 << 20

// An owner is the row that is kept of an entity: that of smallest hash, so that the
// order of rows does not tell.
type owner struct {
	rows int64 // of the entity
	hash uint64
	pair
}

// A pair is a score, an outcome, and the scores of classes.
type pair struct {
	score, value float64
	scores       string
}

func (p pair) hash() uint64 { return hashOf(p.scores, p.score, p.value) }

// pairs collects rows. The result does not depend on their order.
type pairs struct {
	sampling bool // beyond the limit a sample is kept, and scores are not rounded
	n        map[pair]int64
	coarse   bool   // scores are rounded
	sampled  bool   // there were more
	most     uint64 // the greatest hash that is kept then
}

func (p *pairs) add(one pair, n int64) {
	if p.n == nil {
		p.n = make(map[pair]int64)
	}
	if p.coarse {
		one.score = rough(one.score)
	}
	one.score, one.value = one.score+0, one.value+0
	if p.sampled && one.hash() > p.most {
		return
	}
	p.n[one] += n
	if !p.sampling && !p.coarse && len(p.n) > pairLimit {
		p.coarse = true
		old := p.n
		p.n = make(map[pair]int64)
		for one, n := range old {
			one.score = rough(one.score)
			p.n[one] += n
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
	for one := range p.n {
		hashes = append(hashes, one.hash())
	}
	slices.Sort(hashes)
	p.sampled, p.most = true, hashes[pairLimit-1]
	for one := range p.n {
		if one.hash() > p.most {
			delete(p.n, one)
		}
	}
}

func (p *pairs) sorted() []Pair {
	p.settle()
	out := make([]Pair, 0, len(p.n))
	for one, n := range p.n {
		out = append(out, Pair{one.score, one.value, n, one.scores})
	}
	slices.SortFunc(out, orderPairs)
	return out
}

func rough(score float64) float64 { return math.Round(score*(1<<16)) / (1 << 16) }

func hashOf(text string, numbers ...float64) uint64 {
	var b []byte
	for _, x := range numbers {
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(x))
	}
	return joined.Hash(append(b, text...))
}

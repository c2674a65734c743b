package outcome

import (
	"math"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/joined"
	"github.com/leadsman/leadsman/pkg/words"
)

// Set returns what the join has found, for the profile of the log or of a part of it.
func (j *Join) Set() *joined.Set {
	f := joined.File{Digest: j.counts.digest, ByID: j.byID, Inputs: strings.Join(j.inputs, ", "), Rows: j.counts.outcomes, Keyless: j.counts.keyless, Pending: j.counts.pending}
	f.Known, f.Contested = j.countKeys()
	s := joined.New(f)
	s.Keyless = j.keyless
	for i := range j.joined {
		if one := j.joined[i]; one.known && !one.contested && one.Seen > 0 {
			one.Score += 0
			s.Add(one.Row)
		}
	}
	for start, w := range j.windows {
		for score, n := range w.scores {
			s.Count(joined.Cell{Start: start, Score: score + 0, N: n})
		}
	}
	return s
}

// JoinOf returns the join that has found what a profile carries, which all its parts
// have found together. Neither outcomes nor rows can be added to it. Threshold and
// window are the Join's fields; s may be nil, as the join is then.
//
// Up to the 2^20 keys that a set keeps it is what one Join finds that has read the
// whole log. Beyond, the rows are a uniform sample of as many keys, each with the
// newest of all its predictions: figures rest on the sample, and the counts of keys
// are estimated from it.
func JoinOf(s *joined.Set, threshold float64, window time.Duration) *Join {
	if s == nil {
		return nil
	}
	j := &Join{Threshold: threshold, Window: window, byID: s.File.ByID, keyless: s.Keyless, hasOutcomes: true, met: s}
	if s.File.Inputs != "" {
		j.inputs = strings.Split(s.File.Inputs, ", ")
	}
	j.counts = joinCounts{outcomes: s.File.Rows, keyless: s.File.Keyless, pending: s.File.Pending, digest: s.File.Digest}
	for _, r := range s.Rows() {
		j.joined = append(j.joined, keyed{Row: r, known: true})
	}
	j.windows = make(map[int64]*windowScores)
	for _, c := range s.Cells() {
		w := j.windows[c.Start]
		if w == nil {
			w = &windowScores{scores: make(map[float64]int64)}
			j.windows[c.Start] = w
		}
		w.n += c.N
		w.scores[c.Score] += c.N
	}
	return j
}

// countKeys returns how many keys of the outcomes are known, and how many have outcomes
// that disagree.
func (j *Join) countKeys() (known, contested int64) {
	if j.met != nil {
		return j.met.File.Known, j.met.File.Contested
	}
	for i := range j.joined {
		switch one := &j.joined[i]; {
		case !one.known:
		case one.contested:
			contested++
		default:
			known++
		}
	}
	return known, contested
}

// all returns how many keys n of those that are kept stand for.
func (j *Join) all(n int64) int64 {
	if j.met == nil || !j.met.Beyond() {
		return n
	}
	return int64(math.Round(float64(n) * float64(j.met.Keys()) / float64(len(j.joined))))
}

// sampled says that figures rest on a sample; "" where they do not.
func (j *Join) sampled() string {
	if j.met == nil || !j.met.Beyond() {
		return ""
	}
	return "figures rest on a uniform sample of " + words.Whole(int64(len(j.joined))) + " of them"
}

// digest is the hash of an outcome with its key.
func digest(key []byte, positive, known bool) int64 {
	state := byte('?')
	switch {
	case known && positive:
		state = '1'
	case known:
		state = '0'
	}
	return int64(joined.Hash(append(key, state)))
}

package drift

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/distribution"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/segments"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// TestTreeOfHypotheses: what judgeSegments finds is what Benjamini and
// Bogomolov's procedure rejects, written down step by step.
func TestTreeOfHypotheses(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 1))
	found := 0
	for range 300 {
		var all []*segment
		var given [][]float64
		for range 1 + rng.IntN(8) {
			s := &segment{Segment: &segments.Segment{}, p: math.NaN(), q: math.NaN()}
			var p []float64
			for range rng.IntN(10) {
				x := rng.Float64()
				if rng.IntN(3) == 0 {
					x = math.Pow(10, -8*rng.Float64())
				}
				c := newCheck("n", verdict.RoleFeature, "number", verdict.CheckDistribution)
				c.family, c.floors, c.Effect, c.P = policy.FeatureFamily, policy.PSIFloors, 1, x
				s.checks, p = append(s.checks, c), append(p, x)
			}
			all, given = append(all, s), append(given, p)
		}
		want := bogomolov(given, 0.0025)
		judgeSegments(all, policy.Calibrated)
		for i, s := range all {
			for j, c := range s.checks {
				if verdict.Reaches(c.Level, verdict.Warn) != want[i][j] {
					t.Fatalf("p %v: segment %d, check %d is at %s, rejected: %v", given, i, j, c.Level, want[i][j])
				}
				if want[i][j] {
					found++
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d rejections to compare", found)
	}
}

// bogomolov returns which hypotheses of each family are rejected: families are
// selected by Benjamini and Hochberg's step-up over their Simes p at q, then
// each selected one is tested by it at q times the share of selected families.
func bogomolov(families [][]float64, q float64) [][]bool {
	stepUp := func(p []float64, q float64) (bar float64) {
		s := slices.Sorted(slices.Values(p))
		bar = -1
		for i, x := range s {
			if x <= q*float64(i+1)/float64(len(s)) {
				bar = x
			}
		}
		return bar
	}
	var simes []float64
	for _, p := range families {
		s := slices.Sorted(slices.Values(p))
		least := math.Inf(1)
		for i, x := range s {
			least = min(least, x*float64(len(s))/float64(i+1))
		}
		if len(p) > 0 {
			simes = append(simes, least)
		}
	}
	selected, bar := 0, stepUp(simes, q)
	for _, p := range simes {
		if p <= bar {
			selected++
		}
	}
	out := make([][]bool, len(families))
	k := 0
	for i, p := range families {
		out[i] = make([]bool, len(p))
		if len(p) == 0 {
			continue
		}
		if simes[k] <= bar {
			inner := stepUp(p, q*float64(selected)/float64(len(simes)))
			for j, x := range p {
				out[i][j] = x <= inner
			}
		}
		k++
	}
	return out
}

func segmentOf(t *testing.T, r Report, column, name string) verdict.Segment {
	t.Helper()
	for _, s := range r.Segments {
		if s.Column == column && s.Name == name {
			return s
		}
	}
	t.Fatalf("no segment %s=%s", column, name)
	return verdict.Segment{}
}

// movedInOneSize draws so many rows whose fourth number has moved where size is 501-1000.
func movedInOneSize(rows int) (ref, cur *clientele) {
	rng := rand.New(rand.NewPCG(6, 6))
	ref, cur = drawClients(rng, 1000, asEver), drawClients(rng, rows, asEver)
	for i, s := range cur.size {
		if s == "501-1000" {
			cur.numbers[3][i] = 0.7 + 0.3*cur.numbers[3][i]
		}
	}
	return ref, cur
}

// TestDriftInOneSegment: a feature that moves in one segment alone is found
// there, with the bins that the verdict used; the features' shares do not count
// it, and the run is at warn, though the segment is at alert.
func TestDriftInOneSegment(t *testing.T) {
	ref, cur := movedInOneSize(2000)
	r := compareBy(t, ref, cur, "size")
	if got, want := loudSegments(r), []string{"size=501-1000"}; !slices.Equal(got, want) {
		t.Fatalf("at warn: %v, want %v", got, want)
	}
	s := segmentOf(t, r, "size", "501-1000")
	if s.Level != verdict.Alert || s.Reason != verdict.SegmentAlone || s.Moved != 1 || !strings.HasPrefix(s.Sentence, "size=501-1000: n3 moved here, not in all rows together") {
		t.Errorf("got %+v", s)
	}
	if r.Run.Level != verdict.Warn || r.Run.Drifted != 0 || r.Run.FeatureLevel != verdict.OK {
		t.Errorf("the run is at %s, its features at %s, %d drifted", r.Run.Level, r.Run.FeatureLevel, r.Run.Drifted)
	}
	const headline = "In size=501-1000 alone n3 moved; the scores and all 19 features are as in the reference"
	if r.Run.Headline != headline {
		t.Errorf("headline %q, want %q", r.Run.Headline, headline)
	}
	last := r.Findings[len(r.Findings)-1]
	if last.Segment != "size=501-1000" || last.Subject != "n3" || last.Rank != int64(len(r.Findings)) || last.Level != verdict.Alert || !(last.Q <= last.Alpha) {
		t.Errorf("the last finding is %+v", last)
	}
	if !strings.HasPrefix(last.Sentence, "in size=501-1000: n3: median rose from ") || !strings.HasSuffix(last.Sentence, "; all rows together stand") {
		t.Errorf("sentence %q", last.Sentence)
	}
	var n, m int64
	for _, b := range r.Bins {
		if b.Segment == "" {
			continue
		}
		if b.Segment != "size=501-1000" || b.Subject != "n3" {
			t.Errorf("classes of %s in %s", b.Subject, b.Segment)
		}
		n, m = n+b.NRef, m+b.NCur
	}
	if n != last.NRef || m != last.NCur || n != s.NRef || m != s.NCur {
		t.Errorf("the classes hold %d and %d rows, the finding %d and %d, the segment %d and %d", n, m, last.NRef, last.NCur, s.NRef, s.NCur)
	}
	// The score, 7 numbers and 11 categories: the column itself is not judged.
	if s := segmentOf(t, r, "size", "11-50"); s.Sentence != "size=11-50: none of 19 distributions moved" || s.Reason != verdict.ReasonSteady {
		t.Errorf("got %q", s.Sentence)
	}
}

// TestSegmentsSayAtWhatTheyLooked: of more rows than the sample holds a segment's
// findings, its row and its sentences say by how many of how many they go; of fewer
// the numbers are equal, and no sentence speaks of it.
func TestSegmentsSayAtWhatTheyLooked(t *testing.T) {
	ref, cur := movedInOneSize(6000)
	r := compareBy(t, ref, cur, "size")
	var looked, of, values int64
	for _, s := range r.Segments {
		switch {
		case s.Name == "":
			if s.LookedAt != s.Of || s.Of == 0 {
				t.Errorf("of the column: %+v", s)
			}
		default:
			looked, of, values = looked+s.LookedAt, of+s.Of, values+1
			if says := fmt.Sprintf("; by %d of its %d rows", s.LookedAt, s.Of); s.LookedAt != s.NCur || s.LookedAt >= s.Of || !strings.HasSuffix(s.Sentence, says) {
				t.Errorf("%+v does not end with %q", s, says)
			}
		}
	}
	if looked != 2048 || of != 6000 || values != segmentOf(t, r, "size", "").Of {
		t.Errorf("looked at %d of %d rows in %d segments", looked, of, values)
	}
	last, s := r.Findings[len(r.Findings)-1], segmentOf(t, r, "size", "501-1000")
	if last.Segment != "size=501-1000" || last.LookedAt != s.LookedAt || last.Of != s.Of || !strings.Contains(last.Sentence, fmt.Sprintf("; by %d of its %d rows", s.LookedAt, s.Of)) {
		t.Errorf("the finding is %+v, of %+v", last, s)
	}
}

// TestMixOfSegments: the scores of all rows move because more rows are of a
// segment that scores low; inside the segments nothing moves, and it is said.
func TestMixOfSegments(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	ref := drawClients(rng, 1000, asEver)
	cur := drawClients(rng, 2000, func(name string, share float64) float64 {
		if name == "1-10" {
			return 0.7
		}
		return share
	})
	for _, c := range []*clientele{ref, cur} { // lower still, so that it shows in the whole
		for i, s := range c.size {
			if s == "1-10" {
				c.numbers[0][i]--
			}
		}
	}
	r := compareBy(t, ref, cur, "size")
	if got := loudSegments(r); len(got) > 0 {
		t.Errorf("at warn: %v", got)
	}
	s := segmentOf(t, r, "size", "")
	if change := s.ScoreCur - s.ScoreRef; math.Abs(s.Mix+s.Within-change) > 2.001e-3 || // four numbers of three decimals
		math.Abs(s.Mix) < 0.8*math.Abs(change) || s.Reason != verdict.SegmentMix {
		t.Errorf("mix %v and within %v of a change of %v", s.Mix, s.Within, change)
	}
	for _, want := range []string{"size: the change of the mean score (−0.", ") comes from the mix: size=1-10 went from 2", "; inside the segments the scores stand; none of "} {
		if !strings.Contains(s.Sentence, want) {
			t.Errorf("sentence %q lacks %q", s.Sentence, want)
		}
	}
	if !strings.HasPrefix(r.Run.Headline, "Scores fell from ") || !strings.HasSuffix(r.Run.Headline, "; the mix of size explains it") {
		t.Errorf("headline %q", r.Run.Headline)
	}
}

// TestMixHidesWhatMoved: the scores fall in every segment while the mix lifts
// them, so that all rows together stand.
func TestMixHidesWhatMoved(t *testing.T) {
	draw := func(seed uint64, rows int, high, shift float64) *clientele {
		rng := rand.New(rand.NewPCG(seed, 1))
		c := drawClients(rng, rows, asEver)
		for i := range c.size {
			c.size[i], c.numbers[0][i] = "low", rng.NormFloat64()+shift
			if rng.Float64() < high {
				c.size[i], c.numbers[0][i] = "high", rng.NormFloat64()+shift+3
			}
		}
		return c
	}
	// 3·0.5 = 3·0.7 - 0.6
	r := compareBy(t, draw(1, 2000, 0.5, 0), draw(2, 2000, 0.7, -0.6), "size")
	if got, want := loudSegments(r), []string{"size=high", "size=low"}; !slices.Equal(got, want) {
		t.Fatalf("at warn: %v, want %v", got, want)
	}
	s := segmentOf(t, r, "size", "")
	if math.Abs(s.Mix-0.6) > 0.1 || math.Abs(s.Within+0.6) > 0.1 || math.Abs(s.ScoreCur-s.ScoreRef) > 0.15 {
		t.Errorf("mix %v, within %v, change %v; want 0.6, -0.6 and 0", s.Mix, s.Within, s.ScoreCur-s.ScoreRef)
	}
	if !strings.Contains(s.Sentence, "inside the segments, which their mix hides (+0.") || s.Reason != verdict.SegmentMixHides {
		t.Errorf("sentence %q", s.Sentence)
	}
}

// TestOddSegments: a segment on one side only, rows that repeat in a sample that
// does not hold them all, no rows at all.
func TestOddSegments(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 1))
	ref, cur := drawClients(rng, 600, asEver), drawClients(rng, 600, asEver)
	for i := range ref.size {
		if ref.size[i] == "1001+" {
			ref.size[i] = "501-1000"
		}
		if cur.size[i] == "201-500" {
			cur.size[i] = "51-200"
		}
	}
	held := func(c *clientele, size string) string {
		n := 0
		for _, s := range c.size {
			if s == size {
				n++
			}
		}
		return words.Percent(float64(n) / 600)
	}
	r := compareBy(t, ref, cur, "size")
	for name, want := range map[string]string{
		"1001+":   "size=1001+: no rows in the reference; it is " + held(cur, "1001+") + " of the judged period",
		"201-500": "size=201-500: no rows in the judged period; it was " + held(ref, "201-500") + " of the reference",
	} {
		s := segmentOf(t, r, "size", name)
		if s.Level != verdict.Insufficient || s.Sentence != want || !math.IsNaN(s.P) {
			t.Errorf("got %s %q, want %q", s.Level, s.Sentence, want)
		}
	}
	if s := segmentOf(t, r, "size", "501-1000"); s.Level != verdict.Insufficient || !strings.HasPrefix(s.Sentence, "size=501-1000: too few rows, ") || !strings.Contains(s.Sentence, " to tell a change of the scores below a PSI of ") {
		t.Errorf("got %s %q", s.Level, s.Sentence)
	}

	split := view.Split{Column: "size", RefRows: 600, CurRows: 600}
	part := view.Part{Name: "1-10", RefRows: 600, CurRows: 600, Clustered: true}
	part.Ref = viewOf(numberColumn("x", seq(0, 300), seq(0, 300)))
	part.Cur = viewOf(numberColumn("x", seq(0, 300), times(300, 1.0)))
	split.Parts = []view.Part{part}
	whole := viewOf(numberColumn("x", seq(0, 600), seq(0, 600)))
	r = Compare(whole, whole, Options{Segments: []view.Split{split}})
	if s := segmentOf(t, r, "size", "1-10"); s.Level != verdict.Insufficient || s.Reason != verdict.ReasonRepetitive || s.Sentence != "size=1-10: "+clusteredRows || r.Run.Level != verdict.OK {
		t.Errorf("rows that repeat: %s %q, the run %s", s.Level, s.Sentence, r.Run.Level)
	}
	split.Parts[0].Clustered = false
	r = Compare(whole, whole, Options{Segments: []view.Split{split}})
	if s := segmentOf(t, r, "size", "1-10"); s.Level != verdict.Alert || r.Run.Level != verdict.Warn {
		t.Errorf("rows that do not: %s %q, the run %s", s.Level, s.Sentence, r.Run.Level)
	}
	if !strings.HasPrefix(r.Run.Headline, "In size=1-10 alone x moved; ") {
		t.Errorf("headline %q", r.Run.Headline)
	}

	r = Compare(view.View{}, view.View{}, Options{Segments: []view.Split{{Column: "size"}}})
	if s := segmentOf(t, r, "size", ""); s.Level != verdict.Insufficient || len(r.Segments) != 1 {
		t.Errorf("no rows: %+v", r.Segments)
	}
}

// TestSegmentsByPolicy: the policies that judge all rows judge the segments;
// Evidently has no verdict on them, so the calibrated one stands in.
func TestSegmentsByPolicy(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 1))
	draw := func(shift float64) view.View {
		x := make([]float64, 200)
		for i := range x {
			x[i] = rng.NormFloat64() + shift
		}
		grid := seq(-40, 80)
		for i := range grid {
			grid[i] /= 10
		}
		return viewOf(numberColumn("x", grid, x))
	}
	// Significant by itself and with an effect, not among the segments' many.
	split := view.Split{Column: "size", RefRows: 200, CurRows: 200}
	split.Parts = []view.Part{{Name: "a", RefRows: 200, CurRows: 200, Ref: draw(0), Cur: draw(0.35)}}
	for by, want := range map[policy.Policy]string{policy.Calibrated: verdict.Insufficient, policy.Evidently: verdict.Insufficient, policy.Classic: verdict.Warn} {
		r := Compare(draw(0), draw(0), Options{Policy: by, Segments: []view.Split{split}})
		if s := segmentOf(t, r, "size", "a"); s.Level != want {
			t.Errorf("%s: %s, want %s: %+v", by, s.Level, want, s)
		}
	}
}

// TestSmallestEffectOfASegment: the effect that a segment says it would have
// seen with 80 % power is seen about that often: P(K <= 35) = 0.4 % for K ~
// Binomial(60, 0.75) and P(K >= 56) = 0.6 % for K ~ Binomial(60, 0.83).
func TestSmallestEffectOfASegment(t *testing.T) {
	const runs, rows = 60, 400
	rng := rand.New(rand.NewPCG(13, 2))
	names := []string{"a", "b", "c", "d"}
	dictionary := slices.Repeat(names, 100)
	// Shares of a quarter each, of which half of delta goes from d and c to a and b.
	draw := func(delta float64) view.Column {
		values := make([]string, rows)
		for i := range values {
			j := rng.IntN(4)
			if j >= 2 && rng.Float64() < delta {
				j -= 2
			}
			values[i] = names[j]
		}
		return categoryColumn("x", dictionary, values)
	}
	judge := func(delta float64) (*check, bool) {
		split := view.Split{Column: "size", RefRows: 5 * rows, CurRows: 5 * rows}
		for i := range 5 {
			part := view.Part{Name: fmt.Sprint(i), RefRows: rows, CurRows: rows, Ref: viewOf(draw(0)), Cur: viewOf(draw(0))}
			if i == 0 {
				part.Cur = viewOf(draw(delta))
			}
			split.Parts = append(split.Parts, part)
		}
		o := distribution.Options{K: view.K, Known: policy.Noncentralities{}}
		p := newPartition(segments.Compare(&split, &view.View{}, &view.View{}, segments.Options{Distribution: o}), policy.Calibrated)
		judgeSegments(p.segments, policy.Calibrated)
		for _, c := range p.segments[0].checks {
			if c.Check == verdict.CheckDistribution {
				return c, c.Q <= c.Alpha
			}
		}
		t.Fatal("no distribution was judged")
		return nil, false
	}
	none, _ := judge(0)
	// The PSI of such shares is delta/2·ln((1+delta)/(1-delta)).
	delta := 0.0
	for delta/2*math.Log((1+delta)/(1-delta)) < none.MDE {
		delta += 1e-4
	}
	seen := 0
	for range runs {
		if _, found := judge(delta); found {
			seen++
		}
	}
	t.Logf("PSI %.3f, delta %.3f: seen in %d of %d", none.MDE, delta, seen, runs)
	if seen <= 35 || seen >= 56 {
		t.Errorf("a PSI of %.3f was seen in %d of %d runs, want 80 %%", none.MDE, seen, runs)
	}
}

// TestHalfOfASegment: a segment of which most distributions could not be judged
// is not ok; the mean scores of fewer than k rows are not told.
func TestHalfOfASegment(t *testing.T) {
	for levels, want := range map[string]string{"oo": verdict.OK, "oi": verdict.OK, "oii": verdict.Insufficient, "i": verdict.Insufficient, "": verdict.Insufficient, "owi": verdict.Warn, "awi": verdict.Alert} {
		s := &segment{Segment: &segments.Segment{Split: &view.Split{Column: "size"}, Part: &view.Part{Name: "a"}}}
		for _, l := range levels {
			c := newCheck("n", verdict.RoleFeature, "number", verdict.CheckDistribution)
			c.Level = map[rune]string{'o': verdict.OK, 'i': verdict.Insufficient, 'w': verdict.Warn, 'a': verdict.Alert}[l]
			s.checks = append(s.checks, c)
		}
		if s.settle(nil); s.level != want {
			t.Errorf("%q: %s, want %s", levels, s.level, want)
		}
	}

	score := func(n int) view.View {
		return viewOf(as(verdict.RoleScore, numberColumn("score", seq(0, 100), seq(0, n))))
	}
	split := view.Split{Column: "size", RefRows: 10, CurRows: 10, Parts: []view.Part{
		{Name: "a", RefRows: 4, CurRows: 5, Ref: score(4), Cur: score(5)},
	}}
	r := Compare(score(100), score(100), Options{Segments: []view.Split{split}})
	if s := segmentOf(t, r, "size", "a"); !math.IsNaN(s.ScoreRef) || s.ScoreCur != 2 {
		t.Errorf("mean scores %v of 4 rows and %v of 5, want none and 2", s.ScoreRef, s.ScoreCur)
	}
}

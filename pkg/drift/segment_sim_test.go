package drift

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/leadsman/leadsman/pkg/verdict"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// Companies come in seven sizes of unequal share, and larger ones score higher.
var companies = []struct {
	name  string
	share float64
	score float64
}{{"11-50", 0.36, 0}, {"1-10", 0.25, -0.6}, {"51-200", 0.18, 0.5}, {"201-500", 0.1, 0.8}, {"501-1000", 0.06, 1}, {"1001+", 0.04, 1.4}, {"", 0.01, 0}}

// A clientele is rows of leads, each of a company.
type clientele struct {
	sample
	size []string
}

func drawClients(rng *rand.Rand, rows int, shares func(name string, share float64) float64) *clientele {
	c := &clientele{sample: leads.draw(rng, rows)}
	var total float64
	for _, s := range companies {
		total += shares(s.name, s.share)
	}
	for i := range rows {
		u := rng.Float64() * total
		j := 0
		for ; j+1 < len(companies) && u >= shares(companies[j].name, companies[j].share); j++ {
			u -= shares(companies[j].name, companies[j].share)
		}
		c.size = append(c.size, companies[j].name)
		c.numbers[0][i] += companies[j].score
	}
	return c
}

func asEver(_ string, share float64) float64 { return share }

// batch is the rows as a table: n0 is the score.
func (c *clientele) batch(name string) arrow.RecordBatch {
	var fields []arrow.Field
	var columns []arrow.Array
	for j, x := range c.numbers {
		b := array.NewFloat64Builder(memory.DefaultAllocator)
		for _, v := range x {
			if math.IsNaN(v) {
				b.AppendNull()
			} else {
				b.Append(v)
			}
		}
		role := table.Feature
		if j == 0 {
			role = table.Score
		}
		fields, columns = append(fields, table.Field(fmt.Sprint("n", j), arrow.PrimitiveTypes.Float64, role)), append(columns, b.NewArray())
	}
	text := func(name string, values []string) {
		b := array.NewStringBuilder(memory.DefaultAllocator)
		for _, v := range values {
			if v == "" {
				b.AppendNull()
			} else {
				b.Append(v)
			}
		}
		fields, columns = append(fields, table.Field(name, arrow.BinaryTypes.String, table.Feature)), append(columns, b.NewArray())
	}
	for j, x := range c.categories {
		text(fmt.Sprint("c", j), x)
	}
	text("size", c.size)
	return array.NewRecordBatch(table.Named(name, arrow.NewSchema(fields, nil)), columns, int64(len(c.size)))
}

// compareBy judges cur against ref, all rows and by segments of the columns.
func compareBy(t testing.TB, ref, cur *clientele, columns ...string) Report {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	planner := plan.NewPlanner(plan.Options{Threshold: math.NaN()})
	check(planner.Add(ref.batch("reference")))
	plan, err := planner.Plan()
	check(err)
	a, b := tally.New(plan, view.Period{}), tally.New(plan, view.Period{})
	check(a.AddRows(ref.batch("reference")))
	check(b.AddRows(cur.batch("predictions")))
	var o Options
	for _, c := range columns {
		split, err := tally.Segments(a, b, c, 5)
		check(err)
		o.Segments = append(o.Segments, split)
	}
	view := b.View()
	view.Sample = nil // the features together are judged elsewhere
	return Compare(a.View(), view, o)
}

func loudSegments(r Report) []string {
	var out []string
	for _, s := range r.Segments {
		if s.Name != "" && verdict.Reaches(s.Level, verdict.Warn) {
			out = append(out, s.Column+"="+s.Name)
		}
	}
	return out
}

// With both sides drawn from one population hardly a run has a segment at warn:
// the segments' alpha is 0.25 %, and P(K >= 2) = 0.3 % for K ~ Binomial(8, 0.01).
func TestSegmentsWithoutDriftAreQuiet(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	const pairs = 8
	for _, c := range []struct{ ref, cur int }{{303, 500}, {303, 2000}, {1000, 500}, {1000, 2000}} {
		rng := rand.New(rand.NewPCG(uint64(c.ref), uint64(c.cur)))
		loud, judged, all := 0, 0, 0
		for range pairs {
			r := compareBy(t, drawClients(rng, c.ref, asEver), drawClients(rng, c.cur, asEver), "size", "c3")
			if names := loudSegments(r); len(names) > 0 {
				loud++
				t.Log(names)
			}
			for _, s := range r.Segments {
				if s.Name == "" {
					continue
				}
				if all++; s.Level != verdict.Insufficient {
					judged++
				}
			}
		}
		t.Logf("%d against %d rows: %d of %d runs have a segment at warn; %d of %d segments were judged", c.cur, c.ref, loud, pairs, judged, all)
		if loud >= 2 {
			t.Errorf("%d against %d rows: %d of %d runs without drift have a segment at warn", c.cur, c.ref, loud, pairs)
		}
	}
}

// A drift inside one segment is found there, or the segment is insufficient and
// says that so small a drift would go unseen: P(K <= 6) = 0.3 % for K ~
// Binomial(8, 0.99). The whole stands.
func TestDriftInsideOneSegmentIsFoundOrUnseen(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	const pairs = 8
	for _, c := range []struct {
		ref, cur int
		segment  string
		keep     float64 // weight of the old value; the rest is the middle
	}{{1000, 2000, "51-200", 0.35}, {303, 2000, "51-200", 0.35}, {303, 500, "501-1000", 0.3}} {
		rng := rand.New(rand.NewPCG(uint64(c.ref+c.cur), 3))
		found, unseen, moved := 0, 0, 0
		for range pairs {
			ref, cur := drawClients(rng, c.ref, asEver), drawClients(rng, c.cur, asEver)
			for i, s := range cur.size {
				if s == c.segment {
					cur.numbers[3][i] = (1-c.keep)*0.5 + c.keep*cur.numbers[3][i]
				}
			}
			r := compareBy(t, ref, cur, "size")
			s := segmentOf(t, r, "size", c.segment)
			switch {
			case s.Level == verdict.Insufficient:
				unseen++
			case slices.Equal(loudSegments(r), []string{"size=" + c.segment}) && strings.Contains(s.Sentence, "n3"):
				found++
			default:
				t.Log(s.Level, s.Sentence, loudSegments(r))
			}
			if f := find(t, Report{Findings: wholeOf(r)}, "n3", verdict.CheckDistribution); verdict.Reaches(f.Level, verdict.Warn) {
				moved++
			}
		}
		t.Logf("%d against %d rows, %s: found %d, insufficient %d of %d", c.cur, c.ref, c.segment, found, unseen, pairs)
		if moved > 1 {
			t.Errorf("%d against %d rows, %s: all rows moved in %d of %d", c.cur, c.ref, c.segment, moved, pairs)
		}
		if found+unseen < 7 {
			t.Errorf("%d against %d rows, %s: found in %d of %d, insufficient in %d", c.cur, c.ref, c.segment, found, pairs, unseen)
		}
	}
}

// wholeOf leaves the findings of segments out.
func wholeOf(r Report) []verdict.Finding {
	return slices.DeleteFunc(slices.Clone(r.Findings), func(f verdict.Finding) bool { return f.Segment != "" })
}

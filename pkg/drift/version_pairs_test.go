package drift

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A release is what a version of the model does: how many rows it scores, how far its
// scores and its first feature are off, and how long it takes.
type release struct {
	name         string
	rows         int
	score, moved float64
	ms           float64
}

// released draws a log of several versions; without any, a reference.
func released(rng *rand.Rand, name string, of ...release) arrow.RecordBatch {
	f := func() *array.Float64Builder { return array.NewFloat64Builder(memory.DefaultAllocator) }
	score, a, b, c, ms := f(), f(), f(), f(), f()
	version := array.NewStringBuilder(memory.DefaultAllocator)
	rows := 0
	for _, v := range of {
		rows += v.rows
		for range v.rows {
			x := rng.NormFloat64() + v.moved
			a.Append(x)
			b.Append(rng.NormFloat64())
			c.Append(rng.Float64())
			score.Append(1 / (1 + math.Exp(-rng.NormFloat64()-v.score)))
			ms.Append(v.ms * math.Exp(0.2*rng.NormFloat64()))
			version.Append(v.name)
		}
	}
	n := arrow.PrimitiveTypes.Float64
	return array.NewRecordBatch(table.Named(name, arrow.NewSchema([]arrow.Field{
		table.Field("score", n, table.Score), table.Field("a", n, table.Feature), table.Field("b", n, table.Feature), table.Field("c", n, table.Feature),
		table.Field("inference_ms", n, table.Latency), table.Field("model_version", arrow.BinaryTypes.String, table.ModelID),
	}, nil)), []arrow.Array{score.NewArray(), a.NewArray(), b.NewArray(), c.NewArray(), ms.NewArray(), version.NewArray()}, int64(rows))
}

func compareVersions(t *testing.T, rng *rand.Rand, o Options, of ...release) Report {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	ref := released(rng, "reference", release{rows: 1000, ms: 20})
	planner := plan.NewPlanner(plan.Options{Threshold: math.NaN()})
	check(planner.Add(ref))
	p, err := planner.Plan()
	check(err)
	a, b := tally.New(p, view.Period{}), tally.New(p, view.Period{})
	check(a.AddRows(ref))
	check(b.AddRows(released(rng, "predictions", of...)))
	o.Versions = tally.Versions(a, b, 5)
	if len(o.Segments) > 0 { // as tally.Segments splits, without durations
		o.Segments = []view.Split{tally.Versions(a, b, 5).Against}
		for i := range o.Segments[0].Parts {
			o.Segments[0].Parts[i].Cur.Inference = view.Latency{}
		}
	}
	cur := b.View()
	cur.Sample = nil // the features together are judged elsewhere
	return Compare(a.View(), cur, o)
}

// pair is the finding about a version against the one that scored most.
func pair(t *testing.T, r Report, version string) verdict.Finding {
	t.Helper()
	for _, f := range r.Findings {
		if f.Check == verdict.CheckVersions && f.Segment == "model_version="+version {
			return f
		}
	}
	t.Fatalf("no finding about version %s: %s", version, sentencesOf(r))
	return verdict.Finding{}
}

func TestVersionsApart(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	// Champion and challenger cancel: together they stand, each has moved.
	r := compareVersions(t, rng, Options{}, release{"7", 1200, 0.6, 0, 20}, release{"8", 800, -0.6, 0, 20})
	if f := find(t, Report{Findings: segmentless(r)}, "score", verdict.CheckDistribution); f.Level == verdict.Alert {
		t.Errorf("all rows: %s", f.Sentence)
	}
	if f := pair(t, r, "8"); f.Level != verdict.Alert || f.Reason != verdict.ReasonVersionsDiffer || f.Action != verdict.ActionCompareVersions {
		t.Errorf("%+v", f)
	}
	if r.Run.Level != verdict.Warn || !strings.Contains(r.Run.Headline, "each by itself") {
		t.Errorf("run %s: %s", r.Run.Level, r.Run.Headline)
	}
	// Other rows, and so other scores.
	r = compareVersions(t, rng, Options{}, release{"7", 1200, 0, 0, 20}, release{"8", 800, 1, 1, 20})
	if f := pair(t, r, "8"); f.Reason != verdict.ReasonVersionsRouted || !strings.Contains(f.Sentence, "the rows differ too, in a,") {
		t.Errorf("routed: %+v", f)
	}
	// A canary of few rows: below min_rows it is not judged, and said; below k it is not named.
	r = compareVersions(t, rng, Options{Limits: serving.Limits{MinRows: 50}}, release{"7", 1200, 0, 0, 20}, release{"8", 40, 2, 0, 20}, release{"secret", 4, 0, 0, 20})
	if f := pair(t, r, "8"); f.Level != verdict.Insufficient || f.Reason != verdict.ReasonTooFewRows {
		t.Errorf("40 rows of a limit of 50: %+v", f)
	}
	for _, s := range r.Segments {
		if s.Name == "8" && (s.Level != verdict.Insufficient || !strings.Contains(s.Sentence, "40 rows, fewer than limits.min_rows")) {
			t.Errorf("segment: %+v", s)
		}
	}
	for _, s := range append(sentences(r.Segments), sentencesOf(r), r.Run.Headline) {
		if strings.Contains(s, "secret") {
			t.Errorf("a version of four rows is named: %s", s)
		}
	}
	// One takes twice as long, by the other, by a limit, and where versions are asked for
	// as segments.
	for _, o := range []Options{{}, {Limits: serving.Limits{P95MS: 40}}, {Segments: make([]view.Split, 1)}} {
		r = compareVersions(t, rng, o, release{"7", 1200, 0, 0, 20}, release{"8", 800, 0, 0, 50})
		slow := false
		for _, f := range r.Findings {
			slow = slow || f.Check == verdict.CheckLatency && f.Segment == "model_version=8" && verdict.Reaches(f.Level, verdict.Warn)
		}
		if !slow || !verdict.Reaches(r.Run.Level, verdict.Warn) {
			t.Errorf("limits %+v, %d segments: a slow version is not found: %s", o.Limits, len(o.Segments), sentencesOf(r))
		}
	}
	// One version only, or one with k rows: nothing is taken apart.
	if r = compareVersions(t, rng, Options{}, release{"7", 1200, 0, 0, 20}, release{"8", 4, 0, 0, 20}); len(r.Segments) > 0 {
		t.Errorf("one version: %+v", r.Segments)
	}
}

func segmentless(r Report) []verdict.Finding {
	var out []verdict.Finding
	for _, f := range r.Findings {
		if f.Segment == "" {
			out = append(out, f)
		}
	}
	return out
}

func sentences(of []verdict.Segment) []string {
	var out []string
	for _, s := range of {
		out = append(out, s.Name+" "+s.Sentence)
	}
	return out
}

// Where versions do alike, a night has a segment at warn as rarely as their α says:
// P(K >= 3) = 0.2 % for K ~ Binomial(60, 0.005).
func TestVersionsThatAgreeAreQuiet(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	rng := rand.New(rand.NewPCG(33, 34))
	loud := 0
	for range 60 {
		r := compareVersions(t, rng, Options{}, release{"7", 1000, 0, 0, 20}, release{"8", 700, 0, 0, 20}, release{"9", 300, 0, 0, 20})
		if len(loudSegments(r)) > 0 {
			loud++
		}
	}
	if loud > 2 {
		t.Errorf("%d of 60 quiet nights of three versions are loud", loud)
	}
}

package wire

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// TestHostileProfiles: a profile whose rows were changed, but whose seal fits,
// is refused or gives a view; it never ends the process.
func TestHostileProfiles(t *testing.T) {
	if testing.Short() {
		t.Skip("every byte takes seconds")
	}
	r := rand.New(rand.NewPCG(1, 1))
	planner := plan.NewPlanner(plan.Options{Window: time.Hour})
	if err := planner.Add(table.Encode("reference", randomLines(r, 60))); err != nil {
		t.Fatal(err)
	}
	p, err := planner.Plan()
	if err != nil {
		t.Fatal(err)
	}
	f := tally.New(p, view.Period{})
	for _, err := range []error{
		f.AddRows(table.Encode("predictions", randomLines(r, 120))), f.AddRequests(table.Encode("requests", randomCalls(r, 40))),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	whole := bodyOf(f)
	accepted := 0
	for range 120 {
		q := *whole
		q.Counters, q.Values, q.Names, q.rows = slices.Clone(q.Counters), slices.Clone(q.Values), slices.Clone(q.Names), slices.Clone(q.rows)
		odd := []int64{0, 1, -1, math.MaxInt64, math.MinInt64, math.MaxUint32, 1 << 40, r.Int64N(100)}[r.IntN(8)]
		switch i := r.IntN(len(q.Counters)); r.IntN(8) {
		case 0, 1:
			q.Counters[i].N = slices.Clone(q.Counters[i].N)
			q.Counters[i].N[r.IntN(len(q.Counters[i].N))] = odd
		case 6:
			q.Counters[i].N = append(slices.Clone(q.Counters[i].N), odd)
		case 7:
			q.Counters[i].At = []int64{odd}
		case 2:
			q.Counters[i].Key = q.Counters[r.IntN(len(q.Counters))].Key
		case 3:
			q.Counters = append(q.Counters[:i], q.Counters[i+1:]...)
		case 4:
			q.Names[r.IntN(len(q.Names))].Hash = odd
			v := &q.Values[r.IntN(len(q.Values))]
			v.N = slices.Clone(v.N)
			v.N[r.IntN(len(v.N))] = odd
		case 5:
			q.rows[r.IntN(len(q.rows))].Cells = []string{"", "[]", "[1]", "{", "[[],{},null,1,2,3]", `[{"number":"x"}]`}[r.IntN(6)]
		}
		m := NewMerger(p)
		if err := resealed(f, &q, m.Add); err != nil {
			continue
		}
		sum, err := m.Sum()
		if err != nil {
			continue
		}
		accepted++
		v := sum.Profile.View()
		for _, c := range v.Columns {
			if c.Number != nil {
				c.Number.Quantile(0.5)
				c.Number.Quantile(1)
			}
		}
		v.Inference.Quantile(0.5)
		v.Response.Quantile(1)
		bodyOf(sum.Profile)
	}
	if accepted == 0 {
		t.Error("all were refused: nothing was tried")
	}
}

// TestOtherVersions: a plan and a profile of another leadsman are refused with the command
// that makes them anew, even where their tables cannot be read.
func TestOtherVersions(t *testing.T) {
	b := plan.NewPlanner(plan.Options{})
	p, err := b.Plan()
	if err != nil {
		t.Fatal(err)
	}
	m := NewMerger(p)
	for _, rec := range []arrow.RecordBatch{
		table.Encode(countersTable, []struct {
			N int64 `table:"n"`
		}{{1}}),
		table.Encode(sealTable, []seal{{Version: 1}}),
	} {
		if err := m.Add(rec); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.Sum(); err == nil || err.Error() != "profile: has version 1, this leadsman reads 4: make it anew with driftcalc profile" {
		t.Errorf("a profile: got %v", err)
	}
	r := newPlanReader()
	r.add(table.Encode(planTable, []planRow{{Version: 1}}))
	if _, err := r.read(); err == nil || err.Error() != "plan: table plan: has version 1, this leadsman reads 4: make it anew with driftcalc plan" {
		t.Errorf("a plan: got %v", err)
	}
}

// line is a line of a log, and of a reference.
type line struct {
	At     time.Time `table:"timestamp"`
	MS     float64   `table:"inference_ms,null"`
	Score  float64   `table:"score,null"`
	Label  string    `table:"label"`
	Amount float64   `table:"amount,null"`
	City   string    `table:"city"`
}

func randomLines(r *rand.Rand, n int) []line {
	lines := make([]line, n)
	for i := range lines {
		lines[i] = line{
			At: time.Unix(r.Int64N(1e6), 0), MS: r.ExpFloat64(), Score: r.Float64(), Label: []string{"yes", "no", ""}[r.IntN(3)],
			Amount: r.NormFloat64(), City: fmt.Sprint(r.IntN(30)),
		}
		if i%9 == 0 {
			lines[i].Amount = math.NaN()
		}
	}
	return lines
}

type api struct {
	At       time.Time `table:"timestamp"`
	MS       float64   `table:"response_ms,null"`
	Endpoint string    `table:"endpoint"`
	Status   int64     `table:"status_code"`
}

func randomCalls(r *rand.Rand, n int) []api {
	calls := make([]api, n)
	for i := range calls {
		calls[i] = api{time.Unix(r.Int64N(1e6), 0), r.ExpFloat64(), fmt.Sprintf("/e%d", r.IntN(9)), []int64{200, 404, 500}[r.IntN(3)]}
	}
	return calls
}

// resealed passes on the tables of a changed body under a seal that fits.
func resealed(f *tally.Profile, b *body, add func(arrow.RecordBatch) error) error {
	shards, leaves := []shard{{Shard: "x", Digest: "y"}}, newDigest()
	leaves.shard(&shards[0])
	leaves.missing(0)
	end := seal{Version: plan.Version, PlanID: f.Plan().ID(), From: math.MinInt64, Until: math.MaxInt64, Digest: b.sum(f.Plan()), Shards: leaves.sum()}
	return b.write(shards, end, add)
}

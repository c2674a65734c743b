package wire_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/profiletest"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
)

func planBatches(t *testing.T, p *plan.Plan) []arrow.RecordBatch {
	t.Helper()
	var recs []arrow.RecordBatch
	if err := wire.EncodePlan(p, func(rec arrow.RecordBatch) error {
		rec.Retain()
		recs = append(recs, rec)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return recs
}

func readPlan(recs []arrow.RecordBatch) (*plan.Plan, error) {
	var buf bytes.Buffer
	w := table.NewWriter(&buf)
	for _, rec := range recs {
		if err := w.Write(rec); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return wire.ReadPlan(table.NewReader("test", &buf))
}

// TestPlanOnTheWire: a plan that was written and read counts the same bytes, and
// one that lost or changed anything is refused.
func TestPlanOnTheWire(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	rows := profiletest.RandomRows(r, 300)
	o := profiletest.Options
	o.Columns = map[string]plan.ColumnOption{"city": {Public: true}}
	p := profiletest.Plan(t, o, rows)
	recs := planBatches(t, p)
	again, err := readPlan(recs)
	if err != nil {
		t.Fatal(err)
	}
	if again.ID() != p.ID() || again.Window != p.Window || again.Threshold != p.Threshold || again.PositiveLabel != p.PositiveLabel {
		t.Errorf("got %+v", again)
	}
	log := profiletest.RandomRows(r, 500)
	if string(profiletest.Bytes(t, profiletest.Profile(t, again, view.Period{}, log, nil))) != string(profiletest.Bytes(t, profiletest.Profile(t, p, view.Period{}, log, nil))) {
		t.Error("the plan that was read counts other bytes")
	}
	for i := range recs {
		name := table.NameOf(recs[i].Schema())
		if _, err := readPlan(append(append([]arrow.RecordBatch(nil), recs[:i]...), recs[i+1:]...)); err == nil {
			t.Errorf("accepted without table %s", name)
		}
		if recs[i].NumRows() == 0 {
			continue
		}
		short := append([]arrow.RecordBatch(nil), recs...)
		short[i] = recs[i].NewSlice(0, recs[i].NumRows()-1)
		if _, err := readPlan(short); err == nil {
			t.Errorf("accepted table %s without its last row", name)
		}
	}
	if _, err := readPlan(append(append([]arrow.RecordBatch(nil), recs...), recs...)); err == nil || !strings.Contains(err.Error(), "two plans") {
		t.Errorf("two plans: got %v", err)
	}
}

// TestLineOnTheWire: whose pairs are looked at travels with the plan.
func TestLineOnTheWire(t *testing.T) {
	was := caps.Pairs.N
	caps.Pairs.N = 2
	t.Cleanup(func() { caps.Pairs.N = was })
	p := profiletest.Plan(t, profiletest.Options, profiletest.RandomRows(rand.New(rand.NewPCG(2, 2)), 300))
	again, err := readPlan(planBatches(t, p))
	if err != nil || again.ID() != p.ID() || again.Columns[0].Line != 1 || !slices.Equal(again.Pairs, p.Pairs) {
		t.Errorf("got %+v, %v", again, err)
	}
}

// TestSampleRowsOnTheWire: the size of the sample travels with the plan; a plan
// from before there was a choice means 2,048 rows and keeps its ID.
func TestSampleRowsOnTheWire(t *testing.T) {
	rows := []profiletest.Row{{Score: 0.2, City: "a"}, {Score: 0.4, City: "b"}}
	for _, n := range []int64{0, 100, plan.AllRows} {
		o := profiletest.Options
		o.SampleRows = n
		p := profiletest.Plan(t, o, rows)
		again, err := readPlan(planBatches(t, p))
		if err != nil || again.ID() != p.ID() || again.SampleRows != p.SampleRows {
			t.Fatalf("%d rows: got %+v, %v", n, again, err)
		}
		old := planBatches(t, p)
		old[0] = withoutColumn(old[0], "sample_rows")
		again, err = readPlan(old)
		if n != 0 {
			if err == nil {
				t.Errorf("%d rows: accepted a plan that lost them", n)
			}
			continue
		}
		if err != nil || again.SampleRows != 2048 || again.ID() != p.ID() {
			t.Errorf("an older plan: got %+v, %v", again, err)
		}
	}
	o := profiletest.Options
	o.SampleRows = -1
	b := plan.NewPlanner(o)
	if err := b.Add(profiletest.Batch("reference", rows)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Plan(); err == nil || err.Error() != "plan: a sample of -1 rows is none" {
		t.Errorf("-1 rows: got %v", err)
	}
}

func withoutColumn(rec arrow.RecordBatch, name string) arrow.RecordBatch {
	var fields []arrow.Field
	var columns []arrow.Array
	for i, f := range rec.Schema().Fields() {
		if f.Name != name {
			fields, columns = append(fields, f), append(columns, rec.Column(i))
		}
	}
	return array.NewRecordBatch(table.Named(table.NameOf(rec.Schema()), arrow.NewSchema(fields, nil)), columns, rec.NumRows())
}

package profile_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// TestSampleRows: a plan sets how many distinct rows a profile keeps; whatever
// that is, the shards' sample is the whole's, and a smaller one is part of a
// greater.
func TestSampleRows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	reference, log := randomRows(r, 50), randomRows(r, 3000)
	distinct := map[string]bool{}
	for _, row := range log {
		distinct[fmt.Sprintf("%+v", row)] = true
	}
	var greater view.View
	for _, c := range []struct {
		rows int64
		want int
	}{{plan.AllRows, len(distinct)}, {0, 2048}, {2048, 2048}, {7, 7}} {
		o := testOptions
		o.SampleRows = c.rows
		p := planOf(t, o, reference)
		whole := profileOf(t, p, view.Period{}, log, nil)
		v := whole.View()
		if len(v.Sample) != c.want {
			t.Errorf("%d rows: the sample has %d, want %d", c.rows, len(v.Sample), c.want)
		}
		if c.rows == plan.AllRows && v.SampleRows != int64(len(log)) {
			t.Errorf("all rows: %d were counted of %d", v.SampleRows, len(log))
		}
		for i, row := range v.Sample {
			if len(greater.Sample) > 0 && fmt.Sprint(greater.Sample[i]) != fmt.Sprint(row) {
				t.Fatalf("%d rows: row %d is not that of the greater sample", c.rows, i)
			}
		}
		greater = v
		parts := profileOf(t, p, view.Period{}, log[2000:], nil)
		if err := parts.Merge(profileOf(t, p, view.Period{}, log[:2000], nil)); err != nil {
			t.Fatal(err)
		}
		if string(bytesOf(t, parts)) != string(bytesOf(t, whole)) {
			t.Errorf("%d rows: the shards' profile has other bytes than the whole's", c.rows)
		}
		again := decoded(t, p, bytesOf(t, whole))
		if string(bytesOf(t, again)) != string(bytesOf(t, whole)) {
			t.Errorf("%d rows: was read as other bytes", c.rows)
		}
	}
}

// TestSampleRowsOnTheWire: the size of the sample travels with the plan; a plan
// from before there was a choice means 2,048 rows and keeps its ID.
func TestSampleRowsOnTheWire(t *testing.T) {
	rows := []testRow{{score: 0.2, city: "a"}, {score: 0.4, city: "b"}}
	for _, n := range []int64{0, 100, plan.AllRows} {
		o := testOptions
		o.SampleRows = n
		p := planOf(t, o, rows)
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
	o := testOptions
	o.SampleRows = -1
	b := plan.NewPlanner(o)
	if err := b.Add(batchOf("reference", rows)); err != nil {
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

package profile_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
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
	rows := randomRows(r, 300)
	o := testOptions
	o.Columns = map[string]plan.ColumnOption{"city": {Public: true}}
	p := planOf(t, o, rows)
	recs := planBatches(t, p)
	again, err := readPlan(recs)
	if err != nil {
		t.Fatal(err)
	}
	if again.ID() != p.ID() || again.Window != p.Window || again.Threshold != p.Threshold || again.PositiveLabel != p.PositiveLabel {
		t.Errorf("got %+v", again)
	}
	log := randomRows(r, 500)
	if string(bytesOf(t, profileOf(t, again, view.Period{}, log, nil))) != string(bytesOf(t, profileOf(t, p, view.Period{}, log, nil))) {
		t.Error("the plan that was read counts other bytes")
	}
	for i := range recs {
		name := table.NameOf(recs[i].Schema())
		if _, err := readPlan(append(append([]arrow.RecordBatch(nil), recs[:i]...), recs[i+1:]...)); err == nil {
			t.Errorf("accepted without table %s", name)
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

// TestPlanID: whatever a plan says is in its ID.
func TestPlanID(t *testing.T) {
	rows := func() []testRow {
		return []testRow{{score: 0.2, amount: 1.0, city: "a", note: "x"}, {score: 0.4, amount: 2.0, city: "b", note: "y"}}
	}
	base := planOf(t, testOptions, rows())
	if planOf(t, testOptions, rows()).ID() != base.ID() {
		t.Fatal("the same reference gives another ID")
	}
	reversed := rows()
	reversed[0], reversed[1] = reversed[1], reversed[0]
	if planOf(t, testOptions, reversed).ID() != base.ID() {
		t.Error("the order of the rows is in the ID")
	}
	for name, o := range map[string]plan.Options{
		"window":    {Threshold: 0.5, PositiveLabel: "yes", Window: time.Hour},
		"threshold": {Threshold: 0.4, PositiveLabel: "yes", Window: 24 * time.Hour},
		"label":     {Threshold: 0.5, PositiveLabel: "no", Window: 24 * time.Hour},
		"sample":    {Threshold: 0.5, PositiveLabel: "yes", Window: 24 * time.Hour, Sample: true},
		"public":    {Threshold: 0.5, PositiveLabel: "yes", Window: 24 * time.Hour, Columns: map[string]plan.ColumnOption{"city": {Public: true}}},
		"type":      {Threshold: 0.5, PositiveLabel: "yes", Window: 24 * time.Hour, Columns: map[string]plan.ColumnOption{"amount": {Type: "category"}}},
		"rows":      {Threshold: 0.5, PositiveLabel: "yes", Window: 24 * time.Hour, SampleRows: 100},
		"id":        {Threshold: 0.5, PositiveLabel: "yes", Window: 24 * time.Hour, ID: "city"},
	} {
		if planOf(t, o, rows()).ID() == base.ID() {
			t.Errorf("%s is not in the ID", name)
		}
	}
	for name, change := range map[string]func(r []testRow){
		"edge": func(r []testRow) { r[1].amount = 3.0 }, "category": func(r []testRow) { r[1].city = "c" },
		"text": func(r []testRow) { r[1].note = "yy" }, "rank": func(r []testRow) { r[1].amount = 1.0 },
	} {
		changed := rows()
		change(changed)
		if planOf(t, testOptions, changed).ID() == base.ID() {
			t.Errorf("%s is not in the ID", name)
		}
	}
}

// TestThresholdIsAnEdge: so that the share above it is exact.
func TestThresholdIsAnEdge(t *testing.T) {
	rows := []testRow{{score: 0.2}, {score: 0.4}, {score: 0.9}}
	v := tally.New(planOf(t, testOptions, rows), view.Period{}).View()
	c := column(t, v, "score")
	if len(c.Number.Edges) != 4 || c.Number.Edges[2] != 0.5 {
		t.Errorf("edges %v", c.Number.Edges)
	}
	// Outside the reference's range it would move that range.
	o := testOptions
	o.Threshold = 0.95
	if c := column(t, tally.New(planOf(t, o, rows), view.Period{}).View(), "score"); len(c.Number.Edges) != 3 {
		t.Errorf("edges %v", c.Number.Edges)
	}
}

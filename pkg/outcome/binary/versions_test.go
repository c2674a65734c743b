package binary

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/table"
)

// Of two versions one scores as the reference and one tells nothing: each is held
// against the reference by its own rows. One of four rows is not named with a k of 5,
// and a single version is told by no row of its own.
func TestVersionsByOutcomes(t *testing.T) {
	r := rand.New(rand.NewPCG(71, 72))
	log := func(versions ...string) *outcome.Met {
		id, version := array.NewStringBuilder(memory.DefaultAllocator), array.NewStringBuilder(memory.DefaultAllocator)
		score, y := array.NewFloat64Builder(memory.DefaultAllocator), array.NewFloat64Builder(memory.DefaultAllocator)
		for i := range 1604 {
			v := versions[i%len(versions)]
			if i >= 1600 {
				v = "rare"
			}
			s := r.Float64()
			chance := s
			if v == "8" {
				chance = 0.5
			}
			outcome := 0.
			if r.Float64() < chance {
				outcome = 1
			}
			id.Append(strconv.Itoa(i))
			version.Append(v)
			score.Append(s)
			y.Append(outcome)
		}
		n := int64(1604)
		ids, text := id.NewArray(), arrow.BinaryTypes.String
		j := &outcome.Join{ID: "id", Threshold: 0.5}
		f := arrow.PrimitiveTypes.Float64
		if missing := j.AddOutcomes(array.NewRecordBatch(arrow.NewSchema([]arrow.Field{table.Field("id", text, table.ID), table.Field("outcome", f, table.Target)}, nil), []arrow.Array{ids, y.NewArray()}, n)); missing != "" {
			t.Fatal(missing)
		}
		j.AddRows(array.NewRecordBatch(arrow.NewSchema([]arrow.Field{table.Field("id", text, table.ID), table.Field("score", f, table.Score), table.Field("model_version", text, table.ModelID)}, nil), []arrow.Array{ids, score.NewArray(), version.NewArray()}, n))
		return outcome.MetOf(j.Set(), 0.5, 0)
	}
	same := func(s float64) float64 { return s }
	e := evaluation{Options: outcome.Options{Threshold: 0.5, K: 5}}
	e.learn(eachAlone(draw(r, 2000, same, same)))
	figures, compared := e.versions(log("7", "8"))
	auc := map[string]float64{}
	for _, c := range compared {
		if c.Metric == "roc_auc" {
			auc[c.Version] = c.P
			if worse := c.Cur < c.Ref-0.2; worse != (c.Version == "8") {
				t.Errorf("version %s: area %v, %v in the reference", c.Version, c.Cur, c.Ref)
			}
		}
	}
	if len(auc) != 2 || !(auc["8"] < 1e-6) || !(auc["7"] > 1e-4) {
		t.Errorf("p of the areas: %v", auc)
	}
	if !slices.ContainsFunc(compared, func(c outcome.Comparison) bool { return c.Metric == "recalibration" && c.Version == "8" && c.P < 1e-6 }) {
		t.Error("what a score means is not asked of version 8")
	}
	for _, f := range figures {
		if f.Kind != "version" || f.Version != "7" && f.Version != "8" || math.IsNaN(f.Value) {
			t.Errorf("figure %+v", f)
		}
	}
	if figures, compared = e.versions(log("7")); len(figures)+len(compared) > 0 {
		t.Errorf("one version: %d figures, %d comparisons", len(figures), len(compared))
	}
}

// What is said of a selection of outcomes is said of each version's figures, too.
func TestVersionsOfASelection(t *testing.T) {
	e := evaluation{Options: outcome.Options{Threshold: 0.5}, selected: "selected: some"}
	r := rand.New(rand.NewPCG(73, 74))
	same := func(s float64) float64 { return s }
	e.learn(eachAlone(draw(r, 500, same, same)))
	cur := eachAlone(draw(r, 500, same, same))
	for _, c := range e.compared(e.learned, cur) {
		if !c.Selected {
			t.Errorf("%s is not marked", c.Metric)
		}
	}
	for _, m := range e.metrics(cur, nil) {
		if m.Note != e.selected {
			t.Errorf("%s: %q", m.Metric, m.Note)
		}
	}
}

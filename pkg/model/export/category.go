package export

import (
	"math"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// prepared is what stands in a graph before its trees.
type prepared struct {
	plain     *tree.Ensemble // with thresholds alone
	output    string         // the rows that it wants
	nodes     message        // of the graph
	constants message
}

// prepare writes the part of a graph that makes rows of type kind those of the
// ensemble's plain form, since the trees of ai.onnx.ml 3 know neither sets of
// categories nor zeros that are missing. Whether a value is in a set is looked up
// in one table: for each set the entry of -1, which stands for all that is no
// category, those of its categories, and one for all above.
func prepare(m *tree.Ensemble, kind int64) prepared {
	p := prepared{output: ONNXInput}
	var members []tree.Member
	p.plain, members = m.Plain()
	node := func(kind string, inputs []string, output string, attributes ...message) string {
		p.nodes = p.nodes.sub(1, named(output, kind, inputs, output, attributes...))
		return output
	}
	numbers := func(name string, values ...float64) string {
		var t message
		if len(values) > 1 {
			t = t.numbers(1, []int64{int64(len(values))})
		}
		if t = t.number(2, kind); kind == typeDouble {
			t = t.doubles(10, values)
		} else {
			t = t.floats(4, values)
		}
		p.constants = p.constants.sub(5, t.text(8, name))
		return name
	}
	integers := func(name string, values []int64) string {
		t := message{}.numbers(1, []int64{int64(len(values))}).number(2, typeInteger).numbers(7, values)
		p.constants = p.constants.sub(5, t.text(8, name))
		return name
	}
	if m.ZeroGone || len(members) > 0 {
		numbers("missing", math.NaN())
	}
	if m.ZeroGone {
		size := node("Abs", []string{ONNXInput}, "magnitude")
		zero := node("LessOrEqual", []string{size, numbers("tiny", tree.Tiny)}, "zero")
		p.output = node("Where", []string{zero, "missing", ONNXInput}, "values")
	}
	if len(members) == 0 {
		return p
	}

	var features, offsets []int64
	var above, table []float64
	for _, c := range members {
		features, offsets = append(features, int64(c.Feature)), append(offsets, int64(len(table)+1))
		above = append(above, float64(c.Set.Size()))
		for category := -1; category <= c.Set.Size(); category++ {
			out := 1.0
			if category >= 0 && c.Set.Has(category) {
				out = 0
			}
			table = append(table, out)
		}
	}
	values := node("Gather", []string{ONNXInput, integers("category_features", features)}, "category_values", integerAttribute("axis", 1))
	missing := node("IsNaN", []string{values}, "category_missing")
	values = node("Where", []string{missing, numbers("no_category", -1), values}, "category_numbers")
	if !m.Double { // XGBoost takes a number just below 0 for none, LightGBM for category 0
		values = node("Floor", []string{values}, "category_whole")
	}
	values = node("Max", []string{values, "no_category"}, "category_low")
	values = node("Min", []string{values, numbers("category_above", above...)}, "category_high")
	values = node("Cast", []string{values}, "category", integerAttribute("to", typeInteger))
	values = node("Add", []string{values, integers("category_offsets", offsets)}, "category_place")
	values = node("Gather", []string{numbers("category_table", table...), values}, "category_out", integerAttribute("axis", 0))
	values = node("Where", []string{missing, "missing", values}, "category_columns")
	p.output = node("Concat", []string{p.output, values}, "columns", integerAttribute("axis", 1))
	return p
}

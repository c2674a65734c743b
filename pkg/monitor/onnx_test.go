package monitor

import (
	"math"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/model/modeltest"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// An ONNX forest, whose file holds no covers, is explained by those that the
// reference's rows give, and a linear model by the means of these; what is more is still held against the logged scores.
func TestExplainsONNX(t *testing.T) {
	names := []string{"x0", "x1", "x2", "x3", "x4", "x5"}
	p, err := feature.Plain(names)
	if err != nil {
		t.Fatal(err)
	}
	for file, trees := range map[string]bool{"forest": true, "catboost": true, "scaled_forest": true, "logistic": true, "linear_value": true, "normalized": false} {
		path := "../model/testdata/onnx/" + file + ".onnx"
		m, err := model.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		engine, err := model.Native(m)
		if err != nil {
			t.Fatal(err)
		}
		x := &explainer{model: m, engine: engine, rows: p, names: [2]string{path, "plain"}}
		if x.trees, x.before = m.Explained(); x.trees == nil {
			x.linear, x.before = m.Linear()
		}
		rows, scores, _ := modeltest.Oracle(t, path)
		side := func(from, to int) *view.View {
			v := &view.View{Names: names, Rows: int64(to - from)}
			for i := from; i < to; i++ {
				one := view.Row{Score: scores[i], N: 1}
				for _, c := range rows[i*6:][:6] {
					one.Cells = append(one.Cells, view.Cell{Num: c, Null: c != c})
				}
				v.Sample = append(v.Sample, one)
			}
			return v
		}
		var o drift.Options
		if err := x.explain(&o, side(0, 40), side(40, 80), t.Errorf); err != nil {
			t.Fatal(err)
		}
		if o.Skew == nil || o.Skew.Rows != 40 || o.Skew.Differ != 0 {
			t.Errorf("%s: logged scores: %+v", file, o.Skew)
		}
		if (o.Explained != nil) != trees {
			t.Fatalf("%s: explained: %v", file, o.Explained != nil)
		}
		if !trees {
			continue
		}
		mean := 0.0
		for i := range 40 {
			margin := 0.0
			for _, c := range o.Explained.Ref.Values[i*7:][:7] {
				margin += c
			}
			score := margin
			if x.logistic() {
				score = 1 / (1 + math.Exp(-margin))
			}
			if math.Abs(score-scores[i]) > 1e-6 && !(file == "linear_value" && math.Abs(score-scores[i]) <= 2e-5*max(1, math.Abs(score))) { // which float32 sums of hundreds make
				t.Errorf("%s: row %d: contributions make %v of %v", file, i, score, scores[i])
			}
			mean += margin / 40
		}
		// By the reference's own covers the bias is the reference's mean, but for leaves
		// that none of its rows reaches.
		if bias := o.Explained.Ref.Values[6]; math.Abs(bias-mean) > 0.01 {
			t.Errorf("%s: bias %v, mean margin %v", file, bias, mean)
		}
	}
}

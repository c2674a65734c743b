package ort

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/model"
)

// forest is a model of complete trees with random splits, as XGBoost's JSON.
func forest(features, trees, depth int) string {
	r := rand.New(rand.NewPCG(3, 4))
	inner, all := 1<<depth-1, 2<<depth-1
	column := func(value func(i int) string) string {
		values := make([]string, all)
		for i := range values {
			values[i] = value(i)
		}
		return "[" + strings.Join(values, ",") + "]"
	}
	child := func(side int) string {
		return column(func(i int) string {
			if i < inner {
				return fmt.Sprint(2*i + side)
			}
			return "-1"
		})
	}
	zeros := column(func(int) string { return "0" })
	var list, info []string
	for range trees {
		list = append(list, fmt.Sprintf(`{"left_children":%s,"right_children":%s,"split_indices":%s,"split_conditions":%s,"default_left":%s,"sum_hessian":%s,"loss_changes":%s}`,
			child(1), child(2),
			column(func(int) string { return fmt.Sprint(r.IntN(features)) }),
			column(func(int) string { return fmt.Sprint(float32(r.NormFloat64() / 2)) }),
			column(func(int) string { return fmt.Sprint(r.IntN(2)) }),
			zeros, zeros))
		info = append(info, "0")
	}
	return fmt.Sprintf(`{"version":[3,2,0],"learner":{"objective":{"name":"binary:logistic"},"learner_model_param":{"base_score":"0.5","num_feature":"%d"},"gradient_booster":{"name":"gbtree","model":{"tree_info":[%s],"trees":[%s]}}}}`,
		features, strings.Join(info, ","), strings.Join(list, ","))
}

// The engines side by side, on the sample model and on a large one. Run `make
// deps` first, or name the runtime's library in ONNXRUNTIME_LIB.
func BenchmarkPredict(b *testing.B) {
	small, err := model.Open("../../../testdata/model.ubj")
	if err != nil {
		b.Fatal(err)
	}
	large, err := model.Read(strings.NewReader(forest(47, 500, 6)))
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		m    *model.Model
	}{{"sample", small}, {"500x6", large}} {
		native, err := model.Native(c.m)
		if err != nil {
			b.Fatal(err)
		}
		leaves, err := model.Leaves(c.m)
		if err != nil {
			b.Fatal(err)
		}
		const n = 1000
		in, out, width := rows(c.m, n), make([]float32, n), c.m.NumFeatures
		onnx := session(b, c.m)
		for _, batch := range []int{1, 50, n} {
			for _, p := range []model.Predictor{leaves, onnx, native} {
				b.Run(fmt.Sprintf("model=%s/rows=%d/engine=%s", c.name, batch, p.Engine()), func(b *testing.B) {
					b.ReportAllocs()
					i := 0
					for b.Loop() {
						if err := p.Predict(in[i*width:(i+batch)*width], out[:batch]); err != nil {
							b.Fatal(err)
						}
						i = (i + batch) % n
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(batch), "ns/row")
				})
			}
		}
	}
}

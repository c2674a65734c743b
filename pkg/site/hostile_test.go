package site

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// TestNoTableMakesItPanic builds sites of tables that fit their schemas and
// make no sense.
func TestNoTableMakesItPanic(t *testing.T) {
	if testing.Short() {
		t.Skip("many sites take seconds")
	}
	t.Parallel()
	for seed := range uint64(8) {
		rng := rand.New(rand.NewPCG(seed, 1))
		r := &report.Tables{}
		fill(rng, reflect.ValueOf(&r.Run).Elem())
		v := reflect.ValueOf(r).Elem()
		for i := range v.NumField() {
			f := v.Field(i)
			if f.Kind() != reflect.Slice || !f.CanSet() {
				continue
			}
			rows := reflect.MakeSlice(f.Type(), rng.IntN(30), 30)
			for j := range rows.Len() {
				fill(rng, rows.Index(j))
			}
			f.Set(rows)
		}
		b, err := build(r, Options{History: history.Add(history.Tonight(r), history.Tonight(r), 0)})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if !json.Valid(b.files["report.json"]) {
			t.Errorf("seed %d: report.json is no JSON", seed)
		}
		if err := WriteSingle(discard{}, r, Options{}); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// fill sets every field to a value that someone forgot about, words that the
// code knows among them.
func fill(rng *rand.Rand, row reflect.Value) {
	words := []string{
		"", "a", "b", "score", "label", "feature", "number", "category", "text", "distribution", "missing", "unseen", "latency", "success", "correlation",
		"interval", "under", "over", "rare", "PSI", "points", "1", "ms", "ok", "warn", "alert", "insufficient", "inference_ms", "response_ms", "bucket", "n", "p50", "p95",
		"psi", "mean", "p50_ms", "p95_ms", "p99_ms", "success_rate", "requests_per_minute", "positive_rate", "missing_rate", verdict.SubjectAPI, "\x00\xff\n", "<script>", "../..", "名前", "pearson",
	}
	floats := []float64{0, 1, -1, 0.5, 0.01, 0.99, 2, 100, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64}
	ints := []int64{0, 1, 2, 5, 60, 200, 404, 500, -1, math.MaxInt64, math.MinInt64, 1 << 53}
	times := []time.Time{{}, sitetest.LastNight, sitetest.LastNight.Add(time.Hour), sitetest.LastNight.Add(-time.Microsecond), sitetest.LastNight.AddDate(-3, 0, 0), time.UnixMicro(math.MaxInt64).UTC(), time.UnixMicro(math.MinInt64).UTC()}
	for i := range row.NumField() {
		f := row.Field(i)
		switch v := f.Addr().Interface().(type) {
		case *string:
			*v = words[rng.IntN(len(words))]
			if name := row.Type().Field(i).Name; name == "Window" || name == "Segment" {
				*v = words[rng.IntN(2)]
			}
		case *float64:
			*v = floats[rng.IntN(len(floats))]
		case *int64:
			*v = ints[rng.IntN(len(ints))]
		case *bool:
			*v = rng.IntN(2) == 0
		case *time.Time:
			*v = times[rng.IntN(len(times))]
		}
	}
}

package bench

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/model"
)

const oneFeature = "../model/testdata/one_feature.ubj"

// making returns an engine whose predictor is always p.
func making(p *fake) Engine {
	return Engine{Name: p.name, New: func(*model.Model) (model.Predictor, error) { return p, nil }}
}

func TestCallsAt(t *testing.T) {
	for _, c := range []struct{ n, batch, want int }{
		{1000, 1, 1000}, {1000, 5, 200}, {1000, 50, 100}, {30, 1, 30}, {30, 50, 30}, {1, 1000, 1},
	} {
		if got := (Options{Calls: c.n}).CallsAt(c.batch); got != c.want {
			t.Errorf("%d calls, batch %d: got %d, want %d", c.n, c.batch, got, c.want)
		}
	}
}

func TestRun(t *testing.T) {
	a, b := &fake{name: "a", f: half}, &fake{name: "b", f: half}
	broken := Engine{Name: "c", New: func(*model.Model) (model.Predictor, error) { return nil, errors.New("c: no library") }}
	rows := Rows{[]float64{1, 2, 3}, "by hand"}
	progress := int64(0)
	rep, err := Run(File(oneFeature), []Engine{making(a), broken, making(b)}, rows, Options{
		Calls: 25, Batches: []int{1, 4}, Progress: func(n int64) { progress += n },
	})
	if err != nil {
		t.Fatal(err)
	}
	if rep.Agreement.Rows != 3 || rep.Agreement.Engines != 2 || rep.Rows != 3 || rep.Origin != "by hand" {
		t.Errorf("got %+v, %d rows %s", rep.Agreement, rep.Rows, rep.Origin)
	}
	// two engines, two batches, 25 calls each
	if progress != 100 {
		t.Errorf("progress of %d calls, want 100", progress)
	}
	var order []string
	var batches []int64
	counted := map[string]int64{}
	for _, k := range rep.Buckets {
		counted[k.Engine] += k.Count
	}
	for _, r := range rep.Results {
		order, batches = append(order, r.Engine), append(batches, r.Batch)
		if r.Note != "" {
			if r.Note != "c: no library" || r.Calls != 0 || !math.IsNaN(r.P50MS) || !math.IsNaN(r.LoadMS) {
				t.Errorf("an engine that did not load: %+v", r)
			}
			continue
		}
		if r.Calls != 25 || !(r.MinMS <= r.P50MS && r.P50MS <= r.P95MS && r.P95MS <= r.P99MS && r.P99MS <= r.MaxMS) {
			t.Errorf("%+v", r)
		}
		if r.Model != "one_feature.ubj" || r.FileBytes != 6516 || r.Features != 1 || r.ModelHash == "" || r.Rows != 3 || r.Origin != "by hand" {
			t.Errorf("%+v", r)
		}
	}
	if want := []string{"a", "b", "c", "a", "b", "c"}; !slices.Equal(order, want) {
		t.Errorf("results of %v, want %v", order, want)
	}
	if want := []int64{1, 1, 1, 4, 4, 4}; !slices.Equal(batches, want) {
		t.Errorf("results at batches %v, want %v", batches, want)
	}
	if counted["a"] != 50 || counted["b"] != 50 {
		t.Errorf("buckets hold %v calls, want 50 of each engine", counted)
	}

	// The proof of agreement on three rows, then calls of 1 and of 4 rows, the
	// same for both engines.
	if a.calls[0] != (call{3, 1}) {
		t.Errorf("first call: %v", a.calls[0])
	}
	for _, p := range []*fake{a, b} {
		slices.SortFunc(p.calls, func(x, y call) int { return cmp.Or(cmp.Compare(x.rows, y.rows), cmp.Compare(x.first, y.first)) })
	}
	if !slices.Equal(a.calls, b.calls) {
		t.Errorf("a had calls %v, b %v", a.calls, b.calls)
	}
	for _, c := range a.calls {
		if c.rows != 1 && c.rows != 3 && c.rows != 4 {
			t.Errorf("a call of %d rows", c.rows)
		}
	}
	for _, x := range []float32{1, 2, 3} {
		if !slices.Contains(a.calls, call{1, x}) {
			t.Errorf("row %v was never scored alone", x)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	o := Options{Calls: 10, Batches: []int{1}}
	good, inf := Rows{Values: []float64{1}}, Rows{Values: []float64{1, math.Inf(1)}}
	broken := Engine{Name: "c", New: func(*model.Model) (model.Predictor, error) { return nil, errors.New("c: no library") }}
	off := &fake{name: "b", f: func(x float32) float32 { return x }}
	for _, c := range []struct {
		name    string
		path    string
		engines []Engine
		rows    Rows
		want    string
	}{
		{"no file", "none", Engines, good, "none: no such file or directory"},
		{"no engines", oneFeature, nil, good, "no engines"},
		{"none loads", oneFeature, []Engine{broken}, good, "c: no library"},
		{"no rows", oneFeature, Engines, Rows{}, "want rows of 1 features, got 0 values"},
		{"half a row", "../model/testdata/logistic.ubj", Engines, good, "want rows of 4 features, got 1 values"},
		{"infinite", oneFeature, Engines, inf, "leaves: row 1: feature 0 is infinite"},
		{"disagreement", oneFeature, []Engine{making(&fake{name: "a", f: half}), making(off)}, good, "row 0: a has score 0.5, b 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Run(File(c.path), c.engines, c.rows, o); err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	for _, o := range []Options{{Calls: 0, Batches: []int{1}}, {Calls: 1}, {Calls: 1, Batches: []int{5, 0}}} {
		if _, err := Run(File(oneFeature), Engines, good, o); err == nil || !strings.HasPrefix(err.Error(), "want at least 1 call of at least 1 row") {
			t.Errorf("%+v: got %v", o, err)
		}
	}
}

// leaves allocates nothing in a call, which this counts without timing; the race
// detector makes pools forget, which costs less than one.
func TestAllocations(t *testing.T) {
	l, err := load(File("../model/testdata/logistic.ubj"), Engines[0])
	if err != nil {
		t.Fatal(err)
	}
	ln := newLane(l, Generate(sample(t, "logistic.ubj"), 1, 1).Values, 1, 100, 1)
	if count, size, err := ln.allocations(); err != nil || count >= 1 {
		t.Errorf("%v allocations of %v bytes a call, %v", count, size, err)
	}
	hungry := &fake{name: "h", f: half}
	ln = newLane(loaded{Predictor: grower{hungry}}, []float64{1}, 1, 100, 1)
	if count, size, err := ln.allocations(); err != nil || count < 1 || size < 1024 {
		t.Errorf("%v allocations of %v bytes a call, %v; want at least one of 1024", count, size, err)
	}
}

// grower allocates in every call.
type grower struct{ *fake }

var kept []byte

func (g grower) Predict(rows []float64, out []float32) error {
	kept = make([]byte, 1024)
	return nil
}

// Three threads make all calls once, each with scores of its own.
func TestThreads(t *testing.T) {
	var mu sync.Mutex
	seen, outs := map[float64]int{}, map[*float32]bool{}
	p := &watched{&fake{name: "a", f: half}, func(rows []float64, out []float32) {
		mu.Lock()
		defer mu.Unlock()
		seen[rows[0]]++
		outs[&out[0]] = true
	}}
	rows := make([]float64, 50)
	for i := range rows {
		rows[i] = float64(i)
	}
	l := newLane(loaded{Predictor: p}, rows, 1, 50, 3)
	for _, end := range []int{20, 50} {
		if err := l.timeTo(end, 0); err != nil {
			t.Fatal(err)
		}
	}
	if len(outs) != 3 || len(seen) != 50 || l.done != 50 || l.wall <= 0 {
		t.Errorf("%d threads, %d rows, %d calls in %v", len(outs), len(seen), l.done, l.wall)
	}
	for row, n := range seen {
		if n != 1 {
			t.Errorf("row %v was scored %d times", row, n)
		}
	}
	if i := slices.IndexFunc(l.times, func(d time.Duration) bool { return d <= 0 }); i >= 0 {
		t.Errorf("call %d took %v", i, l.times[i])
	}
	l.Predictor = refuser{p.fake}
	l.done = 0
	if err := l.timeTo(50, 0); err == nil {
		t.Error("no error of calls that fail")
	}
}

// watched tells of its calls.
type watched struct {
	*fake
	saw func(rows []float64, out []float32)
}

func (p *watched) Predict(rows []float64, out []float32) error {
	p.saw(rows, out)
	time.Sleep(time.Microsecond) // gives every thread a turn
	return nil
}

type refuser struct{ *fake }

func (refuser) Predict(rows []float64, out []float32) error { return errors.New("no") }

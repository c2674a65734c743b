package bench

import (
	"errors"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"
)

// stackOf is a sample of ms milliseconds in the first of names, which the next
// ones call.
func stackOf(functions map[string]*profile.Function, ms int64, names ...string) *profile.Sample {
	s := &profile.Sample{Value: []int64{ms / 10, ms * 1e6}}
	for _, name := range names {
		f := functions[name]
		if f == nil {
			f = &profile.Function{ID: uint64(len(functions) + 1), Name: name}
			functions[name] = f
		}
		s.Location = append(s.Location, &profile.Location{Line: []profile.Line{{Function: f}}})
	}
	return s
}

func handMade() *profile.Profile {
	f := map[string]*profile.Function{}
	return &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		Sample: []*profile.Sample{
			stackOf(f, 50, "a/x.leaf", "a/x.inner", "a/x.outer", "m/pkg/bench.repeatFor", "main.main"),
			stackOf(f, 20, "a/x.inner", "a/x.inner", "a/x.outer", "m/pkg/bench.repeatFor", "main.main"), // calls itself
			stackOf(f, 30, "runtime.collect"),
		},
	}
}

// Flat and cumulative milliseconds counted by hand from the three stacks, whose
// sum is 100 ms.
func TestHotspots(t *testing.T) {
	want := []struct {
		name      string
		flat, cum float64
		stacks    int64
	}{{"a/x.leaf", 50, 50, 1}, {"runtime.collect", 30, 30, 1}, {"a/x.inner", 20, 70, 2}, {"a/x.outer", 0, 70, 2}}
	got, err := hotspots("native", handMade(), 7, 10)
	if err != nil || len(got) != len(want) {
		t.Fatalf("got %+v, %v", got, err)
	}
	for i, w := range want {
		g := got[i]
		if g.Function != w.name || g.FlatMS != w.flat || g.CumMS != w.cum || g.Stacks != w.stacks ||
			math.Abs(g.FlatShare-w.flat/100) > 1e-12 || math.Abs(g.CumShare-w.cum/100) > 1e-12 ||
			g.Engine != "native" || g.Calls != 7 || g.TotalMS != 100 {
			t.Errorf("got %+v, want %+v", g, w)
		}
	}
	// The first by flat is leaf, by cumulative time inner: names break ties.
	got, err = hotspots("native", handMade(), 7, 1)
	if err != nil || len(got) != 2 || got[0].Function != "a/x.leaf" || got[1].Function != "a/x.inner" {
		t.Errorf("got %+v, %v", got, err)
	}
	// A stage is there however little it takes.
	got, err = hotspots("native", handMade(), 7, 1, stage{"outside", "x.outer"}, stage{"nowhere", "y.outer"})
	if err != nil || len(got) != 3 || got[2].Stage != "outside" || got[2].CumMS != 70 || got[0].Stage != "" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestHotspotsOfNothing(t *testing.T) {
	p := handMade()
	p.Sample = nil
	if got, err := hotspots("native", p, 0, 10); err != nil || got != nil {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := hotspots("native", &profile.Profile{}, 0, 10); err == nil {
		t.Error("no error for what is no CPU profile")
	}
}

//go:noinline
func spin(x float64) float64 {
	for range 10_000 {
		x = math.Sqrt(x + 1)
	}
	return x
}

// A loop that does one thing alone shows that thing.
func TestProfile(t *testing.T) {
	x := 1.0
	p, calls, err := cpuProfile(300*time.Millisecond, func(int) error { x = spin(x); return nil })
	if err != nil || calls == 0 {
		t.Fatalf("%d calls, %v", calls, err)
	}
	runtime.KeepAlive(x)
	spots, err := hotspots("native", p, calls, 5)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range spots {
		if strings.HasSuffix(h.Function, "bench.spin") && h.CumShare > 0.5 {
			return
		}
		if strings.HasSuffix(h.Function, "testing.tRunner") {
			t.Errorf("the caller is in it: %+v", h)
		}
	}
	t.Errorf("spin is not most of %+v", spots)
}

func TestProfileEndsAtAnError(t *testing.T) {
	stop := errors.New("stop")
	for range 2 { // and leaves no profile running
		if _, _, err := cpuProfile(time.Minute, func(i int) error {
			if i == 3 {
				return stop
			}
			return nil
		}); err != stop {
			t.Fatal(err)
		}
	}
}

func TestMerge(t *testing.T) {
	fast, _, err := cpuProfile(time.Millisecond, func(int) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	slow, x := (*profile.Profile)(nil), 1.0
	for range 5 { // a loaded machine may give a short profile no sample
		if slow, _, err = cpuProfile(100*time.Millisecond, func(int) error { x = spin(x); return nil }); err != nil {
			t.Fatal(err)
		}
		if len(slow.Sample) > 0 {
			break
		}
	}
	all, err := merge([]string{"fast", "slow"}, []*profile.Profile{fast, slow})
	if err != nil || len(all.Sample) == 0 {
		t.Fatalf("%v, %v", all, err)
	}
	last := all.Sample[len(all.Sample)-1]
	if !last.HasLabel("engine", "slow") {
		t.Errorf("labels %v", last.Label)
	}
}

package bench

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"github.com/google/pprof/profile"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// cpuProfile calls step with 0, 1, 2, … until the calls have had d of CPU time, or
// ten times as long has passed, and returns the CPU profile of it and the number
// of calls. The process can make one profile at a time.
func cpuProfile(d time.Duration, step func(i int) error) (*profile.Profile, int64, error) {
	var raw bytes.Buffer
	if err := pprof.StartCPUProfile(&raw); err != nil {
		return nil, 0, err
	}
	calls, err := repeatFor(d, step)
	pprof.StopCPUProfile()
	if err != nil {
		return nil, 0, err
	}
	p, err := profile.Parse(&raw)
	return p, calls, err
}

// repeatFor is its own function, so that a profile knows what it calls from
// what called it.
//
//go:noinline
func repeatFor(d time.Duration, step func(i int) error) (calls int64, err error) {
	runtime.LockOSThread() // whose CPU time is taken
	defer runtime.UnlockOSThread()
	before, _ := threadTime()
	for start := time.Now(); time.Since(start) < starved*d; calls++ {
		now, known := threadTime()
		if now-before >= d || !known && time.Since(start) >= d {
			break
		}
		if err := step(int(calls)); err != nil {
			return calls, err
		}
	}
	return calls, nil
}

// starved is how many times longer than its CPU time a profile may take.
const starved = 10

// entry ends the names of the function below which cpuProfile's callers are.
const entry = "bench.repeatFor"

// A stage is a step of a request: what the function does whose name ends so.
type stage struct{ Name, Function string }

// hotspots returns the functions of a CPU profile that cpuProfile made of an
// engine's calls: the n with the largest flat and the n with the largest
// cumulative time, and those of the stages, by flat time. What called cpuProfile is
// left out. A profile without samples has none.
func hotspots(engine string, p *profile.Profile, calls int64, n int, stages ...stage) ([]verdict.Hotspot, error) {
	value := slices.IndexFunc(p.SampleType, func(t *profile.ValueType) bool { return t.Type == "cpu" && t.Unit == "nanoseconds" })
	if value < 0 {
		return nil, errors.New("not a CPU profile")
	}
	flat, cum, samples := map[string]int64{}, map[string]int64{}, map[string]int64{}
	var total int64
	for _, s := range p.Sample {
		v := s.Value[value]
		total += v
		stack := frames(s)
		seen := map[string]bool{}
		for i, name := range stack {
			if i == 0 {
				flat[name] += v
			}
			if !seen[name] { // a function that calls itself has its time once
				seen[name] = true
				cum[name] += v
				samples[name]++
			}
		}
	}
	if total == 0 {
		return nil, nil
	}
	names := slices.Sorted(maps.Keys(cum))
	top := func(by map[string]int64) []string {
		sorted := slices.Clone(names)
		slices.SortStableFunc(sorted, func(a, b string) int { return cmp.Compare(by[b], by[a]) })
		return sorted[:min(n, len(sorted))]
	}
	chosen := map[string]bool{}
	for _, name := range append(top(flat), top(cum)...) {
		chosen[name] = true
	}
	var spots []verdict.Hotspot
	for _, name := range names {
		stage := ""
		for _, s := range stages {
			if strings.HasSuffix(name, s.Function) {
				stage = s.Name
			}
		}
		if !chosen[name] && stage == "" {
			continue
		}
		spots = append(spots, verdict.Hotspot{
			Program: verdict.OwnServer, Engine: engine, Function: name, Stage: stage,
			FlatMS: milliseconds(time.Duration(flat[name])), FlatShare: float64(flat[name]) / float64(total),
			CumMS: milliseconds(time.Duration(cum[name])), CumShare: float64(cum[name]) / float64(total),
			Stacks: samples[name], TotalMS: milliseconds(time.Duration(total)), Calls: calls,
		})
	}
	slices.SortStableFunc(spots, func(a, b verdict.Hotspot) int {
		return cmp.Or(cmp.Compare(b.FlatMS, a.FlatMS), cmp.Compare(b.CumMS, a.CumMS))
	})
	return spots, nil
}

// frames are the names of a sample's functions, the innermost first, up to
// where the profiled calls began.
func frames(s *profile.Sample) []string {
	var names []string
	for _, at := range s.Location {
		for _, line := range at.Line { // an inlined function stands before its caller
			name := "unknown"
			if line.Function != nil {
				name = line.Function.Name
			}
			if strings.HasSuffix(name, entry) {
				return names
			}
			names = append(names, name)
		}
	}
	return names
}

// merge returns one profile of several engines', in which each sample says its
// engine in the label `engine`.
func merge(engines []string, profiles []*profile.Profile) (*profile.Profile, error) {
	for i, p := range profiles {
		p.SetLabel("engine", []string{engines[i]})
	}
	return profile.Merge(profiles)
}

// short is a function's name without the path of its package.
func short(function string) string {
	if at := strings.LastIndexByte(function, '/'); at >= 0 {
		return function[at+1:]
	}
	return function
}

// mostShown is how many functions a text shows by each of the two times.
const mostShown = 10

// writeHotspots writes each engine's functions for people.
func (rep *Report) writeHotspots(b *strings.Builder) {
	for spots := range engineSpots(rep.Hotspots) {
		h := spots[0]
		fmt.Fprintf(b, "\nA request to %s, from its body to its answer, with %s: %s, %s of CPU time each\n", verdict.OwnServer, h.Engine, words.Count(h.Calls, "request", "requests"), words.Milliseconds(perCall(h)))
		b.WriteString("\nitself   with what it calls\n")
		line := func(h verdict.Hotspot) {
			fmt.Fprintf(b, "%5.1f %% %5.1f %%  %s\n", 100*h.FlatShare, 100*h.CumShare, printable(short(h.Function)))
		}
		for _, h := range spots[:min(mostShown, len(spots))] {
			if h.FlatMS > 0 {
				line(h)
			}
		}
		b.WriteString("by what they call\n")
		for _, h := range byCumulative(spots)[:min(mostShown, len(spots))] {
			line(h)
		}
	}
}

// engineSpots goes through the functions engine by engine.
func engineSpots(spots []verdict.Hotspot) iter.Seq[[]verdict.Hotspot] {
	return func(yield func([]verdict.Hotspot) bool) {
		for len(spots) > 0 {
			end := slices.IndexFunc(spots, func(h verdict.Hotspot) bool { return h.Engine != spots[0].Engine })
			if end < 0 {
				end = len(spots)
			}
			if !yield(spots[:end]) {
				return
			}
			spots = spots[end:]
		}
	}
}

func byCumulative(spots []verdict.Hotspot) []verdict.Hotspot {
	sorted := slices.Clone(spots)
	slices.SortStableFunc(sorted, func(a, b verdict.Hotspot) int { return cmp.Compare(b.CumMS, a.CumMS) })
	return sorted
}

// perCall is the CPU time of a request.
func perCall(h verdict.Hotspot) float64 {
	if h.Calls == 0 {
		return math.NaN()
	}
	return h.TotalMS / float64(h.Calls)
}

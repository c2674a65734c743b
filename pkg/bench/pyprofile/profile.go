// Package pyprofile reads where the time of a Python program goes: cProfile's
// statistics, as Profile.dump_stats writes them, and py-spy's speedscope files.
package pyprofile

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// maxFile bounds a profile.
const maxFile = 256 << 20

// engine is what the profiled code stands for among engines.
const engine = "Python"

// kept is how many functions are kept by each of the two times.
const kept = 25

// times are what a function took, in milliseconds.
type times struct{ flat, cumulative float64 }

// Read returns the functions that took the most time, by themselves and with what they
// call, those with the most of their own first; time in which a thread waits for work is
// left out, as far as it can be told. name is the profile's file.
func Read(name string, r io.Reader) ([]verdict.Hotspot, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: more than %d bytes", name, maxFile)
	}
	read := readStats
	if bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{\"")) || bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{\n")) {
		read = readSpeedscope
	}
	functions, err := read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	spots := top(functions)
	if len(spots) == 0 {
		return nil, fmt.Errorf("%s: no time was measured", name)
	}
	for i := range spots {
		spots[i].Program = filepath.Base(name)
	}
	return spots, nil
}

// waiting ends the names of functions in which a thread of Python has nothing to do:
// some systems do not tell profilers that it is idle.
var waiting = []string{".wait)", "(wait)", ".select)", "(select)", "(poll)", "(accept)", "'acquire' of '_thread.lock' objects>", "time.sleep>", "'poll' of 'select.epoll' objects>", "select.select>"}

func waits(function string) bool {
	return slices.ContainsFunc(waiting, func(end string) bool { return strings.HasSuffix(function, end) })
}

// top are the functions with the most time.
func top(functions map[string]times) []verdict.Hotspot {
	total := 0.0
	names := slices.Sorted(maps.Keys(functions))
	names = slices.DeleteFunc(names, waits)
	for _, n := range names {
		total += functions[n].flat
	}
	if !(total > 0) {
		return nil
	}
	chosen := map[string]bool{}
	for _, by := range []func(times) float64{func(t times) float64 { return t.flat }, func(t times) float64 { return t.cumulative }} {
		sorted := slices.Clone(names)
		slices.SortStableFunc(sorted, func(a, b string) int { return cmp.Compare(by(functions[b]), by(functions[a])) })
		for _, n := range sorted[:min(kept, len(sorted))] {
			chosen[n] = true
		}
	}
	var spots []verdict.Hotspot
	for _, n := range names {
		if t := functions[n]; chosen[n] {
			spots = append(spots, verdict.Hotspot{
				Engine: engine, Function: n, FlatMS: t.flat, FlatShare: t.flat / total, CumMS: t.cumulative, CumShare: min(t.cumulative/total, 1), TotalMS: total,
			})
		}
	}
	slices.SortStableFunc(spots, func(a, b verdict.Hotspot) int {
		return cmp.Or(cmp.Compare(b.FlatMS, a.FlatMS), cmp.Compare(b.CumMS, a.CumMS))
	})
	return spots
}

// function names a function by the end of its file's path, so that where Python is
// installed stays unsaid; line is 0 where it is not known.
func function(file string, line int64, name string) string {
	if file == "~" || file == "" { // of C
		return name
	}
	parts := strings.Split(strings.ReplaceAll(file, "\\", "/"), "/")
	if len(parts) > 2 {
		parts = parts[len(parts)-2:]
	}
	where := strings.Join(parts, "/")
	if line > 0 {
		where += fmt.Sprintf(":%d", line)
	}
	return fmt.Sprintf("%s(%s)", where, name)
}

// errKind says that the bytes are no profile that is known.
var errKind = errors.New("neither cProfile's statistics (Profile.dump_stats) nor py-spy's speedscope (py-spy record --format speedscope)")

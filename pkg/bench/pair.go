package bench

import (
	"math"
	"path/filepath"
	"slices"

	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Pair times calls of one row of two models in turns, each with its own form of the same
// rows, with engines of that maker. Times are as in Run.
func Pair(sources [2]Source, values [2][]float64, maker model.Maker, calls int) ([2]verdict.Timing, error) {
	var out [2]verdict.Timing
	var lanes []*lane
	for i, s := range sources {
		l, err := load(s, Engine{New: maker})
		if err != nil {
			return out, err
		}
		defer l.close()
		lanes = append(lanes, newLane(l, values[i], 1, calls, 1))
	}
	if err := timeAll(lanes, nil); err != nil {
		return out, err
	}
	for i, l := range lanes {
		m, size, err := sources[i].Model()
		if err != nil {
			return out, err
		}
		r := verdict.Timing{
			Model: filepath.Base(sources[i].Name), ModelHash: m.SHA256, FileBytes: size, Engine: l.Engine(), Batch: 1, Threads: 1, CPUMS: math.NaN(),
			LoadMS: milliseconds(l.took), MemoryBytes: l.memory, Machine: machine(), LoadAverage: loadAverage(), Features: int64(m.NumFeatures), Trees: int64(len(m.Trees)),
		}
		if err := summarise(&r, slices.Clone(l.times)); err != nil {
			return out, err
		}
		if _, ok := threadTime(); ok {
			r.CPUMS = milliseconds(l.cpu) / float64(len(l.times))
		}
		out[i] = r
	}
	return out, nil
}

package outcome

import (
	"maps"
	"math"
	"slices"
)

// windows are the predictions' scores by the start of their UTC window.
type windows map[int64]map[float64]int64

// windowCells is how finely scores from 0 to 1 are told apart in a window.
const windowCells = 4096

// windowBits are those of the mantissa by which others are.
const windowBits = 8

// windowLimit bounds the windows, whatever the timestamps.
const windowLimit = 1000

// count counts a score in its window.
func (j *Join) count(at int64, score float64) {
	length := j.Window.Microseconds()
	if length <= 0 {
		return
	}
	start := at - mod(at, length)
	w := j.windows[start]
	if w == nil {
		if j.windows == nil {
			j.windows = make(windows)
		}
		if len(j.windows) == windowLimit {
			// The newest stay, so that the order of rows does not tell.
			oldest := slices.Min(slices.Collect(maps.Keys(j.windows)))
			if start < oldest {
				return
			}
			delete(j.windows, oldest)
		}
		w = make(map[float64]int64)
		j.windows[start] = w
	}
	w[cellOf(score, j.Threshold)]++
}

// cellOf is a score as windows know it: rounded down to 1/4096, but not below the
// threshold; one that is no probability to one part in 256 of it.
func cellOf(score, threshold float64) float64 {
	var cell float64
	if score >= 0 && score <= 1 {
		cell = math.Floor(score*windowCells) / windowCells
	} else {
		cell = math.Float64frombits(math.Float64bits(score) &^ (1<<(52-windowBits) - 1))
		if cell > score { // of a negative one
			cell = math.Float64frombits(math.Float64bits(cell) + 1<<(52-windowBits))
		}
	}
	if score >= threshold && cell < threshold {
		return threshold
	}
	return cell
}

func mod(a, b int64) int64 { return (a%b + b) % b }

//go:build !linux

package bench

import (
	"math"
	"time"
)

// threadTime says that the CPU time of a thread is not known here.
func threadTime() (time.Duration, bool) { return 0, false }

// peakMemory says that the process's memory is not known here.
func peakMemory() (int64, bool) { return 0, false }

// resident says that the process's memory is not known here.
func resident() float64 { return math.NaN() }

// processor says that the processors' name is not known here.
func processor() string { return "" }

// loadAverage says that the machine's load is not known here.
func loadAverage() float64 { return math.NaN() }

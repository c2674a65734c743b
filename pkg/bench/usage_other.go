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

package tally

import (
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	mostWorkers  = 8  // more would wait for one another
	parallelRows = 64 // in fewer, waiting costs more than it saves
)

// inParallel calls do(0) to do(n-1), each once, in any order, and returns when
// all are done. They are shared out among the processors, unless a chunk has so
// few rows that this would not pay.
func inParallel(rows, n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), mostWorkers, n)
	if rows < parallelRows {
		workers = 1
	}
	var next atomic.Int64
	work := func() {
		for i := next.Add(1); i <= int64(n); i = next.Add(1) {
			do(int(i - 1))
		}
	}
	var others sync.WaitGroup
	for range workers - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
}

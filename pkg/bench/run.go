package bench

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/model/export"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Options say what is measured.
type Options struct {
	Calls    int               // timed calls with one row each; larger batches have fewer, see CallsAt
	Batches  []int             // rows a call, ascending
	Threads  int               // that call at once; 0 is 1
	Progress func(calls int64) // told of timed calls as they are done; may be nil
}

// CallsAt returns how many calls of a batch are timed: as many as bring the rows
// to those of the calls with one row, but at least 100, or as many calls as
// those have.
func (o Options) CallsAt(batch int) int { return max(o.Calls/batch, min(o.Calls, 100)) }

// A Report is a measurement.
type Report struct {
	Model     *model.Model
	Rows      int64  // that were scored
	Origin    string // of the rows
	Clock     time.Duration
	PeakBytes float64 // most memory that the process had resident; NaN where the system does not tell
	ONNXBytes float64 // of the model as ONNX; NaN where it cannot be written so
	Agreement Agreement
	Results   []verdict.Timing       // by batch, then engine, those with a note last
	Buckets   []verdict.TimingBucket // likewise
	Hotspots  []verdict.Hotspot      // by engine; none unless the caller profiles
}

// ErrNoEngine says that no engine can score the model.
var ErrNoEngine = errors.New("no engine scores the model")

// noEngine is ErrNoEngine with the reason of one of them.
type noEngine string

func (e noEngine) Error() string        { return string(e) }
func (e noEngine) Is(target error) bool { return target == ErrNoEngine }

// Run loads the engines from the source, proves that they agree on the rows,
// and times them: a tenth of the calls to warm up, then rounds in which all
// engines and batches have their turn. A batch longer than the rows repeats
// them. An engine that cannot load leaves a Result with a note, unless none can.
//
// Times are wall times of single calls, as the monotonic clock gives them;
// what reading it adds is in Result.ClockMS and is not taken off. CPU time is
// that of the thread, readings of the clock included. Allocations are counted in
// calls that are not timed.
func Run(s Source, engines []Engine, rows Rows, o Options) (*Report, error) {
	if o.Calls < 1 || len(o.Batches) == 0 || slices.Min(o.Batches) < 1 {
		return nil, fmt.Errorf("want at least 1 call of at least 1 row, got %d calls of %d rows", o.Calls, o.Batches)
	}
	m, size, err := s.Model()
	if err != nil {
		return nil, err
	}
	k := m.NumFeatures
	if len(rows.Values) == 0 || len(rows.Values)%k != 0 {
		return nil, fmt.Errorf("want rows of %d features, got %d values", k, len(rows.Values))
	}
	rep := &Report{Model: m, Rows: int64(len(rows.Values) / k), Origin: rows.Origin, Clock: clock()}
	rep.ONNXBytes = onnxSize(m)
	blank := verdict.Timing{
		Model: filepath.Base(s.Name), ModelHash: m.SHA256, FileBytes: size, Trees: int64(len(m.Trees)), Features: int64(k),
		Rows: rep.Rows, Origin: rep.Origin, ClockMS: milliseconds(rep.Clock),
		Threads: int64(max(o.Threads, 1)), Machine: machine(), LoadAverage: loadAverage(),
	}

	var ready []loaded
	var failed []verdict.Timing
	for _, e := range engines {
		l, err := load(s, e)
		if err != nil {
			r := blank
			r.Engine, r.Note = e.Name, err.Error()
			failed = append(failed, r)
			continue
		}
		defer l.close()
		ready = append(ready, l)
	}
	if len(ready) == 0 {
		if len(failed) == 0 {
			return nil, fmt.Errorf("no engines")
		}
		var notes []string
		for _, f := range failed {
			notes = append(notes, f.Note)
		}
		return nil, noEngine(strings.Join(slices.Compact(notes), "; "))
	}
	predictors := make([]model.Predictor, len(ready))
	for i, l := range ready {
		predictors[i] = l.Predictor
	}
	if rep.Agreement, err = agree(rows.Values, predictors...); err != nil {
		return nil, err
	}

	values := repeat(rows.Values, slices.Max(o.Batches), k)
	var lanes []*lane
	for _, batch := range o.Batches {
		for _, l := range ready {
			lanes = append(lanes, newLane(l, values, batch, o.CallsAt(batch), max(o.Threads, 1)))
		}
	}
	if err := timeAll(lanes, o.Progress); err != nil {
		return nil, err
	}
	rep.PeakBytes = math.NaN()
	if peak, ok := peakMemory(); ok {
		rep.PeakBytes = float64(peak)
	}
	return rep, rep.collect(blank, lanes, failed, o.Batches)
}

// onnxSize returns how many bytes the model has as ONNX, or NaN.
func onnxSize(m *model.Model) float64 {
	if m.Graph != nil {
		return float64(len(m.Graph.Bytes))
	}
	var size tally
	if err := export.ONNX(&size, m.Ensemble, export.ONNXOptions{ModelSHA256: m.SHA256}); err != nil {
		return math.NaN()
	}
	return float64(size)
}

// tally counts what is written.
type tally int64

func (t *tally) Write(p []byte) (int, error) {
	*t += tally(len(p))
	return len(p), nil
}

// lane is one engine at one batch size.
type lane struct {
	loaded
	batch  int
	blocks [][]float64 // of batch rows each
	outs   [][]float32 // of each thread
	calls  int
	done   int // of them
	times  []time.Duration
	cpu    time.Duration // of all timed calls; meaningful where threadTime is
	wall   time.Duration // from the first call to the last, round by round
}

func newLane(l loaded, values []float64, batch, calls, threads int) *lane {
	block := batch * l.NumFeatures()
	blocks := slices.Collect(slices.Chunk(values, block))
	if len(blocks[len(blocks)-1]) < block {
		blocks = blocks[:len(blocks)-1]
	}
	outs := make([][]float32, threads)
	for i := range outs {
		outs[i] = make([]float32, batch*l.Outputs())
	}
	return &lane{loaded: l, batch: batch, blocks: blocks, outs: outs, calls: calls, times: make([]time.Duration, calls)}
}

// call scores the rows of the i-th call.
func (l *lane) call(i int) error { return l.callOn(0, i) }

// callOn is call on one of the threads.
func (l *lane) callOn(thread, i int) error {
	return l.Predict(l.blocks[i%len(l.blocks)], l.outs[thread])
}

// timeTo times the calls up to the given one, on all threads in turn. own is
// what taking the CPU time adds to it.
func (l *lane) timeTo(end int, own time.Duration) error {
	start := time.Now()
	errs := make([]error, len(l.outs))
	cpus := make([]time.Duration, len(l.outs))
	work := func(thread int) {
		before, _ := threadTime()
		for k := l.done + thread; k < end && errs[thread] == nil; k += len(l.outs) {
			start := time.Now()
			errs[thread] = l.callOn(thread, k)
			l.times[k] = time.Since(start)
		}
		after, _ := threadTime()
		cpus[thread] = max(after-before-own, 0)
	}
	if len(l.outs) == 1 {
		work(0)
	} else {
		var all sync.WaitGroup
		for thread := range l.outs {
			all.Go(func() {
				runtime.LockOSThread() // whose CPU time is taken
				defer runtime.UnlockOSThread()
				work(thread)
			})
		}
		all.Wait()
	}
	l.wall += time.Since(start)
	l.done = end
	for _, cpu := range cpus {
		l.cpu += cpu
	}
	return errors.Join(errs...)
}

// There are as many rounds as give an engine about 100 calls in each, within
// these bounds.
const (
	fewRounds  = 10
	manyRounds = 1000
)

func timeAll(lanes []*lane, progress func(int64)) error {
	runtime.LockOSThread() // whose CPU time is taken
	defer runtime.UnlockOSThread()
	for _, l := range lanes {
		for i := range max(l.calls/10, 1) {
			if err := l.call(i); err != nil {
				return err
			}
		}
	}
	most := 0
	for _, l := range lanes {
		most = max(most, l.calls)
	}
	rounds := min(max(most/100, fewRounds), manyRounds)
	own := readingCPU()
	runtime.GC()
	for round := range rounds {
		// Nobody is always first.
		for i := range lanes {
			l := lanes[(round+i)%len(lanes)]
			end := l.calls * (round + 1) / rounds
			fresh := int64(end - l.done)
			if err := l.timeTo(end, own); err != nil {
				return err
			}
			if progress != nil {
				progress(fresh)
			}
		}
	}
	return nil
}

// collect makes the tables of the lanes, which stand batch by batch.
func (rep *Report) collect(blank verdict.Timing, lanes []*lane, failed []verdict.Timing, batches []int) error {
	perBatch := len(lanes) / len(batches)
	for same := range slices.Chunk(lanes, perBatch) {
		var times [][]time.Duration
		for _, l := range same {
			times = append(times, l.times)
		}
		bounds := edges(times...)
		for _, l := range same {
			r := blank
			r.Engine, r.Batch = l.Engine(), int64(l.batch)
			r.Version, r.RowsPerS = l.version, float64(l.batch*l.calls)/l.wall.Seconds()
			r.LoadMS, r.MemoryBytes = milliseconds(l.took), l.memory
			if err := summarise(&r, l.times); err != nil {
				return err
			}
			r.CPUMS = math.NaN()
			if _, ok := threadTime(); ok {
				r.CPUMS = milliseconds(l.cpu) / float64(len(l.times))
			}
			var err error
			if r.Allocs, r.AllocBytes, err = l.allocations(); err != nil {
				return err
			}
			rep.Results = append(rep.Results, r)
			rep.Buckets = append(rep.Buckets, histogram(r.Engine, r.Batch, l.times, bounds)...)
		}
		for _, r := range failed {
			r.Batch = int64(same[0].batch)
			nan := math.NaN()
			r.MeanMS, r.P50MS, r.P95MS, r.P99MS, r.MinMS, r.MaxMS, r.ClockMS, r.CPUMS = nan, nan, nan, nan, nan, nan, nan, nan
			r.LoadMS, r.MemoryBytes, r.Allocs, r.AllocBytes, r.RowsPerS = nan, nan, nan, nan, nan
			rep.Results = append(rep.Results, r)
		}
	}
	return nil
}

// allocations returns the heap allocations and their bytes a call: the least of
// three counts, since the process's other goroutines are counted too.
func (l *lane) allocations() (count, size float64, err error) {
	count, size = math.Inf(1), math.Inf(1)
	n := min(l.calls, max(100/l.batch, 5))
	var before, after runtime.MemStats
	for range 3 {
		runtime.ReadMemStats(&before)
		for i := range n {
			if err := l.call(i); err != nil {
				return 0, 0, err
			}
		}
		runtime.ReadMemStats(&after)
		count = min(count, float64(after.Mallocs-before.Mallocs)/float64(n))
		size = min(size, float64(after.TotalAlloc-before.TotalAlloc)/float64(n))
	}
	return count, size, nil
}

// readingCPU returns what taking the thread's CPU time adds to it: the median
// of many.
func readingCPU() time.Duration {
	readings := make([]time.Duration, 1000)
	for i := range readings {
		before, _ := threadTime()
		after, _ := threadTime()
		readings[i] = after - before
	}
	slices.Sort(readings)
	return readings[len(readings)/2]
}

// clock returns what timing a call that does nothing gives: the median of many.
func clock() time.Duration {
	readings := make([]time.Duration, 10_000)
	for i := range readings {
		start := time.Now()
		readings[i] = time.Since(start)
	}
	slices.Sort(readings)
	return readings[len(readings)/2]
}

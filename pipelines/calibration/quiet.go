package main

import (
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/leadsman/leadsman/pipelines/calibration/traffic"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// sizes say how much is simulated.
type sizes struct {
	references  []int64 // rows of a reference
	nights      []int64 // rows of a night
	drawn       int     // references drawn of each size
	each        int     // nights judged against each of them
	calendars   int     // references that are lived with for 30 nights
	seeds       int     // of each scenario and fault
	truthRows   int64   // of which the population's figures are taken
	meanings    int     // draws of a cell of the recalibration test
	estimations int     // draws of a cell of the intervals of estimates
	others      bool    // whether rules that the policy is held against judge too: no promise is of them
	traffic     traffic.Sizes
}

var (
	full  = sizes{[]int64{100, 303, 1000, 10000}, []int64{50, 200, 1000, 10000}, 28, 3, 12, 40, 50_000, meaningDraws, 200, true, traffic.Full}
	small = sizes{[]int64{100, 303}, []int64{50, 200}, 15, 3, 2, 3, 5_000, 100, 20, false, traffic.Sizes{}}
)

// Seeds are apart for every purpose, so that no night repeats a reference.
const (
	quietReferences = 1 << 32 * (iota + 1)
	quietNights
	calendarReferences
	calendarNights
	scenarioReferences
	scenarioNights
	faultReferences
	faultNights
	inSampleNights
	againDraws
	performanceReference
	performanceNights
	performanceTruths
	multivariateNights
)

// inParallel calls do for each i below n, on all processors.
func inParallel(n int, do func(i int) error) error {
	errs := make([]error, n)
	var wait sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		free <- struct{}{}
		wait.Add(1)
		go func() {
			defer wait.Done()
			errs[i] = do(i)
			<-free
		}()
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// A cell is one size of reference and night, and the pairs of them.
type cell struct {
	view             string
	columns          int
	reference, night int64
	loud             []int // pairs at warn or above, by reference
	each             int   // pairs of each reference
	unjudged         int   // pairs at insufficient
	score, features  int   // pairs at warn or above, by area
	quality          int
	again            *cell    // the same sizes with more references, where the share is above the bar
	told             telling  // what the classifier says
	evidently        verdicts // what Evidently's defaults say of each reference's first night
}

// verdicts counts verdicts of another policy on the same pairs.
type verdicts struct{ pairs, some, whole, drifted, columns int }

func (o *verdicts) count(run *verdict.Run) {
	o.pairs++
	if run.Drifted > 0 {
		o.some++
	}
	if verdict.Reaches(run.FeatureLevel, verdict.Alert) {
		o.whole++
	}
	o.drifted += int(run.Drifted)
	o.columns += int(run.Features - run.Insufficient)
}

func (c *cell) pairs() int { return len(c.loud) * c.each }

func (c *cell) total() int {
	n := 0
	for _, k := range c.loud {
		n += k
	}
	return n
}

// quiet judges fresh nights against fresh references of the same population.
// The references of one draw share their nights, which makes the cells of a
// table depend on each other, and no pair within a cell.
func (w *world) quiet(s sizes) ([]*cell, error) {
	views := w.forms()
	var cells []*cell
	for _, v := range views {
		for _, n := range s.references {
			for _, m := range s.nights {
				cells = append(cells, &cell{view: v.name, columns: v.columns, reference: n, night: m, each: s.each, loud: make([]int, s.drawn)})
			}
		}
	}
	var mu sync.Mutex
	err := inParallel(s.drawn, func(r int) error {
		var refs []*reference
		for _, v := range views {
			for i, n := range s.references {
				ref, err := w.reference(uint64(quietReferences+r*len(s.references)+i), n, v)
				if err != nil {
					return err
				}
				refs = append(refs, ref)
			}
		}
		for k := range s.each {
			for j, m := range s.nights {
				nights, err := w.night(uint64(quietNights+(r*s.each+k)*len(s.nights)+j), m, refs)
				if err != nil {
					return err
				}
				for i, cur := range nights {
					c := cells[i*len(s.nights)+j]
					report := w.judge(refs[i], cur, policy.Calibrated)
					run := report.Run
					mu.Lock()
					c.count(r, &run)
					c.told.count(&report)
					mu.Unlock()
					if k > 0 {
						continue
					}
					run = w.judge(refs[i], cur, policy.Evidently).Run
					mu.Lock()
					c.evidently.count(&run)
					mu.Unlock()
				}
			}
		}
		return nil
	})
	return cells, err
}

func (c *cell) count(r int, run *verdict.Run) {
	switch {
	case run.Level == verdict.Insufficient:
		c.unjudged++
		return
	case !verdict.Reaches(run.Level, verdict.Warn):
		return
	}
	c.loud[r]++
	for _, area := range []struct {
		level string
		n     *int
	}{{run.ScoreLevel, &c.score}, {run.FeatureLevel, &c.features}, {run.QualityLevel, &c.quality}} {
		if verdict.Reaches(area.level, verdict.Warn) {
			*area.n++
		}
	}
}

// moreReferences are drawn for a cell that is above the bar.
const moreReferences = 150

// mostLoud is the share of false alarms that the policy may have.
const mostLoud = 0.05

func (c *cell) fault() string {
	if c.again != nil {
		return c.again.fault()
	}
	if share := float64(c.total()) / float64(c.pairs()); share > mostLoud {
		return fmt.Sprintf("%s, %d reference rows, %d rows a night: %.1f %% of %d pairs at warn or above", c.view, c.reference, c.night, 100*share, c.pairs())
	}
	return ""
}

// again draws the cells that are above the bar once more, with a fresh reference
// for every night: nights of one reference are loud together, and a few of them
// say little.
func (w *world) again(cells []*cell, references int) error {
	for i, c := range cells {
		if c.fault() == "" {
			continue
		}
		var of form
		for _, v := range w.forms() {
			if v.name == c.view {
				of = v
			}
		}
		more := &cell{view: c.view, columns: c.columns, reference: c.reference, night: c.night, each: 1, loud: make([]int, references)}
		var mu sync.Mutex
		err := inParallel(references, func(r int) error {
			seed := uint64(againDraws + 2*(i*references+r))
			ref, err := w.reference(seed, c.reference, of)
			if err != nil {
				return err
			}
			night, err := w.night(seed+1, c.night, []*reference{ref})
			if err != nil {
				return err
			}
			run := w.judge(ref, night[0], policy.Calibrated).Run
			mu.Lock()
			more.count(r, &run)
			mu.Unlock()
			return nil
		})
		if err != nil {
			return err
		}
		c.again = more
	}
	return nil
}

// interval is Wilson's at 95 %.
func interval(hits, n int) (lo, hi float64) {
	in, err := stats.Wilson(int64(hits), int64(n), 0.95)
	if err != nil {
		return 0, 1
	}
	return in.Lo, in.Hi
}

// A calendar is one reference and 30 nights of 200 rows.
type calendar struct{ ok, unjudged, loud int }

const (
	calendarRows  = 303
	calendarNight = 200
	calendarDays  = 30
	calendarOK    = 28
)

// calendars lives with references of 303 rows for 30 nights of 200.
func (w *world) calendars(s sizes) ([]calendar, error) {
	out := make([]calendar, s.calendars)
	err := inParallel(s.calendars, func(r int) error {
		ref, err := w.reference(uint64(calendarReferences+r), calendarRows, w.forms()[0])
		if err != nil {
			return err
		}
		for k := range calendarDays {
			night, err := w.night(uint64(calendarNights+r*calendarDays+k), calendarNight, []*reference{ref})
			if err != nil {
				return err
			}
			switch level := w.judge(ref, night[0], policy.Calibrated).Run.Level; {
			case level == verdict.OK:
				out[r].ok++
			case level == verdict.Insufficient:
				out[r].unjudged++
			default:
				out[r].loud++
			}
		}
		return nil
	})
	slices.SortFunc(out, func(a, b calendar) int { return a.ok - b.ok })
	return out, err
}

package traffic

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Sizes say how much is simulated.
type Sizes struct {
	Rows   [][2]int // of the reference and of a night
	Nights int      // quiet ones of a cell, by both rules
	Moved  int      // nights of a cell with two columns moved
	Months int      // references that are lived with for 28 nights, and slow drifts

	PartRows              [][2]int // as Rows, of nights that are judged by segments
	PartNights, PartMoved int      // nights of such a cell
}

// The sizes of the calibration and of a test.
var (
	Full  = Sizes{[][2]int{{303, 200}, {1000, 500}, {1000, 2000}}, 20, 10, 4, [][2]int{{1000, 2000}, {5000, 20_000}}, 40, 6}
	Small = Sizes{[][2]int{{1000, 500}}, 6, 4, 1, [][2]int{{1000, 2000}}, 4, 2}
)

const (
	quietBar   = 0.05 // share of quiet nights at notice or above
	foundBar   = 0.9  // share of moved nights at warn or above, from foundFrom rows a night on
	foundFrom  = 500
	weakBar    = 0.2 // share of features at insufficient, from weakFrom rows a night on
	weakFrom   = 2000
	partFrom   = 20_000
	monthDays  = 28
	slowRows   = 500
	slowTo     = 1.0 // standard deviations on the last day
	monthSizes = 1000
)

// A Result is what was simulated.
type Result struct {
	sizes  Sizes
	cells  []*cell
	months []*month
	slow   []*slow
	parts  []*partCell
}

// A cell is one kind of traffic at one size.
type cell struct {
	kind             *kind
	reference, night int
	quiet            count // quiet nights
	before           count // the same nights as the rule was
	moved            count // nights with two columns moved by a standard deviation
}

// A count is of nights.
type count struct {
	nights, noticed, loud int
	features, weak        int
	effective             []float64 // independent rows of the features, of the side with fewer
}

func (t *count) add(r *drift.Report) {
	t.nights++
	if verdict.Reaches(r.Run.Level, verdict.Notice) {
		t.noticed++
	}
	if verdict.Reaches(r.Run.Level, verdict.Warn) {
		t.loud++
	}
	t.features += int(r.Run.Features)
	t.weak += int(r.Run.Insufficient)
	for _, f := range r.Findings {
		if f.Check == verdict.CheckDistribution && f.Role == verdict.RoleFeature {
			ref, cur := f.EffRef, f.EffCur
			if ref != ref {
				ref = float64(f.NRef)
			}
			if cur != cur {
				cur = float64(f.NCur)
			}
			t.effective = append(t.effective, math.Min(ref, cur))
		}
	}
}

// worth is the independent rows of the column in the middle.
func (t *count) worth() float64 {
	if len(t.effective) == 0 {
		return math.NaN()
	}
	slices.Sort(t.effective)
	return t.effective[len(t.effective)/2]
}

// exempt says that a cell has too few independent rows for what is demanded of it: by
// its own measure, or by the variance of the mean of n rows that follow each other with
// the correlation φ, which is that of n(1 - φ)/(1 + φ) independent ones.
func (c *cell) exempt() bool {
	phi := c.kind.phi
	return c.quiet.worth() < policy.LeastEffective || float64(c.night)*(1-phi)/(1+phi) < policy.LeastEffective+0.5
}

// A month is 28 quiet nights against each of some references.
type month struct {
	kind  *kind
	days  int
	fresh int // findings at warn or above that were not there the night before
	loud  int
}

// slow is drift that grows over 28 nights.
type slow struct{ first [3]int } // night on which notice, warn and alert came first; 0: never

// Run simulates everything; told, which may be nil, hears of each kind.
func Run(s Sizes, told func(part string)) (*Result, error) {
	r := &Result{sizes: s}
	for i, k := range kinds() {
		if told != nil {
			told(k.name)
		}
		for j, size := range s.Rows {
			c := &cell{kind: &k, reference: size[0], night: size[1]}
			r.cells = append(r.cells, c)
			if err := c.run(s, uint64(100*i+j)); err != nil {
				return nil, fmt.Errorf("%s: %w", k.name, err)
			}
		}
	}
	if told != nil {
		told("months")
	}
	if err := r.live(); err != nil {
		return nil, err
	}
	if told != nil {
		told("segments")
	}
	return r, r.inParts()
}

func (c *cell) run(s Sizes, seed uint64) error {
	var mu sync.Mutex
	still := func(int) float64 { return 0 }
	return inParallel(s.Nights+s.Moved, func(i int) error {
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		ref, err := c.kind.referenceOf(c.kind.reference(rng, c.reference))
		if err != nil {
			return err
		}
		if i >= s.Nights {
			log := c.kind.log(rng, c.night, func(day int) float64 {
				if day == c.kind.days-1 {
					return 1
				}
				return 0
			})
			found, err := ref.judge(log, false)
			mu.Lock()
			defer mu.Unlock()
			c.moved.add(&found)
			return err
		}
		log := c.kind.log(rng, c.night, still)
		now, err := ref.judge(log, false)
		if err != nil {
			return err
		}
		before, err := ref.judge(log, true)
		mu.Lock()
		defer mu.Unlock()
		c.quiet.add(&now)
		c.before.add(&before)
		return err
	})
}

// live judges months of quiet nights, and of slow drift.
func (r *Result) live() error {
	all := kinds()
	for _, at := range []int{0, 2, len(all) - 3} { // independent rows, sessions, days that follow each other
		k := all[at]
		k.days = monthDays
		m := &month{kind: &k}
		r.months = append(r.months, m)
		for month := range r.sizes.Months {
			rng := rand.New(rand.NewPCG(uint64(9000+at), uint64(month)))
			if err := m.run(rng, k.log(rng, slowRows, func(int) float64 { return 0 })); err != nil {
				return err
			}
		}
	}
	k := all[0]
	k.days = monthDays
	for month := range r.sizes.Months {
		rng := rand.New(rand.NewPCG(9999, uint64(month)))
		s := new(slow)
		r.slow = append(r.slow, s)
		err := nights(&k, rng, k.log(rng, slowRows, func(day int) float64 { return slowTo * float64(day) / (monthDays - 1) }), func(night int, found *drift.Report) {
			for i, level := range []string{verdict.Notice, verdict.Warn, verdict.Alert} {
				if s.first[i] == 0 && verdict.Reaches(found.Run.Level, level) {
					s.first[i] = night
				}
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// nights judges each day of a log by itself, with the days before it.
func nights(k *kind, rng *rand.Rand, log []row, use func(night int, found *drift.Report)) error {
	ref, err := k.referenceOf(k.reference(rng, monthSizes))
	if err != nil {
		return err
	}
	found := make([]drift.Report, monthDays)
	err = inParallel(monthDays, func(d int) error {
		var err error
		found[d], err = ref.judge(log[:(d+1)*slowRows], false)
		return err
	})
	for d := range found {
		use(d+1, &found[d])
	}
	return err
}

func (m *month) run(rng *rand.Rand, log []row) error {
	last := map[[2]string]bool{}
	return nights(m.kind, rng, log, func(_ int, found *drift.Report) {
		m.days++
		now := map[[2]string]bool{}
		for _, f := range found.Findings {
			if verdict.Reaches(f.Level, verdict.Warn) {
				key := [2]string{f.Subject, f.Check}
				if now[key] = true; !last[key] {
					m.fresh++
				}
			}
		}
		if last = now; verdict.Reaches(found.Run.Level, verdict.Notice) {
			m.loud++
		}
	})
}

// inParallel calls do for each i below n, on all processors.
func inParallel(n int, do func(i int) error) error {
	errs := make([]error, n)
	var wait sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		free <- struct{}{}
		wait.Go(func() {
			errs[i] = do(i)
			<-free
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Broken lists the promises that were not kept. A cell breaks one where so many or more
// would come of a true rate at the bar in fewer than 1 of 200 cells.
func (r *Result) Broken() []string {
	var out []string
	for _, c := range r.cells {
		where := fmt.Sprintf("%s, %d against %d", c.kind.name, c.night, c.reference)
		if beyond(c.quiet.noticed, c.quiet.nights, quietBar) {
			out = append(out, fmt.Sprintf("%s: %d of %d quiet nights at notice or above", where, c.quiet.noticed, c.quiet.nights))
		}
		if c.exempt() {
			continue
		}
		if c.night >= foundFrom && beyond(c.moved.nights-c.moved.loud, c.moved.nights, 1-foundBar) {
			out = append(out, fmt.Sprintf("%s: two columns that moved are loud on %d of %d nights", where, c.moved.loud, c.moved.nights))
		}
		if c.night >= weakFrom && !c.kind.again && float64(c.quiet.weak) > weakBar*float64(c.quiet.features) {
			out = append(out, fmt.Sprintf("%s: %d of %d features could not be judged", where, c.quiet.weak, c.quiet.features))
		}
	}
	for _, c := range r.parts {
		out = append(out, c.broken()...)
	}
	for _, s := range r.slow {
		if s.first[1] == 0 {
			out = append(out, "drift that grew to a standard deviation over 28 nights was not found")
		}
	}
	return out
}

// beyond says whether k of n are too many for a rate.
func beyond(k, n int, rate float64) bool {
	tail := 0.0
	for i := k; i <= n; i++ {
		lg := func(x int) float64 { v, _ := math.Lgamma(float64(x + 1)); return v }
		tail += math.Exp(lg(n) - lg(i) - lg(n-i) + float64(i)*math.Log(rate) + float64(n-i)*math.Log1p(-rate))
	}
	return k > 0 && tail < 0.005
}

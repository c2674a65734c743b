package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/outcome/binary"
)

// An estimation is one cell of the table of estimates: of how many logs a 95 %
// interval holds what their outcomes then gave, by metric.
type estimation struct {
	population, state string
	reference         int
	draws             int
	holds             map[string]int
	byNannyML         int // of the ROC AUC, by the interval that the reference's spread of one class gives
	off               float64
	narrow            int // intervals of width 0
}

const (
	estimationRows = 1000
	estimationSeed = 20261202
	leastHeld      = 0.93 // of the intervals of a population's ROC AUC, over all states and references
	mostHeld       = 0.97
)

var estimationSizes = []int{1000, 5000}

// estimationMetrics are those of the table.
var estimationMetrics = []string{"roc_auc", "average_precision", "accuracy", "precision", "recall", "specificity", "f1", "positive_rate"}

func estimations(s sizes) ([]*estimation, error) {
	var cells []*estimation
	var do []func()
	for i := range binaries {
		p := &binaries[i]
		threshold := 0.5
		if strings.HasPrefix(p.name, "rare") {
			threshold = 0.05
		}
		for _, state := range states {
			for _, reference := range estimationSizes {
				e := &estimation{population: p.name, state: state.name, reference: reference, draws: s.estimations, holds: map[string]int{}}
				cells = append(cells, e)
				r := rand.New(rand.NewPCG(estimationSeed, uint64(len(cells))))
				do = append(do, func() {
					for range e.draws {
						e.add(p.draw(r, reference, states[0], nil), p.draw(r, estimationRows, state, nil), threshold)
					}
				})
			}
		}
	}
	return cells, inParallel(len(do), func(i int) error { do[i](); return nil })
}

func (e *estimation) add(ref, cur []binary.Tally, threshold float64) {
	truth := binary.Figures(cur, threshold)
	_, spread := binary.AUC(ref)
	for _, x := range binary.Estimates(ref, cur, threshold) {
		if !slices.Contains(estimationMetrics, x.Metric) {
			continue
		}
		is := truth[x.Metric]
		if x.Lo <= is && is <= x.Hi || math.IsNaN(is) {
			e.holds[x.Metric]++
		}
		if !(x.Hi > x.Lo) {
			e.narrow++
		}
		if x.Metric == "roc_auc" {
			e.off += (x.Value - is) / float64(e.draws)
			if math.Abs(x.Value-is) <= 1.96*math.Hypot(x.SamplingError, spread) {
				e.byNannyML++
			}
		}
	}
}

// estimationFaults are the promises that were not kept.
func (r *results) estimationFaults() []string {
	var out []string
	for _, p := range binaries {
		held, draws := 0, 0
		for _, e := range r.estimations {
			if e.population != p.name {
				continue
			}
			held, draws = held+e.holds["roc_auc"], draws+e.draws
			if e.narrow > 0 {
				out = append(out, fmt.Sprintf("estimates: %s, scores %s: %d intervals without width", e.population, e.state, e.narrow))
			}
		}
		if lo, hi := interval(held, draws); draws > 0 && (hi < leastHeld || lo > mostHeld) {
			out = append(out, fmt.Sprintf("estimates: %s: %s %% of the intervals of the ROC AUC hold what outcomes gave", p.name, percent(held, draws)))
		}
	}
	return out
}

func (r *results) estimationSection(b *strings.Builder) {
	fmt.Fprintf(b, `
## Estimates without outcomes: their intervals

Share of %d draws a cell in which the 95 %% interval of an estimate holds what the outcomes of the same %d rows gave. Every metric's, and of the ROC AUC also by the
interval that it is held against: the spread of the rarer class in the reference alone, as NannyML takes it, and the reference's own error. "Off" is the mean of estimated less realised ROC AUC. The bar is %.0f to %.0f %% of the intervals of a population's ROC AUC, over all its lines.
`+"`go run ./pipelines/calibration -only estimates`"+` prints this section.

| outcomes | scores | reference | ROC AUC, %% | as NannyML, %% | off | average precision, %% | accuracy, %% | precision, %% | recall, %% | specificity, %% | F1, %% | share of positives, %% |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
`, r.sizes.estimations, estimationRows, 100*leastHeld, 100*mostHeld)
	for _, p := range binaries {
		held, nannyML, draws := 0, 0, 0
		for _, e := range r.estimations {
			if e.population != p.name {
				continue
			}
			held, nannyML, draws = held+e.holds["roc_auc"], nannyML+e.byNannyML, draws+e.draws
			fmt.Fprintf(b, "| %s | %s | %d | %s | %s | %+.4f |", e.population, e.state, e.reference, percent(e.holds["roc_auc"], e.draws), percent(e.byNannyML, e.draws), e.off)
			for _, m := range estimationMetrics[1:] {
				fmt.Fprintf(b, " %s |", percent(e.holds[m], e.draws))
			}
			b.WriteString("\n")
		}
		fmt.Fprintf(b, "| %s | all | | **%s** | %s | | | | | | | | |\n", p.name, percent(held, draws), percent(nannyML, draws))
	}
}

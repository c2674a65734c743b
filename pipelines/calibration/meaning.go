package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/outcome/binary"
)

// A meaning is one cell of the tables of the recalibration test: draws of one
// population, and how many of them each rule rejects.
type meaning struct {
	population, state, change string
	reference, rows           int
	draws, rejected, byRatio  int
	unjudged                  int // draws in which too many rows lie where the reference has none
}

const (
	meaningAlpha  = 0.01
	meaningDraws  = 400
	meaningSeed   = 20261201
	fewDraws      = 400
	mostRejected  = 0.02 // share of quiet draws; 1 % nominally
	leastRejected = 0.9  // share of draws with a change that the table is of, at 1000 rows
)

// changes are what may become of the meaning of a score.
var changes = []struct {
	name   string
	change func(p *twoKinds) func(r *rand.Rand, score, chance float64) float64
}{
	{"none", func(*twoKinds) func(*rand.Rand, float64, float64) float64 { return nil }},
	{"80 % of outcomes random, mean kept", func(p *twoKinds) func(*rand.Rand, float64, float64) float64 {
		mean := p.mean()
		return func(r *rand.Rand, _, chance float64) float64 {
			if r.Float64() < 0.8 {
				return mean
			}
			return chance
		}
	}},
	{"half of the positives lost", func(*twoKinds) func(*rand.Rand, float64, float64) float64 {
		return func(_ *rand.Rand, _, chance float64) float64 { return chance / 2 }
	}},
	{"odds doubled", func(*twoKinds) func(*rand.Rand, float64, float64) float64 {
		return func(_ *rand.Rand, _, chance float64) float64 { return 2 * chance / (1 + chance) }
	}},
}

// mean is the share of positives where nothing shifted.
func (p *twoKinds) mean() float64 {
	r := rand.New(rand.NewPCG(meaningSeed, 0))
	sum := 0.0
	const n = 20000
	for range n {
		sum += p.truth(beta(r, p.scores[0], p.scores[1]))
	}
	return sum / n
}

// meanings draws all cells.
func meanings(s sizes) ([]*meaning, error) {
	var cells []*meaning
	var do []func() error
	for i := range binaries {
		p := &binaries[i]
		for k, state := range states {
			for _, size := range [][2]int{{303, 500}, {1000, 1000}} {
				for h, c := range changes {
					if h > 0 && k > 0 {
						continue
					}
					m := &meaning{population: p.name, state: state.name, change: c.name, reference: size[0], rows: size[1], draws: s.meanings}
					if h > 0 {
						m.draws /= 2
					}
					cells = append(cells, m)
					change := c.change(p)
					r := rand.New(rand.NewPCG(meaningSeed, uint64(len(cells))))
					do = append(do, func() error {
						for range m.draws {
							ref, cur := p.draw(r, m.reference, states[0], nil), p.draw(r, m.rows, state, change)
							c := binary.Recalibration(ref, cur)
							if c.P < meaningAlpha {
								m.rejected++
							}
							if c.Left > outcome.MostLeft {
								m.unjudged++
							}
							if s.others && likelihoodRatio(ref, cur) < meaningAlpha {
								m.byRatio++
							}
						}
						return nil
					})
				}
			}
		}
	}
	return cells, inParallel(len(do), func(i int) error { return do[i]() })
}

// fault is the promise that was not kept.
func (m *meaning) fault() string {
	share := float64(m.rejected) / float64(m.draws)
	lo, hi := interval(m.rejected, m.draws)
	if m.draws < fewDraws { // of so many cells some are far off by chance
		lo -= mostRejected
	}
	switch {
	case m.change == "none" && lo > mostRejected:
		return fmt.Sprintf("recalibration: %s, scores %s, %d against %d rows: rejected on %.1f %% of quiet draws", m.population, m.state, m.rows, m.reference, 100*share)
	case m.change != "none" && m.rows == 1000 && hi < leastRejected && !strings.HasPrefix(m.population, "rare"):
		return fmt.Sprintf("recalibration: %s, %s, %d against %d rows: found on %.1f %% of draws", m.population, m.change, m.rows, m.reference, 100*share)
	}
	return ""
}

func (r *results) meaningSection(b *strings.Builder) {
	fmt.Fprintf(b, `
## What a score means: the recalibration test

Share of draws in which each rule rejects at %g %%: the stratified test (Cochran, Mantel and Haenszel, two degrees of freedom) that leadsman judges by, and on
the same draws a likelihood ratio of logistic regressions, two against one. Quiet: the outcomes follow the scores as in the reference, and only the scores may
shift; %d draws a cell, and the bar is %g %%. "Left out" is the share of draws of which more than %g %% of the rows lie where the reference has no scores, so that nothing is
judged. `+"`go run ./pipelines/calibration -only meaning`"+` prints this section.

| outcomes | scores | reference | rows | stratified, %% | likelihood ratio, %% | left out, %% |
|---|---|---|---|---|---|---|
`, 100*meaningAlpha, r.sizes.meanings, 100*mostRejected, 100*outcome.MostLeft)
	worst, worstRatio := 0.0, 0.0
	for _, m := range r.meanings {
		if m.change == "none" {
			fmt.Fprintf(b, "| %s | %s | %d | %d | %s | %s | %s |\n", m.population, m.state, m.reference, m.rows, percent(m.rejected, m.draws), r.sizes.other(m.byRatio, m.draws), percent(m.unjudged, m.draws))
			worst, worstRatio = math.Max(worst, float64(m.rejected)/float64(m.draws)), math.Max(worstRatio, float64(m.byRatio)/float64(m.draws))
		}
	}
	if r.sizes.others {
		fmt.Fprintf(b, "\nThe worst cell of the stratified test is at %.1f %%, that of the likelihood ratio at %.1f %%.\n", 100*worst, 100*worstRatio)
	}
	b.WriteString(`
With a change of meaning, the scores distributed as they were:

| outcomes | change | reference | rows | stratified, % | likelihood ratio, % |
|---|---|---|---|---|---|
`)
	for _, m := range r.meanings {
		if m.change != "none" {
			fmt.Fprintf(b, "| %s | %s | %d | %d | %s | %s |\n", m.population, m.change, m.reference, m.rows, percent(m.rejected, m.draws), r.sizes.other(m.byRatio, m.draws))
		}
	}
}

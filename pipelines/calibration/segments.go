package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/leadsman/leadsman/pkg/verdict"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/sim"
	"github.com/leadsman/leadsman/pkg/table"
)

// segmentSeeds are apart from all others.
const segmentSeeds = 1 << 40

var (
	segmentColumns    = []string{"llm_business_type", "llm_seniority", "companysize"}
	segmentReferences = []int64{303, 1000}
	segmentNights     = []int64{500, 2000}
)

// A segmentCell is one size of reference and night, judged by segments.
type segmentCell struct {
	reference, night int64
	pairs            int

	// No drift, by all columns.
	loud             int // pairs with a segment at warn or above
	segments, judged int

	// The scenario in one segment, by its column.
	found, unjudged  int // the segment is at warn for the column that was changed; is insufficient
	elsewhere, whole int // another segment is at warn; all rows are, for the column

	// Another mix of llm_seniority, by it.
	moved, told int // the scores of all rows are at warn; of these pairs, the mix was told as the reason
	inside      int // a segment is at warn
}

const shiftIn = "segment-shift"

// bySegments draws references and nights, and judges all pairs of a draw: nights
// without drift, with one inside a segment, and with another mix of segments.
func (w *world) bySegments(s sizes) ([]*segmentCell, error) {
	scenario, err := w.drifts.Named(shiftIn)
	if err != nil {
		return nil, err
	}
	var cells []*segmentCell
	for _, n := range segmentReferences {
		for _, m := range segmentNights {
			cells = append(cells, &segmentCell{reference: n, night: m, pairs: s.seeds})
		}
	}
	of := w.forms()[0]
	var mu sync.Mutex
	return cells, inParallel(s.seeds, func(k int) error {
		seed := uint64(segmentSeeds + 16*k)
		next := func() uint64 { seed++; return seed }
		var refs []*reference
		for _, n := range segmentReferences {
			ref, err := w.reference(next(), n, of)
			if err != nil {
				return err
			}
			refs = append(refs, ref)
		}
		for j, m := range segmentNights {
			quiet, err := w.nightOf(next(), m, nil, refs, nil)
			if err != nil {
				return err
			}
			shifted, err := w.nightOf(next(), m, scenario, refs, nil)
			if err != nil {
				return err
			}
			// Of Entry and Mid one row in ten is left.
			thin := rand.New(rand.NewPCG(next(), 0))
			mixed, err := w.nightOf(next(), 2*m, nil, refs, func(seniority string) bool {
				return seniority != "Entry" && seniority != "Mid" || thin.IntN(10) == 0
			})
			if err != nil {
				return err
			}
			for i, ref := range refs {
				c := cells[i*len(segmentNights)+j]
				a, err := w.judgeBy(ref, quiet[i], segmentColumns...)
				if err != nil {
					return err
				}
				b, err := w.judgeBy(ref, shifted[i], scenario.Segment)
				if err != nil {
					return err
				}
				d, err := w.judgeBy(ref, mixed[i], "llm_seniority")
				if err != nil {
					return err
				}
				mu.Lock()
				c.quiet(&a)
				c.shifted(&b, scenario)
				c.mixed(&d)
				mu.Unlock()
			}
		}
		return nil
	})
}

// nightOf draws a night, of which rows are kept by their seniority; keep may be
// nil.
func (w *world) nightOf(seed uint64, rows int64, s *sim.Scenario, refs []*reference, keep func(seniority string) bool) ([]*tally.Profile, error) {
	profiles := make([]*tally.Profile, len(refs))
	for i, ref := range refs {
		profiles[i] = tally.New(ref.plan, view.Period{})
	}
	return profiles, w.predictions(seed, rows, s, day, func(rec arrow.RecordBatch) error {
		if keep == nil {
			for _, p := range profiles {
				if err := p.AddRows(rec); err != nil {
					return err
				}
			}
			return nil
		}
		text, ok := table.Strings(rec.Column(rec.Schema().FieldIndices("llm_seniority")[0]))
		if !ok {
			return fmt.Errorf("llm_seniority holds no text")
		}
		for i := range rec.NumRows() {
			if !keep(text(int(i))) {
				continue
			}
			row := rec.NewSlice(i, i+1)
			for _, p := range profiles {
				if err := p.AddRows(row); err != nil {
					return err
				}
			}
			row.Release()
		}
		return nil
	})
}

// judgeBy is judge, by segments as well.
func (w *world) judgeBy(ref *reference, cur *tally.Profile, columns ...string) (drift.Report, error) {
	o := drift.Options{Threshold: w.config.Plan.Threshold, PositiveLabel: w.config.Plan.PositiveLabel}
	for _, c := range columns {
		split, err := tally.Segments(ref.profile, cur, c, 5)
		if err != nil {
			return drift.Report{}, err
		}
		o.Segments = append(o.Segments, split)
	}
	seen := cur.View()
	seen.Sample = nil // the features together are no matter here
	return drift.Compare(ref.view, seen, o), nil
}

func (c *segmentCell) quiet(r *drift.Report) {
	loud := false
	for _, s := range r.Segments {
		if s.Name == "" {
			continue
		}
		c.segments++
		if s.Level != verdict.Insufficient {
			c.judged++
		}
		loud = loud || verdict.Reaches(s.Level, verdict.Warn)
	}
	if loud {
		c.loud++
	}
}

func (c *segmentCell) shifted(r *drift.Report, scenario *sim.Scenario) {
	want := scenario.Must[0]
	level := func(segment string) string {
		for _, f := range r.Findings {
			if f.Segment == segment && f.Subject == want.Subject && f.Check == want.Check {
				return f.Level
			}
		}
		return ""
	}
	elsewhere := false
	for _, s := range r.Segments {
		switch name := s.Column + "=" + s.Name; {
		case s.Name == "":
		case name != want.Segment:
			elsewhere = elsewhere || verdict.Reaches(s.Level, verdict.Warn)
		case verdict.Reaches(level(name), want.Level):
			c.found++
		case s.Level == verdict.Insufficient:
			c.unjudged++
		}
	}
	if elsewhere {
		c.elsewhere++
	}
	if verdict.Reaches(level(""), verdict.Warn) {
		c.whole++
	}
}

func (c *segmentCell) mixed(r *drift.Report) {
	inside := false
	for _, s := range r.Segments {
		inside = inside || s.Name != "" && verdict.Reaches(s.Level, verdict.Warn)
		if s.Name == "" && verdict.Reaches(r.Run.ScoreLevel, verdict.Warn) {
			c.moved++
			// A mix that is withheld is told in words alone, and only where it explains.
			if (s.Reason == verdict.SegmentMix || s.Reason == verdict.SegmentPartlyMix) && !(math.Abs(s.Mix) < 0.8*math.Abs(s.ScoreCur-s.ScoreRef)) {
				c.told++
			}
		}
	}
	if inside {
		c.inside++
	}
}

// faults are the promises that the segments did not keep.
func (c *segmentCell) faults() []string {
	var out []string
	note := func(broken bool, what string, hits, n int) {
		if broken {
			out = append(out, fmt.Sprintf("segments, %d reference rows, %d rows a night: %s in %d of %d", c.reference, c.night, what, hits, n))
		}
	}
	most := func(n int) int { return int(mostLoud * float64(n)) }
	note(c.loud > most(c.pairs), "a segment at warn without drift", c.loud, c.pairs)
	missed := c.pairs - c.found - c.unjudged
	note(missed > most(c.pairs), shiftIn+" was not found, nor said to be too small to see,", missed, c.pairs)
	note(c.inside > most(c.pairs), "a segment at warn when only the mix had changed", c.inside, c.pairs)
	note(c.moved-c.told > most(c.pairs), "the mix was not told as the reason", c.moved-c.told, c.moved)
	return out
}

func (r *results) segmentSection(b *strings.Builder) {
	fmt.Fprintf(b, `
## Segments

%d draws of a reference and a night of each size, each night judged against both references. *No drift*: by %s together;
the bar is 5 %% of pairs with a segment at warn or above, where the segments' share of the policy's 5 %% is 0.25 %%. *Inside one segment*: the scenario
`+"`%s`"+`, by its column; found means that its segment is at warn for the column that was changed, too few rows that the segment is
`+"`insufficient`"+` and says the smallest effect that it would have shown; the bar is 95 %% for the two together. *Mix*: of the rows
whose llm_seniority is Entry or Mid nine in ten are left out, so the scores rise, and inside every seniority they are as ever; the bars are 5 %% of
pairs with a segment at warn, and 95 %% of the moved scores explained by the mix.

| reference rows | rows a night | no drift: a segment at warn, %% | interval | segments judged, %% | inside one: found, %% | too few rows, %% | another segment, %% | all rows, %% | mix: scores moved, %% | explained, %% of these | a segment at warn, %% |
|---|---|---|---|---|---|---|---|---|---|---|---|
`, r.sizes.seeds, strings.Join(segmentColumns, ", "), shiftIn)
	loud, pairs := 0, 0
	for _, c := range r.segments {
		n := c.pairs
		fmt.Fprintf(b, "| %d | %d | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", c.reference, c.night,
			percent(c.loud, n), within(c.loud, n), percent(c.judged, c.segments),
			percent(c.found, n), percent(c.unjudged, n), percent(c.elsewhere, n), percent(c.whole, n),
			percent(c.moved, n), percent(c.told, c.moved), percent(c.inside, n))
		loud, pairs = loud+c.loud, pairs+c.pairs
	}
	fmt.Fprintf(b, "\nAll sizes without drift: a segment at warn or above in %s %% (%s) of %d pairs.\n", percent(loud, pairs), within(loud, pairs), pairs)
}

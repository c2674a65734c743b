package traffic

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// partSample is how many rows the profiles of parts keep, so that segments are judged by
// what was counted and not by sampled rows.
const partSample = 256

// Segments of partColumns are judged; in partMoved two columns are a standard deviation
// higher.
var partColumns = []string{"plan", "source"}

const partMoved = "free"

// A partCell is one kind of traffic at one size, judged by segments.
type partCell struct {
	kind             *kind
	reference, night int
	nights, loud     int // quiet nights, and those with a segment at warn or above
	segments, judged int
	moved, found     int // nights with two columns moved in one segment; that segment is at warn for both
	elsewhere        int // another segment of the column is
	counted, rows    int64
}

// parts judges quiet and moved nights by segments.
func (r *Result) inParts() error {
	all := kinds()
	for i, at := range []int{0, 2, 3, 4, 5, 6} { // independent rows, sessions, repeats that nobody tells
		k := &all[at]
		for j, size := range r.sizes.PartRows {
			c := &partCell{kind: k, reference: size[0], night: size[1]}
			r.parts = append(r.parts, c)
			var mu sync.Mutex
			if err := inParallel(r.sizes.PartNights+r.sizes.PartMoved, func(n int) error {
				rng := rand.New(rand.NewPCG(uint64(7000+100*i+j), uint64(n)))
				ref, err := k.referenceBy(k.reference(rng, c.reference), partSample, partColumns...)
				if err != nil {
					return err
				}
				log := k.log(rng, c.night, func(int) float64 { return 0 })
				moved := n >= r.sizes.PartNights
				for i := range log {
					if moved && log[i].Plan == partMoved {
						log[i].N0, log[i].N1 = log[i].N0+1, log[i].N1+1
					}
				}
				found, err := ref.judgeBy(log)
				if err != nil {
					return err
				}
				mu.Lock()
				defer mu.Unlock()
				c.add(found, moved)
				return nil
			}); err != nil {
				return fmt.Errorf("segments, %s: %w", k.name, err)
			}
		}
	}
	return nil
}

// judgeBy judges all rows of a log by segments, too.
func (ref *reference) judgeBy(rows []row) (*drift.Report, error) {
	f := tally.New(ref.plan, ref.profile.Period())
	rec := ref.kind.encode("predictions", rows)
	defer rec.Release()
	if err := f.AddRows(rec); err != nil {
		return nil, err
	}
	var o drift.Options
	for _, column := range partColumns {
		split, err := tally.Segments(ref.profile, f, column, 0)
		if err != nil {
			return nil, err
		}
		o.Segments = append(o.Segments, split)
	}
	now := f.View()
	now.Sample = nil // the features together are no matter here
	r := drift.Compare(ref.profile.View(), now, o)
	return &r, nil
}

func (c *partCell) add(r *drift.Report, moved bool) {
	loud, found, elsewhere := false, 0, false
	for _, f := range r.Findings {
		if f.Segment == "plan="+partMoved && (f.Subject == "n0" || f.Subject == "n1") && verdict.Reaches(f.Level, verdict.Warn) {
			found++
		}
	}
	for _, s := range r.Segments {
		if s.Name == "" {
			continue
		}
		loud = loud || verdict.Reaches(s.Level, verdict.Warn)
		if moved {
			elsewhere = elsewhere || s.Column == "plan" && s.Name != partMoved && verdict.Reaches(s.Level, verdict.Warn)
			continue
		}
		// Those of rare values are no one value's, and looked at in the sample.
		if s.Reason != verdict.SegmentPooled && s.Name != view.OtherPart {
			c.counted, c.rows = c.counted+s.LookedAt, c.rows+s.Of
		}
		if c.segments++; s.Level != verdict.Insufficient {
			c.judged++
		}
	}
	switch {
	case !moved:
		c.nights++
		if loud {
			c.loud++
		}
	default:
		c.moved++
		if found == 2 {
			c.found++
		}
		if elsewhere {
			c.elsewhere++
		}
	}
}

// broken are the promises about segments that were not kept.
func (c *partCell) broken() (out []string) {
	where := fmt.Sprintf("segments, %s, %d against %d", c.kind.name, c.night, c.reference)
	if beyond(c.loud, c.nights, quietBar) {
		out = append(out, fmt.Sprintf("%s: %d of %d quiet nights with a segment at warn or above", where, c.loud, c.nights))
	}
	if beyond(c.elsewhere, c.moved, quietBar) {
		out = append(out, fmt.Sprintf("%s: %d of %d moved nights are loud in a segment where nothing moved", where, c.elsewhere, c.moved))
	}
	if !c.kind.again && c.night >= partFrom && beyond(c.moved-c.found, c.moved, 1-foundBar) {
		out = append(out, fmt.Sprintf("%s: what moved in a segment is found on %d of %d nights", where, c.found, c.moved))
	}
	if c.counted != c.rows {
		out = append(out, fmt.Sprintf("%s: %d of %d rows were looked at", where, c.counted, c.rows))
	}
	return out
}

func (r *Result) documentParts(b *strings.Builder) {
	fmt.Fprintf(b, `### By segments

The same kinds of traffic with segments of two columns, of four and twelve values, judged by counts of all their rows: profiles keep %d rows here, so that
no sample holds them all. A segment is loud at warn or above; the bar is %g %% of quiet nights with one. Moved: two of nine columns by a standard
deviation, in one segment of %.0f %% of the rows; found is both in that segment, on %g %% of nights from %d rows on where the leads of the reference do not
come again.

| traffic | reference rows | rows a night | quiet nights | with a loud segment, %% | segments judged, %% | moved nights | found, %% | another segment loud, %% |
|---|---|---|---|---|---|---|---|---|
`, partSample, 100*quietBar, 40., 100*foundBar, partFrom)
	for _, c := range r.parts {
		fmt.Fprintf(b, "| %s | %d | %d | %d | %s | %s | %d | %s | %s |\n", c.kind.name, c.reference, c.night, c.nights, percent(c.loud, c.nights),
			percent(c.judged, c.segments), c.moved, percent(c.found, c.moved), percent(c.elsewhere, c.moved))
	}
	b.WriteString("\n")
}

package sim

import (
	"fmt"
	"io"
	"strconv"
	"time"
)

// Knowledge says how outcomes come to be known, besides what the scenario says.
type Knowledge struct {
	Delay   time.Duration // mean of the time to it, exponentially distributed; 0: the scenario's
	Until   time.Time     // later outcomes are blank; zero: the scenario's, if it has a delay
	Redrawn float64       // share of outcomes that have nothing to do with their row: concept drift; 0: the scenario's

	// Selected is the share of rows whose outcome is asked for, more of those that
	// are likely to be positive, as when only promising leads are called; 0: the
	// scenario's, else all.
	Selected float64
}

// settled puts in what the scenario says of what was left out.
func (k Knowledge) settled(s *Scenario, c *clock) Knowledge {
	if k.Delay == 0 {
		k.Delay = time.Duration(s.delay * float64(c.period))
	}
	if k.Until.IsZero() && s.delay > 0 {
		k.Until = c.start.Add(c.period)
	}
	if k.Redrawn == 0 {
		k.Redrawn = s.redrawn
	}
	if k.Selected == 0 {
		k.Selected = s.selected
	}
	return k
}

// Outcomes writes, as CSV, what became of the rows of Predictions with the same
// options: the id or, without one, the timestamp of each; the outcome that the
// population drew for it, as 0 or 1, or its class; and when it was known. Redrawn outcomes are
// positive, or of a class, as often as the others were among the rows before them.
func Outcomes(w io.Writer, src *Population, o Options, k Knowledge) error {
	c, err := o.clock()
	if err != nil {
		return err
	}
	p, err := o.scenario().plan(src.Names())
	if err != nil {
		return err
	}
	from, err := o.source(src)
	if err != nil {
		return err
	}
	k = k.settled(p.Scenario, c)
	key := o.ID
	if key == "" {
		key = "timestamp"
	}
	if _, err := fmt.Fprintf(w, "%s,outcome,observed_at\n", key); err != nil {
		return err
	}
	return inOrder(w, c.rows, o.Progress, func(chunk int64, dst []byte) ([]byte, error) {
		calls, _, _ := c.calls(chunk, p.Scenario)
		drawer := from.rows(stream(c.seed, "rows", chunk))
		nudges := make([]nudge, len(p.names))
		extra := stream(c.seed, "changes", chunk)
		later, lost, asked := stream(c.seed, "outcomes", chunk), stream(c.seed, "lost", chunk), stream(c.seed, "asked", chunk)
		kinds := []string{"0", "1"}
		if len(o.Classes) > 0 {
			kinds = o.Classes
		}
		classes, spare := stream(c.seed, "classes", chunk), make([]float64, len(kinds))
		came, seen := make([]float64, len(kinds)), float64(len(kinds))
		for k := range came {
			came[k] = 1
		}
		for _, one := range calls {
			strength := p.strength(c, one.at)
			for i := one.first; i < one.first+one.rows; i++ {
				// The same numbers are drawn as for the log.
				row := p.draw(drawer, extra, strength, nudges)
				p.change(row.values, chunk*chunkRows+int64(i), c.rows, strength, extra.Float64)
				own := 0
				switch {
				case len(o.Classes) > 0:
					own = o.Classes.draw(classes, row.chance, spare)
				case row.outcome:
					own = 1
				}
				y := own
				redraw, u := later.Float64() < k.Redrawn, later.Float64()
				if redraw {
					y = redrawn(u, came, seen)
				}
				if y == len(kinds)-1 && lost.Float64() < p.lost {
					y = 0
				}
				seen++
				came[own]++
				if k.Selected > 0 && asked.Float64() >= k.Selected*row.chance/src.outcome.share {
					continue
				}
				at := c.start.Add(one.at)
				known := at.Add(time.Duration(later.ExpFloat64() * float64(k.Delay)))
				dst = appendOutcome(dst, o.ID, rowID(chunk, i), at, known, kinds[y], k.Until)
			}
		}
		return dst, nil
	})
}

// redrawn is one of the last kinds first, each as often as it came among those seen.
func redrawn(u float64, came []float64, seen float64) int {
	sum := 0.0
	for k := len(came) - 1; k > 0; k-- {
		if sum += came[k] / seen; u < sum {
			return k
		}
	}
	return 0
}

func appendOutcome(dst []byte, column, id string, at, known time.Time, outcome string, until time.Time) []byte {
	stamp := func(t time.Time) { dst = t.UTC().Truncate(time.Microsecond).AppendFormat(dst, time.RFC3339Nano) }
	if column != "" {
		dst = append(dst, id...)
	} else {
		stamp(at)
	}
	if !until.IsZero() && known.After(until) {
		return append(dst, ",,\n"...)
	}
	dst = append(dst, ',')
	dst = append(dst, outcome...)
	dst = append(dst, ',')
	stamp(known)
	return append(dst, '\n')
}

// rowID identifies row i of a chunk.
func rowID(chunk int64, i int) string {
	return "L" + strconv.FormatInt(100_000_000+chunk*chunkRows+int64(i), 10)
}

// entityID names entity k of a chunk, that of row i by itself where k is 0.
func entityID(chunk int64, i, k int) string {
	if k == 0 {
		return "S" + strconv.FormatInt(100_000_000+chunk*chunkRows+int64(i), 10)
	}
	return "E" + strconv.FormatInt(100_000_000+chunk*chunkRows+int64(k), 10)
}

package read

import (
	"cmp"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
)

const (
	strayShare = 0.01           // of a log's rows, below which the newest may be strays
	strayGap   = 25 * time.Hour // that they are after all others, as view.DropStrays has it
	strayFold  = 2              // times the longest gap before it that theirs is
	endDays    = 4096           // newest days that are told apart
)

// A LogEnd finds where a log ends: at its newest timestamp, unless a clock was
// wrong. Memory is bounded.
type LogEnd struct {
	rows int64
	days map[int64]logDay // by UTC day
}

type logDay struct{ rows, oldest, newest int64 }

// Add reads the timestamps of a batch of a log.
func (e *LogEnd) Add(rec arrow.RecordBatch) error {
	read, err := Times(rec, FixedOf(rec.Schema(), "", "").At)
	if err != nil {
		return err
	}
	if e.days == nil {
		e.days = make(map[int64]logDay)
	}
	for i := range int(rec.NumRows()) {
		at, timed := read(i)
		if !timed {
			continue
		}
		e.rows++
		key := FloorDiv(at, (24 * time.Hour).Microseconds())
		d, known := e.days[key]
		if !known {
			d.oldest, d.newest = at, at
		}
		e.days[key] = logDay{d.rows + 1, min(d.oldest, at), max(d.newest, at)}
		if len(e.days) > 2*endDays {
			for _, old := range e.sorted()[endDays:] {
				delete(e.days, old)
			}
		}
	}
	return nil
}

// sorted returns the days, the newest first.
func (e *LogEnd) sorted() []int64 {
	list := make([]int64, 0, len(e.days))
	for day := range e.days {
		list = append(list, day)
	}
	slices.SortFunc(list, func(a, b int64) int { return cmp.Compare(b, a) })
	return list
}

// At returns the end of the log, the zero time without timestamps. Rows that are fewer
// than one in a hundred, and after a gap of more than 25 hours that is twice as long as
// any before it, come after the end; strays is their number.
func (e *LogEnd) At() (end time.Time, strays int64) {
	days := e.sorted()
	longest := make([]int64, len(days)+1) // gap between days from each on, and older ones
	for i := len(days) - 2; i >= 0; i-- {
		longest[i] = max(longest[i+1], e.days[days[i]].oldest-e.days[days[i+1]].newest)
	}
	var newer int64 // rows of the days before this one in the list
	for i, day := range days {
		d := e.days[day]
		if i == 0 {
			end = time.UnixMicro(d.newest).UTC()
		} else if float64(newer) >= strayShare*float64(e.rows) {
			break
		} else if gap := e.days[days[i-1]].oldest - d.newest; gap > strayGap.Microseconds() && gap > strayFold*longest[i] {
			end, strays = time.UnixMicro(d.newest).UTC(), newer
		}
		newer += d.rows
	}
	return end, strays
}

// FloorDiv returns a/b rounded down; b is positive.
func FloorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

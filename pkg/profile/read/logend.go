package read

import (
	"cmp"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
)

const (
	strayShare = 0.01                // of a log's rows, below which the newest may be strays
	strayGap   = 30 * 24 * time.Hour // that they are after all others
	endDays    = 4096                // newest days that are told apart
)

// A LogEnd finds where a log ends: at its newest timestamp, unless a clock was
// wrong. Memory is bounded.
type LogEnd struct {
	rows int64
	days map[int64]logDay // by UTC day
}

type logDay struct{ rows, newest int64 }

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
			d.newest = at
		}
		e.days[key] = logDay{d.rows + 1, max(d.newest, at)}
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

// At returns the end of the log, the zero time without timestamps. Rows that
// are fewer than one in a hundred, and more than 30 days after all others, come
// after the end; strays is their number.
func (e *LogEnd) At() (end time.Time, strays int64) {
	var newer int64 // rows of the days before this one in the list
	var after logDay
	for i, day := range e.sorted() {
		d := e.days[day]
		if i == 0 {
			end = time.UnixMicro(d.newest).UTC()
		} else if float64(newer) >= strayShare*float64(e.rows) {
			break
		} else if after.newest-d.newest > strayGap.Microseconds() {
			end, strays = time.UnixMicro(d.newest).UTC(), newer
		}
		newer += d.rows
		after = d
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

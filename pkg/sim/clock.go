package sim

import (
	"errors"
	"math"
	"math/rand/v2"
	"sort"
	"time"
)

// weekly is how busy the service is in each hour of the week, UTC, from Monday
// on: office hours of a working week, quiet nights and weekends.
var weekly = func() (busy [7 * 24]float64) {
	for day := range 7 {
		for hour := range 24 {
			x := 0.15 + math.Exp(-square((float64(hour)-10.5)/2.6)) + 0.8*math.Exp(-square((float64(hour)-15)/2.4))
			if day >= 5 {
				x *= 0.35
			}
			busy[day*24+hour] = x
		}
	}
	return busy
}()

func square(x float64) float64 { return float64(x * x) }

const maxHours = 24 * 366 * 100

// clock says when rows happen: a Poisson process with a weekly rhythm, given
// its number of events.
type clock struct {
	seed   uint64
	rows   int64
	start  time.Time
	period time.Duration
	load   []float64 // cumulative busyness at the end of each hour since the start
	before []float64 // sum of all spacings before each chunk
	total  float64
}

func newClock(seed uint64, rows int64, start time.Time, period time.Duration) (*clock, error) {
	if period < time.Second || period > maxHours*time.Hour {
		return nil, errors.New("want a period from one second to 100 years")
	}
	c := &clock{seed: seed, rows: rows, start: start.UTC().Truncate(time.Microsecond), period: period}
	sum := 0.0
	for at := time.Duration(0); at < period; at += time.Hour {
		t := c.start.Add(at)
		hour := (int(t.Weekday())+6)%7*24 + t.Hour()
		sum += float64(weekly[hour] * min(time.Hour, period-at).Hours())
		c.load = append(c.load, sum)
	}
	// The times are the order statistics of uniforms, which are the partial
	// sums of exponential spacings over their total.
	for chunk := int64(0); chunk*chunkRows < rows; chunk++ {
		c.before = append(c.before, c.total)
		r := c.spacings(chunk)
		for range min(chunkRows, rows-chunk*chunkRows) {
			c.total += r.ExpFloat64()
		}
	}
	c.total += stream(seed, "last spacing", 0).ExpFloat64()
	return c, nil
}

func (c *clock) spacings(chunk int64) *rand.Rand { return stream(c.seed, "times", chunk) }

// times returns when the rows of a chunk happen, ascending, since the start,
// and when the last row before them did, which is 0 for the first chunk.
func (c *clock) times(chunk int64) (at []time.Duration, last time.Duration) {
	r := c.spacings(chunk)
	sum := c.before[chunk]
	if chunk > 0 {
		last = c.at(sum / c.total)
	}
	at = make([]time.Duration, min(chunkRows, c.rows-chunk*chunkRows))
	for i := range at {
		sum += r.ExpFloat64()
		at[i] = c.at(sum / c.total)
	}
	return at, last
}

// at is the time by which the share u of the load has come.
func (c *clock) at(u float64) time.Duration {
	want := u * c.load[len(c.load)-1]
	i := min(sort.SearchFloat64s(c.load, want), len(c.load)-1)
	lo := 0.0
	if i > 0 {
		lo = c.load[i-1]
	}
	begin := time.Duration(i) * time.Hour
	width := min(time.Hour, c.period-begin)
	offset := time.Duration(float64(width) * min(1, (want-lo)/(c.load[i]-lo)))
	return min(begin+offset, c.period-time.Microsecond).Truncate(time.Microsecond)
}

// share is how far into the period a time is, in [0, 1).
func (c *clock) share(at time.Duration) float64 { return float64(at) / float64(c.period) }

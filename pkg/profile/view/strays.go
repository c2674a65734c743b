package view

import "time"

const (
	strayShare = 0.01           // of all rows and requests, below which the newest may be strays
	strayGap   = 25 * time.Hour // that they are after all others: a job that runs once a day may be late
	strayFold  = 2              // times the longest gap before it, such as a weekend, that theirs is
)

// oldest is the time before which no row of a log is from: a clock that was never set
// says 1970.
var oldest = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// DropStrays takes out of the period, the windows, the slots of the traffic and the
// newest rows what a wrong clock put there, and returns how many rows and requests
// that is: those of windows before 1980, where now is given those of windows that begin
// after it, and where it is not the newest ones if they are fewer than one in a hundred
// and after a gap of more than 25 hours that is twice as long as any before it. What
// they hold stays counted in the columns. Where nothing would be left, and without
// windows, it does nothing.
func (v *View) DropStrays(now time.Time) int64 {
	var all, newer int64
	for i := range v.Windows {
		all += volume(&v.Windows[i])
	}
	from, to := 0, len(v.Windows)
	for from < to && v.Windows[from].Start.Before(oldest) {
		from++
	}
	for to > from && !now.IsZero() && v.Windows[to-1].Start.After(now) {
		to--
	}
	longest := make([]time.Duration, to+1) // gap between windows before each
	for i := from + 1; i < to; i++ {
		longest[i+1] = max(longest[i], gap(&v.Windows[i-1], &v.Windows[i]))
	}
	for i := to - 1; i > from && now.IsZero(); i-- {
		if newer += volume(&v.Windows[i]); float64(newer) >= strayShare*float64(all) {
			break
		}
		if d := gap(&v.Windows[i-1], &v.Windows[i]); d > strayGap && d > strayFold*longest[i] {
			to = i
		}
	}
	if from == to || from == 0 && to == len(v.Windows) {
		return 0
	}
	kept := v.Windows[from:to]
	strays := all
	for i := range kept {
		strays -= volume(&kept[i])
	}
	first, end := kept[0].Start, kept[len(kept)-1].Start.Add(kept[len(kept)-1].Length)
	last := end.Add(-time.Microsecond)
	for i := len(kept) - 1; i >= 0; i-- {
		if t := kept[i].View.Last; !t.IsZero() {
			last = t
			break
		}
	}
	for i := range kept {
		if t := kept[i].View.First; !t.IsZero() {
			first = t
			break
		}
	}
	v.Windows = kept
	if v.First.Before(first) && !v.First.IsZero() {
		v.First = first
	}
	if !v.Last.Before(end) {
		v.Last = last
	}
	if !v.Newest.Before(end) {
		v.Newest = last
	}
	inside := func(t time.Time) bool { return t.IsZero() || !t.Before(kept[0].Start) && t.Before(end) }
	v.Traffic = keep(v.Traffic, func(t *Traffic) bool { return inside(t.Start) })
	v.Recent = keep(v.Recent, func(r *Row) bool { return inside(r.At) })
	return strays
}

// gap is the time between the rows of two windows.
func gap(a, b *Window) time.Duration {
	from, to := a.View.Last, b.View.First
	if from.IsZero() {
		from = a.Start.Add(a.Length)
	}
	if to.IsZero() {
		to = b.Start
	}
	return to.Sub(from)
}

// volume is how many rows and requests a window has.
func volume(w *Window) int64 {
	requests, _ := w.View.Answered()
	return w.View.Rows + requests
}

// keep returns what is kept, in another list.
func keep[T any](list []T, in func(*T) bool) []T {
	var out []T
	for i := range list {
		if in(&list[i]) {
			out = append(out, list[i])
		}
	}
	return out
}

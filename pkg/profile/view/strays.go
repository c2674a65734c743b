package view

import "time"

const (
	strayShare = 0.01                // of all rows and requests, below which the newest may be strays
	strayGap   = 30 * 24 * time.Hour // that they are after all others
)

// oldest is the time before which no row of a log is from: a clock that was never set
// says 1970.
var oldest = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// DropStrays takes out of the period, the windows, the slots of the traffic and the
// newest rows what a wrong clock put there, and returns how many rows and requests
// that is: those of windows before 1980, those of windows that begin after now, where
// now is given, and the newest ones where they are fewer than one in a hundred and more than
// 30 days after all others. What they hold stays counted in the columns. Where
// nothing would be left, and without windows, it does nothing.
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
	for i := to - 1; i > from; i-- {
		if newer += volume(&v.Windows[i]); float64(newer) >= strayShare*float64(all) {
			break
		}
		if before := &v.Windows[i-1]; v.Windows[i].Start.Sub(before.Start.Add(before.Length)) > strayGap {
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

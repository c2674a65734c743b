package tally

import (
	"cmp"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// Versions takes the rows of a log apart by the version that scored them, as Segments does
// by a column; the durations of each version's sampled rows are in its part's Inference. Versions of fewer than k rows are one, and so are those beyond the
// caps.SegmentValues most frequent.
func Versions(ref, cur *Profile, k int64) view.Versions {
	if k == 0 {
		k = view.K
	}
	listed, others := cur.versions.View(cur.sampledVersions())
	var out view.Versions
	place := make(map[string]int)
	split := view.Split{Column: view.VersionColumn, Whole: true, RefRows: ref.rows, CurRows: cur.rows}
	for _, v := range listed {
		if v.Rows < k {
			others += v.Rows
			continue
		}
		split.Values++
		if len(split.Parts) == caps.SegmentValues.N {
			split.Together++
			others += v.Rows
			continue
		}
		key := partKey{view.ValueRows, v.Name}
		if v.Name == "" {
			key.kind = view.MissingRows
		}
		place[v.Name] = len(split.Parts)
		split.Parts = append(split.Parts, view.Part{Name: key.shown(), Kind: key.kind, RefRows: ref.rows, CurRows: v.Rows})
	}
	if len(split.Parts) < 2 {
		return out
	}
	last := len(split.Parts)
	if others > 0 {
		split.Parts = append(split.Parts, view.Part{Name: view.OtherPart, Kind: view.OtherRows, RefRows: ref.rows, CurRows: others})
	}
	var sides [2][][]*sketch.Kept[Row]
	sides[1] = make([][]*sketch.Kept[Row], len(split.Parts))
	var all []*sketch.Kept[Row]
	var held [2]int64
	for _, row := range ref.sample.All() {
		all, held[0] = append(all, row), held[0]+row.N
	}
	for _, row := range cur.sample.All() {
		if row.N > cur.rows-held[1] {
			return view.Versions{} // a profile that says so was not counted
		}
		held[1] += row.N
		i, ok := place[read.Name(row.Value.Version, caps.NameBytes.N)]
		if !ok {
			i = last
		}
		if i < len(split.Parts) {
			sides[1][i] = append(sides[1][i], row)
		}
	}
	whole := [2]bool{held[0] == ref.rows, held[1] == cur.rows}
	for range split.Parts {
		sides[0] = append(sides[0], all)
	}
	between := view.Split{Column: view.VersionColumn, RefRows: split.Parts[0].CurRows, CurRows: cur.rows - split.Parts[0].CurRows}
	var pairs [2][][]*sketch.Kept[Row]
	for i, part := range split.Parts[1:last] {
		part.RefRows = split.Parts[0].CurRows
		between.Parts = append(between.Parts, part)
		pairs[0], pairs[1] = append(pairs[0], sides[1][0]), append(pairs[1], sides[1][i+1])
	}
	before, after := ref.together(), cur.apart(view.VersionColumn)
	of := func(part *view.Part, rows int64) counted { return after(partKey{part.Kind, part.Name}, rows) }
	durations := make([]view.Latency, len(split.Parts))
	for i := range split.Parts {
		durations[i] = durationsOf(sides[1][i])
	}
	fill(cur.plan, &split, sides, whole, func(i int) [2]counted {
		return [2]counted{before(partKey{}, 0), of(&split.Parts[i], split.Parts[i].CurRows)}
	})
	fill(cur.plan, &between, pairs, [2]bool{whole[1], whole[1]}, func(i int) [2]counted {
		return [2]counted{of(&split.Parts[0], split.Parts[0].CurRows), of(&between.Parts[i], between.Parts[i].CurRows)}
	})
	for i := range split.Parts {
		split.Parts[i].Cur.Inference = durations[i]
	}
	return view.Versions{Against: split, Between: between, Most: split.Parts[0].Name}
}

// durationsOf are the latencies of sampled rows, each in a bucket of its own.
func durationsOf(rows []*sketch.Kept[Row]) view.Latency {
	var l view.Latency
	for _, row := range rows {
		ms := row.Value.MS
		if !(ms >= 0) || math.IsInf(ms, 1) {
			l.Missing += row.N
			continue
		}
		l.N += row.N
		l.Buckets = append(l.Buckets, view.Bucket{Lo: ms, Hi: ms, Count: row.N})
	}
	slices.SortFunc(l.Buckets, func(a, b view.Bucket) int { return cmp.Compare(a.Lo, b.Lo) })
	for _, b := range l.Buckets {
		l.Mean += b.Lo * float64(b.Count) / float64(l.N)
	}
	if n := len(l.Buckets); n > 0 {
		l.Min, l.Max = l.Buckets[0].Lo, l.Buckets[n-1].Hi
	}
	return l
}

package outcome

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// mostVersions is how many versions of the model are judged by their outcomes: those
// with most.
const mostVersions = 20

// A Version is the rows with outcomes that one version of the model scored.
type Version struct {
	Name string // empty: they do not say
	Sample
}

// Versions are those with k rows or more, by falling rows; nil where they are fewer
// than two. Zero times are no bounds.
func (m *Met) Versions(from, until time.Time, k int64) []Version {
	rows := make(map[string][]row)
	for _, r := range m.between(from, until) {
		rows[r.Version] = append(rows[r.Version], r)
	}
	var out []Version
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		if of := rows[name]; int64(len(of)) >= max(1, k) {
			out = append(out, Version{name, sampleOf(of)})
		}
	}
	if len(out) < 2 {
		return nil
	}
	slices.SortStableFunc(out, func(a, b Version) int { return cmp.Compare(len(rows[b.Name]), len(rows[a.Name])) })
	return out[:min(len(out), mostVersions)]
}

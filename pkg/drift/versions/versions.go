// Package versions counts how many of the judged rows each version of the model
// scored.
package versions

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/words"
)

// Names of rows that have no version of their own.
const (
	noVersion     = "none"
	otherVersions = "other"
)

// Result is the versions, by how many rows they scored, the rare ones last. It is
// empty where no row has a version.
type Result struct{ Shares []Share }

// Share is one version's.
type Share struct {
	Version string  // as it is shown
	Share   float64 // of the judged rows, in [0, 1]
}

// Newest is the version of the newest row as it may be told: where fewer than k rows
// have it, the one that most have; empty where none has k.
func (r Result) Newest(version string) string {
	most := ""
	for _, s := range r.Shares {
		switch {
		case s.Version == words.Name(version):
			return version
		case most == "" && s.Version != noVersion && s.Version != otherVersions:
			most = s.Version
		}
	}
	return most
}

// Shares lists the versions that scored the rows; others are rows of versions that
// are not among them. Those of fewer than k rows are one, other; rows without one
// are none. A version of such a name stands in quotes.
func Shares(scored []view.Version, others, k int64) Result {
	rows, all := map[string]int64{}, max(0, others)
	for _, v := range scored {
		rows[v.Name] += max(0, v.Rows)
		all += max(0, v.Rows)
	}
	shown, other := map[string]int64{}, max(0, others)
	for version, n := range rows {
		if n < k {
			other += n
			continue
		}
		label := words.Name(version)
		switch {
		case version == "":
			label = noVersion
		case label == noVersion || label == otherVersions:
			label = strconv.Quote(label)
		}
		shown[label] += n
	}
	if len(shown) == 0 || len(shown) == 1 && shown[noVersion] > 0 {
		return Result{}
	}
	order := slices.SortedFunc(maps.Keys(shown), func(a, b string) int {
		return cmp.Or(cmp.Compare(shown[b], shown[a]), cmp.Compare(a, b))
	})
	if other > 0 {
		order = append(order, otherVersions)
		shown[otherVersions] = other
	}
	res := Result{Shares: make([]Share, len(order))}
	for i, version := range order {
		res.Shares[i] = Share{version, bins.Share(shown[version], all)}
	}
	return res
}

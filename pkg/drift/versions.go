package drift

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Names of rows that have no version of their own.
const (
	noVersion     = "none"
	otherVersions = "other"
)

// versions adds the share of each model version among the judged rows that were
// sampled, and returns in shares that there is more than one: their rows are
// judged together. Versions of fewer than K sampled rows are one, other; rows
// without one are none. A version of such a name stands in quotes.
func (r *run) versions() string {
	rows := map[string]int64{}
	var all int64
	for i := range r.cur.Sample {
		s := &r.cur.Sample[i]
		rows[s.Version] += max(0, s.N)
		all += max(0, s.N)
	}
	shown, other := map[string]int64{}, int64(0)
	for version, n := range rows {
		if n < r.options.K {
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
		return ""
	}
	order := slices.SortedFunc(maps.Keys(shown), func(a, b string) int {
		return cmp.Or(cmp.Compare(shown[b], shown[a]), cmp.Compare(a, b))
	})
	if other > 0 {
		order = append(order, otherVersions)
		shown[otherVersions] = other
	}
	shares := make([]string, len(order))
	for i, version := range order {
		r.statistic(verdict.SubjectVersions, version, math.NaN(), bins.Share(shown[version], all), "1")
		shares[i] = fmt.Sprintf("%s (%s)", version, words.Percent(bins.Share(shown[version], all)))
	}
	if len(order) < 2 {
		return ""
	}
	return fmt.Sprintf("%s judged together: %s", words.Count(int64(len(order)), "model version", "model versions"), words.List(shares))
}

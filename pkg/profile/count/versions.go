package count

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

var versionBuckets = [2]int{3, 512} // rows and buckets of versions that are not counted by themselves

// Versions counts the judged rows by the version of the model that scored them;
// rows without one have the empty version.
type Versions struct {
	names sketch.Names[rows]
	last  string // of the newest rows, which stay aside while they have one version
	aside rows
}

// NewVersions returns the versions of no rows.
func NewVersions() Versions { return Versions{names: newRowNames(caps.Versions.N, versionBuckets)} }

// Add counts a row.
func (v *Versions) Add(version string) {
	if version != v.last {
		v.settle()
		v.last = strings.Clone(version)
	}
	v.aside.n++
}

// settle counts the rows that stay aside.
func (v *Versions) settle() {
	if v.aside.n > 0 {
		name := read.Name(v.last, caps.NameBytes.N)
		v.names.Add(sketch.HashString(name), &v.aside, func() string { return name })
		v.aside.n = 0
	}
}

// Merge adds o, which must not be used afterwards.
func (v *Versions) Merge(o *Versions) {
	v.settle()
	o.settle()
	v.names.Merge(&o.names)
}

// View returns the versions, the most frequent first, and the rows of all others;
// names are of those that may be frequent.
func (v *Versions) View(names iter.Seq2[uint64, string]) (listed []view.Version, others int64) {
	v.settle()
	var left int64
	if rest := v.names.Rest(); rest != nil {
		left = rest.n
	}
	for _, n := range v.names.Ranked(names) {
		rows := n.Count.n
		if !n.Exact {
			rows = min(v.names.Likely(n.Count), left)
			left -= rows
		}
		if rows > 0 {
			listed = append(listed, view.Version{Name: n.Name, Rows: rows})
		}
	}
	slices.SortStableFunc(listed, func(a, b view.Version) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Name, b.Name))
	})
	return listed, left
}

// Put puts the counters into a ledger.
func (v *Versions) Put(l *ledger.Ledger) {
	v.settle()
	putNames(l, "versions", &v.names)
}

// Set sets the counts of versions that are not kept.
func (v *Versions) Set(n ledger.Numbers) bool { return setNames(&v.names, n) }

// SetName sets how often a version was there.
func (v *Versions) SetName(hash uint64, n int64, name string) bool {
	return setName(&v.names, hash, n, name)
}

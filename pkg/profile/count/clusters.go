package count

import (
	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

var (
	clusterCells   = caps.Classes.N   // the last of the rows without a comparable value
	clusterClasses = clusterCells - 1 // classes of a column with a cell of their own, the last one for all others
)

// Clusters count the judged rows of each column by coarse class and by a bucket of
// their entity's hash. What is added is integers, so that entities whose rows lie in
// two shards cost nothing: sums of squares over entities follow from those over
// buckets.
type Clusters struct {
	plan  *plan.Plan
	cells [][2][]int64 // by column, the second of a text's commas: cells of view.Buckets each; nil before the first row
}

// NewClusters returns no clusters.
func NewClusters(p *plan.Plan) *Clusters {
	return &Clusters{plan: p, cells: make([][2][]int64, len(p.Columns))}
}

// Add counts rows from to to of a chunk in which the values of column i stand at at
// and rows belong to buckets. Different columns may be added at the same time.
func (c *Clusters) Add(i int, at *[2]*plan.Placed, buckets []uint8, from, to int) {
	for part := range c.parts(i) {
		cells := c.open(i, part)
		class := at[part].Class[from:to]
		for j, k := range class {
			cell := clusterClasses
			if k != plan.NoClass {
				cell = min(int(k), clusterClasses-1)
			}
			cells[cell*view.Buckets+int(buckets[from+j])]++
		}
	}
}

// parts is how many lists of classes a column has.
func (c *Clusters) parts(i int) int {
	if c.plan.Columns[i].Kind == view.TextKind {
		return 2
	}
	return 1
}

func (c *Clusters) open(i, part int) []int64 {
	to := &c.cells[i][part]
	if *to == nil {
		*to = make([]int64, clusterCells*view.Buckets)
	}
	return *to
}

// Merge adds o.
func (c *Clusters) Merge(o *Clusters) {
	for i := range o.cells {
		for part, cells := range o.cells[i] {
			if cells == nil {
				continue
			}
			to := c.open(i, part)
			for j, n := range cells {
				to[j] += n
			}
		}
	}
}

// View returns the rows of column i, or of a part of it, by class and bucket; nil
// where no row said whom it belongs to.
func (c *Clusters) View(i, part int) view.Clusters {
	cells := c.cells[i][part]
	if cells == nil {
		return nil
	}
	out := make(view.Clusters, 0, clusterCells)
	for k := range clusterCells {
		out = append(out, cells[k*view.Buckets:][:view.Buckets])
	}
	return out
}

// clusterParts are the keys of a column's lists.
var clusterParts = [2]string{"cluster/0", "cluster/1"}

// Put puts the clusters of column i into the column's ledger.
func (c *Clusters) Put(l *ledger.Ledger, i int) {
	for part, cells := range c.cells[i] {
		if cells != nil {
			l.List(clusterParts[part], cells, 0, 1)
		}
	}
}

// Set sets a counter that Put has put under a key of column i.
func (c *Clusters) Set(i int, key string, n ledger.Numbers) bool {
	for part := range c.parts(i) {
		if key == clusterParts[part] {
			return ledger.SetList(c.open(i, part), n, 0, 1)
		}
	}
	return false
}

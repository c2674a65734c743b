package tally

import (
	"github.com/leadsman/leadsman/pkg/profile/count"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// sampledPairs are the pairs of columns that the plan does not count, by the
// sampled rows, each once.
func (f *Profile) sampledPairs() []view.Pair {
	pairs := f.plan.SampledPairs()
	if len(pairs) == 0 {
		return nil
	}
	p := *f.plan
	p.Pairs = pairs
	sums := count.NewPairs(&p)
	columns := map[int]*count.PairColumn{}
	for _, ab := range pairs {
		for _, i := range ab {
			if columns[i] == nil {
				columns[i] = new(count.PairColumn)
			}
		}
	}
	r := read.Column{Chunk: read.NewChunk(read.ChunkRows, view.NumberKind, view.CategoryKind)}
	number, category := plan.NewPlaced(read.ChunkRows, view.NumberKind), plan.NewPlaced(read.ChunkRows, view.CategoryKind)
	chunk := make([]*Row, 0, read.ChunkRows)
	cells := make([]view.Cell, read.ChunkRows)
	add := func() {
		for i, to := range columns {
			c, at := &p.Columns[i], &number
			if c.Kind == view.CategoryKind {
				at = &category
			}
			r.Want(c.Kind, c.Index, nil)
			for j, row := range chunk {
				cells[j] = row.Cells[i]
			}
			r.SetCells(cells[:len(chunk)])
			c.Place(&r, len(chunk), at)
			to.Clear()
			to.Fill(at[0], 0, len(chunk))
			to.Sums(c.Kind == view.NumberKind)
		}
		inParallel(len(chunk), len(pairs), func(i int) { sums.Add(i, columns[pairs[i][0]], columns[pairs[i][1]]) })
		chunk = chunk[:0]
	}
	for _, e := range f.sample.All() {
		if chunk = append(chunk, &e.Value); len(chunk) == read.ChunkRows {
			add()
		}
	}
	add()
	out := sums.View()
	for i := range out {
		out[i].Sampled = true
	}
	return out
}

package tally

import (
	"iter"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/count"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// View returns what a comparison reads. It shares memory with the profile, so
// nothing may be added afterwards.
func (f *Profile) View() view.View {
	p := f.plan
	v := view.View{
		Rows: f.rows, Read: f.read, Untimed: f.untimed, Requests: f.traffic.Requests(),
		Inference: f.inference.View(), Response: f.traffic.Response.View(),
		Names: p.Names(), ModelVersion: f.version, Simulated: f.simulated,
	}
	times := f.times
	if times.Empty() {
		times = f.traffic.Times
	}
	v.First, v.Last = times.Bounds()
	times.Merge(f.traffic.Times)
	_, v.Newest = times.Bounds()
	compared := len(p.Columns) // segments come last
	for compared > 0 && p.Columns[compared-1].Role == plan.Segment {
		compared--
	}
	v.Columns = make([]view.Column, compared)
	inParallel(read.ChunkRows, compared, func(i int) {
		c := f.columns[i].View(f.rows, f.sampled(i))
		if c.Clusters = f.clusters.View(i, 0); c.Clusters != nil {
			c.Entities = f.entities.set.Distinct()
		}
		for part := range c.Derived {
			c.Derived[part].Clusters, c.Derived[part].Entities = f.clusters.View(i, part), c.Entities
		}
		v.Columns[i] = c
	})
	for _, u := range sketch.ByCount(&f.unknown) {
		v.Columns = append(v.Columns, view.Column{Name: u.Name, Role: table.Feature, New: true, Rows: f.rows, Missing: f.rows - u.Count})
	}
	v.Pairs, v.Pairable, v.Traffic = append(f.pairs.View(), f.sampledPairs()...), p.Pairable(), f.traffic.View()
	v.Endpoints, v.Others = f.traffic.Endpoints()
	v.Windows = f.windows.View(v.Endpoints)
	v.Lines, v.Inputs = f.lines.View(), f.inputs.View()
	v.Versions, v.OtherVersions = f.versions.View(f.sampledVersions())
	for i := range f.recent {
		v.Recent = append(v.Recent, f.recent[i].row.view(p, 1))
	}
	for _, e := range f.sample.All() {
		v.Sample = append(v.Sample, e.Value.view(p, e.N))
		v.SampleRows += e.N
	}
	for h, e := range f.entities.all() {
		row := e.Value.row.view(p, e.N)
		row.Entity = h
		v.Entities = append(v.Entities, row)
	}
	v.EntityCount = f.entities.set.Distinct()
	v.Week = f.week.View(compared)
	days := p.Calendar()
	for _, rows := range [][]view.Row{v.Sample, v.Entities} {
		for i := range rows {
			if rows[i].Week = count.NoPart; !rows[i].At.IsZero() {
				rows[i].Week = days.Part(rows[i].At.UnixMicro())
			}
		}
	}
	return v
}

// sampled passes on the categories that the sampled rows hold in column i, with
// their hashes.
func (f *Profile) sampled(i int) iter.Seq2[uint64, string] {
	return func(yield func(uint64, string) bool) {
		for _, e := range f.sample.All() {
			if c := e.Value.Cells[i]; c.String {
				if name := read.Name(c.Str, caps.NameBytes.N); !yield(sketch.HashString(name), name) {
					return
				}
			}
		}
	}
}

// sampledVersions passes on the versions of the sampled rows, which may be frequent.
func (f *Profile) sampledVersions() iter.Seq2[uint64, string] {
	return func(yield func(uint64, string) bool) {
		for _, e := range f.sample.All() {
			if !yield(sketch.HashString(e.Value.Version), e.Value.Version) {
				return
			}
		}
	}
}

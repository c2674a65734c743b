package profile

import (
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// View returns what a comparison reads. It shares memory with the profile, so
// nothing may be added afterwards.
func (f *Profile) View() view.View {
	p := f.plan
	v := view.View{
		Rows: f.rows, Read: f.read, Untimed: f.untimed, Requests: f.traffic.requests(),
		Inference: f.inference.view(), Response: f.traffic.response.view(),
		Names: p.Names(), ModelVersion: f.version, Simulated: f.simulated,
	}
	times := f.times
	if times.isEmpty() {
		times = f.traffic.times
	}
	v.First, v.Last = times.bounds()
	times.merge(f.traffic.times)
	_, v.Newest = times.bounds()
	v.Columns = make([]view.Column, len(p.columns))
	inParallel(chunkRows, len(p.columns), func(i int) {
		v.Columns[i] = f.columns[i].view(f.rows)
	})
	for _, u := range names(&f.unknown) {
		v.Columns = append(v.Columns, view.Column{Name: u.Name, Role: table.Feature, New: true, Rows: f.rows, Missing: f.rows - u.Count})
	}
	v.Pairs, v.Windows, v.Traffic = f.pairs.view(), f.windows.view(), f.traffic.view()
	for i := range f.recent {
		v.Recent = append(v.Recent, f.recent[i].row.view(p, 1))
	}
	for _, e := range f.sample.all() {
		v.Sample = append(v.Sample, e.value.view(p, e.n))
		v.SampleRows += e.n
		v.Duplicates += e.n - 1
	}
	return v
}

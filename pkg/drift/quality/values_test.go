package quality

import (
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// clustered is a number of 500 rows of 100 entities, 30 of which rows lie below the
// reference's range and belong to so many entities.
func clustered(entities int) *view.Column {
	c := &view.Column{Kind: view.NumberKind, Rows: 500, Number: &view.Number{Bins: []float64{1}}, Entities: 100}
	for range 6 { // under, two bins, over, others, none
		c.Clusters = append(c.Clusters, make([]int64, view.Buckets))
	}
	for i := range 30 {
		c.Clusters[0][i%entities]++
	}
	for i := range 470 {
		c.Clusters[1][100+i%100]++
	}
	return c
}

// One lead with thirty rows out of range is one lead out of range; thirty leads are
// thirty.
func TestRangeGoesByEntity(t *testing.T) {
	d := policy.Design{Ref: 1, Cur: 5}
	if r := outOfRange(1000, 500, 30, 0, d, clustered(1)); r.P < 0.05 || r.Effect < 5 {
		t.Errorf("one lead: p %v, %v points", r.P, r.Effect)
	}
	if r := outOfRange(1000, 500, 30, 0, d, clustered(30)); r.P > 1e-6 {
		t.Errorf("thirty leads: p %v", r.P)
	}
	if held, among, ok := holders(&view.Column{}, 10, 0); ok || held != 0 || among != 0 {
		t.Error("rows without entities have some")
	}
}

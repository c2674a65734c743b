package view

import (
	"testing"

	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// What a column is stands in its role: a feature may be called as the scores of a class
// are.
func TestColumnsByTheirRoles(t *testing.T) {
	var r report.Tables
	for i, c := range [][2]string{{"score", verdict.RoleScore}, {"score_a", verdict.RoleClassScore}, {"score_x", verdict.RoleFeature}} {
		f := verdict.NewFinding(c[0], c[1], "number", verdict.CheckDistribution)
		f.Level, f.Rank = verdict.OK, int64(i+1)
		r.Findings = append(r.Findings, f)
	}
	v := New(&r, nil, 2, &gallery.Gallery{})
	switch {
	case v.Score == nil || v.Score.Name != "score":
		t.Errorf("the score is %+v", v.Score)
	case len(v.Classes) != 1 || v.Classes[0].Name != "score_a":
		t.Errorf("classes %+v", v.Classes)
	case len(v.Features) != 1 || v.Features[0].Name != "score_x":
		t.Errorf("features %+v", v.Features)
	}
}

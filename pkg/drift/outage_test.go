package drift

import (
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestNoPredictions(t *testing.T) {
	x := seq(0, 300)
	ref := viewOf(numberColumn("x", x, x))
	empty := func() view.View { return viewOf(numberColumn("x", x, nil)) }
	requested, stopped := empty(), empty()
	requested.Requests, requested.Traffic = 7, []view.Traffic{total(7, 7)}
	stopped.Windows = []view.Window{{Start: monday, Length: day, View: view.View{Rows: 3}}}
	for _, c := range []struct {
		what     string
		cur      view.View
		options  Options
		level    string
		sentence string
	}{
		{"nothing at all", empty(), Options{}, verdict.Insufficient, ""},
		{"requests", requested, Options{}, verdict.Alert, "no predictions in the judged period, though 7 requests came"},
		{"earlier", stopped, Options{}, verdict.Alert, "no predictions in the judged period, though predictions came before"},
		{"a limit", empty(), Options{Limits: serving.Limits{MinRows: 10}}, verdict.Alert, "0 predictions judged, fewer than the 10 of the limit"},
	} {
		r := Compare(ref, c.cur, c.options)
		if r.Run.Level != c.level || r.Run.Headline != "No predictions to judge" {
			t.Errorf("%s: %s, %s", c.what, r.Run.Level, r.Run.Headline)
		}
		if c.sentence == "" {
			continue
		}
		if f := find(t, r, verdict.SubjectTraffic, verdict.CheckTraffic); f.Level != verdict.Alert || f.Sentence != c.sentence || f.Rank != 1 {
			t.Errorf("%s: %+v", c.what, f)
		}
	}
}

package history

import (
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Late returns the nights with what outcomes that have come in since say of their own
// predictions: the report's figures by window.
func Late(nights []verdict.Night, t *report.Tables) []verdict.Night {
	out := slices.Clone(nights)
	for i := range out {
		if n := &out[i]; n.Site == t.Run.Site && n.Last > 0 && n.PeriodEnd.Before(EndOf(&t.Run)) {
			measure(t, n)
		}
	}
	return out
}

// measure gives a night the realised figures of its own predictions: those of the
// report's windows whose middle lies in the night, of several their mean by outcomes. A
// night that no window with outcomes is of stays as it is. One of a run whose period has
// no length is of all that was judged.
func measure(t *report.Tables, n *verdict.Night) {
	if !(n.Last > 0) {
		measured, _ := t.AUC()
		switch failed := t.Error(); {
		case measured != nil:
			n.AUC, n.FigureLo, n.FigureHi, n.Labels = measured.Value, measured.Lo, measured.Hi, measured.N
		case failed != nil:
			n.MAE, n.FigureLo, n.FigureHi, n.Labels = failed.Value, failed.Lo, failed.Hi, failed.N
		}
		return
	}
	from, until := n.PeriodEnd.Add(-length(n)), n.PeriodEnd
	half := time.Duration(t.Run.Window * float64(time.Second) / 2)
	of := map[string]*figure{"roc_auc": {}, "mae": {}}
	for _, o := range t.Outcomes {
		f := of[o.Metric]
		if o.Kind != "metric" || o.Class != "" || o.Window == "" || math.IsNaN(o.Value) || f == nil {
			continue
		}
		start, err := time.Parse(time.RFC3339, o.Window)
		if middle := start.Add(half); err == nil && middle.After(from) && !middle.After(until) {
			f.add(&o)
		}
	}
	if f := of["roc_auc"]; f.rows > 0 {
		n.AUC, n.FigureLo, n.FigureHi = f.mean()
		n.Labels = f.rows
	}
	if f := of["mae"]; f.rows > 0 {
		n.MAE, n.FigureLo, n.FigureHi = f.mean()
		n.Labels = f.rows
	}
}

// A figure is that of several windows.
type figure struct {
	sum, below, above float64 // by outcomes: of values, and of the squares of how far ends of intervals are off
	rows              int64
}

func (f *figure) add(o *verdict.Outcome) {
	k := float64(o.N)
	lo, hi := k*(o.Value-o.Lo), k*(o.Hi-o.Value)
	f.sum, f.below, f.above, f.rows = f.sum+k*o.Value, f.below+lo*lo, f.above+hi*hi, f.rows+o.N
}

// mean is the mean by outcomes, with the 95 % interval of one of independent windows.
func (f *figure) mean() (value, lo, hi float64) {
	k := float64(f.rows)
	value = f.sum / k
	return report.Coarse(value), report.Coarse(value - math.Sqrt(f.below)/k), report.Coarse(value + math.Sqrt(f.above)/k)
}

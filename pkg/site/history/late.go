package history

import (
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/outcome"
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
	from, window := n.PeriodEnd.Add(-length(n)), time.Duration(t.Run.Window*float64(time.Second))
	take := func(metric string, into *float64) {
		if value, lo, hi, k := outcome.Over(t.Outcomes, metric, window, from, n.PeriodEnd); k > 0 {
			*into, n.FigureLo, n.FigureHi, n.Labels = report.Coarse(value), report.Coarse(lo), report.Coarse(hi), k
		}
	}
	take("roc_auc", &n.AUC)
	take("mae", &n.MAE)
}

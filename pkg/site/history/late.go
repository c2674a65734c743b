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
			n.AUC, n.Labels = measured.Value, measured.N
		case failed != nil:
			n.MAE, n.Labels = failed.Value, failed.N
		}
		return
	}
	from, until := n.PeriodEnd.Add(-length(n)), n.PeriodEnd
	half := time.Duration(t.Run.Window * float64(time.Second) / 2)
	sum, rows := map[string]float64{}, map[string]int64{}
	for _, o := range t.Outcomes {
		if o.Kind != "metric" || o.Class != "" || o.Window == "" || math.IsNaN(o.Value) || o.Metric != "roc_auc" && o.Metric != "mae" {
			continue
		}
		start, err := time.Parse(time.RFC3339, o.Window)
		if middle := start.Add(half); err == nil && middle.After(from) && !middle.After(until) {
			sum[o.Metric] += o.Value * float64(o.N)
			rows[o.Metric] += o.N
		}
	}
	if k := rows["roc_auc"]; k > 0 {
		n.AUC, n.Labels = report.Coarse(sum["roc_auc"]/float64(k)), k
	}
	if k := rows["mae"]; k > 0 {
		n.MAE, n.Labels = report.Coarse(sum["mae"]/float64(k)), k
	}
}

package report

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// To what is published: moments of single rows, scores of such where they are
// probabilities, correlations, mean scores of a bin; and to how many digits durations of one row,
// those of many, and the evidence of findings.
const (
	grain           = time.Hour
	scoreGrain      = 0.1
	correlationStep = 0.01
	curveStep       = 0.01
	oneDuration     = 2
	manyDurations   = 3
	evidenceDigits  = 3
)

// coarsen leaves of the newest rows, and of the two that bound the period, what may be
// told of a single row: verdict.Recent.Whole says of what all.
func (t *Tables) coarsen() {
	run := &t.Run
	if !run.NowGiven { // it is a row's
		run.Now = run.Now.Truncate(grain)
	}
	run.PeriodStart, run.PeriodEnd, run.Newest = run.PeriodStart.Truncate(grain), run.PeriodEnd.Truncate(grain), run.Newest.Truncate(grain)
	t.durations()
	t.few(max(run.K, 1))
	t.evidence()
	step := t.scoreStep()
	for i := range t.Recent {
		r := &t.Recent[i]
		whole := func(name string) bool { return strings.Contains(","+r.Whole+",", ","+name+",") }
		if !whole("timestamp") {
			r.At = r.At.Truncate(grain)
		}
		if !whole("score") {
			r.Score = rounded(r.Score, step)
		}
		if !whole("label") {
			r.Label = ""
		}
		if !whole("inference_ms") {
			r.MS = digits(r.MS, oneDuration)
		}
	}
}

// durations leaves of single durations two digits, and of what sums many up three.
// Buckets become as wide as two digits are, so that the last ones tell no more.
func (t *Tables) durations() {
	at := map[[2]string]int{}
	var out []verdict.Latency
	for _, l := range t.Latency {
		switch l.Kind {
		case "n":
		case "min", "max":
			l.Value = digits(l.Value, oneDuration)
		case "bucket":
			if lo, hi := within(math.Sqrt(l.Lo * l.Hi)); hi-lo > l.Hi-l.Lo {
				l.Lo, l.Hi = lo, hi
			}
			key := [2]string{l.Subject, strconv.FormatFloat(l.Lo, 'g', -1, 64)}
			if i, ok := at[key]; ok {
				out[i].Count += l.Count
				continue
			}
			at[key] = len(out)
		default:
			l.Value = digits(l.Value, manyDurations)
		}
		out = append(out, l)
	}
	t.Latency = out
}

// within returns the bounds of the numbers that have the first two digits of x.
func within(x float64) (lo, hi float64) {
	if !(x > 0) || math.IsInf(x, 1) {
		return x, x
	}
	power := math.Floor(math.Log10(x)) - 1
	first := math.Floor(x / math.Pow(10, power) * (1 + 1e-12))
	return digits(first*math.Pow(10, power), 2), digits((first+1)*math.Pow(10, power), 3)
}

// few leaves out what fewer than k rows or requests alone tell: the response times of a
// slot, and figures by outcomes, of which the mean score of a bin is told to 0.01.
// Correlations are told to 0.01.
func (t *Tables) few(k int64) {
	nan := math.NaN()
	for i := range t.Traffic {
		if r := &t.Traffic[i]; r.Requests < k {
			r.P50MS, r.P95MS = nan, nan
		} else {
			r.P50MS, r.P95MS = digits(r.P50MS, oneDuration), digits(r.P95MS, oneDuration)
		}
	}
	for i := range t.Outcomes {
		o := &t.Outcomes[i]
		switch {
		case o.Kind == "count":
		case o.N < k:
			o.Score, o.Value, o.Lo, o.Hi, o.Expected = nan, nan, nan, nan, nan
		case o.Kind == "curve" || o.Kind == "reference_curve":
			o.Score = rounded(o.Score, curveStep)
		}
	}
	t.cells(k)
	for i := range t.Estimates {
		if e := &t.Estimates[i]; e.N < k {
			e.Value, e.SamplingError, e.Lo, e.Hi = nan, nan, nan, nan
		}
	}
	for i := range t.Correlations {
		t.Correlations[i].Ref, t.Correlations[i].Cur = rounded(t.Correlations[i].Ref, correlationStep), rounded(t.Correlations[i].Cur, correlationStep)
	}
}

// scoreStep is what scores of single rows are rounded to: 0.1, and half a standard
// deviation, up to a power of ten, where some are no probabilities. NaN where it is not
// known.
func (t *Tables) scoreStep() float64 {
	probabilities := true
	for _, r := range t.Recent {
		probabilities = probabilities && !(r.Score < 0 || r.Score > 1)
	}
	if probabilities {
		return scoreGrain
	}
	for _, f := range t.Findings {
		for _, s := range t.Statistics {
			if f.Role == verdict.RoleScore && s.Subject == f.Subject && s.Name == "std" && s.Window == "" && s.Segment == "" && s.Ref > 0 {
				return math.Pow10(int(math.Ceil(math.Log10(s.Ref / 2))))
			}
		}
	}
	return math.NaN()
}

// evidence rounds what findings and segments were judged by: a statistic of all digits
// of two nights that differ by one row would tell the row. Levels are of what was
// measured, and nothing is rounded over a bar that it is held against.
func (t *Tables) evidence() {
	for i := range t.Findings {
		f := &t.Findings[i]
		f.Statistic, f.StatisticMost, f.MDE = digits(f.Statistic, evidenceDigits), digits(f.StatisticMost, evidenceDigits), digits(f.MDE, evidenceDigits)
		f.P, f.Q = digitsBeside(f.P, f.Alpha), digitsBeside(f.Q, f.Alpha)
		f.Effect = digitsBeside(f.Effect, f.Threshold, -f.Threshold, f.AlertThreshold, -f.AlertThreshold)
	}
	for i := range t.Segments {
		s := &t.Segments[i]
		s.P, s.Q = digits(s.P, evidenceDigits), digits(s.Q, evidenceDigits)
	}
	for i := range t.Correlations {
		c := &t.Correlations[i]
		c.P, c.Q = digits(c.P, evidenceDigits), digits(c.Q, evidenceDigits)
	}
	t.figures()
	for i := range t.Contributions {
		c := &t.Contributions[i]
		coarser(&c.Ref, &c.Cur, &c.Change, &c.Lo, &c.Hi, &c.Share, &c.InScore, &c.Gain)
	}
}

// limits are the figures that reasons to retrain have limits of.
var limits = map[string]string{
	verdict.TriggerLeastAUC: "roc_auc", verdict.TriggerLeastF1: "f1", verdict.TriggerLeastPrecision: "precision", verdict.TriggerLeastRecall: "recall", verdict.TriggerLeastAccuracy: "accuracy",
	verdict.TriggerLowPositiveRate: "positive_rate", verdict.TriggerHighPositiveRate: "positive_rate", verdict.TriggerMostMAE: "mae", verdict.TriggerMostRMSE: "rmse",
}

// figures rounds what is known of the model's quality; counts of rows stay.
func (t *Tables) figures() {
	bars := map[string][]float64{}
	for i := range t.Triggers {
		r := &t.Triggers[i]
		if r.Unit == "1" {
			r.Measured = digitsBeside(r.Measured, r.Threshold)
			bars[limits[r.Name]] = append(bars[limits[r.Name]], r.Threshold)
		}
	}
	alpha := math.NaN()
	for _, f := range t.Findings {
		if f.Subject == verdict.SubjectModel && f.Alpha > 0 {
			alpha = f.Alpha
		}
	}
	for i := range t.Outcomes {
		o := &t.Outcomes[i]
		o.P, o.Q = digitsBeside(o.P, alpha), digitsBeside(o.Q, alpha)
		if o.Kind == "count" || o.Kind == "confusion" || counts[o.Metric] {
			continue
		}
		coarser(&o.Score, &o.Expected)
		for _, x := range []*float64{&o.Value, &o.Lo, &o.Hi, &o.Reference} {
			*x = digitsBeside(*x, bars[o.Metric]...)
		}
	}
	for i := range t.Estimates {
		e := &t.Estimates[i]
		if e.Metric == "confusion" || counts[e.Metric] {
			continue
		}
		coarser(&e.Value, &e.SamplingError, &e.Lo, &e.Hi, &e.PopulationLo, &e.PopulationHi, &e.Reference)
	}
}

// counts are the figures that are numbers of rows.
var counts = map[string]bool{"true_positives": true, "false_positives": true, "false_negatives": true, "true_negatives": true}

// Coarse is a figure as it is published.
func Coarse(x float64) float64 { return digits(x, evidenceDigits) }

// coarser rounds to evidenceDigits digits.
func coarser(xs ...*float64) {
	for _, x := range xs {
		*x = digits(*x, evidenceDigits)
	}
}

// digitsBeside rounds x to evidenceDigits digits, or to as many as leave it on its side
// of every bar.
func digitsBeside(x float64, bars ...float64) float64 {
	for n := evidenceDigits; n < 17; n++ {
		y := digits(x, n)
		if !slices.ContainsFunc(bars, func(bar float64) bool { return (x < bar) != (y < bar) || (x <= bar) != (y <= bar) }) {
			return y
		}
	}
	return x
}

// cells leaves out the cells of confusion matrices that are fewer than k rows, and with
// one that is alone in it the next smallest, since all cells together are known.
func (t *Tables) cells(k int64) {
	var reference float64 // rows with outcomes, as many as the scaled cells of a matrix are
	for _, f := range t.Findings {
		if f.Subject == verdict.SubjectModel && f.Check == verdict.CheckPerformance {
			reference = math.Max(reference, float64(f.NRef))
		}
	}
	type matrix struct {
		window, version string
		of              bool // several classes
	}
	of := map[matrix][]*verdict.Outcome{}
	for i := range t.Outcomes {
		if o := &t.Outcomes[i]; o.Kind == "confusion" || counts[o.Metric] {
			m := matrix{o.Window, o.Version, o.Kind == "confusion"}
			of[m] = append(of[m], o)
		}
	}
	for _, list := range of {
		var now, before []cell
		for _, o := range list {
			now = append(now, cell{o.Value, &o.Value})
			own := o.Reference
			if o.Kind == "confusion" { // made as large as the judged rows
				if own *= reference / float64(o.N); reference == 0 { // how few they were is not known
					o.Reference = math.NaN()
				}
			}
			before = append(before, cell{own, &o.Reference})
		}
		hide(now, k)
		hide(before, k)
		for _, o := range list {
			if math.IsNaN(o.Value) {
				o.Lo, o.Hi = math.NaN(), math.NaN()
			}
		}
	}
}

// A cell is a number of rows, and where it stands, in whatever unit.
type cell struct {
	rows float64
	at   *float64
}

func hide(cells []cell, k int64) {
	hidden, next := 0, -1
	for i, c := range cells {
		switch rows := math.Round(c.rows); {
		case rows > 0 && rows < float64(k):
			*c.at = math.NaN()
			hidden++
		case rows > 0 && (next < 0 || c.rows < cells[next].rows):
			next = i
		}
	}
	if hidden == 1 && next >= 0 {
		*cells[next].at = math.NaN()
	}
}

// rounded rounds x to a multiple of a power of ten.
func rounded(x, step float64) float64 {
	if step < 1 {
		return math.Round(x*math.Round(1/step)) / math.Round(1/step)
	}
	return math.Round(x/step) * step
}

// digits rounds x to n digits.
func digits(x float64, n int) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', n, 64), 64)
	if err != nil {
		return math.NaN()
	}
	return y
}

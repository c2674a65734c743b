package drift

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/drift/evidently"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/say"
	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Thresholds returns every bar that Compare judges by under the options: those of
// the policy and those that monitor.yaml sets. A check without a bar, such as
// latency without a limit, has no row for it.
func Thresholds(o Options) []verdict.Threshold {
	settled := o.settled()
	t := thresholds{policy: settled.Policy}
	t.distributions(settled)
	t.qualities()
	if t.policy != policy.Evidently {
		t.correlations()
	}
	if len(o.Segments) > 0 || len(o.Versions.Against.Parts) > 0 {
		t.segments()
	}
	if len(o.Versions.Between.Parts) > 0 {
		t.test("segments", verdict.CheckVersions, t.psi(), "PSI", policy.SegmentFamily, policy.PSIFloors, "two versions of the model score otherwise; a warning for the run at most")
	}
	if t.policy == policy.Calibrated {
		t.test("multivariate", verdict.CheckMultivariate, "cross-validated AUC of a classifier", "AUC", policy.MultivariateFamily, policy.AUCFloors,
			"a classifier tells production's rows from the reference's; a warning for the run at most")
	}
	if o.Skew != nil {
		t.skew()
	}
	t.operations(o.Limits)
	t.shares(o, settled)
	return t.rows
}

// thresholds are the rows so far.
type thresholds struct {
	policy policy.Policy
	rows   []verdict.Threshold
}

// add adds a rule without evidence; the caller sets what it has.
func (t *thresholds) add(area, check, effect, unit string, f policy.Floors, source, meaning string) *verdict.Threshold {
	t.rows = append(t.rows, verdict.Threshold{Area: area, Check: check, Effect: effect, Unit: unit, Warn: f.Warn, Alert: f.Alert, Alpha: math.NaN(), Source: source, Meaning: meaning})
	return &t.rows[len(t.rows)-1]
}

// test adds the bars of a family's check.
func (t *thresholds) test(area, check, effect, unit string, fam policy.Family, f policy.Floors, meaning string) {
	p := t.policy.BesideEvidently()
	t.add(area, check, effect, unit, f, p.String()+" policy", meaning).Alpha = p.Alpha(fam)
}

// rule adds a check that has a level and no bar.
func (t *thresholds) rule(area, check, level, meaning string) {
	t.add(area, check, level, "", policy.Floors{Warn: math.NaN(), Alert: math.NaN()}, t.policy.String()+" policy", meaning)
}

func (t *thresholds) distributions(o Options) {
	for _, part := range []struct {
		area, what string
		family     policy.Family
	}{{"score", "the scores, or the labels given at scoring,", policy.ScoreFamily}, {"features", "a feature's values", policy.FeatureFamily}} {
		switch t.policy {
		case policy.Evidently:
			if part.family == policy.FeatureFamily {
				t.evidently(o.Evidently)
			}
		case policy.Classic:
			t.test(part.area, verdict.CheckDistribution, t.psi(), "PSI", part.family, policy.PSIFloors,
				part.what+" are distributed otherwise than in the reference: by PSI, or by p alone, which makes a warning")
		default:
			t.test(part.area, verdict.CheckDistribution, t.psi(), "PSI", part.family, policy.PSIFloors,
				part.what+" are distributed otherwise than in the reference")
		}
	}
}

// psi is how the policy takes the index.
func (t *thresholds) psi() string {
	if t.policy == policy.Classic {
		return "PSI"
	}
	return "PSI, less what chance alone gives"
}

// evidently adds the tests that columns may get. Distances are at warn from their
// threshold, p-values below theirs.
func (t *thresholds) evidently(o evidently.Options) {
	kinds := map[string]string{"num": "numbers", "cat": "categories"}
	for _, b := range o.Bars() {
		source, of := t.policy.String()+" policy", kinds[b.Kind]
		if b.Set {
			source = "monitor.yaml"
		}
		if b.Column != "" {
			of = "column " + b.Column + " as " + of
		}
		effect, what := "p of "+b.Test, "p"
		warn, alpha := math.NaN(), b.Threshold
		if b.Distance {
			effect, what = b.Test, "distance"
			warn, alpha = b.Threshold, math.NaN()
		}
		meaning := what + " " + b.Relation + " " + words.Number(b.Threshold) + ": drifted, which is a warning"
		t.add("features", verdict.CheckDistribution, effect+" ("+of+")", "1", policy.Floors{Warn: warn, Alert: math.NaN()}, source, meaning).Alpha = alpha
	}
}

func (t *thresholds) qualities() {
	for _, q := range soundness {
		t.test("quality", q.check, q.effect, "points", policy.QualityFamily, policy.PointFloors, q.meaning)
	}
	t.rule("quality", verdict.CheckVanished, "always an alert", "a column of the reference is in no row")
	t.rule("quality", verdict.CheckNew, "always a warning", "the reference lacks a column: a notice for the run")
	t.rule("quality", verdict.CheckLines, fmt.Sprintf("above %s %% of a log's lines a warning, above %s %% an alert", words.Number(100*warnLines), words.Number(100*alertLines)), "lines that cannot be read, more than ten of them, where --max-bad lets them pass: what stood in them is not judged")
	t.rule("quality", verdict.CheckClock, "always a warning", "rows are dated before 1980, after the run's own time, or far after all others: a notice for the run below 1 % of the rows")
}

func (t *thresholds) correlations() {
	const meaning = "two columns go together otherwise than in the reference"
	t.test("correlations", verdict.CheckCorrelation, "change of the correlation of two numbers, either way", "rho", policy.CorrelationFamily, policy.CorrelationFloors, meaning)
	t.test("correlations", verdict.CheckCorrelation, "Cramér's V of the change, of pairs with a category or a number of few values", "V", policy.CorrelationFamily, policy.CorrelationFloors, meaning)
}

func (t *thresholds) segments() {
	const meaning = "in one segment; a warning for the run at most. A finding's α is this times the share of the segments that were selected"
	t.test("segments", verdict.CheckDistribution, t.psi(), "PSI", policy.SegmentFamily, policy.PSIFloors, "values are distributed otherwise "+meaning)
	t.test("segments", verdict.BarQuality, "share of rows, as over all rows", "points", policy.SegmentFamily, policy.PointFloors, "missing, nonfinite, type, unseen, range or constant "+meaning)
}

func (t *thresholds) operations(l serving.Limits) {
	source := t.policy.String() + " policy"
	for _, part := range limited(l) {
		t.add("latency", verdict.CheckLatency, part.what, "ms", policy.Floors{Warn: part.ms, Alert: muchSlower * part.ms}, "monitor.yaml "+part.key,
			"slower than the limit, by more rows than chance would put above it").Alpha = limitAlpha
	}
	t.add("latency", verdict.CheckLatency, "95th percentile over the median of the earlier windows'", "times", policy.Floors{Warn: slower, Alert: muchSlower}, source,
		fmt.Sprintf("slower than before, and than each of the %d to %d earlier windows", serving.LeastWindows, serving.MostWindows))
	for _, endpoint := range append([]string{""}, slices.Sorted(maps.Keys(l.Endpoints))...) {
		least, key := l.Success(endpoint)
		if math.IsNaN(least) || endpoint != "" && !strings.Contains(key, "endpoints.") {
			continue
		}
		t.add("api", verdict.CheckSuccess, "share of requests with a status below 400"+toEndpoint(endpoint), "1", policy.Floors{Warn: least, Alert: farBelow(least)}, "monitor.yaml "+key,
			"fewer requests succeed than the limit; an alert at twice the failures that it allows")
	}
	t.add("api", verdict.CheckSuccess, "failures beyond the earlier windows'", "points", lostFloors, source,
		fmt.Sprintf("more requests fail than in the %d to %d earlier windows", serving.LeastWindows, serving.MostWindows)).Alpha = successAlpha
	if l.MinRows > 0 {
		t.add("api", verdict.CheckTraffic, "predictions", "rows", policy.Floors{Warn: float64(l.MinRows), Alert: 0}, "monitor.yaml limits.min_rows", "fewer predictions than the limit; an alert at none")
	}
	t.add("api", verdict.CheckTraffic, "predictions over the median of the earlier windows', or the other way round", "times", policy.Floors{Warn: tooManyFold, Alert: farTooManyFold}, source,
		fmt.Sprintf("more or fewer predictions than before, and than in each of the %d to %d earlier windows", serving.LeastWindows, serving.MostWindows))
	t.rule("api", verdict.CheckTraffic, "always an alert", "no predictions, though requests or earlier predictions came")
	t.rule("api", verdict.CheckTraffic, "always a warning", "the newest prediction is older, by the run's own time, than two days and than twice the longest gap in the log")
}

// limited are the limits of percentiles, each once.
func limited(l serving.Limits) []limitedPart {
	var out []limitedPart
	for _, endpoint := range append([]string{""}, slices.Sorted(maps.Keys(l.Endpoints))...) {
		for _, kind := range []string{"response", "inference"} {
			if endpoint != "" && kind == "inference" {
				continue
			}
			for _, limit := range l.Of(kind, endpoint) {
				if slices.ContainsFunc(out, func(p limitedPart) bool { return p.key == limit.Key }) {
					continue
				}
				what := say.Percentile(limit.Percent)
				if strings.HasPrefix(limit.Key, "limits."+kind) {
					what += " of " + kind + "_ms"
				}
				out = append(out, limitedPart{limit.Key, what + toEndpoint(endpoint), limit.MS})
			}
		}
	}
	return out
}

type limitedPart struct {
	key, what string
	ms        float64
}

func toEndpoint(name string) string {
	if name == "" {
		return ""
	}
	return " to " + words.Name(name)
}

func (t *thresholds) shares(o, settled Options) {
	source := t.policy.String() + " policy"
	if o.Drifted.Warn > 0 || o.Drifted.Alert > 0 {
		source = "monitor.yaml levels"
	}
	f := policy.Floors{Warn: settled.Drifted.Warn, Alert: settled.Drifted.Alert}
	t.add("run", verdict.BarDriftShare, "share of all features at warn or alert", "1", f, source, "so many features have drifted; fewer are a notice for the run")
	if t.policy != policy.Evidently {
		t.add("run", verdict.BarFeatures, "features or pairs of them at alert", "1", policy.Floors{Warn: 1, Alert: math.NaN()}, t.policy.String()+" policy", "one feature that moved far is a warning for the run")
	}
}

package export

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// levelNumber is a level for machines that compare: what was not judged is less than
// any level that was.
var levelNumber = map[string]int{verdict.Insufficient: -1, verdict.OK: 0, verdict.Notice: 1, verdict.Warn: 2, verdict.Alert: 3}

// Prometheus returns metrics.prom: the run in Prometheus' text format, for its
// textfile collector.
func Prometheus(v View) []byte {
	run := v.Tables.Run
	var out bytes.Buffer
	site := label("site", run.Site)
	family := func(name, help string, samples ...sample) {
		samples = slices.DeleteFunc(samples, func(s sample) bool { return math.IsNaN(s.value) || math.IsInf(s.value, 0) })
		if len(samples) == 0 {
			return
		}
		fmt.Fprintf(&out, "# HELP leadsman_%s %s\n# TYPE leadsman_%s gauge\n", name, help, name)
		for _, s := range samples {
			fmt.Fprintf(&out, "leadsman_%s{%s} %s\n", name, strings.Join(append([]string{site}, s.labels...), ","), strconv.FormatFloat(s.value, 'g', -1, 64))
		}
	}
	var levels []sample
	for _, a := range [][2]string{{"run", run.Level}, {"score", run.ScoreLevel}, {"features", run.FeatureLevel}, {"quality", run.QualityLevel}, {"model", run.ModelLevel}, {verdict.AreaSkew, run.SkewLevel}, {"latency", run.LatencyLevel}, {"api", run.APILevel}} {
		if n, ok := levelNumber[a[1]]; ok {
			levels = append(levels, sample{[]string{label("area", a[0])}, float64(n)})
		}
	}
	family("level", "Level of an area: 0 ok, 1 notice, 2 warning, 3 alert; -1 not judged.", levels...)
	if !run.PeriodEnd.IsZero() {
		family("period_end_timestamp_seconds", "Newest prediction judged.", sample{nil, float64(run.PeriodEnd.Unix())})
	}
	if run.NowGiven && !run.Now.IsZero() {
		family("run_timestamp_seconds", "The run's own time, at which the judged period ends.", sample{nil, float64(run.Now.Unix())})
	}
	family("predictions", "Predictions judged.", sample{nil, float64(run.Rows)})
	family("reference_rows", "Rows of the reference.", sample{nil, float64(run.ReferenceRows)})
	family("features", "Features compared.", sample{nil, float64(run.Features)})
	family("features_drifted", "Features at warning or alert.", sample{nil, float64(run.Drifted)})
	family("drift_share", "Drifted over all features.", sample{nil, run.DriftShare})
	var effects []sample
	for _, f := range v.Findings {
		if f.Check == verdict.CheckDistribution {
			effects = append(effects, sample{[]string{label("subject", f.Subject), label("unit", f.EffectUnit)}, f.Effect})
		}
	}
	family("effect", "How far a column's values moved, in unit.", effects...)
	var quantiles []sample
	for _, l := range v.Tables.Latency {
		if q, ok := map[string]string{"p50": "50", "p95": "95", "p99": "99"}[l.Kind]; ok {
			quantiles = append(quantiles, sample{[]string{label("subject", l.Subject), label("percentile", q)}, l.Value / 1000})
		}
	}
	family("latency_seconds", "Percentiles of the latency.", quantiles...)
	of := func(name string) sample { return sample{nil, v.Tables.Statistic(verdict.SubjectAPI, name)} }
	requests, success := of("requests"), of("success_rate")
	if t, ok := v.Tables.Total(); ok && math.IsNaN(requests.value) {
		requests.value, success.value = float64(t.Requests), float64(t.Succeeded)/float64(t.Requests)
	}
	family("requests", "Requests judged, probes left out.", requests)
	family("success_share", "Of these the share with a status below 400.", success)
	family("requests_per_minute", "Requests a minute in the judged period, probes left out.", of("requests_per_minute"))
	family("uptime", "Share of slots of five minutes with traffic in which some request succeeded.", of("uptime"))
	family("uptime_slots", "Slots that the uptime rests on.", of("slots_judged"))
	family("unknown_slots", "Slots without any request, which the uptime does not count.", of("slots_unknown"))
	var subjects []string
	worst := map[string]string{}
	for _, f := range v.Findings {
		if f.Accepted != "" || f.Role == verdict.RoleRun {
			continue
		}
		if _, known := worst[f.Subject]; !known {
			subjects = append(subjects, f.Subject)
		}
		worst[f.Subject] = verdict.WorstJudged(worst[f.Subject], f.Level)
	}
	var bySubject []sample
	for _, s := range subjects {
		if n, ok := levelNumber[worst[s]]; ok {
			bySubject = append(bySubject, sample{[]string{label("subject", s)}, float64(n)})
		}
	}
	family("subject_level", "Worst level of a column's findings, as in leadsman_level.", bySubject...)
	var standing []sample
	for _, s := range v.Tables.Standing {
		standing = append(standing, sample{[]string{label("subject", s.Subject), label("segment", s.Segment), label("check", s.Check), label("key", s.Key)}, float64(levelNumber[s.Level])})
	}
	family("finding_level", "Level of a finding that stands: from the night that has it first until it has cleared, under one key.", standing...)
	var fired, aucs, moved []sample
	for _, t := range v.Tables.Triggers {
		is := 0.0
		if t.Fired {
			is = 1
		}
		fired = append(fired, sample{[]string{label("trigger", t.Name)}, is})
	}
	family("trigger_fired", "1 when a reason to retrain has fired.", fired...)
	switch measured, estimated := v.Tables.AUC(); {
	case measured != nil:
		aucs = append(aucs, sample{[]string{label("by", "outcomes")}, measured.Value})
	case estimated != nil:
		aucs = append(aucs, sample{[]string{label("by", "estimate")}, estimated.Value})
	}
	family("model_roc_auc", "ROC AUC of the model, by outcomes or estimated from the scores.", aucs...)
	var errors []sample
	if o := v.Tables.Error(); o != nil {
		errors = append(errors, sample{[]string{label("by", "outcomes")}, o.Value})
	}
	family("model_mean_absolute_error", "Mean absolute error of a model that predicts numbers, by outcomes.", errors...)
	at := map[string]int{}
	for _, s := range v.Tables.Segments {
		i, ok := at[s.Column]
		if !ok {
			i = len(moved)
			at[s.Column] = i
			moved = append(moved, sample{labels: []string{label("column", s.Column)}})
		}
		if s.Name != "" && verdict.Severity(s.Level) >= verdict.Severity(verdict.Warn) {
			moved[i].value++
		}
	}
	family("segments_moved", "Segments of a column in which something moved.", moved...)
	if i := slices.IndexFunc(v.Findings, func(f verdict.Finding) bool { return f.Check == verdict.CheckMultivariate }); i >= 0 {
		family("domain_auc", "ROC AUC of telling production from reference by all features at once; 0.5 is chance.", sample{nil, v.Findings[i].Effect})
	}
	var limits []sample
	for _, t := range v.Tables.Thresholds {
		if t.Area == "latency" || t.Area == "api" {
			limits = append(limits, sample{[]string{label("area", t.Area), label("check", t.Check), label("effect", t.Effect), label("unit", t.Unit)}, t.Warn})
		}
	}
	family("limit", "From where latency and API are at warning, in unit.", limits...)
	if h := v.Tables.NewestHealth(); h != nil {
		up := 0.0
		if h.OK {
			up = 1
		}
		family("api_up", "1 when the API answered well when its health was asked.", sample{nil, up})
	}
	return out.Bytes()
}

type sample struct {
	labels []string
	value  float64
}

var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func label(name, value string) string {
	return name + `="` + labelEscapes.Replace(strings.ToValidUTF8(value, "\uFFFD")) + `"`
}

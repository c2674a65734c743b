// Package sitetest has reports and nights for the tests of the rooms of the site.
package sitetest

import (
	"bytes"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

var nan = math.NaN()

// LastNight is when the period of Report ends.
var LastNight = time.Date(2026, 11, 22, 23, 58, 0, 0, time.UTC)

// Report is a night of an invented site: 12 features, three of them moved, the
// score with them; numbers by hand where a test reads them.
func Report() *report.Tables {
	r := &report.Tables{Run: verdict.Run{
		Site: "harbour", Title: "Harbour lead scores",
		PeriodStart: LastNight.AddDate(0, 0, -7), PeriodEnd: LastNight, Now: LastNight, Last: 7 * 24 * 3600,
		Rows: 1014, ReferenceRows: 303, Requests: 1200, Features: 12, Drifted: 3, Alerted: 2, Insufficient: 1, DriftShare: 3.0 / 11,
		Policy: "calibrated", PlanID: "0123456789abcdef0123456789abcdef", Level: verdict.Alert,
		ScoreLevel: verdict.Warn, FeatureLevel: verdict.Warn, QualityLevel: verdict.Warn, LatencyLevel: verdict.OK, APILevel: "",
		Headline: "The input drifted: 3 of 11 features moved, companysize most", Coverage: nan, Threshold: 0.5, PositiveLabel: "engage", ModelVersion: "2026-09", K: 5,
	}}
	finding := func(subject, role, kind, check, level string, rank int64, effect, q float64, sentence string) {
		unit, warn, alert, test := "PSI", 0.1, 0.25, "chi-squared"
		if kind == "number" {
			test = "ks"
		}
		if check != verdict.CheckDistribution {
			unit, warn, alert, test = "points", 5, 10, "two proportions"
		}
		r.Findings = append(r.Findings, verdict.Finding{
			Subject: subject, Role: role, Kind: kind, Check: check, Test: test, Level: level, NRef: 303, NCur: 1014,
			Statistic: 12.5, P: q / 3, Q: q, Effect: effect, EffectUnit: unit, Threshold: warn, AlertThreshold: alert, Alpha: 0.025,
			ThresholdSource: "calibrated policy", Direction: verdict.Changed, MDE: 0.08, Rank: rank, Sentence: sentence,
			Action: asks(role, check, level),
		})
	}
	finding("companysize", verdict.RoleFeature, "category", verdict.CheckDistribution, verdict.Alert, 1, 0.42, 1e-9, "companysize: 51-200 fell from 31 % to 12 %, UNKNOWN rose from 9 % to 28 %; PSI 0.42; explains 61 % of it")
	finding("companysize", verdict.RoleFeature, "category", verdict.CheckUnseen, verdict.Warn, 4, 6.1, 0.0002, "companysize: 6 % of rows hold categories that the reference lacks: 10k+ (6 %); 0.4 % was to be expected")
	finding("llm_quality", verdict.RoleFeature, "number", verdict.CheckDistribution, verdict.Alert, 2, 0.31, 1e-6, "llm_quality: median fell from 61 to 48; PSI 0.31")
	finding("score", verdict.RoleScore, "number", verdict.CheckDistribution, verdict.Warn, 3, 0.14, 0.0004, "score: median fell from 0.44 to 0.35; PSI 0.14")
	finding("industry", verdict.RoleFeature, "category", verdict.CheckMissing, verdict.Warn, 5, 7.2, 0.001, "industry: rows missing rose from 2 % to 9 %")
	finding("industry", verdict.RoleFeature, "category", verdict.CheckDistribution, verdict.Warn, 6, 0.12, 0.01, "industry: Software fell from 38 % to 27 %; PSI 0.12")
	finding("label", verdict.RoleLabel, "category", verdict.CheckDistribution, verdict.OK, 20, 0.03, 0.2, "label: engage fell from 36 % to 31 %; PSI 0.03")
	finding("summary (length)", verdict.RoleFeature, "number", verdict.CheckDistribution, verdict.Insufficient, 19, 0.2, 0.3, "summary (length): too few rows to tell")
	finding(verdict.SubjectLatency, verdict.RoleRun, "", verdict.CheckLatency, verdict.OK, 21, 31, nan, "95 % of responses took at most 31 ms; the limit is 60 ms")
	finding(verdict.SubjectRows, verdict.RoleRun, "", verdict.CheckDuplicates, verdict.OK, 22, 0, 1, "no row came twice")
	for i, name := range []string{"llm_engagement", "followers", "tenure_years", "geography", "jobtitle", "skills (commas)", "../../etc/passwd", "<b>bold</b>"} {
		kind := "number"
		if i == 3 || i == 4 {
			kind = "category"
		}
		finding(name, verdict.RoleFeature, kind, verdict.CheckDistribution, verdict.OK, int64(8+i), 0.02, 0.5, name+": no change that matters; PSI 0.02")
	}

	number := func(subject string, edges []float64, ref, cur []int64) {
		var total float64
		for i := range ref {
			total += math.Abs(float64(cur[i])/1014 - float64(ref[i])/303)
		}
		for i := range ref {
			b := verdict.Bin{Subject: subject, Kind: "interval", Lo: nan, Hi: nan, NRef: ref[i], NCur: cur[i]}
			switch {
			case i == 0:
				b.Hi, b.Name = edges[0], fmt.Sprintf("up to %v", edges[0])
			case i == len(edges):
				b.Lo, b.Name = edges[i-1], fmt.Sprintf("above %v", edges[i-1])
			default:
				b.Lo, b.Hi, b.Name = edges[i-1], edges[i], fmt.Sprintf("%v to %v", edges[i-1], edges[i])
			}
			b.PSIShare = math.Abs(float64(cur[i])/1014-float64(ref[i])/303) / total
			r.Bins = append(r.Bins, b)
		}
	}
	category := func(subject string, names []string, ref, cur []int64) {
		for i, n := range names {
			kind := "category"
			if n == "rare" {
				kind = "rare"
			}
			r.Bins = append(r.Bins, verdict.Bin{Subject: subject, Kind: kind, Lo: nan, Hi: nan, Name: n, NRef: ref[i], NCur: cur[i], PSIShare: 1 / float64(len(names))})
		}
	}
	tenth := []int64{30, 30, 31, 30, 30, 31, 30, 30, 31, 30}
	number("score", []float64{.08, .15, .22, .3, .4, .51, .62, .74, .86}, tenth, []int64{150, 140, 128, 120, 104, 96, 90, 80, 60, 46})
	r.Bins = append(r.Bins, verdict.Bin{Subject: "score", Kind: "over", Name: "above the reference", Lo: nan, Hi: nan, NCur: 3})
	number("llm_quality", []float64{20, 35, 45, 50, 55, 60, 66, 72, 80}, tenth, []int64{190, 150, 130, 110, 100, 90, 80, 70, 54, 40})
	category("companysize", []string{"1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "UNKNOWN", "rare"},
		[]int64{15, 42, 94, 61, 30, 24, 27, 10}, []int64{50, 142, 122, 183, 100, 80, 284, 53})
	category("industry", []string{"Software", "Finance", "Health", "Education", "rare"}, []int64{115, 70, 50, 40, 22}, []int64{250, 240, 190, 150, 93})
	r.Bins = append(r.Bins, verdict.Bin{Subject: "industry", Kind: verdict.BinMissing, Name: "missing", Lo: nan, Hi: nan, NRef: 6, NCur: 91, PSIShare: nan})
	category("label", []string{"engage", "skip"}, []int64{109, 194}, []int64{314, 700})
	category("geography", []string{"EU", "US", "APAC"}, []int64{150, 100, 53}, []int64{500, 330, 184})
	category("jobtitle", []string{"manager", "engineer", "founder", "rare"}, []int64{90, 80, 60, 73}, []int64{300, 270, 200, 244})
	for _, n := range []string{"llm_engagement", "tenure_years", "skills (commas)", "../../etc/passwd", "<b>bold</b>"} {
		number(n, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}, tenth, []int64{100, 102, 101, 104, 100, 103, 99, 101, 102, 102})
	}
	number("followers", []float64{10, 30, 80, 200, 500, 1200, 3000, 8000, 20000}, tenth, []int64{100, 102, 101, 104, 100, 103, 99, 101, 102, 102})

	stat := func(subject, name string, ref, cur, lo, hi float64, unit string) {
		r.Statistics = append(r.Statistics, verdict.Statistic{Subject: subject, Name: name, Ref: ref, Cur: cur, Lo: lo, Hi: hi, Unit: unit})
	}
	for _, s := range []string{"score", "llm_quality", "followers"} {
		stat(s, "rows", 303, 1014, nan, nan, "rows")
		stat(s, "mean", 0.46, 0.38, 0.36, 0.4, "")
		stat(s, "std", 0.25, 0.24, nan, nan, "")
		stat(s, "p25", 0.22, 0.15, nan, nan, "")
		stat(s, "p50", 0.44, 0.35, nan, nan, "")
		stat(s, "p75", 0.68, 0.55, nan, nan, "")
	}
	stat("score", "positive_rate", 0.36, 0.31, 0.282, 0.339, "1")
	stat("industry", "missing_rate", 0.02, 0.09, 0.075, 0.11, "1")
	stat("companysize", "missing_rate", 0.01, 0.012, 0.006, 0.02, "1")

	for i, p := range [][2]string{{"llm_quality", "score"}, {"followers", "score"}, {"llm_engagement", "llm_quality"}, {"tenure_years", "followers"}} {
		r.Correlations = append(r.Correlations, verdict.Correlation{A: p[0], B: p[1], Measure: "pearson", Ref: 0.6 - 0.2*float64(i), Cur: 0.1, NRef: 303, NCur: 1014, P: 0.001, Q: 0.004})
	}
	for i := range 14 {
		start := LastNight.Truncate(24*time.Hour).AddDate(0, 0, i-13)
		add := func(subject, metric string, v float64) {
			r.Trend = append(r.Trend, verdict.Trend{Window: start.Format(time.RFC3339), Start: start, Subject: subject, Metric: metric, N: 140, Value: v})
		}
		x := float64(i)
		add("score", "psi", 0.01+0.012*x)
		add("score", "mean", 0.46-0.006*x)
		add("score", "positive_rate", 0.36-0.004*x)
		add("llm_quality", "psi", 0.02+0.022*x)
		add("response_ms", "p50_ms", 12+math.Sin(x))
		add("response_ms", "p95_ms", 29+3*math.Sin(x))
		add("response_ms", "p99_ms", 44+5*math.Cos(x))
		add("inference_ms", "p50_ms", 4+math.Sin(x)/4)
		add("inference_ms", "p95_ms", 9+math.Sin(x))
		add(verdict.SubjectAPI, "success_rate", 0.985+0.004*math.Sin(x))
		add(verdict.SubjectAPI, "requests_per_minute", 0.12+0.03*math.Cos(x))
	}
	for _, s := range []string{"inference_ms", "response_ms"} {
		scale := map[string]float64{"inference_ms": 1, "response_ms": 3}[s]
		for i := range 36 {
			lo := 2 * scale * math.Pow(1.1, float64(i))
			n := int64(120*math.Exp(-math.Pow(float64(i-9)/5, 2)/2)) + 1
			r.Latency = append(r.Latency, verdict.Latency{Subject: s, Kind: "bucket", Lo: lo, Hi: 2 * scale * math.Pow(1.1, float64(i+1)), Count: n, Value: nan})
		}
		for _, q := range []struct {
			kind string
			v    float64
		}{{"n", 1014}, {"mean", 5.3}, {"p50", 4.4}, {"p95", 10.4}, {"p99", 16.2}} {
			r.Latency = append(r.Latency, verdict.Latency{Subject: s, Kind: q.kind, Lo: nan, Hi: nan, Count: 1014, Value: q.v * scale})
		}
	}
	total := func(start time.Time, minutes int64, endpoint string, status, n, ok int64) {
		r.Traffic = append(r.Traffic, verdict.Traffic{Start: start, SlotMinute: minutes, Endpoint: endpoint, StatusCode: status, Requests: n, Succeeded: ok, P50MS: 12, P95MS: 31})
	}
	total(time.Time{}, 0, "", 0, 1200, 1182)
	total(time.Time{}, 0, "/predict", 0, 1014, 1000)
	total(time.Time{}, 0, "/predict", 200, 1000, 1000)
	total(time.Time{}, 0, "/predict", 422, 10, 0)
	total(time.Time{}, 0, "/predict", 500, 4, 0)
	total(time.Time{}, 0, "/health", 0, 186, 182)
	total(time.Time{}, 0, "/health", 200, 182, 182)
	total(time.Time{}, 0, "/health", 503, 4, 0)
	for i := range 48 {
		total(LastNight.Truncate(time.Hour).Add(time.Duration(i-47)*time.Hour), 60, "", 0, int64(7+5*math.Sin(float64(i)/4)), 7)
	}
	for i := range 20 {
		at := LastNight.Add(-time.Duration(i) * 11 * time.Minute)
		score := math.Mod(0.37+0.23*float64(i), 1)
		label := "skip"
		if score >= 0.5 {
			label = "engage"
		}
		for _, c := range [][2]string{{"geography", "EU"}, {"companysize", "51-200"}} {
			r.Recent = append(r.Recent, verdict.Recent{Row: int64(i + 1), At: at, Score: score, Label: label, MS: 4 + float64(i%5), Column: c[0], Value: c[1]})
		}
	}
	for _, e := range []struct {
		name string
		ms   float64
	}{{"leaves", 0.9}, {"native", 0.2}, {"onnx", 1.1}} {
		r.Bench = append(r.Bench, verdict.Timing{Model: "model.ubj", Engine: e.name, Batch: 1, Calls: 5000, MeanMS: e.ms, P50MS: e.ms, P95MS: e.ms * 1.4, P99MS: e.ms * 2, MinMS: e.ms * .8, MaxMS: e.ms * 5, LoadMS: 12, FileBytes: 812345, Allocs: 1, AllocBytes: 64, Trees: 500, Features: 39})
		for i := range 20 {
			lo := e.ms * (0.7 + 0.06*float64(i))
			r.BenchLatency = append(r.BenchLatency, verdict.TimingBucket{Engine: e.name, Batch: 1, LoMS: lo, HiMS: e.ms * (0.7 + 0.06*float64(i+1)), Count: int64(400*math.Exp(-math.Pow(float64(i-6)/3, 2))) + 1})
		}
	}
	for i, f := range []string{"github.com/leadsman/leadsman/pkg/model.(*Tree).score", "encoding/json.Unmarshal", "runtime.mallocgc"} {
		r.Hotspots = append(r.Hotspots, verdict.Hotspot{Engine: "native", Function: f, FlatMS: 40 - 10*float64(i), FlatShare: 0.4 - 0.1*float64(i), CumMS: 60 + 10*float64(i), CumShare: 0.6 + 0.1*float64(i), Stacks: 3, TotalMS: 100, Calls: 2000})
	}
	r.Loads = []verdict.Load{{Run: "rate", URL: "http://localhost:8080/predict", Rate: 200, Planned: 400, Sent: 400, OK: 396, Seconds: 2, Throughput: 198, MeanMS: 3, P50MS: 2.5, P95MS: 7.1, P99MS: 12, P999MS: 30, MaxMS: 31, SentP50MS: 2, SentP99MS: 9, LateMS: 1}}
	r.LoadStatuses = []verdict.LoadStatus{{Run: "rate", Status: 200, Count: 396}, {Run: "rate", Error: "connection refused", Count: 4}}
	r.Rejects = []verdict.Reject{{Source: "predictions.jsonl", Reason: "score: want a number", Count: 3, FirstLines: "17, 90, 411"}}
	r.Health = []verdict.Health{{URL: "http://localhost:8080/health", CheckedAt: LastNight, OK: true, StatusCode: 200, ResponseMS: 3.2}}
	return r
}

// Stream writes the report's tables, if there is one, and any further ones, as a
// bundle.
func Stream(t testing.TB, r *report.Tables, more ...arrow.RecordBatch) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	w := table.NewWriter(&out)
	var recs []arrow.RecordBatch
	if r != nil {
		for _, tab := range r.Published() {
			recs = append(recs, tab.Encode())
		}
	}
	for _, rec := range append(recs, more...) {
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &out
}

// Nights are n earlier nights of the report's site, the oldest first, as older versions
// wrote them: without what was news of them.
func Nights(r *report.Tables, n int) []verdict.Night {
	var out []verdict.Night
	for i := range n {
		old := *r
		old.Run.PeriodEnd = r.Run.PeriodEnd.AddDate(0, 0, i-n)
		old.Run.Level = []string{verdict.OK, verdict.OK, verdict.Warn}[i%3]
		old.Run.DriftShare = 0.02 * float64(i%7)
		out = append(out, history.Tonight(&old)...)
	}
	return out
}

// asks is what driftcalc has a finding ask for.
func asks(role, check, level string) string {
	switch {
	case level == verdict.Insufficient:
		return verdict.ActionWait
	case verdict.Severity(level) < verdict.Severity(verdict.Warn):
		return ""
	case check == verdict.CheckDistribution && role != verdict.RoleFeature:
		return verdict.ActionCompareScores
	}
	return map[string]string{
		verdict.CheckDistribution: verdict.ActionAskUpstream, verdict.CheckMissing: verdict.ActionFindMissing, verdict.CheckUnseen: verdict.ActionCheckValues,
		verdict.CheckVanished: verdict.ActionFindColumn, verdict.CheckConstant: verdict.ActionCheckSource, verdict.CheckLatency: verdict.ActionCheckSpeed,
	}[check]
}

// Bare is a report of nothing but its run.
func Bare() *report.Tables { return &report.Tables{Run: Report().Run} }

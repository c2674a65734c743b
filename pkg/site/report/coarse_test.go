package report_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Of a single row a site tells the hour, the score to 0.1, two digits of its time, and
// no label; what is public is told as it is.
func TestSingleRowsAreCoarse(t *testing.T) {
	at := time.Date(2026, 1, 5, 8, 15, 43, 217654000, time.UTC)
	row := verdict.Recent{Row: 1, At: at, Score: 0.987654321, Label: "hot", MS: 12.3456, Column: "country", Value: "DE"}
	for _, c := range []struct {
		whole, want string
		scores      []float64
		std         float64
	}{
		{"", "08:00:00 1  12 DE", nil, 0},
		{"timestamp", "08:15:43.217654 1  12 DE", nil, 0},
		{"score,label", "08:00:00 0.987654321 hot 12 DE", nil, 0},
		{"timestamp,score,label,inference_ms", "08:15:43.217654 0.987654321 hot 12.3456 DE", nil, 0},
		{"", "08:00:00 0  12 DE", []float64{51234.56}, 9000},
		{"", "08:00:00 NaN  12 DE", []float64{51234.56}, 0},
	} {
		r := sitetest.Report()
		row.Whole = c.whole
		r.Recent, r.Statistics = []verdict.Recent{row}, nil
		for i, x := range c.scores {
			r.Recent = append(r.Recent, verdict.Recent{Row: int64(i + 2), Score: x})
			r.Statistics = append(r.Statistics, verdict.Statistic{Subject: "score", Name: "std", Ref: c.std})
		}
		r.Run.PeriodStart, r.Run.PeriodEnd, r.Run.Now = at.Add(-time.Minute), at, at
		got, err := report.Read(table.NewReader("in", sitetest.Stream(t, r)))
		if err != nil {
			t.Fatal(err)
		}
		one := got.Recent[0]
		if s := fmt.Sprintf("%s %v %s %v %s", one.At.Format("15:04:05.999999"), one.Score, one.Label, one.MS, one.Value); s != c.want {
			t.Errorf("whole %q: %s, want %s", c.whole, s, c.want)
		}
		if hour := at.Truncate(time.Hour); !got.Run.PeriodStart.Equal(hour) || !got.Run.PeriodEnd.Equal(hour) || !got.Run.Now.Equal(hour) {
			t.Errorf("the run is from %v to %v at %v", got.Run.PeriodStart, got.Run.PeriodEnd, got.Run.Now)
		}
		if len(c.scores) > 0 && c.std > 0 && got.Recent[1].Score != 50000 && !math.IsNaN(got.Recent[1].Score) {
			t.Errorf("a score that is no probability is told as %v", got.Recent[1].Score)
		}
	}
}

// What findings were judged by has three digits, and more where it would else stand on
// the other side of a bar: 0.24996 is no 0.25, and 0.0499996 no 0.05.
func TestEvidenceIsCoarse(t *testing.T) {
	nan := math.NaN()
	r := sitetest.Report()
	f := verdict.NewFinding("v", verdict.RoleFeature, "number", verdict.CheckDistribution)
	f.Statistic, f.StatisticMost, f.MDE, f.P, f.Q, f.Effect = 0.123456789, 0.12399, 1234.5678, 1.23456e-9, 0.0499996, 0.24996
	f.Alpha, f.Threshold, f.AlertThreshold = 0.05, 0.1, 0.25
	down := f
	down.Effect, down.Q, down.StatisticMost = -0.2500004, 0.05000001, nan
	r.Findings = []verdict.Finding{f, down}
	r.Segments = []verdict.Segment{{Column: "a", P: 0.0123456, Q: nan}}
	r.Correlations = []verdict.Correlation{{A: "a", B: "b", P: 0.0123456, Q: 0.2}}
	got, err := report.Read(table.NewReader("in", sitetest.Stream(t, r)))
	if err != nil {
		t.Fatal(err)
	}
	says := func(f verdict.Finding) string {
		return fmt.Sprint(f.Statistic, f.StatisticMost, f.MDE, f.P, f.Q, f.Effect)
	}
	if s := says(got.Findings[0]); s != "0.123 0.124 1230 1.23e-09 0.0499996 0.24996" {
		t.Errorf("got %s", s)
	}
	if s := says(got.Findings[1]); s != "0.123 NaN 1230 1.23e-09 0.05000001 -0.2500004" {
		t.Errorf("got %s", s)
	}
	if s := fmt.Sprint(got.Segments[0].P, got.Segments[0].Q, got.Correlations[0].P, got.Correlations[0].Q); s != "0.0123 NaN 0.0123 0.2" {
		t.Errorf("got %s", s)
	}
}

// Figures by outcomes, estimates and what features add have three digits, or as many as
// leave a figure on its side of a limit; numbers of rows stay. Of two nights that differ by
// a row, its own value then follows no more often than by chance.
func TestFiguresAreCoarse(t *testing.T) {
	nan := math.NaN()
	r := sitetest.Report()
	r.Triggers = []verdict.Trigger{{Name: verdict.TriggerLeastAUC, Unit: "1", Threshold: 0.7, Measured: 0.69996}}
	r.Outcomes = []verdict.Outcome{
		{Kind: "metric", Metric: "roc_auc", N: 400, Score: nan, Value: 0.69996, Lo: 0.651234, Hi: 0.751234, Reference: 0.79123, Expected: 0.78123, P: 0.0123456, Q: nan},
		{Kind: "metric", Metric: "true_positives", N: 4000, Score: nan, Value: 1234, Lo: nan, Hi: nan, Reference: 1357, Expected: nan, P: nan, Q: nan},
		{Kind: "count", Metric: "joined", N: 4321, Score: nan, Value: 4321, Lo: nan, Hi: nan, Reference: nan, Expected: nan, P: nan, Q: nan},
	}
	r.Estimates = []verdict.Estimate{{Metric: "roc_auc", N: 400, Value: 0.712345, SamplingError: 0.0212345, Lo: 0.61234, Hi: 0.81234, PopulationLo: 0.62345, PopulationHi: 0.82345, Reference: 0.79123}}
	r.Contributions = []verdict.Contribution{{Kind: "feature", Feature: "a", Ref: 0.123456, Cur: 0.234567, Change: 0.111111, Lo: 0.0512345, Hi: 0.1712345, Share: 0.333333, Gain: 0.111111}}
	got, err := report.Read(table.NewReader("in", sitetest.Stream(t, r)))
	if err != nil {
		t.Fatal(err)
	}
	o, e, c := got.Outcomes, got.Estimates[0], got.Contributions[0]
	for _, s := range [][2]string{
		{fmt.Sprint(o[0].Value, o[0].Lo, o[0].Hi, o[0].Reference, o[0].Expected, o[0].P, got.Triggers[0].Measured), "0.69996 0.651 0.751 0.791 0.781 0.0123 0.69996"},
		{fmt.Sprint(o[1].Value, o[1].Reference, o[2].Value), "1234 1357 4321"},
		{fmt.Sprint(e.Value, e.SamplingError, e.Lo, e.Hi, e.PopulationLo, e.PopulationHi, e.Reference), "0.712 0.0212 0.612 0.812 0.623 0.823 0.791"},
		{fmt.Sprint(c.Ref, c.Cur, c.Change, c.Lo, c.Hi, c.Share, c.Gain), "0.123 0.235 0.111 0.0512 0.171 0.333 0.111"},
	} {
		if s[0] != s[1] {
			t.Errorf("got %s, want %s", s[0], s[1])
		}
	}

	// Log losses, of means around 0.6 and of deviation 0.6.
	const n, trials = 400, 200
	random := rand.New(rand.NewPCG(1, 2))
	found, plainly := 0, 0
	for range trials {
		sum := 0.0
		for range n {
			sum += 0.6 * random.ExpFloat64()
		}
		secret := 0.6 * random.ExpFloat64()
		solved := func(round func(float64) float64) bool {
			return math.Abs((n+1)*round((sum+secret)/(n+1))-n*round(sum/n)-secret) < 0.01*0.6
		}
		if solved(report.Coarse) {
			found++
		}
		if solved(func(x float64) float64 { return x }) {
			plainly++
		}
	}
	t.Logf("of %d rows %d are found to a hundredth of a deviation, of all digits %d", trials, found, plainly)
	if found > trials/20 || plainly != trials {
		t.Errorf("of %d rows %d are found, of all digits %d", trials, found, plainly)
	}
}

// A run that was given its time keeps it.
func TestTimeOfTheRun(t *testing.T) {
	r := sitetest.Report()
	r.Run.Now, r.Run.NowGiven = r.Run.PeriodEnd.Add(time.Minute), true
	got, err := report.Read(table.NewReader("in", sitetest.Stream(t, r)))
	if err != nil || !got.Run.Now.Equal(r.Run.Now) {
		t.Errorf("%v, %v", got.Run.Now, err)
	}
}

// Durations have two digits where they are single ones, and so have buckets; what is
// coarser already stays. Cleaning twice changes nothing.
func TestDurationsAreCoarse(t *testing.T) {
	r := sitetest.Report()
	bucket := func(lo, hi float64, n int64) verdict.Latency {
		return verdict.Latency{Subject: "inference_ms", Kind: "bucket", Lo: lo, Hi: hi, Count: n}
	}
	r.Latency = []verdict.Latency{
		{Subject: "inference_ms", Kind: "n", Count: 31, Value: 12345}, {Subject: "inference_ms", Kind: "max", Value: 1234.5}, {Subject: "inference_ms", Kind: "p95", Value: 41.7391},
		bucket(0, 0, 2), bucket(4.011, 4.022, 7), bucket(4.022, 4.033, 8), bucket(5, 7, 9), bucket(1234, 1237, 1), bucket(100, math.NaN(), 4),
	}
	r.Traffic = []verdict.Traffic{{Start: r.Run.PeriodStart, Requests: 4, P50MS: 12.345, P95MS: 12.345}, {Start: r.Run.PeriodStart, Requests: 5, P50MS: 12.345, P95MS: 13.579}}
	r.Outcomes = []verdict.Outcome{{Kind: "curve", N: 4, Score: 0.123456, Value: 1}, {Kind: "curve", N: 5, Score: 0.123456, Value: 1}, {Kind: "count", N: 1, Value: 1}}
	r.Run.K = 5
	const want = "n 12345 |max 1200 |p95 41.7 |bucket 0 0 2|bucket 4 4.1 15|bucket 5 7 9|bucket 1200 1300 1|bucket 100 NaN 4|NaN NaN|12 14|NaN NaN|0.12 1|0 1|"
	for range 2 {
		got, err := report.Read(table.NewReader("in", sitetest.Stream(t, r)))
		if err != nil {
			t.Fatal(err)
		}
		told := ""
		for _, l := range got.Latency {
			switch l.Kind {
			case "bucket":
				told += fmt.Sprintf("bucket %v %v %d|", l.Lo, l.Hi, l.Count)
			default:
				told += fmt.Sprintf("%s %v |", l.Kind, l.Value)
			}
		}
		for _, s := range got.Traffic {
			told += fmt.Sprintf("%v %v|", s.P50MS, s.P95MS)
		}
		for _, o := range got.Outcomes {
			told += fmt.Sprintf("%v %v|", o.Score, o.Value)
		}
		if told != want {
			t.Errorf("got  %s\nwant %s", told, want)
		}
		r = got
	}
}

// A cell of a confusion matrix counts rows of its own, whatever the matrix's N, and one
// that is left out alone is not to be solved from the others. The reference's cells are
// made as large as the judged rows, and count by what they were.
func TestCellsOfFewRowsAreLeftOut(t *testing.T) {
	counts := []string{"true_positives", "false_positives", "false_negatives", "true_negatives"}
	for _, c := range []struct {
		values, reference []float64
		shown, known      string
	}{
		{[]float64{0, 1, 4, 95}, []float64{0, 10, 40, 50}, "1001", "1001"}, // of a tenth as many reference rows
		{[]float64{0, 3, 40, 57}, []float64{10, 50, 0, 60}, "1001", "0011"},
		{[]float64{5, 5, 40, 50}, []float64{50, 50, 0, 0}, "1111", "1111"},
	} {
		for _, kind := range []string{"confusion", "metric"} {
			r := sitetest.Report()
			r.Outcomes = nil
			for i, v := range c.values {
				o := verdict.Outcome{Kind: kind, Metric: "rows", N: 100, Value: v, Reference: c.reference[i]}
				if kind == "metric" {
					o.Metric, o.Reference = counts[i], c.reference[i]/10 // as it is
				}
				r.Outcomes = append(r.Outcomes, o)
			}
			f := verdict.NewFinding(verdict.SubjectModel, verdict.RoleRun, "", verdict.CheckPerformance)
			f.NRef, f.NCur, f.Level = 10, 100, verdict.OK
			r.Findings = append(r.Findings, f)
			got, err := report.Read(table.NewReader("in", sitetest.Stream(t, r)))
			if err != nil {
				t.Fatal(err)
			}
			shown, known := "", ""
			for _, o := range got.Outcomes {
				shown += map[bool]string{true: "0", false: "1"}[math.IsNaN(o.Value)]
				known += map[bool]string{true: "0", false: "1"}[math.IsNaN(o.Reference)]
			}
			if shown != c.shown || known != c.known {
				t.Errorf("%s of %v, reference %v: %s and %s, want %s and %s", kind, c.values, c.reference, shown, known, c.shown, c.known)
			}
		}
	}
}

package bench

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// measured is a run of two engines: b takes half the CPU time of a for one row,
// and a fifth in calls of ten.
func twoEngines() *Performance {
	nan := math.NaN()
	row := func(engine string, batch int64, cpu float64) verdict.Timing {
		return verdict.Timing{Model: "m|.ubj", ModelHash: strings.Repeat("ab", 32), Engine: engine, Batch: batch, Calls: 100, MeanMS: cpu, P50MS: cpu, P95MS: cpu, P99MS: cpu,
			MinMS: cpu, MaxMS: cpu, CPUMS: cpu, ClockMS: 1e-5, LoadMS: 10, FileBytes: 2000, MemoryBytes: nan, Rows: 300, Origin: "by hand", Trees: 7, Features: 3,
			Threads: 1, Machine: "one_machine", LoadAverage: 0.5}
	}
	missing := row("c", 1, nan)
	missing.Note = "no library"
	return &Performance{Results: []verdict.Timing{row("a", 1, 0.4), row("b", 1, 0.2), missing, row("a", 10, 2), row("b", 10, 0.4)}}
}

func TestRecommendations(t *testing.T) {
	p := twoEngines()
	spot := func(stage string, share float64) verdict.Hotspot {
		return verdict.Hotspot{Engine: "b", Function: "f." + stage, Stage: stage, CumShare: share, CumMS: share, TotalMS: 1, Calls: 10}
	}
	nan := math.NaN()
	python := func(batch int64, ms float64) verdict.Timing {
		t := unmeasured()
		t.Engine, t.Batch, t.P50MS, t.MeanMS = "joblib", batch, ms, ms
		return t
	}
	for _, c := range []struct {
		name   string
		change func(p *Performance)
		want   []string
		not    string
	}{
		{"the owner's baseline", func(p *Performance) { p.Baseline = []verdict.Timing{python(1, 2), python(10, 1)} }, []string{
			"Score calls of 1 row with `b`: 90 % less time, 10× as fast by median wall time.",    // 0.2 ms of 2
			"Score calls of 10 rows with `b`: 60 % less time, 2.5× as fast by median wall time.", // 0.4 ms of 1
			"Do not change to `a` for calls of 10 rows: it takes 100 % more time than `joblib`.", // 2 ms of 1
		}, "calls of 1 row: it takes"},
		{"the owner's profile", func(p *Performance) {
			p.Hotspots = []verdict.Hotspot{{Program: "s.pstats", Engine: "Python", Function: "a/b.py:1(f)", FlatShare: 0.5, CumShare: 0.75}}
		}, []string{"In s.pstats most time goes into `b.py:1(f)`: 50 % of it in the function itself, 75 % with what it calls."}, "of a request"},
		{"faster", func(*Performance) {}, []string{
			"Score calls of 1 row with `b`: 50 % less time, 2× as fast by CPU time.",
			"Score calls of 10 rows with `b`: 80 % less time, 5× as fast by CPU time.",
			"Score rows that wait together in one call: with `b`, calls of 10 take 80 % less time a row than calls of 1.", // 0.04 ms of 0.2
			"Load the model once and keep it: with `b` loading takes as long as 50 calls.",
		}, "Do not change"},
		{"slower", func(p *Performance) { p.Results[1].CPUMS = 0.5 }, []string{
			"For calls of 1 row keep `a`: no engine is 10 % faster.",
			"Do not change to `b` for calls of 1 row: it takes 25 % more time than `a`.",
		}, "Score calls of 1 row with"},
		{"as fast in batches", func(p *Performance) { p.Results[4].CPUMS = 1.8 }, []string{
			"Rows need not wait for each other: with `b` a row in calls of 10 takes 10 % less time than in calls of 1.",
		}, "wait together"},
		{"scoring is small", func(p *Performance) {
			p.Hotspots = []verdict.Hotspot{spot("parse", 0.6), spot("score", 0.02), spot("score", 0.01)}
		}, []string{
			"In leadsman's own server (simulate api) a faster engine no longer makes requests faster: with `b` scoring is 2 % of a request's CPU time, and the largest step is `parse` with 60 %.",
		}, "fewer"},
		{"scoring is large", func(p *Performance) { p.Hotspots = []verdict.Hotspot{spot("parse", 0.2), spot("score", 0.7)} }, []string{
			"In leadsman's own server (simulate api) scoring is the largest step of a request, 70 % of its CPU time with `b`: fewer or shallower trees would pay.",
		}, "start there"},
		{"another engine's profile", func(p *Performance) {
			p.Hotspots = []verdict.Hotspot{spot("parse", 0.2), spot("score", 0.7)}
			p.Hotspots[0].Engine, p.Hotspots[1].Engine = "a", "a"
		}, nil, "request"},
		{"the API bears it", func(p *Performance) {
			p.Loads = []verdict.Load{{Run: "burst", Rate: nan, Planned: 100, Sent: 100, OK: 100, MaxMS: 25}, {Run: "rate", Rate: 50, Planned: 500, Sent: 500, OK: 500, Throughput: 50, P99MS: 4, SentP99MS: 3}}
		}, []string{
			"The API bears 100 requests at once: all were answered, the last after 25 ms.",
			"The API bears 50/s: 99 % of requests are answered within 4 ms, and every answer is good.",
		}, "does not"},
		{"the API does not", func(p *Performance) {
			p.Loads = []verdict.Load{{Run: "burst", Rate: nan, Planned: 100, Sent: 100, OK: 90}, {Run: "rate", Rate: 50, Planned: 500, Sent: 400, OK: 400, Throughput: 30}}
		}, []string{
			"Find out why 10 of 100 in the run `burst` had no good answer; see the statuses above.",
			"The API does not bear 50/s: 30 good answers a second.",
		}, "The API bears"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := twoEngines()
			c.change(p)
			got := p.recommendations()
			for _, want := range c.want {
				if !slices.Contains(got, want) {
					t.Errorf("no %q in\n%s", want, strings.Join(got, "\n"))
				}
			}
			if strings.Contains(strings.Join(got, "\n"), c.not) {
				t.Errorf("%q in\n%s", c.not, strings.Join(got, "\n"))
			}
		})
	}
	if p.Results = p.Results[2:3]; p.recommendations() != nil {
		t.Error("recommendations of nothing")
	}
}

func TestWriteMarkdown(t *testing.T) {
	p := twoEngines()
	p.Buckets = []verdict.TimingBucket{{Engine: "a", Batch: 1, LoMS: 0.3, HiMS: 0.5, Count: 50}, {Engine: "a", Batch: 1, LoMS: 0.5, HiMS: math.Inf(1), Count: 25}, {Engine: "b", Batch: 1, LoMS: 0.3, HiMS: 0.5, Count: 0}, {Engine: "a", Batch: 10, LoMS: 1, HiMS: 2, Count: 7}}
	p.Hotspots = []verdict.Hotspot{{Engine: "b", Function: "x/y.(*T).f|g", FlatShare: 0.25, CumShare: 0.5, TotalMS: 40, Calls: 100}}
	p.Loads = []verdict.Load{{Run: "burst", URL: "http://127.0.0.1:1/predict", Rate: math.NaN(), Planned: 3, Sent: 3, OK: 2, HealthBefore: 200, HealthAfter: 503}}
	p.Statuses = []verdict.LoadStatus{{Run: "burst", Status: 500, Error: "<b>", Count: 1}, {Run: "burst", Status: 200, Error: "", Count: 2}}
	var b strings.Builder
	if err := p.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Measured on one\\_machine, where 0.5 processes",
		"| m\\|.ubj | 7 | 3 | 2 kB | `abababababab…` |\n",
		"Engines scored 300 rows by hand, and had first to agree on them. The baseline is `a`; engines are compared by CPU time.\n",
		"| 1 | `b` | 100 | 0.2 ms | 0.2 ms | 0.2 ms | 0.2 ms | 0.2 ms | 5 k | 0 | 50 % less time, 2× as fast |\n", // 1 row in 0.2 ms
		"\n`c` was not measured: no library.\n",
		"      0.3 ms to 0.5 ms         50  " + strings.Repeat("█", 40) + "\n",
		"        0.5 ms or more         25  " + strings.Repeat("█", 20) + "\n",
		"| `a` | 10 ms | 0.4 ms | 25 | – |\n",
		"| `b` | 100 | 0.4 ms |\n",
		"| 25 % | 50 % | `y.(*T).f\\|g` |\n",
		"| burst | 3 | 2 | ", "| 200, then 503 |\n",
		"\n1 request of the burst: \\<b\\>.\n",
		"\n## Recommendations\n\n1. Score calls of 1 row with `b`",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
	if strings.Contains(b.String(), "NaN") || strings.Contains(b.String(), "other work") {
		t.Errorf("%s", &b)
	}
	if err := new(Performance).WriteMarkdown(&b); err == nil {
		t.Error("a report of nothing")
	}

	// any part is a report: the API alone, a baseline alone, an owner's profile alone
	for name, part := range map[string]*Performance{
		"Under load":                      {Loads: p.Loads},
		"Baseline":                        {Baseline: []verdict.Timing{{Engine: "joblib", Batch: 1, Calls: 10, P50MS: 2, MeanMS: 3}}},
		"Where the time goes in s.pstats": {Hotspots: []verdict.Hotspot{{Program: "s.pstats", Engine: "Python", Function: "f", FlatShare: 1, CumShare: 1, TotalMS: 5}}},
	} {
		var b strings.Builder
		if err := part.WriteMarkdown(&b); err != nil || !strings.Contains(b.String(), "\n## "+name) || strings.Contains(b.String(), "NaN") {
			t.Errorf("%s: %v\n%s", name, err, &b)
		}
	}

	// with a baseline and pictures
	p.Baseline = []verdict.Timing{{Engine: "joblib", Batch: 1, Calls: 10, P50MS: 2, MeanMS: 3, Version: "Python 3.11, xgboost 3.2.0", Machine: "here"}}
	pictures := 0
	p.Picture = func(name string, png []byte) (string, error) {
		pictures++
		if !strings.HasPrefix(string(png), "\x89PNG") {
			t.Errorf("%s is no PNG", name)
		}
		return "pictures/" + name + ".png", nil
	}
	b.Reset()
	if err := p.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"The baseline is `joblib`; engines are compared by median wall time.\nThe baseline was timed by itself, in another process and at another time; Python 3.11, xgboost 3.2.0; here.",
		"| 1 | `joblib` | 10 | 3 ms | 2 ms | ", " | baseline |\n",
		"90 % less time, 10× as fast |\n",                                                  // b: 0.2 ms of 2
		"| 10 | `b` | 100 | 0.4 ms | 0.4 ms | 0.4 ms | 0.4 ms | 0.4 ms | 25 k | 0 | – |\n", // the baseline has no calls of 10
		"![Wall times of calls of 1 row with a](pictures/latency-1.png)",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
	if pictures != 1 { // b has no calls in its buckets
		t.Errorf("%d pictures", pictures)
	}
}

// 2 of 300 calls are beyond the tail, which begins at the first bucket after 99 %.
func TestShortTail(t *testing.T) {
	buckets := []verdict.TimingBucket{{Engine: "a", Batch: 1, LoMS: 1, HiMS: 2, Count: 100}, {Engine: "a", Batch: 1, LoMS: 2, HiMS: 3, Count: 0}, {Engine: "b", Batch: 1, LoMS: 1, HiMS: 2, Count: 9}, {Engine: "a", Batch: 1, LoMS: 3, HiMS: 4, Count: 198}, {Engine: "a", Batch: 1, LoMS: 4, HiMS: 5, Count: 1}, {Engine: "a", Batch: 10, LoMS: 4, HiMS: 5, Count: 5}, {Engine: "a", Batch: 1, LoMS: 5, HiMS: 6, Count: 1}}
	want := []verdict.TimingBucket{{Engine: "a", Batch: 1, LoMS: 1, HiMS: 2, Count: 100}, {Engine: "a", Batch: 1, LoMS: 3, HiMS: 4, Count: 198}, {Engine: "a", Batch: 1, LoMS: 4, HiMS: math.Inf(1), Count: 2}}
	if got := shortTail(buckets, "a", 1); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

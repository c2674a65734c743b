package sim

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"
)

// numbersOf returns the numbers of a field and the share of lines without one.
func numbersOf(log []prediction, name string) (values []float64, missing float64) {
	for _, p := range log {
		if x, ok := p.Input[name].(float64); ok {
			values = append(values, x)
		}
	}
	return values, 1 - float64(len(values))/float64(len(log))
}

func shareOf(log []prediction, name string, value any) float64 {
	n := 0
	for _, p := range log {
		if p.Input[name] == value {
			n++
		}
	}
	return float64(n) / float64(len(log))
}

func middle(values []float64) (median, quartiles float64) {
	s := slices.Sorted(slices.Values(values))
	n := len(s)
	return s[n/2], s[n*3/4] - s[n/4]
}

// between returns the lines of a part of the first day.
func (o Options) between(log []prediction, from, to float64) []prediction {
	var out []prediction
	for _, p := range log {
		if at := float64(p.Timestamp.Sub(o.Start)) / float64(o.Period); at >= from && at < to {
			out = append(out, p)
		}
	}
	return out
}

// Each scenario's shift is counted in its log, beside that of the same seed
// without drift.
func TestScenariosShift(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	const rows = 4000
	none := decode[prediction](t, predictionLog(t, options(t, "none", 9, rows)))
	quality, _ := numbersOf(none, "llm_quality")
	engagement, _ := numbersOf(none, "llm_engagement")
	maker, _ := numbersOf(none, "llm_decision_maker")
	mid, spread := middle(quality)

	for name, check := range map[string]func(t *testing.T, o Options, log []prediction){
		"mean-shift": func(t *testing.T, _ Options, log []prediction) {
			now, _ := numbersOf(log, "llm_engagement")
			was, _ := middle(engagement)
			// The 88th percentile, that of 1.2 deviations, is 0.78.
			if is, _ := middle(now); math.Abs(is-0.78) > 0.03 || math.Abs(was-0.44) > 0.03 {
				t.Errorf("median from %v to %v", was, is)
			}
		},
		"variance": func(t *testing.T, _ Options, log []prediction) {
			now, _ := numbersOf(log, "llm_quality")
			if m, s := middle(now); math.Abs(m-mid) > 2 || s > 0.4*spread {
				t.Errorf("median from %v to %v, quartiles' distance from %v to %v", mid, m, spread, s)
			}
		},
		"new-category": func(t *testing.T, _ Options, log []prediction) {
			near(t, "Marketplace", shareOf(log, "llm_business_type", "Marketplace"), 0.25, rows)
			near(t, "Marketplace before", shareOf(none, "llm_business_type", "Marketplace"), 0, rows)
		},
		"missing-burst": func(t *testing.T, o Options, log []prediction) {
			early, late := o.between(log, 0, 0.5), o.between(log, 0.5, 1)
			near(t, "first half", shareOf(early, "industry", nil), 0.03, len(early))
			near(t, "second half", shareOf(late, "industry", nil), 0.8, len(late))
		},
		"unit-change": func(t *testing.T, _ Options, log []prediction) {
			for i, p := range log {
				is, was := p.Input["llm_engagement"].(float64), none[i].Input["llm_engagement"].(float64)
				if math.Abs(is-100*was) > 1e-9 {
					t.Fatalf("line %d: %v was %v", i+1, is, was)
				}
			}
		},
		"outlier": func(t *testing.T, _ Options, log []prediction) {
			for i, p := range log {
				is, was := p.Input["llm_quality"], none[i].Input["llm_quality"]
				if want := i == rows/2; (is == 1e7) != want || !want && is != was {
					t.Fatalf("line %d: %v was %v", i+1, is, was)
				}
			}
		},
		"label-shift": func(t *testing.T, _ Options, log []prediction) {
			now, _ := numbersOf(log, "llm_quality")
			if m, _ := middle(now); m < mid+8 {
				t.Errorf("median quality from %v to %v", mid, m)
			}
			sum := 0.0
			for i, p := range log {
				sum += p.Score - none[i].Score
			}
			// The standard error of the difference is 0.005.
			if sum/rows < 0.05 {
				t.Errorf("mean score rose by %v", sum/rows)
			}
		},
		"correlation-only": func(t *testing.T, _ Options, log []prediction) {
			q, _ := numbersOf(log, "llm_quality")
			d, _ := numbersOf(log, "llm_decision_maker")
			if was, is := correlation(quality, maker), correlation(q, d); was < 0.45 || is > -0.45 {
				t.Errorf("correlation from %v to %v", was, is)
			}
			was, wide := middle(maker)
			if m, s := middle(d); math.Abs(m-was) > 0.05 || math.Abs(s-wide) > 0.05 {
				t.Errorf("median from %v to %v, quartiles' distance from %v to %v", was, m, wide, s)
			}
		},
		"gradual": func(t *testing.T, o Options, log []prediction) {
			first, _ := numbersOf(o.between(log, 0, 0.3), "llm_quality")
			last, _ := numbersOf(o.between(log, 0.8, 1), "llm_quality")
			a, _ := middle(first)
			b, _ := middle(last)
			if a > mid+16 || b < mid+30 {
				t.Errorf("median %v at first, %v at last, %v without", a, b, mid)
			}
		},
		"vanished-column": func(t *testing.T, _ Options, log []prediction) {
			for _, p := range log {
				if _, ok := p.Input["companysize"]; ok || len(p.Input) != 18 {
					t.Fatalf("%v", p.Input)
				}
			}
		},
		"new-column": func(t *testing.T, _ Options, log []prediction) {
			near(t, "llm_intent", shareOf(log, "llm_intent", "unknown"), 1, rows)
		},
		"constant-column": func(t *testing.T, _ Options, log []prediction) {
			near(t, "llm_company_fit", shareOf(log, "llm_company_fit", 1.), 1, rows)
		},
		"latency-regression": func(t *testing.T, o Options, log []prediction) {
			median := func(log []prediction) float64 {
				var ms []float64
				for _, p := range log {
					ms = append(ms, p.Inference)
				}
				m, _ := middle(ms)
				return m
			}
			if ratio := median(o.between(log, 7./8, 1)) / median(o.between(log, 0, 7./8)); ratio < 4.5 || ratio > 5.5 {
				t.Errorf("the last eighth takes %v times as long, want 5", ratio)
			}
		},
		"error-burst": func(t *testing.T, o Options, _ []prediction) {
			o.Period = 8 * 24 * time.Hour
			failed, all := 0, 0
			for _, q := range decode[request](t, requestLog(t, o)) {
				if q.Timestamp.Sub(o.Start) >= o.Period*7/8 {
					all++
					if q.Status >= 500 {
						failed++
					}
				}
			}
			near(t, "failed", float64(failed)/float64(all), 0.4, all)
		},
		"probes": func(t *testing.T, o Options, _ []prediction) {
			o.Period = 8 * 24 * time.Hour
			failed, health, all := 0, 0, 0
			for _, q := range decode[request](t, requestLog(t, o)) {
				if q.Timestamp.Sub(o.Start) < o.Period*7/8 {
					continue
				}
				switch all++; {
				case q.Endpoint == "/health":
					if health++; q.Status != 200 {
						t.Fatalf("%+v", q)
					}
				case q.Status >= 500:
					failed++
				}
			}
			near(t, "failed", float64(failed)/float64(all-health), 0.4, all-health)
			if health != 20*24*4 {
				t.Errorf("%d health checks in a day", health)
			}
		},
		"weekend": func(t *testing.T, o Options, log []prediction) {
			monday, _ := numbersOf(log, "llm_quality")
			o.Start = o.Start.AddDate(0, 0, 5)
			saturday, _ := numbersOf(decode[prediction](t, predictionLog(t, o)), "llm_quality")
			a, _ := middle(monday)
			b, _ := middle(saturday)
			if a != mid || b < mid+4 {
				t.Errorf("median %v on Monday, %v on Saturday, %v without", a, b, mid)
			}
		},
		"slow-waves": func(t *testing.T, _ Options, log []prediction) {
			is, _ := numbersOf(log, "llm_engagement")
			if r, was := correlation(is[:rows-1], is[1:]), correlation(engagement[:rows-1], engagement[1:]); r < 0.7 || was > 0.1 {
				t.Errorf("correlation of neighbours from %v to %v", was, r)
			}
		},
		"canary": func(t *testing.T, _ Options, log []prediction) {
			shift := shifts(log, none)
			near(t, "a", float64(shift["a +0.8"])/rows, 0.5, rows)
			near(t, "b", float64(shift["b -0.8"])/rows, 0.5, rows)
		},
		"stale-host": func(t *testing.T, _ Options, log []prediction) {
			last := none[0].Version[len(none[0].Version)-1:]
			near(t, "stale", float64(shifts(log, none)[last+" +1.5"])/rows, 0.1, rows)
		},
		"clipped-scores": func(t *testing.T, _ Options, log []prediction) {
			clipped := 0
			for _, p := range log {
				if math.Abs(p.Score-0.5) > 0.45 {
					clipped++
				}
			}
			if clipped < rows/2 {
				t.Errorf("%d of %d scores are near 0 or 1", clipped, rows)
			}
		},
		"none": func(t *testing.T, o Options, log []prediction) {
			near(t, "industry missing", shareOf(o.between(log, 0.5, 1), "industry", nil), 0.03, rows/2)
			near(t, "B2B", shareOf(log, "llm_business_type", "B2B"), 0.45, rows)
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, name, 9, rows)
			check(t, o, decode[prediction](t, predictionLog(t, o)))
		})
	}
	if len(scenarios()) != 26 {
		t.Errorf("%d scenarios: one has no check here", len(scenarios()))
	}
}

// shifts counts the rows by the last letter of their version and by how far their
// scores' log-odds are from those of the same rows without drift.
func shifts(log, none []prediction) map[string]int {
	logit := func(p float64) float64 { return math.Log(p / (1 - p)) }
	count := map[string]int{}
	for i, p := range log {
		count[fmt.Sprintf("%s %+.1f", p.Version[len(p.Version)-1:], logit(p.Score)-logit(none[i].Score))]++
	}
	return count
}

func TestScenariosSayWhatTheyMustProduce(t *testing.T) {
	p, _ := sample()
	seen := map[string]bool{}
	for _, s := range scenarios() {
		if s.Name == "" || s.About == "" || seen[s.Name] {
			t.Errorf("%+v", s)
		}
		seen[s.Name] = true
		if s.Run != "ok" && len(s.Must)+len(s.Never) == 0 {
			t.Errorf("%s: no finding", s.Name)
		}
		if _, err := s.plan(p.Names()); err != nil {
			t.Error(err)
		}
	}
	if _, err := scenarios().Named("mean-shit"); err == nil || err.Error() != `unknown scenario "mean-shit"` {
		t.Error(err)
	}
}

func TestScenarioOnAnotherColumn(t *testing.T) {
	s, _ := scenarios().Named("mean-shift")
	if _, err := s.On("elevation").plan([]string{"height"}); err == nil || err.Error() != "scenario mean-shift: there is no column elevation" {
		t.Error(err)
	}
	added, _ := scenarios().Named("new-column")
	if _, err := added.On("height").plan([]string{"height"}); err == nil || err.Error() != "scenario new-column: there is a column height already" {
		t.Error(err)
	}
	if s.changes[0].column != "llm_engagement" {
		t.Error("On changed the scenario it was called on")
	}
}

package sim

import (
	"fmt"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/predlog/record"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// An Expectation is one finding of a monitor.
type Expectation struct {
	Subject string // a column, "a ~ b" for a pair, a name in parentheses, or OfOutcomes
	Check   string
	Level   string // ok, warn, alert
	Segment string // column=value; empty for all rows
}

// OfOutcomes is the subject of what is not found in the log but by outcomes: Check
// names a test of the table outcomes.
const OfOutcomes = "(outcomes)"

// A Verdict is what a monitor must say about a simulated log of 500 rows or
// more (500 a day, where it needs several), at 95 % of seeds or more, when its reference is the sample's.
type Verdict struct {
	Run   string        // the run's level is this or worse; ok: it is ok
	Must  []Expectation // these findings are at their level or worse
	Never []Expectation // none of these findings is at its level or worse
	Needs string        // what the verdict takes beyond predictions and a reference

	// The same for programs.
	Days     int    // of 500 rows, of which the last is judged; 0: one, judged whole
	Outcomes bool   // the outcomes of the same rows
	Segment  string // the column in whose parts the log is judged as well
}

// A Scenario is one way in which production can differ from the reference.
type Scenario struct {
	Name  string
	About string
	Verdict

	// strength says how strong the scenario is at a share of the period; nil
	// is full strength throughout.
	strength  func(at float64) float64
	changes   []change
	positives float64 // share of positives among the rows, 0 for the population's
	slower    float64 // factor of latencies, 0 for none
	failures  float64 // share of requests that fail with 500 or 503

	// What becomes of the rows, in Outcomes.
	redrawn float64 // share of outcomes that have nothing to do with their row
	lost    float64 // share of positive outcomes that are negative instead
	delay   float64 // mean time until an outcome is known, as a share of the period, at whose end the others are blank
}

// change is what a scenario does to one column of the sample case.
type change struct {
	column string
	within [2]string // only where this column has this value; empty for every row
	nudge
	times   float64      // factor of its values, 0 for none
	replace record.Value // put in place of a share of its values
	share   float64
	once    bool // replace the value of the middle row of the log only
	remove  bool // the field is not logged
	add     bool // the field is new: replace holds its values
}

func late(from float64) func(float64) float64 {
	return func(at float64) float64 {
		if at >= from {
			return 1
		}
		return 0
	}
}

// Scenarios lists every scenario, the one without drift first.
func Scenarios() []Scenario {
	return []Scenario{
		{
			Name: "none", About: "nothing differs from the reference's population",
			Verdict: Verdict{Run: "ok"},
		},
		{
			Name: "mean-shift", About: "llm_engagement rises by 1.2 standard deviations",
			Verdict: Verdict{Run: "warn", Must: []Expectation{{"llm_engagement", verdict.CheckDistribution, "alert", ""}}},
			changes: []change{{column: "llm_engagement", nudge: nudge{shift: 1.2}}},
		},
		{
			Name: "variance", About: "llm_quality keeps its middle and spreads 0.3 times as far",
			Verdict: Verdict{Run: "warn", Must: []Expectation{{"llm_quality", verdict.CheckDistribution, "alert", ""}}},
			changes: []change{{column: "llm_quality", nudge: nudge{spread: -0.7}}},
		},
		{
			Name: "new-category", About: "a quarter of llm_business_type is Marketplace, which the reference does not know",
			Verdict: Verdict{Run: "warn", Must: []Expectation{{"llm_business_type", verdict.CheckUnseen, "warn", ""}}},
			changes: []change{{column: "llm_business_type", replace: record.StringValue("Marketplace"), share: 0.25}},
		},
		{
			Name: "missing-burst", About: "in the second half of the period 80 % of industry is missing",
			Verdict:  Verdict{Run: "warn", Must: []Expectation{{"industry", verdict.CheckMissing, "alert", ""}}},
			strength: late(0.5),
			changes:  []change{{column: "industry", nudge: nudge{missing: 0.8}}},
		},
		{
			Name: "unit-change", About: "llm_engagement arrives in percent, 0 to 100 instead of 0 to 1",
			Verdict: Verdict{Run: "warn", Must: []Expectation{
				{"llm_engagement", verdict.CheckDistribution, "alert", ""}, {"llm_engagement", verdict.CheckRange, "warn", ""}}},
			changes: []change{{column: "llm_engagement", times: 100}},
		},
		{
			Name: "outlier", About: "one value of llm_quality is 1e7, in the middle row",
			Verdict: Verdict{Run: "ok", Never: []Expectation{{"llm_quality", verdict.CheckDistribution, "warn", ""}}},
			changes: []change{{column: "llm_quality", replace: record.NumberValue(1e7), once: true}},
		},
		{
			Name: "label-shift", About: "80 % of the leads are of the kind that engages, whose features are what they were",
			Verdict:   Verdict{Run: "warn", Must: []Expectation{{"score", verdict.CheckDistribution, "warn", ""}}},
			positives: 0.8,
		},
		{
			Name: "correlation-only", About: "llm_decision_maker falls with llm_quality instead of rising; each looks as before by itself",
			Verdict: Verdict{
				Run:   "warn",
				Must:  []Expectation{{"llm_quality ~ llm_decision_maker", verdict.CheckCorrelation, "warn", ""}, {verdict.SubjectFeatures, verdict.CheckMultivariate, "warn", ""}},
				Never: []Expectation{{"llm_quality", verdict.CheckDistribution, "warn", ""}, {"llm_decision_maker", verdict.CheckDistribution, "warn", ""}}},
			changes: []change{{column: "llm_decision_maker", nudge: nudge{negate: true}}},
		},
		{
			Name: "gradual", About: "llm_quality rises evenly from no shift to 2.5 standard deviations at the end of the period",
			Verdict:  Verdict{Run: "warn", Must: []Expectation{{"llm_quality", verdict.CheckDistribution, "alert", ""}}},
			strength: func(at float64) float64 { return at },
			changes:  []change{{column: "llm_quality", nudge: nudge{shift: 2.5}}},
		},
		{
			Name: "latency-regression", About: "in the last eighth of the period every answer takes five times as long",
			Verdict: Verdict{Run: "warn", Must: []Expectation{{verdict.SubjectLatency, verdict.CheckLatency, "warn", ""}},
				Needs: "--days 8, judged by --last 24h", Days: 8},
			strength: late(7. / 8),
			slower:   5,
		},
		{
			Name: "error-burst", About: "in the last eighth of the period 40 % of the requests fail with 500 or 503",
			Verdict: Verdict{Run: "warn", Must: []Expectation{{verdict.SubjectAPI, verdict.CheckSuccess, "warn", ""}},
				Needs: "--days 8 and its simulate requests, judged by --last 24h", Days: 8},
			strength: late(7. / 8),
			failures: 0.4,
		},
		{
			Name: "vanished-column", About: "companysize is not logged any more",
			Verdict: Verdict{Run: "warn", Must: []Expectation{{"companysize", verdict.CheckVanished, "warn", ""}}},
			changes: []change{{column: "companysize", remove: true}},
		},
		{
			Name: "new-column", About: "a field llm_intent is logged that the reference does not have",
			Verdict: Verdict{Run: "warn", Must: []Expectation{{"llm_intent", verdict.CheckNew, "warn", ""}}},
			changes: []change{{column: "llm_intent", replace: record.StringValue("unknown"), add: true}},
		},
		{
			Name: "constant-column", About: "llm_company_fit is 1 in every row",
			Verdict: Verdict{Run: "warn", Must: []Expectation{{"llm_company_fit", verdict.CheckConstant, "warn", ""}}},
			changes: []change{{column: "llm_company_fit", replace: record.NumberValue(1), share: 1}},
		},
		{
			Name: "concept-drift", About: "rows and scores are as before, but 80 % of the outcomes have nothing to do with their row",
			Verdict: Verdict{Run: "ok", Must: []Expectation{{OfOutcomes, "recalibration", "warn", ""}},
				Needs: needsOutcomes, Outcomes: true},
			redrawn: 0.8,
		},
		{
			Name: "engagement-drop", About: "rows and scores are as before, but half of the leads that would have engaged do not",
			Verdict: Verdict{Must: []Expectation{{OfOutcomes, "recalibration", "warn", ""}, {verdict.SubjectRetraining, verdict.CheckRetrain, "warn", ""}},
				Needs: needsOutcomes + ", and the sample's monitor.yaml, which asks for engagement_drop", Outcomes: true},
			lost: 0.5,
		},
		{
			Name: "label-delay", About: "nothing differs, but outcomes take half of the period to be known, so that at its end many are not",
			Verdict: Verdict{Run: "ok", Never: []Expectation{{OfOutcomes, "recalibration", "warn", ""}},
				Needs: needsOutcomes, Outcomes: true},
			delay: 0.5,
		},
		{
			Name: "segment-shift", About: "llm_quality is halved where llm_business_type is B2B2C, a seventh of the rows",
			Verdict: Verdict{Run: "warn",
				Must:  []Expectation{{"llm_quality", verdict.CheckDistribution, "warn", "llm_business_type=B2B2C"}},
				Never: []Expectation{{"llm_quality", verdict.CheckDistribution, "warn", ""}, {"score", verdict.CheckDistribution, "warn", ""}},
				Needs: "driftcalc --segment llm_business_type", Segment: "llm_business_type"},
			changes: []change{{column: "llm_quality", within: [2]string{"llm_business_type", "B2B2C"}, times: 0.5}},
		},
	}
}

const needsOutcomes = "simulate outcomes of the same rows, given to driftcalc --outcomes"

// ScenarioNames returns the names of all scenarios in order.
func ScenarioNames() []string {
	var names []string
	for _, s := range Scenarios() {
		names = append(names, s.Name)
	}
	return names
}

// ScenarioNamed returns the scenario of that name.
func ScenarioNamed(name string) (*Scenario, error) {
	for _, s := range Scenarios() {
		if s.Name == name {
			return &s, nil
		}
	}
	return nil, fmt.Errorf("unknown scenario %q", name)
}

// On returns the scenario with its changes made to another column than the
// sample case's; its verdict is dropped, since it depends on the column.
func (s *Scenario) On(column string) *Scenario {
	moved := *s
	moved.Verdict = Verdict{}
	moved.changes = slices.Clone(s.changes)
	for i := range moved.changes {
		moved.changes[i].column = column
	}
	return &moved
}

// at returns the strength at a share of the period.
func (s *Scenario) at(share float64) float64 {
	if s.strength == nil {
		return 1
	}
	return s.strength(share)
}

// scaled is the nudge at a strength.
func (n nudge) scaled(strength float64) nudge {
	n.shift *= strength
	n.spread *= strength
	n.missing *= strength
	n.negate = n.negate && strength > 0
	return n
}

// plan is a scenario on the columns of a source.
type plan struct {
	*Scenario
	at     []int // place of each change's column; len(names) for a new one
	within []int // place of the column that says which rows change; -1 for all
	names  []string
	plain  bool // no change touches how rows are drawn
}

// plan finds the scenario's columns in names.
func (s *Scenario) plan(names []string) (*plan, error) {
	p := &plan{Scenario: s, names: names, plain: true}
	for _, c := range s.changes {
		at := -1
		for i, name := range names {
			if name == c.column {
				at = i
			}
		}
		switch {
		case at < 0 && !c.add:
			return nil, fmt.Errorf("scenario %s: there is no column %s", s.Name, c.column)
		case at >= 0 && c.add:
			return nil, fmt.Errorf("scenario %s: there is a column %s already", s.Name, c.column)
		}
		within := slices.Index(names, c.within[0])
		if c.within[0] != "" && within < 0 {
			return nil, fmt.Errorf("scenario %s: there is no column %s", s.Name, c.within[0])
		}
		p.at, p.within = append(p.at, at), append(p.within, within)
		p.plain = p.plain && c.nudge == nudge{}
	}
	return p, nil
}

// nudges writes the changes to the drawing of rows at a strength into n.
func (p *plan) nudges(strength float64, n []nudge) []nudge {
	if p.plain {
		return nil
	}
	for i, c := range p.changes {
		if !c.add {
			n[p.at[i]] = c.nudge.scaled(strength)
		}
	}
	return n
}

// touch changes the drawn values of row i of rows in place. u is a uniform
// number for each change.
func (p *plan) touch(values []record.Value, i, rows int64, strength float64, u func() float64) {
	for k, c := range p.changes {
		if c.add || c.remove {
			continue
		}
		if at := p.within[k]; at >= 0 && values[at].Str != c.within[1] {
			continue
		}
		v := &values[p.at[k]]
		if c.times != 0 && v.Kind == record.Number {
			v.Num *= 1 + float64((c.times-1)*strength)
		}
		switch {
		case c.once && i == rows/2:
			*v = c.replace
		case c.share > 0 && u() < c.share*strength:
			*v = c.replace
		}
	}
}

// fields returns the logged fields of a row in dst.
func (p *plan) fields(dst []record.Field, values []record.Value) []record.Field {
	for i, name := range p.names {
		dst = append(dst, record.Field{Name: name, Value: values[i]})
	}
	for k := len(p.changes) - 1; k >= 0; k-- {
		switch c := p.changes[k]; {
		case c.remove:
			dst = append(dst[:p.at[k]], dst[p.at[k]+1:]...)
		case c.add:
			dst = append(dst, record.Field{Name: c.column, Value: c.replace})
		}
	}
	return dst
}

// slowdown is the factor of latencies at a share of the period.
func (s *Scenario) slowdown(share float64) float64 {
	if s.slower == 0 {
		return 1
	}
	return 1 + float64((s.slower-1)*s.at(share))
}

// failing is the share of requests that the scenario lets fail.
func (s *Scenario) failing(share float64) float64 {
	return math.Min(0.9, s.failures*s.at(share))
}

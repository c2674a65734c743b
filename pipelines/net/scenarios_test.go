//go:build nightly

package net_test

import "strings"

// scenarios are what `simulate --list` lists, with the flags of the simulation
// and of the judgement that a scenario needs to show.
var scenarios = []struct{ name, simulate, outcomes, driftcalc string }{
	{name: "none"},
	{name: "mean-shift"},
	{name: "variance"},
	{name: "new-category"},
	{name: "missing-burst"},
	{name: "unit-change"},
	{name: "outlier"},
	{name: "label-shift"},
	{name: "correlation-only"},
	{name: "gradual", simulate: "--days 4"},
	{name: "latency-regression", simulate: "--days 8", driftcalc: "--last 24h"},
	{name: "error-burst", simulate: "--days 8", driftcalc: "--last 24h"},
	{name: "vanished-column"},
	{name: "new-column"},
	{name: "constant-column"},
	{name: "concept-drift", simulate: "--days 6", outcomes: "--id lead"},
	{name: "engagement-drop", simulate: "--days 6", outcomes: "--id lead"},
	{name: "label-delay", simulate: "--days 6", outcomes: "--id lead"},
	{name: "segment-shift", driftcalc: "--segment llm_business_type"},
}

const plainScenario = `
simulate predictions --scenario NAME --rows 1200 --seed 7 SIMULATE -o predictions.jsonl
simulate requests --scenario NAME --rows 1200 --seed 7 SIMULATE -o requests.jsonl
{ ingest predictions.jsonl; ingest --kind requests requests.jsonl; } | driftcalc JUDGE -o tables/
render -o site tables/
`

// Those of the outcomes are judged by the sample's settings, which ask for
// reasons to retrain.
const outcomeScenario = `
simulate predictions --scenario NAME --rows 1200 --seed 7 SIMULATE OUTCOMES -o predictions.jsonl
simulate requests --scenario NAME --rows 1200 --seed 7 SIMULATE -o requests.jsonl
simulate outcomes --scenario NAME --rows 1200 --seed 7 SIMULATE OUTCOMES --until 2026-01-11T00:00:00Z -o outcomes.csv
{ cat testdata/monitor.yaml; echo 'id: lead'; } > testdata/lead.yaml
config=(--config testdata/lead.yaml)
{ ingest "${config[@]}" predictions.jsonl; ingest "${config[@]}" --kind requests requests.jsonl; } |
  driftcalc "${config[@]}" --outcomes outcomes.csv JUDGE -o tables/
render "${config[@]}" -o site tables/
`

func scenarioCases() []netCase {
	var cases []netCase
	for _, s := range scenarios {
		c := netCase{name: "scenario-" + s.name, script: plainScenario}
		if s.outcomes != "" {
			c.script, c.needs = outcomeScenario, []string{"testdata"}
		}
		c.script = strings.NewReplacer("NAME", s.name, "SIMULATE", s.simulate, "OUTCOMES", s.outcomes, "JUDGE", s.driftcalc).Replace(c.script)
		cases = append(cases, c)
	}
	return cases
}

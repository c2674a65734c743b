package sim

import (
	"os"
	"strings"
	"sync"
	"testing"
)

const scenariosFile = "../../testdata/scenarios.json"

var scenarios = sync.OnceValue(func() Scenarios {
	f, err := os.Open(scenariosFile)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	list, err := ReadScenarios(f)
	if err != nil {
		panic(err)
	}
	return list
})

func TestReadScenariosRefuses(t *testing.T) {
	text, err := os.ReadFile(scenariosFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"version": 1`, `"version": 2`, "version: want 1, got 2"},
		{`"version": 1,`, ``, "version: missing"},
		{`"name": "variance"`, `"name": "none"`, `scenarios: "none" is empty or repeated`},
		{`"gradual": true`, `"slowly": true`, `scenarios: json: unknown field "slowly"`},
		{`"gradual": true`, `"gradual": true, "from": 0.5`, "gradual: from: goes without gradual, which begins at once"},
		{`"from": 0.5`, `"from": 1.5`, "missing-burst: from: want a share in [0, 1], got 1.5"},
		{`"slower": 5`, `"slower": -5`, "latency-regression: slower: want a positive factor, got -5"},
		{`"verdict": {"run": "ok"}`, `"positives": 0`, "none: verdict: missing"},
		{`"verdict": {"run": "ok"}`, `"verdict": {"run": "bad"}`, `none: verdict: run: "bad" is no level`},
		{`"level": "alert"`, `"level": "bad"`, `mean-shift: verdict: want a subject, a check and a level, got "llm_engagement", "distribution" and "bad"`},
		{`"replace": 1e7`, `"replace": [1]`, "outlier: changes: llm_quality: replace: want a number or a text"},
		{`"replace": 1e7, `, ``, "outlier: changes: llm_quality: replace is missing"},
		{`"column": "industry", `, ``, "missing-burst: changes: a change has no column"},
		{`"missing": 0.8`, `"missing": 8`, "missing-burst: changes: industry: want shares in [0, 1], got missing 8 and share 0"},
		{"\n}\n", "\n}{}", "scenarios: more after their end"},
	} {
		changed := strings.Replace(string(text), c.old, c.new, 1)
		if _, err := ReadScenarios(strings.NewReader(changed)); changed == string(text) || err == nil || err.Error() != c.want {
			t.Errorf("%s for %s: %v, want %s", c.new, c.old, err, c.want)
		}
	}
}

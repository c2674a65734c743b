//go:build nightly

package net_test

import (
	"fmt"
	"strings"
)

// faults are settings that no command reads. What each says of them stands in
// digests.txt word by word.
var faults = []struct{ name, yaml string }{
	{"unknown-key", "version: 1\nrefernce: x"},
	{"unknown-nested", "site:\n  titel: x"},
	{"unknown-field", "fields:\n  predictions: {scor: p}"},
	{"unknown-far", "version: 1\nzzzzzzzz: 1"},
	{"version", "version: 2"},
	{"type-number", "threshold: high"},
	{"type-list", "columns: [a, b]"},
	{"type-map", "reference: {file: x}"},
	{"type-whole", "site: {k: 2.5}"},
	{"type-segments", "segments: {a: b}"},
	{"syntax", "site: {title: x"},
	{"tab", "site:\n\ttitle: x"},
	{"twice", "threshold: 0.5\nthreshold: 0.6"},
	{"two-documents", "version: 1\n---\nversion: 1"},
	{"scalar", "hello"},
	{"threshold-range", "threshold: 1.5"},
	{"level-range", "levels: {warn: 2}"},
	{"level-order", "levels: {warn: 0.6, alert: 0.5}"},
	{"level-order-default", "levels: {warn: 0.9}"},
	{"level-zero", "levels: {alert: 0}"},
	{"limit-zero", "limits: {p95_ms: 0}"},
	{"limit-range", "limits: {success_rate: 99}"},
	{"limit-negative", "limits: {min_rows: -1}"},
	{"k-zero", "site: {k: 0}"},
	{"window-unit", "window: 5x"},
	{"window-zero", "window: 0h"},
	{"window-number", "window: 24"},
	{"column-type", "columns:\n  llm_quality: {type: numeric}"},
	{"segments-twice", "segments: [companysize, companysize]"},
	{"segments-empty", "segments: ['']"},
	{"retrain-level", "retrain: {level: insufficient}"},
	{"retrain-age", "retrain: {model_age: 90d}"},
	{"retrain-range", "retrain: {drift_share: 30}"},
	{"retrain-date", "retrain: {trained: last week}"},
	{"evidently-type", "evidently:\n  num: {type: num}"},
}

// misfits can be read by all commands, but not meant by driftcalc; some of them
// are let through.
var misfits = []struct{ name, yaml string }{
	{"last-tiny", "last: 1us"},
	{"policy", "policy: calibratd"},
	{"column-unknown", "columns:\n  llm_qualty: {type: number}"},
	{"segments-unknown", "segments: [companysiz]"},
	{"segments-number", "segments: [llm_engagement]"},
	{"evidently-random", "evidently:\n  cat: {test: TVD}"},
	{"evidently-unknown", "policy: evidently\nevidently:\n  columns:\n    llm_quality: {test: kss}"},
	{"evidently-kind", "evidently:\n  cat: {test: ks}"},
	{"reference-missing", "reference: none.csv"},
	{"reference-empty", "reference: empty.csv"},
	{"reference-header", "reference: header.csv"},
	{"reference-ragged", "reference: ragged.csv"},
	{"reference-other", "reference: other.csv"},
	{"reference-binary", "reference: testdata/model.ubj"},
	{"target", "reference: testdata/reference.csv\ntarget: engagd"},
	{"model-alone", "model: testdata/model.ubj"},
	{"model-missing", "model: none.ubj\nfeatures: testdata/features.json"},
	{"model-broken", "model: other.csv\nfeatures: testdata/features.json"},
	{"features-missing", "model: testdata/model.ubj\nfeatures: none.json"},
	{"features-broken", "model: testdata/model.ubj\nfeatures: other.csv"},
	{"id-compared", "id: llm_quality\nsegments: [llm_quality]"},
	{"empty", ""},
}

// usage is how the commands are called wrongly.
var usage = []struct{ name, command string }{
	{"simulate-command", "simulate predictons"},
	{"simulate-scenario", "simulate predictions --scenario means-shift"},
	{"simulate-rows", "simulate predictions --rows -1"},
	{"simulate-start", "simulate predictions --start tomorrow"},
	{"simulate-noise", "simulate predictions --noise 1"},
	{"simulate-from", "simulate predictions --from none.csv"},
	{"ingest-flag", "ingest --nonsense"},
	{"ingest-kind", "ingest --kind prediction log.jsonl"},
	{"ingest-bad", "ingest --max-bad 2 log.jsonl"},
	{"ingest-none", "ingest none.jsonl"},
	{"ingest-model", "ingest --model m.ubj --features f.json log.jsonl"},
	{"ingest-plan", "ingest --plan other.csv log.jsonl"},
	{"driftcalc-command", "driftcalc merg log.arrows"},
	{"driftcalc-last", "driftcalc --last 5x log.arrows"},
	{"driftcalc-now", "driftcalc --now yesterday log.arrows"},
	{"driftcalc-check", "driftcalc --check=ok log.arrows"},
	{"driftcalc-policy", "driftcalc --policy nice log.arrows"},
	{"driftcalc-k", "driftcalc --k-anonymity 0 log.arrows"},
	{"driftcalc-rows", "driftcalc --rows none log.arrows"},
	{"driftcalc-outcomes", "driftcalc --outcomes other.csv -o x.arrows log.arrows"},
	{"driftcalc-plan", "driftcalc profile log.arrows"},
	{"driftcalc-text", "driftcalc --format text --table findings log.arrows"},
	{"render-nothing", "render log.arrows"},
	{"render-file", "render -o other.csv log.arrows"},
	{"render-mine", "render -o testdata log.arrows"},
	{"render-none", "render -o site none.arrows"},
	{"perfbench-output", "perfbench convert testdata/model.ubj"},
	{"perfbench-remote", "perfbench api http://192.0.2.7:80"},
	{"perfbench-none", "perfbench info none.ubj"},
	{"perfbench-report", "perfbench report log.arrows"},
}

func faultCase() netCase {
	var b strings.Builder
	b.WriteString(`
: > empty.csv
echo 'llm_quality,engaged' > header.csv
printf 'llm_quality,engaged\n1,0\n1,2,3\n' > ragged.csv
printf 'a,b\n1,x\n2,y\n' > other.csv
simulate predictions --rows 40 --seed 2 -o log.jsonl
ingest log.jsonl -o log.arrows
driftcalc -o report.arrows log.arrows
`)
	judge := func(name, yaml string) {
		fmt.Fprintf(&b, "printf '%%s\\n' %s > %s.yaml\nrun %[2]s driftcalc --config %[2]s.yaml --table run --format csv log.arrows\n", quoted(yaml), name)
	}
	for _, f := range faults {
		judge(f.name, f.yaml)
		fmt.Fprintf(&b, "run %s-ingest ingest --config %[1]s.yaml log.jsonl --table predictions --format csv\n", f.name)
		fmt.Fprintf(&b, "run %s-render render --config %[1]s.yaml --single - report.arrows\n", f.name)
	}
	for _, f := range misfits {
		judge(f.name, f.yaml)
	}
	for _, u := range usage {
		fmt.Fprintf(&b, "run %s %s\n", u.name, u.command)
	}
	return netCase{"faults", []string{"testdata"}, b.String()}
}

// quoted quotes a word for the shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

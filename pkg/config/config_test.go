package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/testdata"
)

// texts are files with one fault each, or one for all that an anchor repeats,
// and what is said after their name.
var texts = map[string]string{
	// No YAML: the line is the first that cannot be read, with those before it.
	"threshold: [1":                       ":1: did not find expected ',' or ']'",
	"model: m\nsegments: [a,\n  b\nid: x": ":2: did not find expected ',' or ']'",
	"a: 1\nb:\n  c: 1\n d: 2\ne: 3\n":     ":4: did not find expected key",
	"model: m\nid: *m\nsite: {}\n":        ":2: unknown anchor 'm' referenced",
	"model: m\nid: a\x01b\nsite: {}\n":    ":2: control characters are not allowed",
	"model: m\n\n\tid: b\n":               ":3: found a tab character that violates indentation",

	// Keys that are none, or twice.
	"model: m\nrefernce: x":                    `:2: refernce: unknown key (did you mean "reference"?)`,
	"columns:\n  a: {tpye: number}":            `:2: columns.a.tpye: unknown key (did you mean "type"?)`,
	"evidently: {column: {}}":                  `:1: evidently.column: unknown key (did you mean "columns"?)`,
	"evidently:\n  num: {type: cat}":           ":2: evidently.num.type: unknown key: want one of test, threshold",
	"retrain: {auc_drop: 0.1}":                 ":1: retrain.auc_drop: unknown key: want one of drift_share, score_p, positive_rate_drop, estimated_auc_drop, realised_auc_drop, min_auc, min_f1, min_precision, min_recall, min_accuracy, min_positive_rate, max_positive_rate, max_mae, max_rmse, model_age, new_labels, trained, level",
	"retrain: {positive_rate_dorp: 0.1}":       `:1: retrain.positive_rate_dorp: unknown key (did you mean "positive_rate_drop"?)`,
	"sample: true":                             ":1: sample: unknown key: want one of version, reference, model, features, contributions, fields, ignore, from, jq, where, columns, id, entity, timezone, target, threshold, positive_label, classes, window, exact, policy, evidently, levels, accept, limits, last, segments, outcomes, retrain, site",
	"fields:\n  requests: {endpont: route}":    `:2: fields.requests.endpont: unknown key (did you mean "endpoint"?)`,
	"fields: {predictions: {endpoint: route}}": ":1: fields.predictions.endpoint: unknown key: want one of timestamp, score, label, inference_ms, model_version, input, id, entity, scores",
	"site: {url: 'javascript:alert(1)//'}":     `:1: site.url: want an http or https address without a user, got "javascript:alert(1)//"`,
	"site: {url: 'ftp://h/x'}":                 `:1: site.url: want an http or https address without a user, got "ftp://h/x"`,
	"site: {url: '/monitor'}":                  `:1: site.url: want an http or https address without a user, got "/monitor"`,
	"site: {url: 'https://u:p@h/'}":            `:1: site.url: want an http or https address without a user, got "https://u:p@h/"`,
	"site: {\"a\\nb\": 1}":                     `:1: site.a\nb: unknown key: want one of name, title, url, k, calm_nights`,
	"id: a\nmodel: m\nid: b":                   ":3: id: is there twice: first on line 1",
	"site: {[a]: b}":                           ":1: site: want text for a key, got a list",

	// Values of another type.
	"5":                             `:1: want keys with values, got "5"`,
	"limits: {p95_ms: fast}":        `:1: limits.p95_ms: want a number, got "fast"`,
	"version: one":                  `:1: version: want a whole number, got "one"`,
	"limits: {min_rows: 0.5}":       `:1: limits.min_rows: want a whole number, got "0.5"`,
	"limits: {min_rows: .inf}":      `:1: limits.min_rows: want a whole number, got ".inf"`,
	"retrain: {new_labels: some}":   `:1: retrain.new_labels: want a whole number, got "some"`,
	"\nlimits: 5":                   `:2: limits: want keys with values, got "5"`,
	"columns: {a: {public: maybe}}": `:1: columns.a.public: want true or false, got "maybe"`,
	"columns: [a]":                  ":1: columns: want keys with values, got a list",
	"model:\n  file: m.ubj":         ":1: model: want text, got keys with values",
	"segments: country":             `:1: segments: want a list, got "country"`,
	"segments:\n- a\n- [b]":         ":3: segments: want names, got a list",
	"policy: {name: classic}":       ":1: policy: want text, got keys with values",
	"last: soon":                    `:1: last: want a duration such as 24h or 7d, got "soon"`,
	"window: [7d]":                  ":1: window: want a duration such as 24h or 7d, got a list",
	"retrain: {trained: May}":       `:1: retrain.trained: want a date such as 2026-01-31 or an RFC 3339 time, got "May"`,
	"limits: {p95_ms: " + strings.Repeat("x", 70) + "}": `:1: limits.p95_ms: want a number, got "` + strings.Repeat("x", 60) + `…"`,

	// Values out of their range. A zero is no way to say that there is none.
	"version: 2":                    ":1: version: want 1, got 2",
	"window: 1000000001ns":          ":1: window: want whole microseconds, got 1.000000001s",
	"last: 1ms":                     `:1: last: want a second or more, got "1ms"`,
	"retrain: {model_age: 0d}":      `:1: retrain.model_age: want a duration such as 24h or 7d, got "0d"`,
	"limits: {p95_ms: -1}":          ":1: limits.p95_ms: want a number of 0 or more, got -1",
	"limits: {p95_ms: .inf}":        ":1: limits.p95_ms: want a number of 0 or more, got +Inf",
	"limits: {success_rate: 99}":    ":1: limits.success_rate: want a number from 0 to 1, got 99",
	"site: {k: -1}":                 ":1: site.k: want a number of 0 or more, got -1",
	"retrain: {score_p: 2}":         ":1: retrain.score_p: want a number from 0 to 1, got 2",
	"retrain: {new_labels: -1}":     ":1: retrain.new_labels: want a number of 0 or more, got -1",
	"retrain: {drift_share: .nan}":  ":1: retrain.drift_share: want a number from 0 to 1, got NaN",
	"limits:\n  p95_ms: 0":          ":2: limits.p95_ms: want more than 0; without the key there is no limit",
	"limits: {success_rate: 0.0}":   ":1: limits.success_rate: want more than 0; without the key there is no limit",
	"limits: {min_rows: 0}":         ":1: limits.min_rows: want more than 0; without the key there is no limit",
	"levels: {warn: 0, alert: 0.5}": ":1: levels.warn: want more than 0; without the key there is the default",
	"levels: {alert: -0.0}":         ":1: levels.alert: want more than 0; without the key there is the default",
	"site: {k: 0}":                  ":1: site.k: want more than 0; without the key there is the default; 1 pools nothing",

	// Names that are none.
	"policy: clasic":                       `:1: policy: want one of calibrated, classic, evidently, got "clasic" (did you mean "classic"?)`,
	"columns:\n  a: {type: nubmer}":        `:2: columns.a.type: want one of number, category, text, id, got "nubmer" (did you mean "number"?)`,
	"retrain: {level: insufficient}":       `:1: retrain.level: want one of ok, warn, alert, got "insufficient"`,
	"evidently:\n\n  cat: {test: TVD}":     ":3: evidently.cat.test: TVD is not reproduced: it shuffles rows by NumPy's generator, in an order that profiles do not keep",
	"evidently:\n  cat:\n    test: ks":     ":3: evidently.cat.test: ks is for num columns only",
	"evidently: {all: {threshold: .nan}}":  ":1: evidently.all.threshold: want a number, got NaN",
	"evidently: {columns: {a: {type: n}}}": `:1: evidently.columns.a.type: want one of num, cat, got "n"`,
	"segments: [country, country]":         `:1: segments: "country" is there twice`,
	"segments: [\"\"]":                     ":1: segments: want names, got an empty one",

	"ignore: trace": `:1: ignore: want a list, got "trace"`,
	"fields:\n  predictions:\n    timestamp: {field: ts, format: iso}": `:3: fields.predictions.timestamp.format: want rfc3339, epoch_s, epoch_ms, epoch_us, epoch_ns or a strftime format such as %d/%b/%Y:%H:%M:%S %z, got "iso"`,
	"fields:\n  predictions:\n    timestamp:\n      format: '%H:%M'":   ":4: fields.predictions.timestamp.format: the strftime format has no year: want %Y",
	"fields: {predictions: {score: {format: epoch_s}}}":                ":1: fields.predictions.score.format: is for the timestamp",
	"fields: {predictions: {score: {unit: s}}}":                        ":1: fields.predictions.score.unit: is for inference_ms",
	"fields: {requests: {response_ms: {unit: min}}}":                   `:1: fields.requests.response_ms.unit: want one of s, ms, us, ns, got "min" (did you mean "ms"?)`,
	"fields: {predictions: {score: {path: p}}}":                        ":1: fields.predictions.score.path: unknown key: want one of field, format, unit, names",
	"fields: {predictions: {score: [p]}}":                              ":1: fields.predictions.score: want text, or keys with values, got a list",
	"fields: {predictions: {score: {names: [p]}}}":                     ":1: fields.predictions.score.names: is for the input",
	"fields: {predictions: {score: .}}":                                ":1: fields.predictions.score: want the name of a field, got the line itself",
	"fields:\n  predictions:\n    score: response..score":              ":3: fields.predictions.score: want the name of a field, or a path such as response.score or probabilities[1]",
	"fields: {reference: {score: 'p[-1]'}}":                            ":1: fields.reference.score: want an item from [0] to [4095]",
	"fields: {reference: {scor: p}}":                                   `:1: fields.reference.scor: unknown key (did you mean "score"?)`,
	"fields: {predictions: {input: {field: ., names: [a]}}}":           ":1: fields.predictions.input.names: is for an input that is a list",
	"fields: {predictions: {timestamp: {field: t, format: {a: b}}}}":   ":1: fields.predictions.timestamp.format: want text, got keys with values",

	// Values that do not go together.
	"levels: {warn: 0.5, alert: 0.2}":           ":1: levels.alert: want levels.warn (0.5) or more, got 0.2",
	"levels:\n  warn: 0.6":                      ":1: levels.alert: want levels.warn (0.6) or more; it is 0.5 when it is not set",
	"retrain:\n  score_p: 0\n  model_age: 90d":  ":1: retrain.trained: is missing: retrain.model_age counts from the day on which the model was trained",
	"retrain: {model_age: 90d, trained: 2026}":  `:1: retrain.trained: want a date such as 2026-01-31 or an RFC 3339 time, got "2026"`,
	"levels: {warn: 2}":                         ":1: levels.warn: want a number from 0 to 1, got 2",
	"levels: {warn: 0.6, alert: high}":          `:1: levels.alert: want a number, got "high"`,
	"levels: &l {warn: 0, alert: 1}\nsite: {} ": ":1: levels.warn: want more than 0; without the key there is the default",

	// Anchors and merges are no way round the check.
	"columns:\n  a: &a {type: text}\n  b: {<<: *a, pulbic: true}":          `:3: columns.b.pulbic: unknown key (did you mean "public"?)`,
	"columns:\n  a: &a {type: txet}\n  b: *a\n  c: {<<: *a, public: true}": `:2: columns.a.type: want one of number, category, text, id, got "txet" (did you mean "text"?)`,
	"columns:\n  a: &a {public: maybe}\n  b: *a\n  c: {<<: *a}":            `:2: columns.a.public: want true or false, got "maybe"`,
	"fields:\n  requests: &r {method: b}\nsite: *r":                        `:2: site.method: unknown key: want one of name, title, url, k, calm_nights`,
	"fields:\n  requests: &r {method: b}\nsite: {<<: *r}":                  `:2: site.method: unknown key: want one of name, title, url, k, calm_nights`,
	"fields:\n  requests: &r {method: b}\nsite: {<<: [*r]}":                `:2: site.method: unknown key: want one of name, title, url, k, calm_nights`,
	"reference: &title nonsense\nsite: {*title : x}":                       `:2: site.nonsense: unknown key: want one of name, title, url, k, calm_nights`,
	"site: {<<: [a]}":      `:1: site.<<: want keys with values, got "a"`,
	"columns: &a {<<: *a}": ":1: columns.<<: contains itself",
	"columns: &a {b: *a}":  ":1: columns.b: contains itself",
	"site: &a {<<: *a}":    ":1: site.<<: contains itself",
	"columns:\n  a: &a {public: yes}\n  b: &b {<<: [*a, *a]}\n  c: {<<: [*b, *b], x: y}": ":4: columns.c.x: unknown key: want one of type, public, missing",
	repeated(): ":33336: columns.c33334: aliases repeat more than 100000 keys and values",
}

// repeated is a file in which 33,400 aliases stand for three nodes each.
func repeated() string {
	b := new(strings.Builder)
	b.WriteString("columns:\n a: &a {type: text}\n")
	for i := range 33_400 {
		fmt.Fprintf(b, " c%d: *a\n", i+1)
	}
	return b.String()
}

func TestFaults(t *testing.T) {
	for text, want := range texts {
		if _, err := config.Parse("m.yaml", []byte(text)); err == nil || err.Error() != "m.yaml"+want {
			t.Errorf("%.80q: error %v, want m.yaml%s", text, err, want)
		}
	}
}

// All faults are listed, in the order of the file, whoever finds them, and the
// same ones every time.
func TestFaultsInOrder(t *testing.T) {
	const text = `version: 2
refernce: x
fields:
  requests: {rout: r}
  predictions: {scor: s}
threshold: high
columns:
  b: {type: nubmer}
  a: {tpye: text, type: txt}
site: {k: 0, name: n, name: m}
levels: {warn: 0.6, alert: 0.5}
evidently:
  columns: {z: {type: nom}, y: {test: TVD}}
  num: {test: chisquare, threshold: low}
policy: clasic
segments: [a, a]
retrain:
  model_age: 90d
  level: bad
  score_p: 3
`
	const want = `m.yaml:1: version: want 1, got 2
m.yaml:2: refernce: unknown key (did you mean "reference"?)
m.yaml:4: fields.requests.rout: unknown key: want one of timestamp, endpoint, method, status_code, response_ms
m.yaml:5: fields.predictions.scor: unknown key (did you mean "score"?)
m.yaml:6: threshold: want a number, got "high"
m.yaml:8: columns.b.type: want one of number, category, text, id, got "nubmer" (did you mean "number"?)
m.yaml:9: columns.a.tpye: unknown key (did you mean "type"?)
m.yaml:9: columns.a.type: want one of number, category, text, id, got "txt" (did you mean "text"?)
m.yaml:10: site.k: want more than 0; without the key there is the default; 1 pools nothing
m.yaml:10: site.name: is there twice: first on line 10
m.yaml:11: levels.alert: want levels.warn (0.6) or more, got 0.5
m.yaml:13: evidently.columns.z.type: want one of num, cat, got "nom" (did you mean "num"?)
m.yaml:13: evidently.columns.y.test: TVD is not reproduced: it shuffles rows by NumPy's generator, in an order that profiles do not keep
m.yaml:14: evidently.num.test: chisquare is for cat columns only
m.yaml:14: evidently.num.threshold: want a number, got "low"
m.yaml:15: policy: want one of calibrated, classic, evidently, got "clasic" (did you mean "classic"?)
m.yaml:16: segments: "a" is there twice
m.yaml:17: retrain.trained: is missing: retrain.model_age counts from the day on which the model was trained
m.yaml:19: retrain.level: want one of ok, warn, alert, got "bad"
m.yaml:20: retrain.score_p: want a number from 0 to 1, got 3`
	for range 20 {
		if _, err := config.Parse("m.yaml", []byte(text)); err == nil || err.Error() != want {
			t.Fatalf("got\n%v\nwant\n%s", err, want)
		}
	}
}

// What is found when the reference is read goes the same way: in the order of
// the file, and where the nearest key above stands.
func TestAt(t *testing.T) {
	c, err := config.Parse("m.yaml", []byte("target: won\nsegments:\n- city\n- size\ncolumns: {a.b: {type: text}}"))
	if err != nil {
		t.Fatal(err)
	}
	found := errors.Join(
		fmt.Errorf("over all: %w", config.Errorf("segments.size", "is no column")),
		config.Errorf("columns.a.b.public", "is secret"),
		errors.Join(config.Errorf("target", "is no column"), config.Errorf("limits.p95_ms", "is not set")),
	)
	want := `m.yaml:1: target: is no column
m.yaml:1: limits.p95_ms: is not set
m.yaml:4: over all: segments.size: is no column
m.yaml:5: columns.a.b.public: is secret`
	if err := c.At(found); err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if err := c.At(nil); err != nil {
		t.Error(err)
	}
	other := errors.New("disk full")
	if err := c.At(other); err != other {
		t.Errorf("got %v", err)
	}
	none, err := config.Load("")
	if err != nil {
		t.Fatal(err)
	}
	if err := none.At(found); err.Error() != found.Error() {
		t.Errorf("got %v, want %v", err, found)
	}
}

// An option has the value that the file gives it, or that of an empty file.
func TestValues(t *testing.T) {
	c, err := config.Parse("m.yaml", []byte(`version: 1
reference: ref.csv
fields: {predictions: {score: p, input: ""}, requests: {endpoint: ~}}
id: 7
threshold: 0
window: 12h
last: 7d
policy: classic
columns:
  a: &a {type: text}
  b: {<<: *a, public: yes}
  c: {<<: [{public: true, type: id}, *a], type: number, missing: [-999, NA]}
  d:
evidently:
  all: {test: psi}
  columns: {age: {threshold: 0, type: num, test: ks}}
levels: {warn: 0.3}
limits: {p95_ms: 50, success_rate: 1, min_rows: 9007199254740993}
segments: [country, 7]
retrain: {drift_share: 0, new_labels: 500, model_age: 90d, trained: 2026-01-31, level: alert}
site: {k: 1, title: ~}
`))
	if err != nil {
		t.Fatal(err)
	}
	r, age := c.Retrain, c.Evidently.Columns["age"]
	for name, ok := range map[string]bool{
		"paths":     c.Reference == "ref.csv" && c.Model == "",
		"fields":    c.Fields.Predictions["score"].Path == "p" && len(c.Fields.Predictions) == 2 && len(c.Fields.Requests) == 1,
		"plan":      c.Plan.ID == "7" && c.Plan.Threshold == 0 && c.Plan.Window == 12*time.Hour,
		"policy":    c.Policy == policy.Classic && c.Last == 7*24*time.Hour,
		"anchors":   reflect.DeepEqual(c.Plan.Columns["a"], plan.ColumnOption{Type: "text"}) && reflect.DeepEqual(c.Plan.Columns["b"], plan.ColumnOption{Type: "text", Public: true}),
		"merges":    reflect.DeepEqual(c.Plan.Columns["c"], plan.ColumnOption{Type: "number", Public: true, Missing: []string{"-999", "NA"}}),
		"nothing":   len(c.Plan.Columns) == 4 && reflect.DeepEqual(c.Plan.Columns["d"], plan.ColumnOption{}),
		"evidently": c.Evidently.All.Test == "psi" && c.Evidently.All.Threshold == nil && *age.Threshold == 0 && age.Type == "num" && age.Test == "ks",
		"levels":    c.Levels.Shares == drift.Shares{Warn: 0.3},
		"limits":    reflect.DeepEqual(c.Limits, serving.Limits{P95MS: 50, SuccessRate: 1, MinRows: 9007199254740993}),
		"segments":  slices.Equal(c.Segments, []string{"country", "7"}),
		"retrain":   *r.DriftShare == 0 && r.ScoreP == nil && *r.NewLabels == 500 && r.ModelAge == 90*24*time.Hour && r.Level == "alert",
		"trained":   r.Trained.Equal(time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)),
		"site":      c.Site == config.Site{K: 1},
	} {
		if !ok {
			t.Errorf("%s: got %+v", name, c)
		}
	}
	for _, text := range []string{"", "# nothing\n", "~", "levels:\nsite: {}"} {
		c, err := config.Parse("m.yaml", []byte(text))
		if err != nil || c.Plan.Threshold == c.Plan.Threshold || c.Policy != policy.Calibrated || c.Plan.Columns != nil {
			t.Errorf("%q: got %+v, %v", text, c, err)
		}
	}
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "monitor.yaml")
	if _, err := config.Load(path); err == nil || err.Error() != path+": no such file or directory" {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(path, []byte("reference: ref.csv\nmodel: /m.ubj\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path)
	if err != nil || c.Reference != filepath.Join(filepath.Dir(path), "ref.csv") || c.Model != "/m.ubj" || c.Features != "" {
		t.Errorf("got %+v, %v", c, err)
	}
	if err := os.WriteFile(path, []byte("id: [1"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(path); err == nil || !strings.HasPrefix(err.Error(), path+":1: ") {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(testdata.Config)
	for text := range texts {
		if len(text) < 1000 {
			f.Add([]byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := config.Parse("m.yaml", text)
		if (c == nil) != (err != nil) {
			t.Fatalf("got %v, %v", c, err)
		}
		if err == nil {
			return
		}
		for _, line := range strings.Split(err.Error(), "\n") {
			if !strings.HasPrefix(line, "m.yaml:") {
				t.Errorf("%q", line)
			}
		}
	})
}

// A key of older versions is read, and noted where it stands.
func TestFormerKey(t *testing.T) {
	c, err := config.Parse("m.yaml", []byte("version: 1\nretrain:\n  engagement_drop: 0.2\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Retrain.PositiveRateDrop; got == nil || *got != 0.2 {
		t.Errorf("got %v", got)
	}
	if want := []string{"m.yaml:3: retrain.engagement_drop is called positive_rate_drop now"}; !slices.Equal(c.Notes, want) {
		t.Errorf("got %q, want %q", c.Notes, want)
	}
	if err := c.At(config.Errorf("retrain.positive_rate_drop", "is odd")); err.Error() != "m.yaml:3: retrain.positive_rate_drop: is odd" {
		t.Error(err)
	}
	for text, want := range map[string]string{
		"retrain: {engagement_drop: 2}":                            "m.yaml:1: retrain.engagement_drop: want a number from 0 to 1, got 2",
		"retrain: {engagement_drop: 0.2, positive_rate_drop: 0.2}": "m.yaml:1: retrain.engagement_drop: is called positive_rate_drop now, which is there as well",
	} {
		if _, err := config.Parse("m.yaml", []byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if c, err := config.Parse("m.yaml", []byte("retrain: {positive_rate_drop: 0.2}")); err != nil || len(c.Notes) > 0 {
		t.Errorf("%q, %v", c.Notes, err)
	}
}

package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/config"
)

func TestFaults(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "monitor.yaml")
	for text, want := range map[string]string{
		"version: 2":                      ": version: want 1, got 2",
		"columns:\n  a: {type: nubmer}":   `: columns.a.type: want one of number, category, text, id, got "nubmer"`,
		"columns:\n  a: {tpye: number}":   `:2: unknown key "columns.a.tpye" (did you mean "type"?)`,
		"last: soon":                      `:1: want a duration such as 24h or 7d, got "soon"`,
		"levels: {warn: 0.5, alert: 0.2}": ": levels: warn is above alert",
		"evidently:\n  num: {type: cat}":  ": evidently.num.type: only a column has one",
		"evidently: {column: {}}":         `:1: unknown key "evidently.column" (did you mean "columns"?)`,
		"limits: {success_rate: 99}":      ": limits.success_rate: want a number from 0 to 1, got 99",
		"threshold: [1":                   ":1: did not find expected ',' or ']'",
		"reference: {a: b}":               ":1: want text, got keys with values",
		"levels: {warn: 0.6}":             ": levels: warn is above alert, which is 0.5 when it is not set",
		"segments: country":               `:1: want a list, got "country"`,
		"segments: [country, country]":    `: segments: "country" is there twice`,
		"segments: [\"\"]":                ": segments: want names of columns, got an empty one",
		"retrain: {auc_drop: 0.1}":        `:1: unknown key "retrain.auc_drop"`,
		"retrain: {engagment_drop: 0.1}":  `:1: unknown key "retrain.engagment_drop" (did you mean "engagement_drop"?)`,
		"retrain: {score_p: 2}":           ": retrain.score_p: want a number from 0 to 1, got 2",
		"retrain: {new_labels: -1}":       ": retrain.new_labels: want a number of 0 or more, got -1",
		"retrain: {new_labels: some}":     `:1: want a whole number, got "some"`,
		"retrain: {drift_share: .nan}":    ": retrain.drift_share: want a number from 0 to 1, got NaN",
		"retrain: {model_age: 0d}":        `:1: want a duration such as 24h or 7d, got "0d"`,
		"retrain: {model_age: 90d}":       ": retrain.model_age: want retrain.trained as well: when the model was trained",
		"retrain: {trained: May}":         `:1: want a date such as 2026-01-31 or an RFC 3339 time, got "May"`,
		"retrain: {level: insufficient}":  `: retrain.level: want one of ok, warn, alert, got "insufficient"`,

		// Anchors and merges are no way round the check.
		"columns:\n  a: &a {type: text}\n  b: {<<: *a, pulbic: true}":                        `:3: unknown key "columns.b.pulbic" (did you mean "public"?)`,
		"fields:\n  requests: &r {a: b}\nsite: *r":                                           `:2: unknown key "site.a" (did you mean "k"?)`,
		"fields:\n  requests: &r {a: b}\nsite: {<<: *r}":                                     `:2: unknown key "site.a" (did you mean "k"?)`,
		"fields:\n  requests: &r {a: b}\nsite: {<<: [*r]}":                                   `:2: unknown key "site.a" (did you mean "k"?)`,
		"reference: &title nonsense\nsite: {*title : x}":                                     `:1: unknown key "site.nonsense"`,
		"columns: &a {<<: *a}":                                                               ": anchor 'a' value contains itself",
		"site: &a {<<: *a}":                                                                  ": anchor 'a' value contains itself",
		"columns:\n  a: &a {public: yes}\n  b: &b {<<: [*a, *a]}\n  c: {<<: [*b, *b], x: y}": `:4: unknown key "columns.c.x"`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := config.Load(path); err == nil || err.Error() != path+want {
			t.Errorf("%q: error %v, want %s", text, err, path+want)
		}
	}
	text := "reference: ref.csv\nmodel: /m.ubj\nlast: 7d\ncolumns:\n  job title: {type: text, public: true}\n"
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if c.Reference != filepath.Join(dir, "ref.csv") || c.Model != "/m.ubj" || !c.Columns["job title"].Public || c.Threshold == c.Threshold {
		t.Errorf("got %+v", c)
	}
}

// A reason to retrain of 0 is one, and none is none.
func TestRetrain(t *testing.T) {
	c, err := config.Parse([]byte("segments: [country, size]\nretrain: {drift_share: 0, new_labels: 500, model_age: 90d, trained: 2026-01-31}\n" +
		"columns:\n  a: &a {type: text}\n  b: {<<: *a, public: true}\n"))
	if err != nil {
		t.Fatal(err)
	}
	r := c.Retrain
	if r.DriftShare == nil || *r.DriftShare != 0 || r.ScoreP != nil || *r.NewLabels != 500 ||
		time.Duration(r.ModelAge) != 90*24*time.Hour || !time.Time(r.Trained).Equal(time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)) || r.Level != "" {
		t.Errorf("got %+v", r)
	}
	if !slices.Equal(c.Segments, []string{"country", "size"}) || c.Columns["b"] != (config.Column{Type: "text", Public: true}) {
		t.Errorf("got %+v", c)
	}
}

// A threshold of 0 is one, and none is none.
func TestEvidentlyRules(t *testing.T) {
	c, err := config.Parse([]byte("evidently:\n  all: {test: psi}\n  columns: {age: {threshold: 0, type: num}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	age := c.Evidently.Columns["age"]
	if c.Evidently.All.Test != "psi" || c.Evidently.All.Threshold != nil || age.Threshold == nil || *age.Threshold != 0 || age.Type != "num" {
		t.Errorf("got %+v", c.Evidently)
	}
}

// What is wrong with a monitor.yaml is said in its own terms, not in Go's.
func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"limits: {p95_ms: fast}":        `1: want a number, got "fast"`,
		"version: one":                  `1: want a whole number, got "one"`,
		"\nlimits: 5":                   `2: want keys with values, got "5"`,
		"columns: {a: {public: maybe}}": `1: want true or false, got "maybe"`,
		"columns: [a]":                  "1: want keys with values, got a list",
		"model: {file: m.ubj}":          "1: want text, got keys with values",
		"limits: {p95_ms: -1}":          " limits.p95_ms: want a number of 0 or more, got -1",
		"site: {k: -1}":                 " site.k: want a number of 0 or more, got -1",
		"limits: {success_rate: 99}":    " limits.success_rate: want a number from 0 to 1, got 99",
		// A zero is no way to say that there is none.
		"limits: {p95_ms: 0}":            " limits.p95_ms: want more than 0; without the key there is no limit",
		"limits: {success_rate: 0.0}":    " limits.success_rate: want more than 0; without the key there is no limit",
		"limits: {min_rows: 0}":          " limits.min_rows: want more than 0; without the key there is no limit",
		"levels: {warn: 0, alert: 0.5}":  " levels.warn: want more than 0; without the key there is the default",
		"levels: {alert: -0}":            " levels.alert: want more than 0; without the key there is the default",
		"site: {k: 0}":                   " site.k: want more than 0; without the key there is the default; 1 pools nothing",
		"levels: &l {warn: 0}\nsite: {}": " levels.warn: want more than 0; without the key there is the default",
	} {
		if _, err := config.Parse([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

package monitor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A log of a model that scores each of several classes, from its lines to what is said of
// it: estimates are NannyML's and what outcomes give is scikit-learn's, whether a line
// has its scores as a list, as an object, or as columns.
func TestClasses(t *testing.T) {
	text, err := os.ReadFile("../outcome/multiclass/testdata/oracle/sharp.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Reference, Rows [][]float64
		Estimated       map[string][2]float64
		Measured        map[string]float64
		Matrix          [][]float64
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	classes := []string{"a", "b", "c"}
	dir := t.TempDir()
	var ref, outcomes strings.Builder
	ref.WriteString("score_a,score_b,score_c,plan,score_x\n") // the last is a feature
	for i, x := range want.Reference {
		fmt.Fprintf(&ref, "%v,%v,%v,%s,%d\n", x[0], x[1], x[2], classes[int(x[3])], i%50)
	}
	outcomes.WriteString("id,outcome\n")
	for i, x := range want.Rows {
		fmt.Fprintf(&outcomes, "r%d,%s\n", i, classes[int(x[3])])
	}
	outcomes.WriteString("r1000,d\n") // of no class: said, and left out
	for name, s := range map[string]string{"reference.csv": ref.String(), "outcomes.csv": outcomes.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct{ fields, line string }{
		"list":    {"scores: probabilities", `"probabilities": [%v, %v, %v]`},
		"object":  {"scores: model.scores", `"model": {"scores": {"a": %v, "b": %v, "c": %v}}`},
		"columns": {"", `"score_a": %v, "score_b": %v, "score_c": %v`},
	} {
		t.Run(name, func(t *testing.T) {
			conf, err := config.Parse("monitor.yaml", []byte("id: id\ntarget: plan\nclasses: [a, b, c]\nfields: {predictions: {timestamp: '', "+c.fields+"}}\n"))
			if err != nil {
				t.Fatal(err)
			}
			var in bytes.Buffer
			tables := table.NewWriter(&in)
			d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions, ID: "id", Classes: conf.Plan.Classes, Fields: conf.Fields.Of(mapping.Predictions)}}, tables.Write)
			var log strings.Builder
			for i, x := range want.Rows {
				fmt.Fprintf(&log, `{"id": "r%d", "input": {"x": %d, "score_x": %d}, `+c.line+"}\n", i, i, i%50, x[0], x[1], x[2])
			}
			if err := d.From("log", strings.NewReader(log.String())); err != nil {
				t.Fatal(err)
			}
			if seen, err := d.Close(); err != nil || seen.Rows != 400 {
				t.Fatalf("%d rows, %v", seen.Rows, err)
			}
			if err := tables.Close(); err != nil {
				t.Fatal(err)
			}
			var notes []string
			n := NewNight(Options{Config: conf, Reference: filepath.Join(dir, "reference.csv"), Outcomes: filepath.Join(dir, "outcomes.csv"), Notef: func(f string, a ...any) { notes = append(notes, fmt.Sprintf(f, a...)) }})
			defer n.Close()
			if err := n.Read(table.NewReader("log", &in), drop); err != nil {
				t.Fatal(err)
			}
			r, err := n.Judge()
			if err != nil {
				t.Fatal(err)
			}
			estimated := 0
			for _, e := range r.Quality.Estimates {
				w, known := want.Estimated[e.Metric]
				if !known || e.Class != "" {
					continue
				}
				estimated++
				value := 1e-6
				if e.Metric == "roc_auc" {
					value = 0.02 // less what the estimate of the reference's own scores is off
				}
				if !(math.Abs(e.Value-w[0]) <= value) || !(math.Abs(e.SamplingError-w[1]) <= 1e-6) || e.N != 400 {
					t.Errorf("estimated %s: %v ± %v of %d rows, want %v ± %v", e.Metric, e.Value, e.SamplingError, e.N, w[0], w[1])
				}
			}
			measured, cells, byClass := 0, 0, 0
			for _, o := range r.Quality.Outcomes {
				switch {
				case o.Kind == "metric" && o.Class != "":
					byClass++
				case o.Kind == "metric" && want.Measured[o.Metric] > 0:
					if measured++; !(math.Abs(o.Value-want.Measured[o.Metric]) <= 1e-9) {
						t.Errorf("measured %s: %v, want %v", o.Metric, o.Value, want.Measured[o.Metric])
					}
				case o.Kind == "confusion":
					if o.Value != want.Matrix[strings.Index("abc", o.Class)][strings.Index("abc", o.Predicted)] {
						t.Errorf("confusion %s %s: %v", o.Class, o.Predicted, o.Value)
					}
					cells++
				}
			}
			if estimated != 6 || measured != 6 || cells != 9 || byClass != 12 {
				t.Errorf("%d estimated, %d measured, %d cells, %d by class", estimated, measured, cells, byClass)
			}
			tests, drifted, role := 0, map[string]bool{}, map[string]string{}
			for _, f := range r.Findings {
				if f.Subject == verdict.SubjectModel && f.Alpha > 0 {
					tests++
				}
				if f.Check == verdict.CheckDistribution {
					role[f.Subject] = f.Role
				}
				if f.Check == verdict.CheckDistribution && f.Role != verdict.RoleFeature {
					drifted[f.Subject] = true
				}
			}
			if tests != 12 || !drifted["score"] || !drifted["label"] || !drifted["score_a"] || !drifted["score_c"] {
				t.Errorf("%d tests; judged: %v", tests, drifted)
			}
			if role["score"] != verdict.RoleScore || role["score_a"] != verdict.RoleClassScore || role["score_x"] != verdict.RoleFeature || r.Run.Features != 1 {
				t.Errorf("roles %v, %d features", role, r.Run.Features)
			}
			if all := strings.Join(notes, "\n"); !strings.Contains(all, `1 outcome is, such as "d", of none of the classes (a, b and c) and left out`) {
				t.Errorf("%s", all)
			}
		})
	}
}

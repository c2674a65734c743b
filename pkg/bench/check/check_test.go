package check

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/model/modeltest"
)

// run checks a model of testdata against its library's own scores: its rows as raw
// ones, in which a missing value is written as missing, and features.json with more
// in it.
func run(t *testing.T, file, missing, more string, change func(scores []float64)) *Result {
	t.Helper()
	m, err := model.Open("../../model/testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	values, want, _ := modeltest.Oracle(t, "../../model/testdata/"+file)
	var raw, columns []string
	csv := &strings.Builder{}
	for i := range m.NumFeatures {
		name := fmt.Sprint("f", i)
		column := name
		if m.Features != nil {
			column = m.Features[i]
		}
		raw = append(raw, fmt.Sprintf(`{"name": %q, "type": "number"}`, name))
		columns = append(columns, fmt.Sprintf(`{"name": %q, "op": "number", "from": %q}`, column, name))
		fmt.Fprintf(csv, "%s,", name)
	}
	csv.WriteString("row\n")
	for i, x := range values {
		if x == x {
			fmt.Fprint(csv, x)
		} else {
			csv.WriteString(missing)
		}
		csv.WriteString(",")
		if i%m.NumFeatures == m.NumFeatures-1 {
			fmt.Fprintf(csv, "%d\n", i/m.NumFeatures)
		}
	}
	p, err := feature.Parse(strings.NewReader(fmt.Sprintf(`{"version": 1, %s "raw": [%s], "columns": [%s]}`, more, strings.Join(raw, ","), strings.Join(columns, ","))))
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(want)
	}
	r, err := Run(m, model.Native, p, feature.RawRows{Name: "rows.csv", From: strings.NewReader(csv.String()), Note: func(string) {}}, want, 1e-6)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEqual(t *testing.T) {
	for _, file := range []string{"logistic.ubj", "lgb_seconds.lightgbm"} {
		if r := run(t, file, "", "", nil); r.Differ != 0 || r.Rows < 100 || r.Largest > 1e-6 {
			t.Errorf("%s: %+v", file, r)
		}
	}
}

// Training took -999 for missing, and the file does not say so.
func TestMissing(t *testing.T) {
	r := run(t, "logistic.ubj", "-999", "", nil)
	if r.Differ < 10 || r.Differ == r.Rows || r.Missing != -999 {
		t.Errorf("%d of %d rows differ, missing %v", r.Differ, r.Rows, r.Missing)
	}
	var text strings.Builder
	if err := r.WriteText(&text); err != nil || !strings.HasSuffix(text.String(), "\nWith \"missing\": [-999] in features.json all rows are equal: the model was trained with missing=-999.\n") {
		t.Errorf("%v, %s", err, text.String())
	}
	if r := run(t, "logistic.ubj", "-999", `"missing": [-999],`, nil); r.Differ != 0 {
		t.Errorf("with missing said, %d rows differ", r.Differ)
	}
}

func TestDiffers(t *testing.T) {
	r := run(t, "logistic.ubj", "", "", func(scores []float64) { scores[2] += 0.25 })
	if r.Differ != 1 || len(r.First) != 1 || r.First[0].Row != 3 || math.Abs(r.Largest-0.25) > 1e-6 || !math.IsNaN(r.Missing) {
		t.Errorf("%+v", r)
	}
}

func TestCommon(t *testing.T) {
	fields := []field{
		{"country", []string{"DE", "FR", "DE", "US", "FR", "DE"}},
		{"size", []string{isEmpty, isEmpty, "a", "b", "c", "d"}},
		{"kind", []string{"x", "x", "x", "x", "x", "x"}},
	}
	got := common(fields, []bool{true, true, false, false, false, false}, 2)
	if len(got) != 1 || got[0] != (Common{"size", isEmpty, 2, 0}) {
		t.Errorf("got %v", got)
	}
}

func TestScores(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"score\n0.5\n1\n", "[0.5 1]"},
		{"0.5\n1e-3\n", "[0.5 0.001]"},
		{"id,score\na,0.5\n", "[0.5]"},
		{"p\n0.5\n", "[0.5]"},
		{"id,p\na,0.5\n", "s.csv: no column score"},
		{"score\nx\n", `s.csv:2: score: want a number, got "x"`},
		{"score\n", "s.csv: no scores"},
		{"", "s.csv: no scores"},
	} {
		got, err := Scores("s.csv", strings.NewReader(c.in), "score")
		text := fmt.Sprint(got)
		if err != nil {
			text = err.Error()
		}
		if text != c.want {
			t.Errorf("%q: got %s, want %s", c.in, text, c.want)
		}
	}
}

package attribution_test

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/attribution"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/model/explain"
	"github.com/leadsman/leadsman/pkg/predlog/record"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// leads are the raw rows of testdata/oracle, by field.
func leads(t *testing.T) []map[string]any {
	t.Helper()
	f, err := os.Open("../../../testdata/oracle/leads.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]any
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		var line struct{ Lead map[string]any }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line.Lead != nil {
			out = append(out, line.Lead)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// From raw rows to shares, against XGBoost's pred_contribs on the trainer's own
// columns (testdata/shares.py).
func TestSharesAreXGBoosts(t *testing.T) {
	m, err := model.Open("../../../testdata/model.ubj")
	if err != nil {
		t.Fatal(err)
	}
	p, err := feature.Open("../../../testdata/features.json")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, raw := range p.Raw() {
		names = append(names, raw.Name)
	}
	explained := func(rows []map[string]any, seen func(i int) int64) attribution.Rows {
		n, width := len(rows), len(p.Columns())
		values, out := make([]float64, n*width), make([]float64, n*(width+1))
		err := p.Rows(names, n, func(row, column int) record.Value {
			switch v := rows[row][names[column]].(type) {
			case float64:
				return record.NumberValue(v)
			case string:
				return record.StringValue(v)
			}
			return record.Value{}
		}, values)
		if err == nil {
			err = explain.Contributions(m.Ensemble, values, out)
		}
		if err != nil {
			t.Fatal(err)
		}
		e := attribution.Rows{Values: out}
		for i := range rows {
			e.N = append(e.N, seen(i))
		}
		return e
	}
	all := leads(t)
	var judged []map[string]any
	for _, lead := range all[1000:] {
		if quality, _ := lead["llm_quality"].(float64); quality >= 60 {
			judged = append(judged, lead)
		}
	}
	r := attribution.Attribute(&attribution.Explained{
		Columns: p.Columns(), Sources: p.Sources(), Gains: explain.TotalGain(m.Ensemble), Logistic: m.Logistic(),
		Ref: explained(all[:1000], func(i int) int64 { return int64(1 + i%3) }),
		Cur: explained(judged, func(int) int64 { return 1 }),
	}, 5)
	got := map[[2]string]verdict.Contribution{}
	for _, c := range r.Contributions {
		name := c.Feature
		if c.Kind == "column" {
			name = c.Column
		}
		got[[2]string{c.Kind, name}] = c
	}

	f, err := os.Open("testdata/shares.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(lines)-1 {
		t.Errorf("%d contributions, want %d", len(got), len(lines)-1)
	}
	for _, line := range lines[1:] {
		c, ok := got[[2]string{line[0], line[1]}]
		if !ok {
			t.Errorf("no %s %s", line[0], line[1])
			continue
		}
		ref, err := strconv.ParseFloat(line[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		cur, err := strconv.ParseFloat(line[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range [][2]float64{{c.Ref, ref}, {c.Cur, cur}, {c.Change, cur - ref}} {
			if !(math.Abs(pair[0]-pair[1]) <= 1e-5) {
				t.Errorf("%s %s: got %v, XGBoost has %v", line[0], line[1], pair[0], pair[1])
			}
		}
	}
	for i, c := range r.Contributions {
		if c.Rank == 1 && c.Feature != "llm_quality" {
			t.Errorf("row %d: %s moved it most", i, c.Feature)
		}
	}
}

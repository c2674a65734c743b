package drift

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/leadsman/leadsman/pkg/drift/evidently"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/verdict"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// evidentlyCase is a line of testdata/evidently/vectors.jsonl.gz: a data set and what
// Evidently 0.7.21 said of it. make.py beside it tells more.
type evidentlyCase struct {
	Name    string
	Seed    uint64
	N       [2]int
	Columns []recipe
	Options struct {
		Method             string
		Threshold          *float64
		NumMethod          string             `json:"num_method"`
		NumThreshold       *float64           `json:"num_threshold"`
		CatMethod          string             `json:"cat_method"`
		CatThreshold       *float64           `json:"cat_threshold"`
		PerColumnMethod    map[string]string  `json:"per_column_method"`
		PerColumnThreshold map[string]float64 `json:"per_column_threshold"`
		DriftShare         float64            `json:"drift_share"`
		Types              map[string]string
	}
	Want struct {
		Columns []struct {
			Name, Type, Test string
			Score            any
			Threshold        float64
			Drift            bool
		}
		Unknown, Failed []string
		Count           int64
		Share           float64
		Drift           bool
	}
}

type recipe struct {
	Name         string
	G            string
	V            []any
	W            [2][]float64
	Miss         [2]float64
	Inf          [2][2]int
	Shift, Scale [2]float64
	Q, K         float64
}

func (c *evidentlyCase) options() Options {
	o := c.Options
	e := evidently.Options{
		All: evidently.Rule{Test: o.Method, Threshold: o.Threshold}, Num: evidently.Rule{Test: o.NumMethod, Threshold: o.NumThreshold}, Cat: evidently.Rule{Test: o.CatMethod, Threshold: o.CatThreshold},
		Columns: map[string]evidently.Column{},
	}
	for name, test := range o.PerColumnMethod {
		e.Columns[name] = evidently.Column{Rule: evidently.Rule{Test: test}}
	}
	for name, threshold := range o.PerColumnThreshold {
		rule := e.Columns[name]
		rule.Threshold = &threshold
		e.Columns[name] = rule
	}
	for name, kind := range o.Types {
		rule := e.Columns[name]
		rule.Type = kind
		e.Columns[name] = rule
	}
	return Options{Policy: policy.Evidently, Evidently: e, Drifted: Shares{Alert: o.DriftShare}}
}

// random is Knuth's MMIX generator.
type random uint64

func newRandom(seeds ...uint64) *random {
	var r random
	for _, s := range seeds {
		r += random(s)
		r.next()
	}
	return &r
}

func (r *random) next() float64 {
	*r = *r*6364136223846793005 + 1442695040888963407
	return float64(*r>>11) * 0x1p-53
}

// values follows make.py's values: nil, float64, string or bool.
func (s *recipe) values(seed, column uint64, side, n int) []any {
	r := newRandom(seed, column, uint64(side))
	out := make([]any, n)
	for row := range out {
		gone := r.next() < s.Miss[side]
		var v any
		switch s.G {
		case "pick":
			var all float64
			for _, w := range s.W[side] {
				all += w
			}
			u, k, sum := r.next()*all, 0, s.W[side][0]
			for k < len(s.V)-1 && u >= sum {
				k++
				sum += s.W[side][k]
			}
			v = s.V[k]
		case "text":
			v = fmt.Sprintf("t%d", int64(math.Floor(r.next()*s.K)))
		default:
			var x float64
			if s.G == "bell" {
				x = r.next() + r.next() + r.next() + r.next() - 2
			} else {
				x = 1 / (1.0078125 - r.next())
			}
			x = float64(x*s.Scale[side]) + s.Shift[side]
			if s.Q != 0 {
				x = math.Floor(x*s.Q) / s.Q
			}
			v = x
		}
		if plus, minus := s.Inf[side][0], s.Inf[side][1]; row < plus {
			v = math.Inf(1)
		} else if row < plus+minus {
			v = math.Inf(-1)
		}
		if gone {
			v = nil
		}
		out[row] = v
	}
	return out
}

// batch makes a batch of columns of equal length; a column of no number is one of
// strings, where it has any.
func batch(names []string, columns [][]any) arrow.RecordBatch {
	var fields []arrow.Field
	var arrays []arrow.Array
	rows := 0
	for i, values := range columns {
		rows = len(values)
		words := false
		for _, v := range values {
			switch v.(type) {
			case string, bool:
				words = true
			}
		}
		if words {
			b := array.NewStringBuilder(memory.DefaultAllocator)
			for _, v := range values {
				if v == nil {
					b.AppendNull()
				} else {
					b.Append(fmt.Sprint(v))
				}
			}
			fields, arrays = append(fields, table.Field(names[i], arrow.BinaryTypes.String, table.Feature)), append(arrays, b.NewArray())
			continue
		}
		b := array.NewFloat64Builder(memory.DefaultAllocator)
		for _, v := range values {
			if v == nil {
				b.AppendNull()
			} else {
				b.Append(v.(float64))
			}
		}
		fields, arrays = append(fields, table.Field(names[i], arrow.PrimitiveTypes.Float64, table.Feature)), append(arrays, b.NewArray())
	}
	return array.NewRecordBatch(arrow.NewSchema(fields, nil), arrays, int64(rows))
}

func (c *evidentlyCase) batch(t *testing.T, side int) arrow.RecordBatch {
	if c.Columns == nil {
		return sampleBatch(t, side)
	}
	var names []string
	var columns [][]any
	for i, s := range c.Columns {
		names = append(names, s.Name)
		columns = append(columns, s.values(c.Seed, uint64(i), side, c.N[side]))
	}
	return batch(names, columns)
}

// sampleBatch reads the sample case's columns that both files have, without the target.
func sampleBatch(t *testing.T, side int) arrow.RecordBatch {
	t.Helper()
	rows := [2][][]string{
		readCSV(t, "../../testdata/reference.csv", func(r io.Reader) (io.Reader, error) { return r, nil }),
		readCSV(t, "testdata/evidently/current.csv.gz", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }),
	}
	shared := map[string]bool{}
	for _, name := range rows[1][0] {
		shared[name] = name != "engaged"
	}
	var names []string
	var columns [][]any
	for j, name := range rows[side][0] {
		if !shared[name] {
			continue
		}
		names = append(names, name)
		numeric := true
		for _, s := range rows {
			for _, row := range s[1:] {
				_, err := strconv.ParseFloat(row[indexOf(t, s[0], name)], 64)
				numeric = numeric && (err == nil || row[indexOf(t, s[0], name)] == "")
			}
		}
		var values []any
		for _, row := range rows[side][1:] {
			var v any
			if s := row[j]; s != "" {
				v = s
				if numeric {
					v, _ = strconv.ParseFloat(s, 64)
				}
			}
			values = append(values, v)
		}
		columns = append(columns, values)
	}
	return batch(names, columns)
}

func indexOf(t *testing.T, names []string, name string) int {
	for i, s := range names {
		if s == name {
			return i
		}
	}
	t.Fatalf("no column %s", name)
	return -1
}

func readCSV(t *testing.T, path string, open func(io.Reader) (io.Reader, error)) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := open(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// profiles counts both sides with the real profile.
func profiles(t *testing.T, ref, cur arrow.RecordBatch) (view.View, view.View) {
	t.Helper()
	planner := plan.NewPlanner(plan.Options{Exact: true})
	if err := planner.Add(ref); err != nil {
		t.Fatal(err)
	}
	plan, err := planner.Plan()
	if err != nil {
		t.Fatal(err)
	}
	var views [2]view.View
	for i, rec := range []arrow.RecordBatch{ref, cur} {
		p := tally.New(plan, view.Period{})
		if err := p.AddRows(rec); err != nil {
			t.Fatal(err)
		}
		views[i] = p.View()
	}
	return views[0], views[1]
}

func evidentlyCases(t *testing.T) []evidentlyCase {
	t.Helper()
	f, err := os.Open("testdata/evidently/vectors.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []evidentlyCase
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var c evidentlyCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatalf("line %d: %v", len(all)+1, err)
		}
		all = append(all, c)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// cancels are the scores that Evidently takes from a difference of nearly equal numbers,
// with the absolute error of it that a sum in another order makes.
var cancels = map[string]func(got, want float64) float64{
	"jensenshannon":    func(a, b float64) float64 { return math.Abs(a*a-b*b) / 1e-15 }, // signed terms
	"cramer_von_mises": func(a, b float64) float64 { return math.Abs(a-b) / 4e-15 },     // 1 - sum
}

// What Evidently said of each data set: every type, test, threshold, verdict and the share,
// and scores to 1e-9.
func TestEvidentlyAgrees(t *testing.T) {
	if testing.Short() {
		t.Skip("all of its cases take seconds")
	}
	cases := evidentlyCases(t)
	columns, loose := 0, map[string]int{}
	for i := range cases {
		c := &cases[i]
		ref, cur := profiles(t, c.batch(t, 0), c.batch(t, 1))
		o := c.options()
		r := Compare(ref, cur, o)
		for _, w := range c.Want.Columns {
			columns++
			f := find(t, r, w.Name, verdict.CheckDistribution)
			where := c.Name + ": " + w.Name
			score, threshold := f.P, f.Alpha
			if f.EffectUnit == "1" { // a distance
				score, threshold = f.Statistic, f.Threshold
			}
			if f.Test != w.Test || threshold != w.Threshold || (f.Level == verdict.Warn) != w.Drift || f.Level == verdict.Insufficient {
				t.Errorf("%s: %s at %v is %s (%s), want %s at %v, drift %v of %v", where, f.Test, threshold, f.Level, f.Sentence, w.Test, w.Threshold, w.Drift, w.Score)
				continue
			}
			want, finite := w.Score.(float64)
			if !finite {
				if !math.IsNaN(score) { // an infinite score is null too
					t.Errorf("%s: %s %v, want %v", where, f.Test, score, w.Score)
				}
				continue
			}
			if math.Abs(score-want) <= 1e-9*math.Abs(want) {
				continue
			}
			if slack := cancels[w.Test]; slack != nil && slack(score, want) <= 1 {
				loose[w.Test]++
				continue
			}
			t.Errorf("%s: %s %v, want %v (off by %.2g of it)", where, f.Test, score, want, math.Abs(score-want)/math.Abs(want))
		}
		for _, name := range append(c.Want.Unknown, c.Want.Failed...) {
			if f := find(t, r, name, verdict.CheckDistribution); f.Level != verdict.Insufficient {
				t.Errorf("%s: %s is %s (%s), but Evidently does not judge it", c.Name, name, f.Level, f.Sentence)
			}
		}
		if len(c.Want.Columns) == 0 {
			continue
		}
		share := float64(c.Want.Count) / float64(len(c.Want.Columns))
		if r.Run.Drifted != c.Want.Count || r.Run.DriftShare != share || share != c.Want.Share || (r.Run.FeatureLevel == verdict.Alert) != c.Want.Drift {
			t.Errorf("%s: %d drifted, share %v, %s; want %d, %v, drift %v", c.Name, r.Run.Drifted, r.Run.DriftShare, r.Run.FeatureLevel, c.Want.Count, c.Want.Share, c.Want.Drift)
		}
	}
	if len(cases) < 200 || columns < 1000 {
		t.Errorf("%d data sets, %d columns", len(cases), columns)
	}
	t.Logf("%d data sets, %d columns; beyond 1e-9, but within what the formula loses: %v", len(cases), columns, loose)
}

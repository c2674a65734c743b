package sim

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/predlog/record"
)

const populationFile = "../../testdata/population.json"

func openPopulation(t testing.TB) *Population {
	t.Helper()
	p, err := OpenPopulation(populationFile)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// table is a reference as the CSV says it.
type table struct {
	names []string
	rows  [][]string
}

func reference(t testing.TB, p *Population, seed uint64, rows int64) table {
	t.Helper()
	var b bytes.Buffer
	if err := Reference(&b, p, nil, nil, seed, rows, nil); err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return table{all[0], all[1:]}
}

func (d table) column(name string) []string {
	at := slices.Index(d.names, name)
	out := make([]string, len(d.rows))
	for i, row := range d.rows {
		out[i] = row[at]
	}
	return out
}

// numbers returns the column's values and, where it is missing, NaN.
func (d table) numbers(t testing.TB, name string) []float64 {
	var out []float64
	for _, s := range d.column(name) {
		x, err := strconv.ParseFloat(s, 64)
		if s == "" {
			x = math.NaN()
		} else if err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return out
}

func share(column []string, value string) float64 {
	n := 0
	for _, s := range column {
		if s == value {
			n++
		}
	}
	return float64(n) / float64(len(column))
}

func distinct(column []string) int {
	seen := map[string]bool{}
	for _, s := range column {
		if s != "" {
			seen[s] = true
		}
	}
	return len(seen)
}

// near allows five standard errors of a share.
func near(t *testing.T, what string, got, want float64, n int) {
	t.Helper()
	if math.Abs(got-want) > 5*math.Sqrt(want*(1-want)/float64(n)) {
		t.Errorf("%s: %.4f, want about %.4f", what, got, want)
	}
}

func correlation(x, y []float64) float64 {
	var n, mx, my, xx, yy, xy float64
	for i := range x {
		if x[i] == x[i] && y[i] == y[i] {
			n++
			mx += x[i]
			my += y[i]
		}
	}
	mx, my = mx/n, my/n
	for i := range x {
		if x[i] == x[i] && y[i] == y[i] {
			xx += (x[i] - mx) * (x[i] - mx)
			yy += (y[i] - my) * (y[i] - my)
			xy += (x[i] - mx) * (y[i] - my)
		}
	}
	return xy / math.Sqrt(xx*yy)
}

func shareFactor(c *column) bool {
	return slices.ContainsFunc(c.latent.factors, func(f int) bool { return slices.Contains(c.absent.factors, f) })
}

// The shares are those of the lead-scoring case that the sample stands for,
// and of the file: both say the same.
func TestMarginals(t *testing.T) {
	const n = 20000
	p := openPopulation(t)
	d := reference(t, p, 5, n)
	near(t, "engaged", share(d.column("engaged"), "1"), 0.28, n)
	for name, want := range map[string]float64{
		"industry": 0.03, "companyindustry": 0.33, "companysize": 0.44, "companytype": 0.33, "languages": 0.31,
		"companylocation": 0.40, "companyfoundedon": 0.55, "summary": 0.27, "jobtitle": 0, "llm_quality": 0,
	} {
		near(t, name+" missing", share(d.column(name), ""), want, n)
	}
	for i := range p.columns {
		c := &p.columns[i]
		column := d.column(c.name)
		column = slices.DeleteFunc(column, func(s string) bool { return s == "" })
		switch c.kind {
		case category:
			if shareFactor(c) {
				break // the values that are not missing are not the marginal's
			}
			last := 0.0
			for k, v := range c.values {
				near(t, c.name+" "+v.Str, share(column, v.Str), normal(c.bounds[k])-last, len(column))
				last = normal(c.bounds[k])
			}
		case number:
			// Half of the values lie below the middle quantile.
			below := 0
			for _, x := range d.numbers(t, c.name) {
				if x < c.quantiles[len(c.quantiles)/2] {
					below++
				}
			}
			if got := float64(below) / float64(len(column)); got > 0.5 || got < 0.3 {
				t.Errorf("%s: %.3f lie below the median", c.name, got)
			}
			for _, x := range d.numbers(t, c.name) {
				if x < c.quantiles[0] || x > c.quantiles[len(c.quantiles)-1] {
					t.Errorf("%s: %v is out of range", c.name, x)
				}
			}
		case prose:
			for _, s := range column {
				if len(s) > 2600 || !utf8.ValidString(s) || strings.ContainsAny(s, "{}") {
					t.Errorf("%s: %q", c.name, s)
				}
			}
		}
	}
}

// The numbers of distinct values are those of the lead-scoring case.
func TestDistinctValues(t *testing.T) {
	p := openPopulation(t)
	const samples = 10
	got := map[string]float64{}
	for seed := range uint64(samples) {
		d := reference(t, p, seed, 303)
		for _, name := range d.names {
			got[name] += float64(distinct(d.column(name))) / samples
		}
	}
	for name, want := range map[string]float64{
		"llm_seniority": 4, "llm_industry": 98, "llm_geography": 3, "llm_business_type": 5, "llm_company_fit": 3, "industry": 56, "companyindustry": 49,
		"companysize": 8, "companytype": 9, "languages": 100, "location": 47, "companylocation": 68, "skills": 284, "jobtitle": 248, "engaged": 2,
	} {
		if math.Abs(got[name]-want) > 0.08*want {
			t.Errorf("%s: %.1f distinct values in 303 rows, want about %v", name, got[name], want)
		}
	}
}

func TestDependence(t *testing.T) {
	d := reference(t, openPopulation(t), 6, 20000)
	quality := d.numbers(t, "llm_quality")
	if r := correlation(quality, d.numbers(t, "llm_decision_maker")); r < 0.45 || r > 0.65 {
		t.Errorf("quality and decision maker correlate with %.2f", r)
	}
	if r := correlation(quality, d.numbers(t, "companyfoundedon")); math.Abs(r) > 0.05 {
		t.Errorf("quality and the year of foundation correlate with %.2f", r)
	}
	// What a company's page says goes missing together: were it independent, a
	// share of 0.33·0.33 = 0.11 would lack both.
	industry, kind, both := d.column("companyindustry"), d.column("companytype"), 0
	same, known := 0, 0
	profile, llm := d.column("industry"), d.column("llm_industry")
	for i := range industry {
		if industry[i] == "" && kind[i] == "" {
			both++
		}
		if profile[i] == llm[i] {
			same++
		}
		known++
	}
	if got := float64(both) / float64(known); got < 0.28 {
		t.Errorf("%.3f of the rows lack industry and type of the company, want most of 0.33", got)
	}
	// Independent industries would agree in one row of about thirty.
	if got := float64(same) / float64(known); got < 0.15 {
		t.Errorf("in %.3f of the rows both industries agree", got)
	}
}

func TestReferenceOrder(t *testing.T) {
	d := reference(t, openPopulation(t), 1, 0)
	want := "llm_quality llm_seniority llm_engagement llm_decision_maker llm_industry llm_geography llm_business_type llm_company_fit industry companyindustry " +
		"companysize companytype languages location companylocation companyfoundedon summary skills jobtitle engaged"
	if got := strings.Join(d.names, " "); got != want {
		t.Errorf("columns: %s", got)
	}
	if len(d.rows) != 0 {
		t.Errorf("%d rows, want none", len(d.rows))
	}
}

// A longer reference begins with the shorter one, across the chunks' borders.
func TestReferencePrefix(t *testing.T) {
	p := openPopulation(t)
	short, long := reference(t, p, 3, chunkRows+5), reference(t, p, 3, 2*chunkRows)
	for i, row := range short.rows {
		if !slices.Equal(row, long.rows[i]) {
			t.Fatalf("row %d differs", i)
		}
	}
}

func TestReadPopulationRefuses(t *testing.T) {
	file, err := os.ReadFile(populationFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"version": 1`, `"version": 2`, "version: want 1, got 2"},
		{`"version": 1,`, ``, "version: missing"},
		{`"about"`, `"abuot"`, `population: json: unknown field "abuot"`},
		{`"factors": ["lead"`, `"factors": ["profile"`, `factors: "profile" is empty or repeated`},
		{`"name": "llm_seniority"`, `"name": "llm_quality"`, "columns: llm_quality is repeated"},
		{`"loadings": {"lead": 0.7}`, `"loadings": {"leda": 0.7}`, `llm_seniority: loadings: no factor "leda"`},
		{`"loadings": {"lead": 0.7}`, `"loadings": {"lead": 0.8, "scale": 0.7}`, "llm_seniority: loadings: their squares add up to more than 1"},
		{`["Entry", 14]`, `["Mid", 14]`, `llm_seniority: values: "Mid" is empty or repeated`},
		{`["Entry", 14]`, `["Entry", -1]`, `llm_seniority: values: "Entry": want a positive weight, got -1`},
		{`["Entry", 14]`, `["Entry"]`, `want ["text", weight]`},
		{`"kind": "prose"`, `"kind": "poem"`, `summary: kind: want one of number, category, phrase, prose, list, got "poem"`},
		{`"share": 0.03`, `"share": 1.03`, "industry: missing: want a share in [0, 1], got 1.03"},
		{`"Nordics"`, `""`, "lists: region is empty or has an empty entry"},
		{`{craft}`, `{draft}`, `no list "draft"`},
		{`{craft}`, `{craft`, "a { is not closed"},
		{`"limit": 2600`, `"limit": 0`, "summary: limit: want a number of bytes from 1 to 1048576, got 0"},
		{`"step": 0.01`, `"step": -1`, "llm_engagement: step: want a positive number"},
		{`0.08, 0.13`, `0.13, 0.08`, "llm_engagement: quantiles: want at least two, ascending"},
		{`"values": {"Entry": -0.5`, `"values": {"Entrant": -0.5`, `outcome: terms[4]: llm_seniority has no value "Entrant"`},
		{`"share": 0.28`, `"share": 0`, "outcome: share: want a number between 0 and 1, got 0"},
		{`{"factor": "sector"`, `{"factor": "vector"`, `outcome: terms[7]: no factor "vector"`},
	} {
		if !bytes.Contains(file, []byte(c.old)) {
			t.Errorf("%s is not in the file", c.old)
			continue
		}
		_, err := ReadPopulation(strings.NewReader(strings.Replace(string(file), c.old, c.new, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.new, err, c.want)
		}
	}
	for _, c := range []struct{ text, want string }{
		{"", "population: EOF"},
		{string(file) + "{}", "population: more after its end"},
		{string(file[:len(file)/2]), "population: unexpected EOF"},
		{`{"version": 1}`, "columns: none"},
		{`{"version": 1, "columns": [{"name": "x", "kind": "number", "step": 1, "quantiles": [0, 1]}]}`, "outcome: missing"},
		{`{"version": 1, "columns": [{"name": "x", "kind": "list", "items": [["a", 1], ["b", 1]], "quantiles": [1, 2]}], "outcome": {}}`, "want counts from 1 to half of the 2 items"},
		{`{"version": 1, "columns": [{"kind": "number"}], "outcome": {}}`, "the name of column 1 is missing"},
	} {
		if _, err := ReadPopulation(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60s: %v, want %s", c.text, err, c.want)
		}
	}
}

func TestNumberIsWhatItsStepWrites(t *testing.T) {
	c := column{step: 0.01, quantiles: []float64{0, 1}}
	for z := -3.0; z < 3; z += 0.01 {
		if s := record.NumberValue(c.number(z)).Text(); len(s) > 4 {
			t.Errorf("%v → %s, want at most two decimals", z, s)
		}
	}
}

func TestProseKeepsItsLimit(t *testing.T) {
	c := column{limit: 9, weights: []float64{1}, templates: []template{{texts: []string{"höher"}}}}
	r := stream(1, "test", 0)
	// The first sentence takes six bytes, and two with a space take thirteen.
	for length, want := range map[int]string{0: "höher", 12: "höher", 100: "höher"} {
		if got := string(c.appendProse(nil, length, r)); got != want {
			t.Errorf("%d: %q, want %q", length, got, want)
		}
	}
	c.limit = 13
	if got := string(c.appendProse([]byte("x"), 100, r)); got != "xhöher höher" {
		t.Errorf("%q", got)
	}
	c.limit = 2 // in the middle of the second letter
	if got := string(c.appendProse(nil, 100, r)); got != "h" {
		t.Errorf("%q", got)
	}
}

// More missing values than the population's are drawn, never fewer.
func TestMissingIsAddedTo(t *testing.T) {
	p := openPopulation(t)
	d := p.drawer(stream(1, "test", 0))
	const n = 4000
	for wanted, want := range map[float64]float64{0: 0.27, 0.1: 0.27, 0.6: 0.6} {
		nudges := make([]nudge, len(p.columns))
		at := p.find("summary")
		nudges[at].missing = wanted
		absent := 0
		for range n {
			if d.row(nudges).values[at].Kind == record.Null {
				absent++
			}
		}
		near(t, "missing", float64(absent)/n, want, n)
	}
}

// The second item is drawn once in 10³⁰⁰ times, and yet both are wanted.
func TestListOfUnlikelyItems(t *testing.T) {
	c := column{items: []string{"a", "b"}, weights: []float64{1, 1}}
	if got := string(c.appendList(nil, 2, stream(1, "test", 0))); got != "a, b" {
		t.Error(got)
	}
}

// Whatever the bytes: an error, or a population that rows can be drawn from.
func FuzzReadPopulation(f *testing.F) {
	file, err := os.ReadFile(populationFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add([]byte(`{"version": 1, "factors": ["f"], "lists": {"l": ["x"]}, "columns": [
		{"name": "n", "kind": "number", "step": 0.1, "quantiles": [0, 1], "loadings": {"f": 1}, "missing": {"share": 0.5}},
		{"name": "p", "kind": "prose", "limit": 9, "quantiles": [1, 9], "sentences": [["{l} y.", 1]]},
		{"name": "l", "kind": "list", "quantiles": [1, 1], "items": [["a", 1], ["b", 2]]}],
		"outcome": {"name": "o", "share": 0.5, "terms": [{"column": "n", "scale": 1, "weight": 1}, {"factor": "f", "weight": 1}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadPopulation(bytes.NewReader(data))
		if err != nil {
			return
		}
		if err := Reference(discard{}, p, nil, nil, 1, 3, nil); err != nil {
			t.Error(err)
		}
	})
}

package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// chunkRows is how many rows share a stream of random numbers. Another number
// gives other bytes.
const chunkRows = 2048

const (
	maxPopulation = 16 << 20 // bytes of a population file
	maxProse      = 1 << 20  // bytes of a text
)

// A Population is a joint distribution of rows and of their outcome. Each
// column has a latent value, standard normal: its loadings times factors that
// all columns share, plus noise of its own. The inverse distribution function
// of the column's marginal turns the latent into a value, so marginals are
// exact and the factors alone make columns depend on each other (a Gaussian
// copula). A second latent of the same form says whether the value is missing.
// It is safe for concurrent use.
type Population struct {
	About   string
	columns []column
	factors int
	outcome outcome
	keep    float64 // share of a normal variable that the next row keeps; 0: rows are independent
}

type kind uint8

const (
	number   kind = iota
	category      // one of the values
	phrase        // one of the values, which are templates
	prose         // sentences from templates, to a drawn length
	list          // a drawn number of distinct items, joined by ", "
)

var kinds = []string{"number", "category", "phrase", "prose", "list"}

// column is one column, ready to draw from.
type column struct {
	name   string
	kind   kind
	latent latent
	absent latent
	// The value is missing where the latent of its absence exceeds cut.
	cut float64

	quantiles []float64 // evenly spaced, from the least to the greatest; of a number, a length or a count
	step      float64   // numbers are multiples of it
	stairs    bool      // take a quantile as it is, without interpolation

	bounds    []float64 // of the latent: value i lies below bounds[i]
	values    []record.Value
	templates []template
	weights   []float64 // cumulative shares of templates or items
	items     []string
	limit     int // bytes of prose
}

// latent is a standard normal variable that shares factors with others.
type latent struct {
	factors []int
	weights []float64
	noise   float64 // makes the variance 1
}

// outcome is a logistic model over a row and its factors.
type outcome struct {
	name      string
	share     float64 // of positives in the population, as the file states it
	intercept float64
	terms     []term
}

type term struct {
	column, factor int // the other is -1
	weight         float64
	center, scale  float64
	present        bool
	effects        map[string]float64
}

// Names returns the columns' names in order, without the outcome's.
func (p *Population) Names() []string {
	names := make([]string, len(p.columns))
	for i := range p.columns {
		names[i] = p.columns[i].name
	}
	return names
}

// find returns the place of the column of that name, or -1.
func (p *Population) find(name string) int {
	return slices.IndexFunc(p.columns, func(c column) bool { return c.name == name })
}

// OpenPopulation reads the population in the file of that name.
func OpenPopulation(path string) (*Population, error) {
	f, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := ReadPopulation(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// The file as it is written.
type (
	fileJSON struct {
		Version *int                `json:"version"`
		About   string              `json:"about"`
		Factors []string            `json:"factors"`
		Lists   map[string][]string `json:"lists"`
		Columns []columnJSON        `json:"columns"`
		Outcome *outcomeJSON        `json:"outcome"`
	}
	columnJSON struct {
		Name      string             `json:"name"`
		Kind      string             `json:"kind"`
		Loadings  map[string]float64 `json:"loadings"`
		Missing   *missingJSON       `json:"missing"`
		Quantiles []float64          `json:"quantiles"`
		Step      float64            `json:"step"`
		Stairs    bool               `json:"stairs"`
		Values    []weighted         `json:"values"`
		Sentences []weighted         `json:"sentences"`
		Items     []weighted         `json:"items"`
		Limit     int                `json:"limit"`
	}
	missingJSON struct {
		Share    float64            `json:"share"`
		Loadings map[string]float64 `json:"loadings"`
	}
	outcomeJSON struct {
		Name      string     `json:"name"`
		Share     float64    `json:"share"`
		Intercept float64    `json:"intercept"`
		Terms     []termJSON `json:"terms"`
	}
	termJSON struct {
		Column  string             `json:"column"`
		Factor  string             `json:"factor"`
		Weight  float64            `json:"weight"`
		Center  float64            `json:"center"`
		Scale   float64            `json:"scale"`
		Present bool               `json:"present"`
		Values  map[string]float64 `json:"values"`
	}
)

// weighted is a text with its weight, written ["text", 12].
type weighted struct {
	text   string
	weight float64
}

func (w *weighted) UnmarshalJSON(data []byte) error {
	var pair []json.RawMessage
	err := json.Unmarshal(data, &pair)
	if err == nil && len(pair) == 2 {
		err = errors.Join(json.Unmarshal(pair[0], &w.text), json.Unmarshal(pair[1], &w.weight))
	}
	if err != nil || len(pair) != 2 {
		return fmt.Errorf(`want ["text", weight], got %.40s`, data)
	}
	return nil
}

// ReadPopulation reads a population as testdata/population.json writes one. It
// is strict: unknown names, loadings whose squares exceed 1, quantiles that
// fall, repeated values and whatever else could not mean what it says are
// errors that name the place.
func ReadPopulation(r io.Reader) (*Population, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxPopulation+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxPopulation {
		return nil, fmt.Errorf("more than %d MiB", maxPopulation>>20)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var f fileJSON
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("population: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("population: more after its end")
	}
	switch {
	case f.Version == nil:
		return nil, errors.New("version: missing")
	case *f.Version != 1:
		return nil, fmt.Errorf("version: want 1, got %d", *f.Version)
	case len(f.Columns) == 0:
		return nil, errors.New("columns: none")
	case f.Outcome == nil:
		return nil, errors.New("outcome: missing")
	}
	p := &Population{About: f.About, factors: len(f.Factors)}
	for i, name := range f.Factors {
		if name == "" || slices.Contains(f.Factors[:i], name) {
			return nil, fmt.Errorf("factors: %q is empty or repeated", name)
		}
	}
	for name, entries := range f.Lists {
		if len(entries) == 0 || slices.Contains(entries, "") {
			return nil, fmt.Errorf("lists: %s is empty or has an empty entry", name)
		}
	}
	for i := range f.Columns {
		c := &f.Columns[i]
		if c.Name == "" {
			return nil, fmt.Errorf("columns: the name of column %d is missing", i+1)
		}
		if p.find(c.Name) >= 0 {
			return nil, fmt.Errorf("columns: %s is repeated", c.Name)
		}
		col, err := f.column(c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		p.columns = append(p.columns, col)
	}
	if p.outcome, err = f.outcome(p); err != nil {
		return nil, fmt.Errorf("outcome: %w", err)
	}
	return p, nil
}

func (f *fileJSON) latent(loadings map[string]float64) (latent, error) {
	var l latent
	rest := 1.0
	for name := range loadings {
		if !slices.Contains(f.Factors, name) {
			return l, fmt.Errorf("loadings: no factor %q", name)
		}
	}
	for i, name := range f.Factors {
		if w, ok := loadings[name]; ok {
			l.factors = append(l.factors, i)
			l.weights = append(l.weights, w)
			rest -= float64(w * w)
		}
	}
	if rest < -1e-12 {
		return l, errors.New("loadings: their squares add up to more than 1")
	}
	l.noise = math.Sqrt(max(0, rest))
	return l, nil
}

func (f *fileJSON) column(c *columnJSON) (column, error) {
	out := column{name: c.Name, step: c.Step, stairs: c.Stairs, limit: c.Limit, absent: latent{noise: 1}, cut: math.Inf(1)}
	at := slices.Index(kinds, c.Kind)
	if at < 0 {
		return out, fmt.Errorf("kind: want one of %s, got %q", strings.Join(kinds, ", "), c.Kind)
	}
	out.kind = kind(at)
	var err error
	if out.latent, err = f.latent(c.Loadings); err != nil {
		return out, err
	}
	if c.Missing != nil {
		if !(c.Missing.Share >= 0 && c.Missing.Share <= 1) {
			return out, fmt.Errorf("missing: want a share in [0, 1], got %v", c.Missing.Share)
		}
		out.cut = quantileNormal(1 - c.Missing.Share)
		if out.absent, err = f.latent(c.Missing.Loadings); err != nil {
			return out, fmt.Errorf("missing: %w", err)
		}
	}
	return out, f.marginal(c, &out)
}

// marginal fills in the distribution of c's values.
func (f *fileJSON) marginal(c *columnJSON, out *column) error {
	for _, extra := range []struct {
		name    string
		given   bool
		allowed bool
	}{
		{"quantiles", c.Quantiles != nil, out.kind != category && out.kind != phrase},
		{"step", c.Step != 0, out.kind == number},
		{"stairs", c.Stairs, out.kind == number},
		{"values", c.Values != nil, out.kind == category || out.kind == phrase},
		{"sentences", c.Sentences != nil, out.kind == prose},
		{"items", c.Items != nil, out.kind == list},
		{"limit", c.Limit != 0, out.kind == prose},
	} {
		if extra.given && !extra.allowed {
			return fmt.Errorf("%s: not known in a %s", extra.name, c.Kind)
		}
	}
	if out.kind != category && out.kind != phrase {
		if len(c.Quantiles) < 2 || !slices.IsSorted(c.Quantiles) {
			return errors.New("quantiles: want at least two, ascending")
		}
		out.quantiles = c.Quantiles
	}
	switch out.kind {
	case number:
		if !(c.Step > 0) {
			return errors.New("step: want a positive number")
		}
	case category, phrase:
		shares, err := cumulate("values", c.Values)
		if err != nil {
			return err
		}
		for i, v := range c.Values {
			out.bounds = append(out.bounds, quantileNormal(shares[i]))
			out.values = append(out.values, record.StringValue(v.text))
		}
		if out.kind == phrase {
			return f.templates(c.Values, out)
		}
	case prose:
		if c.Limit < 1 || c.Limit > maxProse {
			return fmt.Errorf("limit: want a number of bytes from 1 to %d, got %d", maxProse, c.Limit)
		}
		shares, err := cumulate("sentences", c.Sentences)
		if err != nil {
			return err
		}
		out.weights = shares
		return f.templates(c.Sentences, out)
	case list:
		shares, err := cumulate("items", c.Items)
		if err != nil {
			return err
		}
		out.weights = shares
		for _, v := range c.Items {
			out.items = append(out.items, v.text)
		}
		if most := c.Quantiles[len(c.Quantiles)-1]; c.Quantiles[0] < 1 || most > float64(len(c.Items)/2) {
			return fmt.Errorf("quantiles: want counts from 1 to half of the %d items", len(c.Items))
		}
	}
	return nil
}

// cumulate returns the shares of all values up to each one; the last is 1.
func cumulate(where string, values []weighted) ([]float64, error) {
	if len(values) == 0 {
		return nil, fmt.Errorf("%s: none", where)
	}
	seen := make(map[string]bool)
	shares := make([]float64, len(values))
	total := 0.0
	for i, v := range values {
		if v.text == "" || seen[v.text] {
			return nil, fmt.Errorf("%s: %q is empty or repeated", where, v.text)
		}
		if !(v.weight > 0) || math.IsInf(v.weight, 1) {
			return nil, fmt.Errorf("%s: %q: want a positive weight, got %v", where, v.text, v.weight)
		}
		seen[v.text] = true
		total += v.weight
		shares[i] = total
	}
	for i := range shares {
		shares[i] /= total
	}
	shares[len(shares)-1] = 1
	return shares, nil
}

func (f *fileJSON) outcome(p *Population) (outcome, error) {
	o := outcome{name: f.Outcome.Name, share: f.Outcome.Share, intercept: f.Outcome.Intercept}
	if o.name == "" || p.find(o.name) >= 0 {
		return o, fmt.Errorf("name: %q is empty or a column's", o.name)
	}
	if !(o.share > 0 && o.share < 1) {
		return o, fmt.Errorf("share: want a number between 0 and 1, got %v", o.share)
	}
	for i, t := range f.Outcome.Terms {
		where := fmt.Sprintf("terms[%d]", i)
		out := term{column: -1, factor: -1, weight: t.Weight, center: t.Center, scale: t.Scale, present: t.Present, effects: t.Values}
		switch {
		case (t.Column == "") == (t.Factor == ""):
			return o, fmt.Errorf("%s: want either a column or a factor", where)
		case t.Factor != "":
			if out.factor = slices.Index(f.Factors, t.Factor); out.factor < 0 {
				return o, fmt.Errorf("%s: no factor %q", where, t.Factor)
			}
		default:
			if out.column = p.find(t.Column); out.column < 0 {
				return o, fmt.Errorf("%s: no column %q", where, t.Column)
			}
			numeric := p.columns[out.column].kind == number
			switch {
			case t.Values == nil && !t.Present && !(numeric && t.Scale > 0):
				return o, fmt.Errorf("%s: want values, present, or the center and scale of a number", where)
			case t.Values != nil && numeric:
				return o, fmt.Errorf("%s: values: %s is a number", where, t.Column)
			}
			for v := range t.Values {
				if !slices.Contains(p.columns[out.column].values, record.StringValue(v)) {
					return o, fmt.Errorf("%s: %s has no value %q", where, t.Column, v)
				}
			}
		}
		o.terms = append(o.terms, out)
	}
	return o, nil
}

// quantileNormal is the inverse of the standard normal distribution function.
func quantileNormal(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// normal is the standard normal distribution function.
func normal(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

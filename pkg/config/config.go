package config

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/leadsman/leadsman/pkg/words"
)

// A Config is monitor.yaml. Paths in it are relative to its directory; here
// they are already joined with it.
type Config struct {
	Version       int               `yaml:"version"`
	Reference     string            `yaml:"reference"`
	Model         string            `yaml:"model"`
	Features      string            `yaml:"features"`
	Fields        Fields            `yaml:"fields"`
	ID            string            `yaml:"id"`
	Target        string            `yaml:"target"`
	PositiveLabel string            `yaml:"positive_label"`
	Threshold     float64           `yaml:"threshold"` // NaN when it is not set
	Columns       map[string]Column `yaml:"columns"`
	Policy        string            `yaml:"policy"`
	Evidently     Evidently         `yaml:"evidently"`
	Levels        Levels            `yaml:"levels"`
	Limits        Limits            `yaml:"limits"`
	Last          Duration          `yaml:"last"`
	Window        Duration          `yaml:"window"`
	Segments      []string          `yaml:"segments"` // columns in whose parts the log is judged as well
	Retrain       Retrain           `yaml:"retrain"`
	Site          Site              `yaml:"site"`
}

// Fields maps leadsman's names of a log's fields to the log's own.
type Fields struct {
	Predictions map[string]string `yaml:"predictions"`
	Requests    map[string]string `yaml:"requests"`
}

// A Column pins what leadsman would otherwise infer of an input field.
type Column struct {
	Type   string `yaml:"type"`   // number, category, text or id
	Public bool   `yaml:"public"` // may be shown row by row on the site
}

// Evidently chooses tests and thresholds for the policy of that name: for a
// column, else for the columns of a type, else for all.
type Evidently struct {
	All     EvidentlyRule            `yaml:"all"`
	Num     EvidentlyRule            `yaml:"num"`
	Cat     EvidentlyRule            `yaml:"cat"`
	Columns map[string]EvidentlyRule `yaml:"columns"`
}

// An EvidentlyRule leaves to Evidently what it does not set.
type EvidentlyRule struct {
	Test      string   `yaml:"test"`
	Threshold *float64 `yaml:"threshold"`
	Type      string   `yaml:"type"` // num or cat; of a column only
}

// Levels are the shares of drifted features at which the run warns and alerts.
type Levels struct {
	Warn  float64 `yaml:"warn"`
	Alert float64 `yaml:"alert"`
}

// Limits are what latency and API are held to; zero is no limit.
type Limits struct {
	P95MS       float64 `yaml:"p95_ms"`
	SuccessRate float64 `yaml:"success_rate"` // in [0, 1]
	MinRows     int64   `yaml:"min_rows"`
}

// Retrain is what makes a retraining due; nil or zero is not asked for.
type Retrain struct {
	DriftShare       *float64 `yaml:"drift_share"`        // share of drifted features, in [0, 1]
	ScoreP           *float64 `yaml:"score_p"`            // p-value of the score's drift, in [0, 1]
	EngagementDrop   *float64 `yaml:"engagement_drop"`    // of the share of positive outcomes, in [0, 1]
	EstimatedAUCDrop *float64 `yaml:"estimated_auc_drop"` // in [0, 1]
	RealisedAUCDrop  *float64 `yaml:"realised_auc_drop"`  // in [0, 1]
	ModelAge         Duration `yaml:"model_age"`
	NewLabels        *int64   `yaml:"new_labels"`
	Trained          Date     `yaml:"trained"` // when the model was trained
	Level            string   `yaml:"level"`   // of the run when retraining is due: ok, warn or alert; empty is warn
}

// RetrainLevels are what retrain.level can be.
var RetrainLevels = []string{"ok", "warn", "alert"}

// A Site is how the site presents itself.
type Site struct {
	Name  string `yaml:"name"` // key of the history; "default" when empty
	Title string `yaml:"title"`
	URL   string `yaml:"url"`
	K     int64  `yaml:"k"` // values seen fewer than k times on both sides are pooled; 0 when it is not set
}

// ColumnTypes are what a column can be pinned to.
var ColumnTypes = []string{"number", "category", "text", "id"}

// Load reads the monitor.yaml at path, and returns an empty Config where path is
// empty. An unknown key is an error that names the nearest one.
func Load(path string) (*Config, error) {
	if path == "" {
		return &Config{Threshold: math.NaN()}, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			return nil, fmt.Errorf("%s: %w", path, p.Err)
		}
		return nil, err
	}
	c, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	dir := filepath.Dir(path)
	for _, p := range []*string{&c.Reference, &c.Model, &c.Features} {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
	}
	return c, nil
}

// Parse reads the text of a monitor.yaml; its paths stay as they are.
func Parse(text []byte) (*Config, error) {
	c := &Config{Threshold: math.NaN()}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, yamlError(err)
	}
	if len(doc.Content) == 0 {
		return c, nil
	}
	if err := (keyCheck{}).mapping(doc.Content[0], reflect.TypeFor[Config](), ""); err != nil {
		return nil, err
	}
	if err := doc.Decode(c); err != nil {
		return nil, yamlError(err)
	}
	if err := zeros(&doc); err != nil {
		return nil, err
	}
	return c, c.check()
}

// zeros refuses a 0 where it would read as a limit and mean none: the key that
// is not there says so better.
func zeros(doc *yaml.Node) error {
	var c struct {
		Levels struct{ Warn, Alert *float64 }
		Limits struct {
			P95MS       *float64 `yaml:"p95_ms"`
			SuccessRate *float64 `yaml:"success_rate"`
			MinRows     *float64 `yaml:"min_rows"`
		}
		Site struct{ K *float64 }
	}
	if err := doc.Decode(&c); err != nil {
		return yamlError(err)
	}
	for _, v := range []struct {
		name, without string
		x             *float64
	}{
		{"levels.warn", "the default", c.Levels.Warn},
		{"levels.alert", "the default", c.Levels.Alert},
		{"limits.p95_ms", "no limit", c.Limits.P95MS},
		{"limits.success_rate", "no limit", c.Limits.SuccessRate},
		{"limits.min_rows", "no limit", c.Limits.MinRows},
		{"site.k", "the default; 1 pools nothing", c.Site.K},
	} {
		if v.x != nil && *v.x == 0 {
			return fmt.Errorf(" %s: want more than 0; without the key there is %s", v.name, v.without)
		}
	}
	return nil
}

// yamlError puts the line of a YAML error where leadsman's messages have it.
func yamlError(err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	text = strings.TrimPrefix(text, "unmarshal errors:\n  ")
	text, _, _ = strings.Cut(text, "\n")
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		if line, what, ok := strings.Cut(rest, ": "); ok {
			if m := mistyped.FindStringSubmatch(what); m != nil {
				got := strconv.Quote(m[2])
				if kind, ok := map[string]string{"seq": "a list", "map": "keys with values"}[m[1]]; ok {
					got = kind
				}
				what = "want " + wanted(m[3]) + ", got " + got
			}
			if _, err := strconv.Atoi(line); err == nil {
				return fmt.Errorf("%s: %s", line, what)
			}
		}
	}
	return fmt.Errorf(" %s", text)
}

var mistyped = regexp.MustCompile("^cannot unmarshal !!([a-z]+)(?: `(.*)`)? into (.+)$")

// wanted puts a Go type in words.
func wanted(goType string) string {
	switch goType {
	case "float64":
		return "a number"
	case "int", "int64":
		return "a whole number"
	case "bool":
		return "true or false"
	case "string":
		return "text"
	case "[]string":
		return "a list"
	}
	return "keys with values"
}

// A keyCheck refuses keys that a struct does not have. It holds the mappings
// that it has been through, by the type they were held against, so that each
// counts once however often anchors repeat it.
type keyCheck map[keyCheckOf]bool

type keyCheckOf struct {
	node *yaml.Node
	t    reflect.Type
}

func (k keyCheck) mapping(node *yaml.Node, t reflect.Type, path string) error {
	node = unaliased(node)
	if node.Kind != yaml.MappingNode || t.Kind() != reflect.Map && t.Kind() != reflect.Struct || k[keyCheckOf{node, t}] {
		return nil // a wrong type is found when it is decoded
	}
	k[keyCheckOf{node, t}] = true
	fields, names := map[string]reflect.Type{}, []string{}
	if t.Kind() == reflect.Struct {
		for i := range t.NumField() {
			if name, ok := t.Field(i).Tag.Lookup("yaml"); ok {
				fields[name], names = t.Field(i).Type, append(names, name)
			}
		}
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := unaliased(node.Content[i]), unaliased(node.Content[i+1])
		if key.ShortTag() == "!!merge" {
			merged := []*yaml.Node{value}
			if value.Kind == yaml.SequenceNode {
				merged = value.Content
			}
			for _, m := range merged {
				if err := k.mapping(m, t, path); err != nil {
					return err
				}
			}
			continue
		}
		of, ok := fields[key.Value]
		if t.Kind() == reflect.Map {
			of, ok = t.Elem(), true
		}
		if !ok {
			return fmt.Errorf("%d: unknown key %q%s", key.Line, path+key.Value, words.DidYouMean(key.Value, names))
		}
		if err := k.mapping(value, of, path+key.Value+"."); err != nil {
			return err
		}
	}
	return nil
}

// unaliased is the node that an alias stands for.
func unaliased(node *yaml.Node) *yaml.Node {
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

// check holds values to their ranges.
func (c *Config) check() error {
	if c.Version != 0 && c.Version != 1 {
		return fmt.Errorf(" version: want 1, got %d", c.Version)
	}
	for name, col := range c.Columns {
		if col.Type != "" && !slices.Contains(ColumnTypes, col.Type) {
			return fmt.Errorf(" columns.%s.type: want one of %s, got %q", name, strings.Join(ColumnTypes, ", "), col.Type)
		}
	}
	for _, r := range []struct{ name, kind string }{{"all", c.Evidently.All.Type}, {"num", c.Evidently.Num.Type}, {"cat", c.Evidently.Cat.Type}} {
		if r.kind != "" {
			return fmt.Errorf(" evidently.%s.type: only a column has one", r.name)
		}
	}
	for _, v := range []struct {
		name   string
		x      float64
		lo, hi float64
	}{
		{"levels.warn", c.Levels.Warn, 0, 1},
		{"levels.alert", c.Levels.Alert, 0, 1},
		{"limits.success_rate", c.Limits.SuccessRate, 0, 1},
		{"limits.p95_ms", c.Limits.P95MS, 0, math.MaxFloat64},
		{"limits.min_rows", float64(c.Limits.MinRows), 0, math.MaxInt64},
		{"site.k", float64(c.Site.K), 0, math.MaxInt64},
		{"retrain.drift_share", given(c.Retrain.DriftShare), 0, 1},
		{"retrain.score_p", given(c.Retrain.ScoreP), 0, 1},
		{"retrain.engagement_drop", given(c.Retrain.EngagementDrop), 0, 1},
		{"retrain.estimated_auc_drop", given(c.Retrain.EstimatedAUCDrop), 0, 1},
		{"retrain.realised_auc_drop", given(c.Retrain.RealisedAUCDrop), 0, 1},
		{"retrain.new_labels", given(c.Retrain.NewLabels), 0, math.MaxInt64},
	} {
		switch {
		case v.x >= v.lo && v.x <= v.hi:
		case v.hi > 1:
			return fmt.Errorf(" %s: want a number of %g or more, got %g", v.name, v.lo, v.x)
		default:
			return fmt.Errorf(" %s: want a number from %g to %g, got %g", v.name, v.lo, v.hi, v.x)
		}
	}
	switch l := c.Levels; {
	case l.Alert > 0 && l.Warn > l.Alert:
		return errors.New(" levels: warn is above alert")
	case l.Alert == 0 && l.Warn > driftedAlert:
		return fmt.Errorf(" levels: warn is above alert, which is %g when it is not set", driftedAlert)
	}
	for i, name := range c.Segments {
		switch {
		case name == "":
			return errors.New(" segments: want names of columns, got an empty one")
		case slices.Contains(c.Segments[:i], name):
			return fmt.Errorf(" segments: %q is there twice", name)
		}
	}
	switch r := &c.Retrain; {
	case r.Level != "" && !slices.Contains(RetrainLevels, r.Level):
		return fmt.Errorf(" retrain.level: want one of %s, got %q", strings.Join(RetrainLevels, ", "), r.Level)
	case r.ModelAge > 0 && time.Time(r.Trained).IsZero():
		return errors.New(" retrain.model_age: want retrain.trained as well: when the model was trained")
	}
	return nil
}

// driftedAlert is levels.alert when it is not set.
const driftedAlert = 0.5

// given is the number that p points to, or one in every range.
func given[T int64 | float64](p *T) float64 {
	if p == nil {
		return 0
	}
	return float64(*p)
}

// A Duration is a time.Duration that is also written in days: 24h, 7d.
type Duration time.Duration

// UnmarshalYAML reads "24h" or "7d".
func (d *Duration) UnmarshalYAML(node *yaml.Node) error {
	v, err := words.ParseDuration(node.Value)
	if err != nil {
		return fmt.Errorf("line %d: %w", node.Line, err)
	}
	*d = Duration(v)
	return nil
}

// A Date is a time that is also written as a day: 2026-01-31, its first moment
// in UTC, or 2026-01-31T12:00:00Z.
type Date time.Time

// UnmarshalYAML reads a day or a time in RFC 3339.
func (d *Date) UnmarshalYAML(node *yaml.Node) error {
	at, err := time.Parse(time.DateOnly, node.Value)
	if err != nil {
		if at, err = time.Parse(time.RFC3339, node.Value); err != nil {
			return fmt.Errorf("line %d: want a date such as 2026-01-31 or an RFC 3339 time, got %q", node.Line, node.Value)
		}
	}
	*d = Date(at.UTC())
	return nil
}

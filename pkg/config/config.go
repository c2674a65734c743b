package config

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/drift/evidently"
	"github.com/leadsman/leadsman/pkg/drift/performance"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/retrain"
	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/spelling"
)

// A Config is monitor.yaml: the options of those who go by them, under the keys
// that they give them. Paths in it are relative to its directory, or where it is a pipe
// or standard input to the working directory; Load has joined them with it.
type Config struct {
	Version       int               `yaml:"version"`
	Reference     string            `yaml:"reference"`
	Model         string            `yaml:"model"`
	Features      string            `yaml:"features"`
	Contributions string            `yaml:"contributions"` // of the model to the reference's rows, held out
	Fields        mapping.Fields    `yaml:"fields"`
	Ignore        []string          `yaml:"ignore"` // fields that are left out: names, or paths
	Programs      predlog.Programs  `yaml:",inline"`
	Plan          plan.Options      `yaml:",inline"`
	Policy        policy.Policy     `yaml:"policy"`
	Evidently     evidently.Options `yaml:"evidently"`
	Levels        Levels            `yaml:"levels"`
	Accept        []drift.Known     `yaml:"accept"` // changes that are in no level, gate and feed
	Limits        serving.Limits    `yaml:"limits"`
	Last          time.Duration     `yaml:"last"`     // length of the judged period; 0: the whole log
	Segments      []string          `yaml:"segments"` // columns in whose parts the log is judged as well
	Outcomes      outcome.Settings  `yaml:"outcomes"`
	Retrain       retrain.Rules     `yaml:"retrain"`
	Site          Site              `yaml:"site"`

	Notes []string // what else is to be said of the file, in its order: keys that have another name now

	file file
}

// Levels are what makes the levels of the run's areas.
type Levels struct {
	drift.Shares `yaml:",inline"`
	Outcomes     performance.Levels `yaml:"outcomes"`
}

// Given says whether the settings are those of a file.
func (c *Config) Given() bool { return c.file.name != "" }

// check says what is wrong with them.
func (l Levels) check() error { return errors.Join(l.Shares.Check(), l.Outcomes.Check()) }

// A Site is how the site presents itself.
type Site struct {
	Name  string `yaml:"name"` // key of the history
	Title string `yaml:"title"`
	URL   string `yaml:"url"`

	K          int64 `yaml:"k" range:"0," zero:"the default; 1 pools nothing"` // as drift.Options.K
	CalmNights int   `yaml:"calm_nights" range:"0," zero:"the default, 2"`     // after which a finding has cleared
}

func (s Site) check() error {
	u, err := url.Parse(s.URL)
	if s.URL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil) {
		return Errorf("site.url", "want an http or https address without a user, got %q", s.URL)
	}
	return nil
}

// Load reads the monitor.yaml at path; an empty path stands for an empty file.
// The error lists all faults of the file in its order, one a line, as At does.
func Load(path string) (*Config, error) {
	if path == "" {
		return empty(), nil
	}
	text, err := read(path)
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			return nil, fmt.Errorf("%s: %w", path, p.Err)
		}
		return nil, err
	}
	c, err := Parse(path, text)
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(path)
	if files.IsStream(path) { // such as one that a shell made, which lies nowhere
		dir = "."
	}
	for _, p := range []*string{&c.Reference, &c.Model, &c.Features, &c.Contributions, &c.Outcomes.ErrorModel, &c.Outcomes.SquaredErrorModel, &c.Outcomes.ErrorFeatures} {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
	}
	return c, nil
}

func read(path string) ([]byte, error) {
	f, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// Parse is Load for a text that is called name in messages; its paths stay as
// they are.
func Parse(name string, text []byte) (*Config, error) {
	c := empty()
	d, err := decode(name, text, c)
	if err != nil {
		return nil, err
	}
	if c.Version > 1 || c.Version < 0 {
		d.check(Errorf("version", "want 1, got %d", c.Version))
	}
	d.check(c.Plan.Check())
	d.check(c.Fields.Check())
	d.check(c.Programs.Check())
	d.check(c.Evidently.Check())
	d.check(c.Levels.check())
	d.check(drift.CheckKnown(c.Accept))
	d.check(c.Retrain.Check())
	d.check(c.Site.check())
	c.file, c.Notes = d.file, d.notes
	if len(d.faults) > 0 {
		return nil, d.faults.inOrder()
	}
	return c, nil
}

func empty() *Config { return &Config{Plan: plan.Options{Threshold: math.NaN()}} }

// PinsBy are Pins, and the types of a plan's columns, which has decided: of those
// that the file gives another type the plan's counts.
func (c Config) PinsBy(p *plan.Plan) []mapping.Pin {
	pins, types := c.Pins(), p.Types()
	for i := range pins {
		if t := types[pins[i].Name]; t != "" && t != pins[i].Type {
			pins[i].Type = ""
		}
	}
	return mapping.Learn(pins, types, func(name string) []string {
		i := p.Find(name)
		if i < 0 {
			return nil
		}
		return slices.DeleteFunc(slices.Clone(p.Columns[i].Names), func(name string) bool { return !spelling.IsMissing(name) })
	})
}

// Pins are the columns whose reading the file fixes.
func (c Config) Pins() []mapping.Pin {
	var pins []mapping.Pin
	for _, name := range slices.Sorted(maps.Keys(c.Plan.Columns)) {
		if o := c.Plan.Columns[name]; o.Type != "" || len(o.Missing) > 0 {
			pins = append(pins, mapping.Pin{Name: name, Type: o.Type, Missing: o.Missing})
		}
	}
	return pins
}

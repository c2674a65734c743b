package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/leadsman/leadsman/pkg/predlog/record"
	"github.com/leadsman/leadsman/pkg/verdict"
)

const maxScenarios = 1 << 20 // bytes of a file of scenarios

// Scenarios are those of one population.
type Scenarios []Scenario

// Names returns their names in order.
func (list Scenarios) Names() []string {
	var names []string
	for _, s := range list {
		names = append(names, s.Name)
	}
	return names
}

// Named returns the scenario of that name.
func (list Scenarios) Named(name string) (*Scenario, error) {
	for _, s := range list {
		if s.Name == name {
			return &s, nil
		}
	}
	return nil, fmt.Errorf("unknown scenario %q", name)
}

// The file as it is written.
type (
	scenariosJSON struct {
		Version   *int           `json:"version"`
		Scenarios []scenarioJSON `json:"scenarios"`
	}
	scenarioJSON struct {
		Name      string       `json:"name"`
		About     string       `json:"about"`
		From      float64      `json:"from"`
		Gradual   bool         `json:"gradual"`
		Weekend   bool         `json:"weekend"`
		Wander    float64      `json:"wander"`
		Changes   []changeJSON `json:"changes"`
		Hosts     []hostJSON   `json:"hosts"`
		Positives float64      `json:"positives"`
		Slower    float64      `json:"slower"`
		Failures  float64      `json:"failures"`
		Probes    int          `json:"probes"`
		Redrawn   float64      `json:"redrawn"`
		Lost      float64      `json:"lost"`
		Selected  float64      `json:"selected"`
		Delay     float64      `json:"delay"`
		Verdict   *Verdict     `json:"verdict"`
	}
	hostJSON struct {
		Share   float64  `json:"share"`
		Version string   `json:"version"`
		Shift   float64  `json:"shift"`
		Times   *float64 `json:"times"` // default 1
	}
	changeJSON struct {
		Column string `json:"column"`
		Within struct {
			Column string `json:"column"`
			Value  string `json:"value"`
		} `json:"within"`
		Shift   float64 `json:"shift"`
		Spread  float64 `json:"spread"`
		Negate  bool    `json:"negate"`
		Missing float64 `json:"missing"`
		Times   float64 `json:"times"`
		Replace any     `json:"replace"`
		Share   float64 `json:"share"`
		Once    bool    `json:"once"`
		Remove  bool    `json:"remove"`
		Add     bool    `json:"add"`
	}
)

// ReadScenarios reads scenarios as testdata/scenarios.json writes them. Unknown
// names, repeated scenarios, shares outside [0, 1] and levels that are none are
// errors that name the scenario.
func ReadScenarios(r io.Reader) (Scenarios, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxScenarios+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxScenarios {
		return nil, fmt.Errorf("more than %d MiB", maxScenarios>>20)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var f scenariosJSON
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("scenarios: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("scenarios: more after their end")
	}
	switch {
	case f.Version == nil:
		return nil, errors.New("version: missing")
	case *f.Version != 1:
		return nil, fmt.Errorf("version: want 1, got %d", *f.Version)
	case len(f.Scenarios) == 0:
		return nil, errors.New("scenarios: none")
	}
	var list Scenarios
	for i := range f.Scenarios {
		s := &f.Scenarios[i]
		if s.Name == "" || slices.Contains(list.Names(), s.Name) {
			return nil, fmt.Errorf("scenarios: %q is empty or repeated", s.Name)
		}
		if err := s.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
		one := Scenario{
			Name: s.Name, About: s.About, Verdict: *s.Verdict, from: s.From, gradual: s.Gradual, weekend: s.Weekend, wander: s.Wander,
			positives: s.Positives, slower: s.Slower, failures: s.Failures, probes: s.Probes,
			redrawn: s.Redrawn, lost: s.Lost, selected: s.Selected, delay: s.Delay,
		}
		for _, h := range s.Hosts {
			one.hosts = append(one.hosts, host{h.Share, h.Version, h.Shift, 1})
			if h.Times != nil {
				one.hosts[len(one.hosts)-1].times = *h.Times
			}
		}
		for k := range s.Changes {
			c, err := s.Changes[k].change()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Name, err)
			}
			one.changes = append(one.changes, c)
		}
		list = append(list, one)
	}
	return list, nil
}

func (s *scenarioJSON) check() error {
	for _, share := range []struct {
		key string
		is  float64
	}{{"from", s.From}, {"positives", s.Positives}, {"failures", s.Failures}, {"redrawn", s.Redrawn}, {"lost", s.Lost}, {"selected", s.Selected}, {"delay", s.Delay}, {"wander", s.Wander}} {
		if !(share.is >= 0 && share.is <= 1) {
			return fmt.Errorf("%s: want a share in [0, 1], got %v", share.key, share.is)
		}
	}
	left := 1.0
	for _, h := range s.Hosts {
		if left -= h.Share; !(h.Share > 0 && left > -1e-9) {
			return errors.New("hosts: want shares above 0 that add up to 1 at most")
		}
	}
	switch {
	case s.Wander == 1:
		return errors.New("wander: want less than 1")
	case s.Probes < 0 || s.Probes > 900:
		return fmt.Errorf("probes: want a number from 0 to 900, got %d", s.Probes)
	case s.Weekend && (s.Gradual || s.From > 0):
		return errors.New("weekend: goes with neither from nor gradual")
	case s.Gradual && s.From > 0:
		return errors.New("from: goes without gradual, which begins at once")
	case s.Slower < 0:
		return fmt.Errorf("slower: want a positive factor, got %v", s.Slower)
	case s.Verdict == nil:
		return errors.New("verdict: missing")
	}
	levels := []string{verdict.OK, verdict.Notice, verdict.Warn, verdict.Alert}
	if run := s.Verdict.Run; run != "" && !slices.Contains(levels, run) {
		return fmt.Errorf("verdict: run: %q is no level", run)
	}
	for _, e := range slices.Concat(s.Verdict.Must, s.Verdict.Never) {
		if e.Subject == "" || e.Check == "" || !slices.Contains(levels, e.Level) {
			return fmt.Errorf("verdict: want a subject, a check and a level, got %q, %q and %q", e.Subject, e.Check, e.Level)
		}
	}
	return nil
}

func (c *changeJSON) change() (change, error) {
	out := change{
		column: c.Column, within: [2]string{c.Within.Column, c.Within.Value},
		nudge: nudge{shift: c.Shift, spread: c.Spread, negate: c.Negate, missing: c.Missing},
		times: c.Times, share: c.Share, once: c.Once, remove: c.Remove, add: c.Add,
	}
	switch v := c.Replace.(type) {
	case nil:
	case float64:
		out.replace = record.NumberValue(v)
	case string:
		out.replace = record.StringValue(v)
	default:
		return out, fmt.Errorf("changes: %s: replace: want a number or a text", c.Column)
	}
	switch {
	case c.Column == "":
		return out, errors.New("changes: a change has no column")
	case !(c.Missing >= 0 && c.Missing <= 1 && c.Share >= 0 && c.Share <= 1):
		return out, fmt.Errorf("changes: %s: want shares in [0, 1], got missing %v and share %v", c.Column, c.Missing, c.Share)
	case (c.Add || c.Once || c.Share > 0) && c.Replace == nil:
		return out, fmt.Errorf("changes: %s: replace is missing", c.Column)
	}
	return out, nil
}

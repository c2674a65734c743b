package sim

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// An Expectation is one finding of a monitor.
type Expectation struct {
	Subject string `json:"subject"` // a column, "a ~ b" for a pair, a name in parentheses; (outcomes) where Check is a test of the table outcomes
	Check   string `json:"check"`
	Level   string `json:"level"`   // ok, warn, alert
	Segment string `json:"segment"` // column=value; empty for all rows
}

// A Verdict is what a monitor must say about a simulated log of 500 rows or
// more (500 a day, where it needs several), at 95 % of seeds or more, when its reference is the population's.
type Verdict struct {
	Run   string        `json:"run"`   // the run's level is this or worse; ok: it is ok; empty: any
	Must  []Expectation `json:"must"`  // these findings are at their level or worse
	Never []Expectation `json:"never"` // none of these findings is at its level or worse
	Needs string        `json:"needs"` // what the verdict takes beyond predictions and a reference

	// The same for programs.
	Days     int    `json:"days"`       // of 500 rows, of which the last is judged; 0: one, judged whole
	Outcomes bool   `json:"outcomes"`   // the outcomes of the same rows
	Model    bool   `json:"model"`      // the verdict is by the model that scored
	Weeks    int    `json:"weeks"`      // the reference is a log of the scenario's own that ends where this one starts, of so many weeks; 0: the population's
	Weekend  bool   `json:"on_weekend"` // the log is of a Saturday
	Segment  string `json:"segment"`    // the column in whose parts the log is judged as well
}

// A Scenario is one way in which production can differ from the reference.
type Scenario struct {
	Name  string
	About string
	Verdict

	from      float64 // share of the period after which it begins
	gradual   bool    // it grows evenly from nothing to all at the end
	weekend   bool    // it is there on Saturdays and Sundays only, UTC
	wander    float64 // correlation of a row's normal variables with those of the row before
	changes   []change
	hosts     []host
	positives float64 // share of positives among the rows, 0 for the population's
	slower    float64 // factor of latencies, 0 for none
	failures  float64 // share of requests that fail with 500 or 503
	probes    int     // health checks in place of each one; they answer 200 whatever else fails

	// What becomes of the rows, in Outcomes.
	redrawn  float64 // share of outcomes that have nothing to do with their row
	lost     float64 // share of positive outcomes that are negative instead
	selected float64 // share of rows whose outcome is asked for, as in Knowledge
	delay    float64 // mean time until an outcome is known, as a share of the period, at whose end the others are blank
}

// change is what a scenario does to one column.
type change struct {
	column string
	within [2]string // only where this column has this value; empty for every row
	nudge
	times   float64      // factor of its values, 0 for none
	replace record.Value // put in place of a share of its values
	share   float64
	once    bool // replace the value of the middle row of the log only
	remove  bool // the field is not logged
	add     bool // the field is new: replace holds its values
}

// On returns the scenario with its changes made to another column than its own; its verdict is dropped, since it depends on the column.
func (s *Scenario) On(column string) *Scenario {
	moved := *s
	moved.Verdict = Verdict{}
	moved.changes = slices.Clone(s.changes)
	for i := range moved.changes {
		moved.changes[i].column = column
	}
	return &moved
}

// at returns the strength at a share of the period.
func (s *Scenario) at(share float64) float64 {
	switch {
	case s.gradual:
		return share
	case s.from > 0 && share < s.from:
		return 0
	}
	return 1
}

// strength is that of the changes to rows at a time of the log.
func (s *Scenario) strength(c *clock, at time.Duration) float64 {
	if s.weekend {
		if day := c.start.Add(at).Weekday(); day != time.Saturday && day != time.Sunday {
			return 0
		}
	}
	return s.at(c.share(at))
}

// scaled is the nudge at a strength.
func (n nudge) scaled(strength float64) nudge {
	n.shift *= strength
	n.spread *= strength
	n.missing *= strength
	n.negate = n.negate && strength > 0
	return n
}

// plan is a scenario on the columns of a source.
type plan struct {
	*Scenario
	at     []int // place of each change's column; len(names) for a new one
	within []int // place of the column that says which rows change; -1 for all
	names  []string
	plain  bool // no change touches how rows are drawn
}

// plan finds the scenario's columns in names.
func (s *Scenario) plan(names []string) (*plan, error) {
	p := &plan{Scenario: s, names: names, plain: true}
	for _, c := range s.changes {
		at := -1
		for i, name := range names {
			if name == c.column {
				at = i
			}
		}
		switch {
		case at < 0 && !c.add:
			return nil, fmt.Errorf("scenario %s: there is no column %s", s.Name, c.column)
		case at >= 0 && c.add:
			return nil, fmt.Errorf("scenario %s: there is a column %s already", s.Name, c.column)
		}
		within := slices.Index(names, c.within[0])
		if c.within[0] != "" && within < 0 {
			return nil, fmt.Errorf("scenario %s: there is no column %s", s.Name, c.within[0])
		}
		p.at, p.within = append(p.at, at), append(p.within, within)
		p.plain = p.plain && c.nudge == nudge{}
	}
	return p, nil
}

// nudges writes the changes to the drawing of rows at a strength into n.
func (p *plan) nudges(strength float64, n []nudge) []nudge {
	if p.plain {
		return nil
	}
	for i, c := range p.changes {
		if !c.add {
			n[p.at[i]] = c.scaled(strength)
		}
	}
	return n
}

// change changes the drawn values of row i of rows in place. u is a uniform
// number for each change.
func (p *plan) change(values []record.Value, i, rows int64, strength float64, u func() float64) {
	for k, c := range p.changes {
		if c.add || c.remove {
			continue
		}
		if at := p.within[k]; at >= 0 && values[at].Str != c.within[1] {
			continue
		}
		v := &values[p.at[k]]
		if c.times != 0 && v.Kind == record.Number {
			v.Num *= 1 + float64((c.times-1)*strength)
		}
		switch {
		case c.once && i == rows/2:
			*v = c.replace
		case c.share > 0 && u() < c.share*strength:
			*v = c.replace
		}
	}
}

// fields returns the logged fields of a row in dst.
func (p *plan) fields(dst []record.Field, values []record.Value) []record.Field {
	for i, name := range p.names {
		dst = append(dst, record.Field{Name: name, Value: values[i]})
	}
	for k := len(p.changes) - 1; k >= 0; k-- {
		switch c := p.changes[k]; {
		case c.remove:
			dst = append(dst[:p.at[k]], dst[p.at[k]+1:]...)
		case c.add:
			dst = append(dst, record.Field{Name: c.column, Value: c.replace})
		}
	}
	return dst
}

// slowdown is the factor of latencies at a share of the period.
func (s *Scenario) slowdown(share float64) float64 {
	if s.slower == 0 {
		return 1
	}
	return 1 + float64((s.slower-1)*s.at(share))
}

// failing is the share of requests that the scenario lets fail.
func (s *Scenario) failing(share float64) float64 {
	return math.Min(0.9, s.failures*s.at(share))
}

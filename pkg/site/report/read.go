// Package report reads the tables of one run and answers what pages and files for
// machines ask of them: a column with its findings, a course over windows, the
// newest health. It computes no statistic, and keeps of the tables only what is
// made for the public: known tables and columns, without directories and the
// private parts of addresses.
package report

import (
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Tables are the tables of one run that a site shows.
type Tables struct {
	Run           verdict.Run
	Findings      []verdict.Finding
	Bins          []verdict.Bin
	ScoreBins     []verdict.ScoreBin
	Statistics    []verdict.Statistic
	Correlations  []verdict.Correlation
	Trend         []verdict.Trend
	Latency       []verdict.Latency
	Traffic       []verdict.Traffic
	Recent        []verdict.Recent
	Contributions []verdict.Contribution
	Segments      []verdict.Segment
	Triggers      []verdict.Trigger
	Thresholds    []verdict.Threshold
	Estimates     []verdict.Estimate
	Outcomes      []verdict.Outcome
	Bench         []verdict.Timing
	BenchLatency  []verdict.TimingBucket
	Hotspots      []verdict.Hotspot
	Loads         []verdict.Load
	LoadStatuses  []verdict.LoadStatus
	Rejects       []verdict.Reject
	Health        []verdict.Health
	Standing      []verdict.Standing // of the nights, which a report alone does not know

	runs []verdict.Run // that were read: more or fewer than one are an error
}

// A register is one table of a report: how its rows come in and go out.
type register struct {
	name   string
	add    func(*Tables, arrow.RecordBatch) error
	encode func(*Tables) arrow.RecordBatch
	rows   func(*Tables) any // a slice of tagged structs
	len    func(*Tables) int
}

func of[T any](name string, field func(*Tables) *[]T) register {
	return register{
		name: name,
		add: func(t *Tables, rec arrow.RecordBatch) error {
			rows, err := table.Decode[T](rec)
			if err != nil {
				return err
			}
			all := field(t)
			if int64(len(*all))+rec.NumRows() > int64(caps.RenderRows.N) {
				return fmt.Errorf("table %s: more than %d rows", name, caps.RenderRows.N)
			}
			*all = append(*all, rows...)
			return nil
		},
		encode: func(t *Tables) arrow.RecordBatch { return table.Encode(name, *field(t)) },
		rows:   func(t *Tables) any { return *field(t) },
		len:    func(t *Tables) int { return len(*field(t)) },
	}
}

// ofRun is the register of the run: a report has one, whatever was read.
func ofRun(r register) register {
	r.encode = func(t *Tables) arrow.RecordBatch { return table.Encode(r.name, []verdict.Run{t.Run}) }
	r.rows = func(t *Tables) any { return []verdict.Run{t.Run} }
	r.len = func(*Tables) int { return 1 }
	return r
}

// registers are the tables that are read and, cleaned, published: in this order.
var registers = []register{
	ofRun(of("run", func(t *Tables) *[]verdict.Run { return &t.runs })),
	of("findings", func(t *Tables) *[]verdict.Finding { return &t.Findings }),
	of("bins", func(t *Tables) *[]verdict.Bin { return &t.Bins }),
	of("score_bins", func(t *Tables) *[]verdict.ScoreBin { return &t.ScoreBins }),
	of("statistics", func(t *Tables) *[]verdict.Statistic { return &t.Statistics }),
	of("correlations", func(t *Tables) *[]verdict.Correlation { return &t.Correlations }),
	of("trend", func(t *Tables) *[]verdict.Trend { return &t.Trend }),
	of("latency", func(t *Tables) *[]verdict.Latency { return &t.Latency }),
	of("traffic", func(t *Tables) *[]verdict.Traffic { return &t.Traffic }),
	of("recent", func(t *Tables) *[]verdict.Recent { return &t.Recent }),
	of("contributions", func(t *Tables) *[]verdict.Contribution { return &t.Contributions }),
	of("segments", func(t *Tables) *[]verdict.Segment { return &t.Segments }),
	of("triggers", func(t *Tables) *[]verdict.Trigger { return &t.Triggers }),
	of("thresholds", func(t *Tables) *[]verdict.Threshold { return &t.Thresholds }),
	of("estimates", func(t *Tables) *[]verdict.Estimate { return &t.Estimates }),
	of("outcomes", func(t *Tables) *[]verdict.Outcome { return &t.Outcomes }),
	of("rejects", func(t *Tables) *[]verdict.Reject { return &t.Rejects }),
	of("health", func(t *Tables) *[]verdict.Health { return &t.Health }),
	of("standing", func(t *Tables) *[]verdict.Standing { return &t.Standing }),
	of("bench", func(t *Tables) *[]verdict.Timing { return &t.Bench }),
	of("bench_latency", func(t *Tables) *[]verdict.TimingBucket { return &t.BenchLatency }),
	of(bench.HotspotTable, func(t *Tables) *[]verdict.Hotspot { return &t.Hotspots }),
	of(bench.LoadTable, func(t *Tables) *[]verdict.Load { return &t.Loads }),
	of(bench.StatusTable, func(t *Tables) *[]verdict.LoadStatus { return &t.LoadStatuses }),
}

// A Table is one table of a report that has rows.
type Table struct {
	Name   string
	Rows   any                      // a slice of structs with table tags
	Encode func() arrow.RecordBatch // the rows as a batch, which the caller releases
}

// Published returns the tables that have rows, in the order in which they are
// published.
func (t *Tables) Published() []Table {
	var out []Table
	for _, r := range registers {
		if r.len(t) > 0 {
			out = append(out, Table{r.name, r.rows(t), func() arrow.RecordBatch { return r.encode(t) }})
		}
	}
	return out
}

// Has tells whether a table is published and has rows.
func (t *Tables) Has(name string) bool {
	return slices.ContainsFunc(registers, func(r register) bool { return r.name == name && r.len(t) > 0 })
}

// RowTypes returns the type of the rows of each table that can be published, by
// name, in order.
func RowTypes() iter.Seq2[string, reflect.Type] {
	return func(yield func(string, reflect.Type) bool) {
		for _, r := range registers {
			if !yield(r.name, reflect.TypeOf(r.rows(&Tables{})).Elem()) {
				return
			}
		}
	}
}

// Read collects the tables of one run. Tables it does not know are read over,
// so that a stream cut anywhere is still an error. A stream with no run, or
// with two, is an error.
func Read(in *table.Reader) (*Tables, error) {
	t := &Tables{}
	for in.Next() {
		for _, s := range registers {
			if s.name != in.Table() {
				continue
			}
			if err := s.add(t, in.Batch()); err != nil {
				return nil, fmt.Errorf("%s: %w", in.Input(), err)
			}
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	switch len(t.runs) {
	case 0:
		return nil, errors.New("no table run in the stream: render reads what driftcalc writes")
	case 1:
		t.Run, t.runs = t.runs[0], nil
	default:
		return nil, fmt.Errorf("%d runs in the stream: render one at a time", len(t.runs))
	}
	t.clean()
	return t, nil
}

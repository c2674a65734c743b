package site

import (
	"errors"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// ErrNoRun is returned for a stream without a table run.
var ErrNoRun = errors.New("no table run in the stream: render reads what driftcalc writes")

// maxRows bounds the rows of one table, and with it the memory of a report.
const maxRows = 500_000

// A Report is the tables of one run that a site shows.
type Report struct {
	Run           verdict.Run
	Findings      []verdict.Finding
	Bins          []verdict.Bin
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

	runs []verdict.Run
}

// A shelf is one table of a report: how its rows come in and go out.
type shelf struct {
	name   string
	add    func(*Report, arrow.RecordBatch) error
	encode func(*Report) arrow.RecordBatch
	rows   func(*Report) any // a slice of tagged structs
	len    func(*Report) int
}

func shelve[T any](name string, field func(*Report) *[]T) shelf {
	return shelf{
		name: name,
		add: func(r *Report, rec arrow.RecordBatch) error {
			rows, err := table.Decode[T](rec)
			if err != nil {
				return err
			}
			all := field(r)
			if int64(len(*all))+rec.NumRows() > maxRows {
				return fmt.Errorf("table %s: more than %d rows", name, maxRows)
			}
			*all = append(*all, rows...)
			return nil
		},
		encode: func(r *Report) arrow.RecordBatch { return table.Encode(name, *field(r)) },
		rows:   func(r *Report) any { return *field(r) },
		len:    func(r *Report) int { return len(*field(r)) },
	}
}

// shelves are the tables that are read and, cleaned, published: in this order.
var shelves = []shelf{
	shelve("run", func(r *Report) *[]verdict.Run { return &r.runs }),
	shelve("findings", func(r *Report) *[]verdict.Finding { return &r.Findings }),
	shelve("bins", func(r *Report) *[]verdict.Bin { return &r.Bins }),
	shelve("statistics", func(r *Report) *[]verdict.Statistic { return &r.Statistics }),
	shelve("correlations", func(r *Report) *[]verdict.Correlation { return &r.Correlations }),
	shelve("trend", func(r *Report) *[]verdict.Trend { return &r.Trend }),
	shelve("latency", func(r *Report) *[]verdict.Latency { return &r.Latency }),
	shelve("traffic", func(r *Report) *[]verdict.Traffic { return &r.Traffic }),
	shelve("recent", func(r *Report) *[]verdict.Recent { return &r.Recent }),
	shelve("contributions", func(r *Report) *[]verdict.Contribution { return &r.Contributions }),
	shelve("segments", func(r *Report) *[]verdict.Segment { return &r.Segments }),
	shelve("triggers", func(r *Report) *[]verdict.Trigger { return &r.Triggers }),
	shelve("thresholds", func(r *Report) *[]verdict.Threshold { return &r.Thresholds }),
	shelve("estimates", func(r *Report) *[]verdict.Estimate { return &r.Estimates }),
	shelve("outcomes", func(r *Report) *[]verdict.Outcome { return &r.Outcomes }),
	shelve("rejects", func(r *Report) *[]verdict.Reject { return &r.Rejects }),
	shelve("health", func(r *Report) *[]verdict.Health { return &r.Health }),
	shelve("bench", func(r *Report) *[]verdict.Timing { return &r.Bench }),
	shelve("bench_latency", func(r *Report) *[]verdict.TimingBucket { return &r.BenchLatency }),
	shelve(bench.HotspotTable, func(r *Report) *[]verdict.Hotspot { return &r.Hotspots }),
	shelve(bench.LoadTable, func(r *Report) *[]verdict.Load { return &r.Loads }),
	shelve(bench.StatusTable, func(r *Report) *[]verdict.LoadStatus { return &r.LoadStatuses }),
}

// Read collects the tables of one run. Tables it does not know are read over,
// so that a stream cut anywhere is still an error. A stream with no run, or
// with two, is an error.
func Read(in *table.Reader) (*Report, error) {
	r := &Report{}
	for in.Next() {
		for _, s := range shelves {
			if s.name != in.Table() {
				continue
			}
			if err := s.add(r, in.Batch()); err != nil {
				return nil, fmt.Errorf("%s: %w", in.Input(), err)
			}
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	switch len(r.runs) {
	case 0:
		return nil, ErrNoRun
	case 1:
		r.Run = r.runs[0]
	default:
		return nil, fmt.Errorf("%d runs in the stream: render one at a time", len(r.runs))
	}
	r.clean()
	return r, nil
}

// clean takes away what a log or a command line may hold and a public page must
// not: directories, the user, query and fragment of addresses, and what a system
// said of them.
func (r *Report) clean() {
	for i := range r.Rejects {
		r.Rejects[i].Source = baseName(r.Rejects[i].Source)
	}
	for i := range r.Health {
		r.Health[i].URL, r.Health[i].Error = publicURL(r.Health[i].URL), ""
	}
	for i := range r.Bench {
		r.Bench[i].Model = baseName(r.Bench[i].Model)
		r.Bench[i].Note = withoutPaths(r.Bench[i].Note)
	}
	for i := range r.Loads {
		r.Loads[i].URL = publicURL(r.Loads[i].URL)
	}
	for i := range r.LoadStatuses {
		r.LoadStatuses[i].Error = withoutPaths(r.LoadStatuses[i].Error)
	}
}

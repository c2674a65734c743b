package site

import (
	"errors"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/table"
)

// ErrNoRun is returned for a stream without a table run.
var ErrNoRun = errors.New("no table run in the stream: render reads what driftcalc writes")

// maxRows bounds the rows of one table, and with it the memory of a report.
const maxRows = 500_000

// A Report is the tables of one run that a site shows.
type Report struct {
	Run           drift.Run
	Findings      []drift.Finding
	Bins          []drift.Bin
	Statistics    []drift.Statistic
	Correlations  []drift.Correlation
	Trend         []drift.Trend
	Latency       []drift.Latency
	Traffic       []drift.Traffic
	Recent        []drift.Recent
	Contributions []drift.Contribution
	Segments      []drift.Segment
	Triggers      []drift.Trigger
	Thresholds    []drift.Threshold
	Estimates     []outcome.Estimate
	Outcomes      []outcome.Outcome
	Bench         []bench.Result
	BenchLatency  []bench.Bucket
	Hotspots      []bench.Hotspot
	Loads         []bench.Load
	LoadStatuses  []bench.Status
	Rejects       []Reject
	Health        []Health

	runs []drift.Run
}

// Reject is a reason for which log lines were left out.
type Reject struct {
	Source     string `table:"source" doc:"file, or stdin"`
	Reason     string `table:"reason" doc:"what is wrong with the lines"`
	Count      int64  `table:"count" doc:"lines"`
	FirstLines string `table:"first_lines" doc:"numbers of the first of them"`
}

// Health is one question to the API and its answer.
type Health struct {
	URL        string    `table:"url" doc:"what was asked; published without user, query and fragment"`
	CheckedAt  time.Time `table:"checked_at" doc:"when"`
	OK         bool      `table:"ok" doc:"answered with a status below 400"`
	StatusCode int64     `table:"status_code" doc:"status, 0 without an answer"`
	ResponseMS float64   `table:"response_ms,null" unit:"ms" doc:"time to the answer"`
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
	shelve("run", func(r *Report) *[]drift.Run { return &r.runs }),
	shelve("findings", func(r *Report) *[]drift.Finding { return &r.Findings }),
	shelve("bins", func(r *Report) *[]drift.Bin { return &r.Bins }),
	shelve("statistics", func(r *Report) *[]drift.Statistic { return &r.Statistics }),
	shelve("correlations", func(r *Report) *[]drift.Correlation { return &r.Correlations }),
	shelve("trend", func(r *Report) *[]drift.Trend { return &r.Trend }),
	shelve("latency", func(r *Report) *[]drift.Latency { return &r.Latency }),
	shelve("traffic", func(r *Report) *[]drift.Traffic { return &r.Traffic }),
	shelve("recent", func(r *Report) *[]drift.Recent { return &r.Recent }),
	shelve("contributions", func(r *Report) *[]drift.Contribution { return &r.Contributions }),
	shelve("segments", func(r *Report) *[]drift.Segment { return &r.Segments }),
	shelve("triggers", func(r *Report) *[]drift.Trigger { return &r.Triggers }),
	shelve("thresholds", func(r *Report) *[]drift.Threshold { return &r.Thresholds }),
	shelve("estimates", func(r *Report) *[]outcome.Estimate { return &r.Estimates }),
	shelve("outcomes", func(r *Report) *[]outcome.Outcome { return &r.Outcomes }),
	shelve("rejects", func(r *Report) *[]Reject { return &r.Rejects }),
	shelve("health", func(r *Report) *[]Health { return &r.Health }),
	shelve("bench", func(r *Report) *[]bench.Result { return &r.Bench }),
	shelve("bench_latency", func(r *Report) *[]bench.Bucket { return &r.BenchLatency }),
	shelve(bench.HotspotTable, func(r *Report) *[]bench.Hotspot { return &r.Hotspots }),
	shelve(bench.LoadTable, func(r *Report) *[]bench.Load { return &r.Loads }),
	shelve(bench.StatusTable, func(r *Report) *[]bench.Status { return &r.LoadStatuses }),
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
// not: directories, and the user, query and fragment of addresses.
func (r *Report) clean() {
	for i := range r.Rejects {
		r.Rejects[i].Source = baseName(r.Rejects[i].Source)
	}
	for i := range r.Health {
		r.Health[i].URL = publicURL(r.Health[i].URL)
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

package monitor

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/rejects"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Span is a period of a log: from From to before Until, or, where Last is set, so
// long before the log's end.
type Span struct {
	From, Until time.Time
	Last        time.Duration
}

// A Baseline is a new reference in the making: the predictions of a period of a log.
type Baseline struct {
	o        Options
	span     Span
	log      table.Spool
	end      read.LogEnd
	readable *leaver
	foreign  frames
}

// NewBaseline returns one without rows. Close it.
func NewBaseline(o Options, span Span) *Baseline {
	b := &Baseline{o: o.settled(), span: span}
	b.readable, b.foreign = newLeaver(&b.o), frames{o: &b.o, left: new(rejects.Sum)}
	return b
}

// Close releases the rows.
func (b *Baseline) Close() { b.log.Close() }

// Add takes a batch of predictions.
func (b *Baseline) Add(rec arrow.RecordBatch) error {
	if err := b.end.Add(rec); err != nil {
		return fmt.Errorf("table %s: %w", predictions, err)
	}
	copied, err := table.Copy(rec)
	if err != nil {
		return err
	}
	defer copied.Release()
	return b.log.Add(copied)
}

// Read takes the table predictions of the input; other tables are left out.
func (b *Baseline) Read(in *table.Reader) error {
	err := each(in, []string{predictions}, func(_ string, rec arrow.RecordBatch) error {
		if b.foreign.mapped(in) {
			return b.foreign.add(in, nil, b.Add)
		}
		return b.readable.pass(in.Input(), rec, b.Add)
	}, func(arrow.RecordBatch) error { return nil })
	if err == nil {
		err = b.foreign.close()
	}
	return err
}

// dropped are the roles of columns that a reference does not have.
var dropped = []table.Role{table.Latency, table.ModelID, table.Endpoint, table.Status, table.Method}

// Write writes the table reference: the predictions of the period with their scores,
// which are marked as production's, and where they come from. The sentence that says so
// is returned. A row without a timestamp is in no period.
func (b *Baseline) Write(write func(arrow.RecordBatch) error) (provenance string, err error) {
	now, _ := b.end.At()
	if !b.o.Now.IsZero() {
		now = b.o.Now
	}
	from, until := b.span.From, b.span.Until
	if b.span.Last > 0 {
		if now.IsZero() {
			return "", errors.New("the log has no timestamps: no period can be taken of it")
		}
		until = now.Add(time.Microsecond)
		from = until.Add(-b.span.Last)
	}
	lo, hi := from.UnixMicro(), until.UnixMicro()
	var rows, untimed int64
	first, last := time.Time{}, time.Time{}
	versions := map[string]int64{}
	inside := func(rec arrow.RecordBatch) (func(i int) bool, error) {
		at, err := read.Times(rec, read.FixedOf(rec.Schema(), "", "").At)
		return func(i int) bool {
			t, ok := at(i)
			return ok && t >= lo && t < hi
		}, err
	}
	err = b.log.Each(func(rec arrow.RecordBatch) error {
		fixed := read.FixedOf(rec.Schema(), "", "")
		at, err := read.Times(rec, fixed.At)
		if err != nil {
			return err
		}
		version := read.Texts(rec, fixed.Version)
		for i := range int(rec.NumRows()) {
			micros, ok := at(i)
			switch {
			case !ok:
				untimed++
				continue
			case micros < lo || micros >= hi:
				continue
			}
			rows++
			t := time.UnixMicro(micros).UTC()
			if first.IsZero() || t.Before(first) {
				first = t
			}
			if t.After(last) {
				last = t
			}
			if v := version(i); v != "" && (versions[v] > 0 || len(versions) < mostNamed) {
				versions[v]++
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if untimed > 0 {
		b.o.Notef("%s without a timestamp in no period: left out", words.Count(untimed, "row is", "rows are"))
	}
	if rows == 0 {
		return "", fmt.Errorf("no prediction from %s to before %s", words.Stamp(from), words.Stamp(until))
	}
	provenance = fmt.Sprintf("%s of production from %s to %s, with the scores that production gave", words.Count(rows, "row", "rows"), words.Stamp(first), words.Stamp(last))
	var named []string
	k := cmp.Or(b.o.Config.Site.K, view.K)
	for v, n := range versions {
		if n >= k {
			named = append(named, words.Name(v))
		}
	}
	if len(named) > 0 {
		slices.Sort(named)
		provenance += "; model version " + words.List(named)
	}
	return provenance, b.log.Each(func(rec arrow.RecordBatch) error {
		keep, err := inside(rec)
		if err != nil {
			return err
		}
		out, err := taken(rec, keep, provenance)
		if err != nil || out == nil {
			return err
		}
		defer out.Release()
		return write(out)
	})
}

const mostNamed = 20 // versions in a provenance

// taken is the rows of a batch of predictions that keep says, as a batch of the table
// reference; nil where it says none.
func taken(rec arrow.RecordBatch, keep func(i int) bool, provenance string) (arrow.RecordBatch, error) {
	var runs [][2]int64
	rows := int64(0)
	for i := range rec.NumRows() {
		if !keep(int(i)) {
			continue
		}
		rows++
		if n := len(runs); n > 0 && runs[n-1][1] == i {
			runs[n-1][1]++
			continue
		}
		runs = append(runs, [2]int64{i, i + 1})
	}
	if rows == 0 {
		return nil, nil
	}
	var fields []arrow.Field
	var columns []arrow.Array
	for c, f := range rec.Schema().Fields() {
		role := read.RoleOf(f)
		if slices.Contains(dropped, role) {
			continue
		}
		if role == table.Score {
			f = table.Field(f.Name, f.Type, table.Score, table.KeySample, table.Production, table.KeyProvenance, provenance)
		}
		parts := make([]arrow.Array, len(runs))
		for i, run := range runs {
			parts[i] = array.NewSlice(rec.Column(c), run[0], run[1])
		}
		whole, err := array.Concatenate(parts, memory.DefaultAllocator)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		fields, columns = append(fields, f), append(columns, whole)
	}
	s := table.Named(referenceRows, arrow.NewSchema(fields, nil))
	if mark, ok := table.MetaOf(rec.Schema(), table.KeySimulated); ok {
		s = table.WithMeta(s, table.KeySimulated, mark)
	}
	return array.NewRecordBatch(s, columns, rows), nil
}

// ParseSpan reads a period: a length, of which the log's last are taken, such as 28d,
// or two days or times with a slash between them, the second a day that is in it or a
// time that is not.
func ParseSpan(text string) (Span, error) {
	first, second, two := strings.Cut(text, "/")
	if !two {
		d, err := words.ParseDuration(text)
		if err == nil && d <= 0 {
			err = fmt.Errorf("want more than nothing, got %q", text)
		}
		return Span{Last: d}, err
	}
	moment := func(text string) (t time.Time, day bool, err error) {
		if t, err = time.Parse(time.DateOnly, text); err == nil {
			return t, true, nil
		}
		t, err = time.Parse(time.RFC3339, text)
		if err != nil {
			err = fmt.Errorf("want a length such as 28d, or 2026-01-05/2026-02-01, got %q", text)
		}
		return t.UTC(), false, err
	}
	from, _, err := moment(first)
	if err != nil {
		return Span{}, err
	}
	until, day, err := moment(second)
	if err != nil {
		return Span{}, err
	}
	if day {
		until = until.AddDate(0, 0, 1)
	}
	if !until.After(from) {
		return Span{}, fmt.Errorf("want a second time after the first, got %q", text)
	}
	return Span{From: from, Until: until}, nil
}

package read

import (
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/table"
)

// timesOf returns rows of such times as a batch; the zero time is null.
func timesOf(times []time.Time) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema([]arrow.Field{table.Field("timestamp", table.Micros, table.Timestamp)}, nil))
	defer b.Release()
	for _, t := range times {
		if t.IsZero() {
			b.Field(0).AppendNull()
			continue
		}
		b.Field(0).(*array.TimestampBuilder).Append(arrow.Timestamp(t.UnixMicro()))
	}
	return b.NewRecordBatch()
}

func TestEndOfALog(t *testing.T) {
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	far := time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
	hours := func(n int) []time.Time {
		var rows []time.Time
		for i := range n {
			rows = append(rows, start.Add(time.Duration(i)*time.Hour))
		}
		return rows
	}
	last := start.Add(199 * time.Hour)
	for _, c := range []struct {
		what   string
		more   []time.Time
		end    time.Time
		strays int64
	}{
		{"a log", nil, last, 0},
		{"one far ahead", []time.Time{far}, last, 1},
		{"two days far ahead", []time.Time{far, last.Add(40 * 24 * time.Hour)}, last, 2},
		{"three of 203 are no strays", []time.Time{far, far, far}, far, 0},
		{"one five days ahead", []time.Time{last.Add(5 * 24 * time.Hour)}, last, 1},
		{"one a day late", []time.Time{last.Add(25 * time.Hour)}, last.Add(25 * time.Hour), 0},
		{"a pause like one before", []time.Time{start.Add(-5 * 24 * time.Hour), last.Add(5 * 24 * time.Hour)}, last.Add(5 * 24 * time.Hour), 0},
		{"rows without a time", []time.Time{{}}, last, 0},
	} {
		var e LogEnd
		for _, rows := range [][]time.Time{c.more, hours(200)} {
			if err := e.Add(timesOf(rows)); err != nil {
				t.Fatal(err)
			}
		}
		if end, strays := e.At(); !end.Equal(c.end) || strays != c.strays {
			t.Errorf("%s: %s, %d strays, want %s, %d", c.what, end, strays, c.end, c.strays)
		}
	}
	var none LogEnd
	if end, strays := none.At(); !end.IsZero() || strays != 0 {
		t.Errorf("no rows end at %s", end)
	}
	// More days than are told apart.
	var long []time.Time
	for i := range 3 * endDays {
		long = append(long, start.Add(-time.Duration(i)*24*time.Hour))
	}
	var e LogEnd
	if err := e.Add(timesOf(append(long, far))); err != nil {
		t.Fatal(err)
	}
	if end, strays := e.At(); !end.Equal(start) || strays != 1 || len(e.days) > 2*endDays {
		t.Errorf("%s, %d strays, %d days", end, strays, len(e.days))
	}
}

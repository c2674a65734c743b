package table

import (
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Times are microseconds whatever the unit; nanoseconds lose their last digits
// towards the past, before 1970 too.
func TestTimes(t *testing.T) {
	for _, c := range []struct {
		unit     arrow.TimeUnit
		at, want int64
	}{
		{arrow.Second, -2, -2_000_000},
		{arrow.Millisecond, 7, 7_000},
		{arrow.Microsecond, -1, -1},
		{arrow.Nanosecond, 1_999, 1},
		{arrow.Nanosecond, -1, -1},
		{arrow.Nanosecond, -1_000, -1},
		{arrow.Nanosecond, -1_001, -2},
		{arrow.Nanosecond, 1_767_225_600_123_456_789, 1_767_225_600_123_456},
	} {
		b := array.NewTimestampBuilder(memory.DefaultAllocator, &arrow.TimestampType{Unit: c.unit, TimeZone: "UTC"})
		b.Append(arrow.Timestamp(c.at))
		times, ok := Times(b.NewArray())
		if !ok || times(0) != c.want {
			t.Errorf("%d %v: %d, want %d", c.at, c.unit, times(0), c.want)
		}
	}
}

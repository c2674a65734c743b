package words

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	for _, c := range [][2]string{
		{Percent(0), "0 %"}, {Percent(0.0001), "<0.1 %"}, {Percent(0.004), "0.4 %"}, {Percent(0.31), "31 %"}, {Percent(0.9991), "99.9 %"}, {Percent(1), "100 %"},
		{Number(0), "0"}, {Number(0.12345), "0.123"}, {Number(12.3), "12.3"}, {Number(2010), "2010"}, {Number(123456.7), "123\u202f457"},
		{Number(1e7), "10\u202f000\u202f000"}, {Number(1.2e-5), "1.2e−05"}, {Number(-4.56789), "−4.57"}, {Signed(0.7), "+0.7"},
		{PSI(-0.001), "0.00"}, {PSI(0.4249), "0.42"},
		{Name(""), "(empty)"}, {Name("a\nb"), "a b"}, {Name(strings.Repeat("é", 41)), strings.Repeat("é", 40) + "..."},
		{Percent(0.9996), ">99.9 %"}, {Percent(-0.1234), "−12 %"}, {Percent(-0.0001), "0 %"}, {Percent(math.NaN()), None}, {PercentDown(0.99999), "99.9 %"}, {PercentDown(1), "100 %"},
		{Number(math.NaN()), None}, {Number(math.Inf(-1)), None}, {Number(999.6), "1000"}, {Fixed(-0.0004, 3), "0.000"}, {Fixed(-12345.678, 1), "−12\u202f345.7"},
		{Whole(1014), "1014"}, {Whole(-12345), "−12\u202f345"}, {Whole(math.MinInt64), "−9\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808"},
		{Points(0.0123), "+1.2"}, {Points(-0.2), "−20.0"}, {Points(0.0001), "0"}, {PValue(1e-12), "<0.001"}, {PValue(0.0314), "0.031"}, {PValue(math.NaN()), None},
		{Effect(0.0449, "PSI"), "0.04"}, {Effect(7.2, "points"), "7.2 points"}, {Effect(1, "points"), "1 point"}, {Effect(0.61, "AUC"), "AUC 0.61"}, {Effect(math.NaN(), "AUC"), None},
		{Measure(0.3, "rho"), "0.3 ρ"}, {Measure(0.3, "share"), "30 %"}, {Measure(12, "1"), "12"}, {Column(-0.5), "−0.500"}, {SignedColumn(0.0001), "0.000"}, {SignedColumn(2), "+2.000"}, {Column(1234.5), "1234"},
		{Milliseconds(0.00003), "30 ns"}, {Milliseconds(0.0999), "99.9 µs"}, {Milliseconds(0.15), "0.15 ms"}, {Milliseconds(1200), "1200 ms"}, {Milliseconds(12345), "12.3 s"},
		{Scaled(999), "999"}, {Scaled(12345), "12.3 k"}, {Bytes(1_999_999), "2 MB"}, {Times(2), "2 ×"}, {Times(math.NaN()), None},
		{List(nil), ""}, {List([]string{"a"}), "a"}, {List([]string{"a", "b", "c", "d"}), "a, b, c and d"}, {List([]string{"a", "b", "c", "d", "e"}), "a, b, c and 2 more"},
		{Count(1, "row", "rows"), "1 row"}, {Count(0, "row", "rows"), "0 rows"}, {strings.Join(Aligned(1, 2.25, math.NaN()), " "), "1.00 2.25 –"}, {strings.Join(Aligned(1e-9, 2), " "), "1e−09 2"},
	} {
		if c[0] != c[1] {
			t.Errorf("%q, want %q", c[0], c[1])
		}
	}
	if a, b := Percents(0.0412, 0.0409); a != "4.12 %" || b != "4.09 %" {
		t.Errorf("%s and %s", a, b)
	}
	if a, b := Numbers(0.41234, 0.41241); a != "0.4123" || b != "0.4124" {
		t.Errorf("%s and %s", a, b)
	}
}

func TestIntervalsHaveAsManyDecimalsAtBothEnds(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		want   string
	}{
		{0.0964, 0.2831, "0.096 to 0.283"}, {0.36, 0.4, "0.360 to 0.400"}, {-0.5, 12.34, "−0.5 to 12.3"}, {-0.0001, 0.5, "0.000 to 0.500"},
		{927.4, 1253.8, "927 to 1254"}, {0, 0, "0 to 0"}, {math.NaN(), 1, ""},
	} {
		if got := Interval(c.lo, c.hi); got != c.want {
			t.Errorf("%v, %v: %q, want %q", c.lo, c.hi, got, c.want)
		}
	}
}

func TestDates(t *testing.T) {
	night := time.Date(2026, 11, 22, 3, 4, 5, 0, time.UTC)
	for _, c := range [][2]string{
		{Day(night), "22 Nov 2026"}, {Day(time.Time{}), None}, {Stamp(night.In(time.FixedZone("", 3600))), "22 Nov 2026, 03:04 UTC"}, {Moment(night), "22 Nov 2026, 03:04:05 UTC"},
		{Span(time.Time{}, night), "an unknown period"}, {Span(night, night), "22 Nov 2026"},
		{Span(night.AddDate(0, 0, -7), night), "15 Nov – 22 Nov 2026"}, {Span(night.AddDate(-1, 0, 0), night), "22 Nov 2025 – 22 Nov 2026"},
		{Duration(24 * time.Hour), "day"}, {Duration(36 * time.Hour), "36 hours"}, {Age(50 * time.Hour), "2 days"}, {Age(47 * time.Hour), "47 hours"}, {Age(61 * time.Second), "61 seconds"},
	} {
		if c[0] != c[1] {
			t.Errorf("%q, want %q", c[0], c[1])
		}
	}
}

package timestamp

import (
	"strings"
	"testing"
	"time"
)

// Every want is a moment that time.Parse reads from RFC 3339.
func TestFormats(t *testing.T) {
	for _, test := range []struct {
		format, text, want string
		reading            Reading
	}{
		{"", "2026-01-05T00:00:00Z", "2026-01-05T00:00:00Z", Zoned},
		{"", "2026-01-05 00:00:00", "2026-01-05T00:00:00Z", Zoneless},
		{"", "1767571200", "2026-01-05T00:00:00Z", Seconds},
		{"", "1767571200.25", "2026-01-05T00:00:00.25Z", Seconds},
		{"", "1767571200123", "2026-01-05T00:00:00.123Z", Milliseconds},
		{"", "1767571200123456", "2026-01-05T00:00:00.123456Z", Microseconds},
		{"", "1767571200123456789", "2026-01-05T00:00:00.123456Z", Nanoseconds},
		{"", "946684800", "2000-01-01T00:00:00Z", Seconds},
		{"", "946684799", "", None},
		{"", "4102444800", "", None},
		{"", "20260105000000", "", None},
		{"", "20260105", "", None},
		{"", "soon", "", None},
		{"", "", "", None},
		{"", "-", "", None},
		{"rfc3339", "1767571200", "", None},
		{"epoch_s", "0", "1970-01-01T00:00:00Z", Zoned},
		{"epoch_s", "-1.5", "1969-12-31T23:59:58.5Z", Zoned},
		{"epoch_s", "1767571200123", "", None},
		{"epoch_ms", "1767571200", "1970-01-21T10:59:31.2Z", Zoned},
		{"epoch_us", "1767571200123456", "2026-01-05T00:00:00.123456Z", Zoned},
		{"epoch_ns", "1767571200123456789", "2026-01-05T00:00:00.123456Z", Zoned},
		{"epoch_s", "2026-01-05T00:00:00Z", "", None},
		{"epoch_s", "NaN", "", None},
		{"%Y-%m-%d %H:%M:%S", "2026-01-05 01:02:03", "2026-01-05T01:02:03Z", Zoneless},
		{"%Y-%m-%d %H:%M:%S,%f", "2026-01-05 01:02:03,250", "2026-01-05T01:02:03.25Z", Zoneless},
		{"%d/%b/%Y:%H:%M:%S %z", "05/Jan/2026:01:02:03 +0100", "2026-01-05T00:02:03Z", Zoned},
		{"[%d/%B/%Y:%T %z]", "[05/january/2026:01:02:03 -01:30]", "2026-01-05T02:32:03Z", Zoned},
		{"%a %b %e %H:%M:%S %Y", "Mon Jan  5 01:02:03 2026", "2026-01-05T01:02:03Z", Zoneless},
		{"%A, %d %B %Y %I:%M %p", "Monday, 05 January 2026 12:05 AM", "2026-01-05T00:05:00Z", Zoneless},
		{"%m/%d/%y %I:%M %p", "1/5/26 1:05 PM", "2026-01-05T13:05:00Z", Zoneless},
		{"%Y%m%d%H%M%S", "20260105010203", "2026-01-05T01:02:03Z", Zoneless},
		{"%d.%m.%Y", "5.1.2026", "2026-01-05T00:00:00Z", Zoneless},
		{"%Y-%j", "2026-005", "2026-01-05T00:00:00Z", Zoneless},
		{"%Y-%j", "2026-366", "", None},
		{"%FT%T%z", "2026-01-05T01:02:03Z", "2026-01-05T01:02:03Z", Zoned},
		{"%F %T %Z", "2026-01-05 01:02:03 UTC", "2026-01-05T01:02:03Z", Zoned},
		{"%F %T %Z", "2026-01-05 01:02:03 IST", "", None},
		{"%s", "1767571200", "2026-01-05T00:00:00Z", Zoned},
		{"%s.%f", "1767571200.5", "2026-01-05T00:00:00.5Z", Zoned},
		{"%s", "999999999999", "", None}, // the year 33658
		{"%d/%m/%Y", "31/02/2026", "", None},
		{"%d/%m/%Y", "31/12/2026 x", "", None},
		{"%d/%m/%Y", "31/12", "", None},
		{"100%%%Y-%m-%d", "100%2026-01-05", "2026-01-05T00:00:00Z", Zoneless},
		{"%y-%m-%d", "69-01-05", "1969-01-05T00:00:00Z", Zoneless},
		{"%y-%m-%d", "68-01-05", "2068-01-05T00:00:00Z", Zoneless},
	} {
		var f *Format
		if test.format != "" {
			var err error
			if f, err = ParseFormat(test.format); err != nil {
				t.Errorf("%s: %v", test.format, err)
				continue
			}
		}
		var c Clock
		micros, reading := c.Text(f, []byte(test.text))
		got := ""
		if reading != None {
			got = time.UnixMicro(micros).UTC().Format(time.RFC3339Nano)
		}
		if got != test.want || reading != test.reading {
			t.Errorf("%q as %q: %s (%d), want %s (%d)", test.text, test.format, got, reading, test.want, test.reading)
		}
	}
}

func TestFormatFaults(t *testing.T) {
	for name, want := range map[string]string{
		"iso":            "want rfc3339, epoch_s",
		"YYYY-MM-DD":     "want rfc3339, epoch_s",
		"%Y-%m-%Q":       "%Q is not read",
		"%H:%M":          "no year",
		"%Y %H:%M":       "no day",
		"%Y-%m":          "no day",
		"%Y-%m-%d %":     "ends with %",
		"%Y-%m-%d %I:%M": "without %p",
	} {
		if _, err := ParseFormat(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

func FuzzFormat(f *testing.F) {
	f.Add("%d/%b/%Y:%H:%M:%S %z", "05/Jan/2026:01:02:03 +0100")
	f.Add("%s.%f", "1767571200.5")
	f.Fuzz(func(t *testing.T, format, text string) {
		l, err := ParseFormat(format)
		if err != nil {
			return
		}
		var c Clock
		if micros, r := c.Text(l, []byte(text)); r == None && micros != 0 {
			t.Errorf("no moment, but %d", micros)
		}
	})
}

func TestWantFor(t *testing.T) {
	slashes, err := ParseFormat("%d/%m/%Y")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		f          *Format
		text, want string
	}{
		{nil, "2026-01-05", `an RFC 3339 timestamp (this one is read as {field: day, format: "%Y-%m-%d"})`},
		{nil, "05/Jan/2026:10:00:00 +0100", `an RFC 3339 timestamp (this one is read as {field: day, format: "%d/%b/%Y:%H:%M:%S %z"})`},
		{nil, "05/01/2026 10:00", `an RFC 3339 timestamp (this one is read as {field: day, format: "%m/%d/%Y %H:%M"}, or by "%d/%m/%Y %H:%M")`},
		{nil, "20260105T100000Z", `an RFC 3339 timestamp (this one is read as {field: day, format: "%Y%m%dT%H%M%S%z"})`},
		{nil, "2026-01-05T10:00Z", `an RFC 3339 timestamp (this one is read as {field: day, format: "%Y-%m-%dT%H:%M%z"})`},
		{nil, "yesterday", "an RFC 3339 timestamp"},
		{nil, "2026-13-05", "an RFC 3339 timestamp"},
		{slashes, "2026-01-05", "a timestamp as %d/%m/%Y"},
	} {
		if got := test.f.WantFor("day", []byte(test.text)); got != test.want {
			t.Errorf("%s: got %s, want %s", test.text, got, test.want)
		}
	}
}

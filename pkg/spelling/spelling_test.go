package spelling

import (
	"math"
	"strings"
	"testing"
)

func TestNumber(t *testing.T) {
	// Python 3: repr(x).removesuffix(".0")
	for x, want := range map[float64]string{
		0: "0", math.Copysign(0, -1): "0", 1: "1", -1.5: "-1.5", 0.1: "0.1", 1e-4: "0.0001", 1e-5: "1e-05", 123456789: "123456789",
		1e15: "1000000000000000", 1e16: "1e+16", 1.5e300: "1.5e+300", 5e-324: "5e-324", 9007199254740993: "9007199254740992",
	} {
		if got := Number(x); got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}
}

func TestParse(t *testing.T) {
	for s, want := range map[string]float64{
		"1": 1, " -2.50 ": -2.5, "+1e3": 1000, ".5": 0.5, "5.": 5, "1E-2": 0.01, "1e-999": 0,
	} {
		if got, ok := ParseDecimal(s); !ok || got != want {
			t.Errorf("%q: want %v, got %v, %v", s, want, got, ok)
		}
	}
	for _, s := range []string{"", " ", "n/a", "nan", "inf", "0x10", "1_000", "1,5", "1e999", "--1", "1e", ".", "１"} {
		if got, ok := ParseDecimal(s); ok {
			t.Errorf("%q is no number, got %v", s, got)
		}
	}
	for s, sign := range map[string]int{"inf": 1, "Infinity": 1, "-inf": -1, "+INF": 1, " -Infinity ": -1} {
		if got, ok := ParseNumber(s); !ok || !math.IsInf(got, sign) {
			t.Errorf("%q: got %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"nan", "NaN", "-NaN"} {
		if got, ok := ParseNumber(s); !ok || !math.IsNaN(got) {
			t.Errorf("%q: got %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"info", "in", "--inf", "infinit", "nano"} {
		if got, ok := ParseNumber(s); ok {
			t.Errorf("%q is no number, got %v", s, got)
		}
	}
}

func TestValue(t *testing.T) {
	for s, want := range map[string]string{
		"True": "true", "TRUE": "true", "true": "true", "False": "false", "tRUE": "tRUE", "T": "T",
		"1": "1", "1.0": "1", "1.": "1", "-0": "0", "-0.0": "0", "0.0": "0", ".50": "0.5", "-1.50": "-1.5", "1e-05": "1e-05", "0.00001": "1e-05", "1e+3": "1000",
		"1000.0": "1000", "1234567890123456789": "1234567890123456789", "1234567890123456789.0": "1234567890123456789",
		"007": "007", "-007": "-007", "00.5": "00.5", "+5": "+5", "1e5": "1e5", "1.2.3": "1.2.3", ".": ".", "-": "-", "1-2": "1-2", "e+5": "e+5", "1.e": "1.e", "0x10": "0x10",
		" DE ": "DE", "\u00a0x": "x", "Zu\u0308rich": "Z\u00fcrich", "": "", "  ": "", "NA": "NA",
	} {
		if got := Value(s); got != want {
			t.Errorf("%q: want %q, got %q", s, want, got)
		}
		if again := Value(Value(s)); again != Value(s) {
			t.Errorf("%q: %q is spelled again as %q", s, Value(s), again)
		}
	}
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		format Format
		text   string
		want   float64
	}{
		{Thousands, "1,234.5", 1234.5}, {Thousands, "-1,234,567", -1234567}, {Thousands, "12.5", 12.5}, {Thousands, "1'234.50", 1234.5}, {Thousands, "1 234", 1234}, {Thousands, "1\u202f234.5", 1234.5},
		{Comma, "1.234,5", 1234.5}, {Comma, "0,25", 0.25}, {Comma, "-1,5", -1.5}, {Comma, "12", 12}, {Comma, "1 234,5", 1234.5}, {Comma, "1.234.567", 1234567},
	} {
		if got, ok := c.format.Parse(c.text); !ok || got != c.want {
			t.Errorf("%v %q: got %v, %v", c.format, c.text, got, ok)
		}
	}
	for text, f := range map[string]Format{"1,23.5": Thousands, "0,234": Thousands, "12,34": Thousands, "1,234,5": Thousands, "1.23,5": Comma, "1,234.5": Comma, "a,b": Comma, "1,2,3": Comma, "2026-01-05": Comma} {
		if x, ok := f.Parse(text); ok {
			t.Errorf("%v: %q is no number, got %v", f, text, x)
		}
	}
}

func TestColumn(t *testing.T) {
	for _, c := range []struct {
		values  string // with how often each
		format  Format
		numbers int64
		codes   bool
	}{
		{"1 2.5 -3 inf x", Plain, 4, false},
		{"007 123 456", Plain, 2, true},
		{"0 10 007 1234 55 66 77 88 99 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26", Plain, 24, false}, // one code among numbers of all lengths
		{"1,234.5 950 1,000 2,000", Thousands, 4, false},
		{"1,5 2 0,25 3,75", Comma, 4, false},
		{"1.5 2.5 3.5 4.5 1,234", Plain, 4, false},
		{"9007199254740993 1", Plain, 1, false},
	} {
		var col Column
		for _, s := range strings.Fields(c.values) {
			col.Add(s, 1)
		}
		if f, n := col.Format(false); f != c.format || n != c.numbers || col.Codes() != c.codes {
			t.Errorf("%s: %v, %d numbers, codes %v", c.values, f, n, col.Codes())
		}
	}
	// Three digits behind a comma are thousands, unless the file is a spreadsheet's of a country of decimal commas.
	var both Column
	both.Add("1,234", 5)
	if f, _ := both.Format(false); f != Thousands {
		t.Errorf("got %v", f)
	}
	if f, _ := both.Format(true); f != Comma {
		t.Errorf("european: got %v", f)
	}
}

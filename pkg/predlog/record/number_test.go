package record

import (
	"math"
	"testing"
)

func TestText(t *testing.T) {
	// Python 3: repr(x).removesuffix(".0")
	for x, want := range map[float64]string{
		0: "0", 1: "1", -1.5: "-1.5", 0.1: "0.1", 1e-4: "0.0001", 1e-5: "1e-05", 123456789: "123456789",
		1e15: "1000000000000000", 1e16: "1e+16", 1.5e300: "1.5e+300", 5e-324: "5e-324", 9007199254740993: "9007199254740992",
	} {
		if got := (Value{Kind: Number, Num: x}).Text(); got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}
	if got := (Value{}).Text(); got != "" {
		t.Errorf("null is %q", got)
	}
}

func TestParseNumber(t *testing.T) {
	for s, want := range map[string]float64{
		"1": 1, " -2.50 ": -2.5, "+1e3": 1000, ".5": 0.5, "5.": 5, "1E-2": 0.01, "1e-999": 0,
	} {
		if got, ok := ParseNumber(s); !ok || got != want {
			t.Errorf("%q: want %v, got %v, %v", s, want, got, ok)
		}
	}
	for _, s := range []string{"", " ", "n/a", "nan", "inf", "0x10", "1_000", "1,5", "1e999", "--1", "1e", ".", "１"} {
		if got, ok := ParseNumber(s); ok {
			t.Errorf("%q is no number, got %v", s, got)
		}
	}
	if x := NumberValue(math.NaN()); x.Kind != Null {
		t.Error("NaN is not null")
	}
}

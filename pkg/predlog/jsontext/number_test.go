package jsontext

import (
	"math"
	"strconv"
	"testing"
)

func TestNumbers(t *testing.T) {
	for _, s := range []string{
		"0", "-0", "1", "-1.5", "0.1", "123456789.123456789", "9007199254740992", "-9007199254740992", "1e22", "1e23", "1e-22", "1E+5", "0.30000000000000004", "2.2250738585072011e-308",
		"17976931348623157000e289", "5e-324", "1e-400", "1234567890123456789.5", "12345678901234567890.5", "0.000000000000000000000000000000123", "9007199254740993.0", "1.7976931348623157e308",
	} {
		want, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		b := append([]byte(s), "\n................"...)
		if got, end := Number(b, 0); end != len(s) || math.Float64bits(got) != math.Float64bits(want) {
			t.Errorf("%s: want %v, got %v, end %d", s, want, got, end)
		}
	}
}

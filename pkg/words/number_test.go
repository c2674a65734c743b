package words

import (
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	for _, c := range [][2]string{
		{Percent(0), "0 %"}, {Percent(0.0001), "<0.1 %"}, {Percent(0.004), "0.4 %"}, {Percent(0.31), "31 %"}, {Percent(0.9991), "99.9 %"}, {Percent(1), "100 %"},
		{Number(0), "0"}, {Number(0.12345), "0.123"}, {Number(12.3), "12.3"}, {Number(2010), "2010"}, {Number(123456.7), "123457"},
		{Number(1e7), "1e+07"}, {Number(1.2e-5), "1.2e-05"}, {Number(-4.56789), "-4.57"}, {Signed(0.7), "+0.7"},
		{PSI(-0.001), "0.00"}, {PSI(0.4249), "0.42"},
		{Name(""), "(empty)"}, {Name("a\nb"), "a b"}, {Name(strings.Repeat("é", 41)), strings.Repeat("é", 40) + "..."},
		{List([]string{"a", "b", "c", "d", "e"}), "a, b, c and 2 more"}, {Count(1, "row", "rows"), "1 row"},
	} {
		if c[0] != c[1] {
			t.Errorf("%q, want %q", c[0], c[1])
		}
	}
	if a, b := Numbers(0.41234, 0.41241); a != "0.4123" || b != "0.4124" {
		t.Errorf("%s and %s", a, b)
	}
}

package say

import "testing"

func TestMarginWords(t *testing.T) {
	for x, want := range map[float64]string{0.2134: "+0.21", -0.019336: "−0.019", 1.5: "+1.5", 0: "0", 12.34: "+12"} {
		if got := margin(x); got != want {
			t.Errorf("%v: got %s, want %s", x, got, want)
		}
	}
}

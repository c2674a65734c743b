package stats

import (
	"fmt"
	"math"
	"testing"
)

// Near 0, ln(1+x) is x for all but its last digits: the difference must keep
// its own, which the series -x²/2 + x³/3 - … has.
func TestLog1pmxKeepsItsDigits(t *testing.T) {
	for _, size := range []float64{1e-12, 1e-9, 1e-6, 1e-3, 0.01, 0.1} {
		for _, x := range []float64{-size, size} {
			want := 0.0
			for k := 40.0; k >= 2; k-- { // 0.1^41 is nothing beside 0.1²
				want = x*want + math.Copysign(1/k, 0.5-math.Mod(k+1, 2))
			}
			near(t, fmt.Sprintf("log1pmx(%v)", x), log1pmx(x), x*x*want, 1e-14)
		}
	}
	// Far from it nothing cancels.
	near(t, "log1pmx(9)", log1pmx(9), math.Ln10-9, 1e-15)
	near(t, "log1pmx(-0.75)", log1pmx(-0.75), -2*math.Ln2+0.75, 1e-15)
}

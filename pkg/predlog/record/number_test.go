package record

import (
	"math"
	"testing"
)

func TestText(t *testing.T) {
	for want, v := range map[string]Value{"": {}, "-1.5": NumberValue(-1.5), "1e+16": NumberValue(1e16), "x": StringValue("x")} {
		if got := v.Text(); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
	if x := NumberValue(math.NaN()); x.Kind != Null {
		t.Error("NaN is not null")
	}
}

package traffic

import (
	"strings"
	"testing"
)

// The policy keeps its promises on traffic as it is, at a size that fits a test.
func TestPromises(t *testing.T) {
	r, err := Run(Small, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range r.Broken() {
		t.Error(broken)
	}
	var b strings.Builder
	r.Document(&b)
	t.Log(b.String())
}

// 6 of 60 at a true rate of 5 % come in 7 % of cells, 9 in 0.5 %.
func TestBeyond(t *testing.T) {
	if beyond(6, 60, 0.05) || !beyond(10, 60, 0.05) || beyond(0, 60, 0.05) {
		t.Error("the bar is at another count")
	}
}

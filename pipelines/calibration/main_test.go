package main

import "testing"

// The policy keeps its promises at a size that fits a test. The seeds are
// fixed; of fresh ones a policy whose false-alarm rate were 2 % a cell would
// break the bar of 5 % by chance in one of 20 cells.
func TestPromises(t *testing.T) {
	r, err := run(small, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range r.broken() {
		t.Error(broken)
	}
	if testing.Verbose() {
		t.Log(r.document())
	}
}

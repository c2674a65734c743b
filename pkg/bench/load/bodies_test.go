package load

import (
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/bench"
)

func TestReadBodies(t *testing.T) {
	got, err := ReadBodies("b.jsonl", strings.NewReader("{\"a\": 1}\n\n  \n {} \r\n"))
	if err != nil || len(got) != 2 || string(got[0]) != `{"a": 1}` || string(got[1]) != "{}" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := ReadBodies("b.jsonl", strings.NewReader(strings.Repeat("{}\n", bench.MaxBodies+1))); err != nil || len(got) != bench.MaxBodies {
		t.Errorf("%d bodies, %v", len(got), err)
	}
	for text, want := range map[string]string{
		"\n \n":                            "b.jsonl: no bodies",
		strings.Repeat("x", maxBody) + "y": "b.jsonl: a line is longer than 1048576 bytes",
	} {
		if _, err := ReadBodies("b.jsonl", strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

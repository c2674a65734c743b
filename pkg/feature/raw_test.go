package feature

import (
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
)

const twoColumns = `{"version": 1,
	"raw": [{"name": "n", "type": "number"}, {"name": "c", "type": "category"}, {"name": "x", "type": "number"}],
	"columns": [{"name": "n", "op": "number", "from": "n"}, {"name": "is", "op": "onehot", "from": "c", "value": "007"}]}`

func twoColumnPipeline(t *testing.T) *Pipeline {
	t.Helper()
	p, err := Parse(strings.NewReader(twoColumns))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Columns have the types that the pipeline names: 007 stays a word, so that the second
// column is 1 there.
func TestValues(t *testing.T) {
	p := twoColumnPipeline(t)
	var notes []string
	rows := func() RawRows {
		return RawRows{Name: "a.csv", From: strings.NewReader("c,n\n007,1\n8,2\n007,3\n"), Note: func(s string) { notes = append(notes, s) }}
	}
	for _, c := range []struct {
		most int
		want []float64
	}{{100, []float64{1, 1, 2, 0, 3, 1}}, {6, []float64{1, 1, 2, 0, 3, 1}}, {5, []float64{1, 1, 2, 0}}} {
		notes = nil
		got, all, err := p.Values(rows(), c.most)
		if err != nil || !slices.Equal(got, c.want) || all != (len(c.want) == 6) {
			t.Errorf("at most %d: got %v, all %v, %v", c.most, got, all, err)
		}
		if want := []string{"a.csv: taken as missing, for it has no column of that name: x"}; !slices.Equal(notes, want) {
			t.Errorf("notes %q", notes)
		}
	}

	// As numbers, 007 and 8 are 7 and 8.
	typed := rows()
	typed.Types = map[string]string{"c": "number", "n": ""}
	if got, _, err := p.Values(typed, 100); err != nil || !slices.Equal(got, []float64{1, 0, 2, 0, 3, 0}) {
		t.Errorf("c as a number: %v, %v", got, err)
	}
	empty := rows()
	empty.From = strings.NewReader("c,n\n")
	if _, _, err := p.Values(empty, 100); err == nil || err.Error() != "a.csv: no rows" {
		t.Errorf("no rows: %v", err)
	}
}

func TestEachEnds(t *testing.T) {
	text := "c,n,x\n" + strings.Repeat("a,1,2\n", 200_000)
	calls := 0
	err := twoColumnPipeline(t).Each(RawRows{Name: "a.csv", From: strings.NewReader(text), Note: func(s string) { t.Error(s) }}, func(rec arrow.RecordBatch) (bool, error) {
		calls++
		return calls < 2, nil
	})
	if err != nil || calls != 2 {
		t.Errorf("%d batches, %v", calls, err)
	}
}

func TestPlain(t *testing.T) {
	p, err := Plain([]string{"b", "a"})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"b", "a"}; !slices.Equal(p.Columns(), want) || !slices.Equal(p.Sources(), want) || p.Raw()[1] != (Raw{"a", "number"}) {
		t.Errorf("columns %q of %q", p.Columns(), p.Sources())
	}
}

package feature

import (
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/predlog/record"
)

func TestSources(t *testing.T) {
	p := parse(t, sample)
	if got, want := strings.Join(p.Sources(), ","), "n,n,n,c,c,t,t,t,t,,score"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	// A column of zeros comes from no field, whatever its entry names.
	p = parse(t, `{"version": 1, "raw": [{"name": "n", "type": "number"}], "columns": [{"name": "a", "op": "zero", "from": "n"}]}`)
	if got := p.Sources(); !slices.Equal(got, []string{""}) {
		t.Errorf("got %q", got)
	}
}

// The rows counted by hand, from columns in another order, among them one that
// has the name of a field of the log, and one that is no field.
func TestRows(t *testing.T) {
	p := parse(t, sample)
	names := []string{"score", "other", "t", "input.score", "c", "n"}
	places := []int{5, 4, 2, 3} // of n, c, t, score
	out := make([]float64, len(rows)*len(p.Columns()))
	err := p.Rows(names, len(rows), func(row, column int) record.Value {
		field := slices.Index(places, column)
		if field < 0 {
			t.Fatalf("asked for %s", names[column])
		}
		return rows[row].in[field]
	}, out)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		for j, want := range r.want {
			if got := out[i*len(r.want)+j]; !same(got, want) {
				t.Errorf("row %d column %s: want %v, got %v", i, p.Columns()[j], want, got)
			}
		}
	}

	// What names lack is null, as in the first of the rows.
	value := func(row, column int) record.Value { return record.NumberValue(2000) }
	if err := p.Rows([]string{"n"}, 1, value, out[:11]); err != nil {
		t.Fatal(err)
	}
	for j, want := range append([]float64{2000, 26, 2000}, rows[0].want[3:]...) {
		if !same(out[j], want) {
			t.Errorf("column %s: want %v, got %v", p.Columns()[j], want, out[j])
		}
	}
}

func TestRowsRefuse(t *testing.T) {
	p := parse(t, sample)
	value := func(row, column int) record.Value { return record.Value{} }
	for _, c := range []struct {
		names []string
		room  int
		want  string
	}{
		{[]string{"n"}, 12, "feature: want room for 1×11 values, got 12"},
		{[]string{"x"}, 11, "feature: the rows have none of the model's 4 raw columns"},
	} {
		if err := p.Rows(c.names, 1, value, make([]float64, c.room)); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

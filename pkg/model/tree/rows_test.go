package tree

import (
	"slices"
	"strings"
	"testing"
)

func TestFits(t *testing.T) {
	m := &Ensemble{NumFeatures: 4, Features: []string{"alpha", "beta", "gamma", "delta"}}
	if err := m.Fits(m.Features); err != nil {
		t.Error(err)
	}
	names := slices.Clone(m.Features)
	names[1] = "x"
	for _, c := range []struct {
		columns []string
		want    string
	}{
		{[]string{"one"}, "columns: the model wants "},
		{names, `column 1 is "x", the model's is "`},
	} {
		if err := m.Fits(c.columns); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	m.Features = nil
	if err := m.Fits([]string{"any", "of", "the", "same"}); err != nil {
		t.Errorf("a model without names: %v", err)
	}
}

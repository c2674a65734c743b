package evidently

import (
	"maps"
	"slices"
)

// A Bar is the threshold of a test that some column may get.
type Bar struct {
	Test, Kind string // Kind: num or cat
	Column     string // that alone it is for, empty for all of its kind
	Distance   bool   // the threshold is a distance and not a p-value
	Relation   string // of score and threshold where a column has drifted: <, <=, > or >=
	Threshold  float64
	Set        bool // the options say something about the test or the threshold
}

// Bars are the tests that Evidently may choose under the options, or was told to:
// those of all numbers and of all categories, then those of the columns by name.
func (o Options) Bars() []Bar {
	var out []Bar
	add := func(name, kind, column string, r Rule) {
		t := testNamed(name)
		b := Bar{Test: name, Kind: kind, Column: column, Distance: t.distance, Relation: t.relation(), Threshold: t.threshold, Set: r != Rule{}}
		if r.Threshold != nil {
			b.Threshold = *r.Threshold
		}
		out = append(out, b)
	}
	kinds := []struct {
		kind     string
		defaults []string // what defaultTest may return
	}{
		{"num", []string{"ks", "chisquare", "z", "wasserstein", "jensenshannon"}},
		{"cat", []string{"chisquare", "z", "jensenshannon"}},
	}
	for _, k := range kinds {
		rule := o.rule("", k.kind)
		names := k.defaults
		if rule.Test != "" {
			names = nil
			if testNamed(rule.Test).takes(k.kind) {
				names = []string{rule.Test}
			}
		}
		for _, name := range names {
			add(name, k.kind, "", rule)
		}
	}
	for _, column := range slices.Sorted(maps.Keys(o.Columns)) {
		own := o.Columns[column]
		for _, k := range kinds {
			if own.Rule == (Rule{}) || own.Type != "" && own.Type != k.kind {
				continue
			}
			rule := o.rule(column, k.kind)
			names := k.defaults
			if rule.Test != "" {
				names = []string{rule.Test}
			}
			for _, name := range names {
				if testNamed(name).takes(k.kind) || rule.Test == "" {
					add(name, k.kind, column, rule)
				}
			}
		}
	}
	return out
}

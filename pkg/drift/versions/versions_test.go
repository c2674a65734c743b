package versions

import (
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// Counted by hand, of 500 rows, with a k of 5.
func TestShares(t *testing.T) {
	for what, c := range map[string]struct {
		rows []view.Version
		want []Share
	}{
		"no sample":    {nil, nil},
		"none":         {[]view.Version{{Rows: 500}}, nil},
		"one":          {[]view.Version{{Name: "7", Rows: 499}, {Name: "7", Rows: 1}}, []Share{{"7", 1}}},
		"repeated":     {[]view.Version{{Name: "8", Rows: 100}, {Name: "7", Rows: 399}, {Name: "7", Rows: 1}}, []Share{{"7", 0.8}, {"8", 0.2}}},
		"rare, last":   {[]view.Version{{Name: "a", Rows: 3}, {Name: "7", Rows: 495}, {Name: "b", Rows: 2}}, []Share{{"7", 0.99}, {"other", 0.01}}},
		"ties":         {[]view.Version{{Name: "d", Rows: 250}, {Name: "c", Rows: 250}}, []Share{{"c", 0.5}, {"d", 0.5}}},
		"called none":  {[]view.Version{{Rows: 250}, {Name: "none", Rows: 250}}, []Share{{`"none"`, 0.5}, {"none", 0.5}}},
		"called other": {[]view.Version{{Name: "other", Rows: 495}, {Name: "a", Rows: 5 - 1}, {Name: "b", Rows: 1}}, []Share{{`"other"`, 0.99}, {"other", 0.01}}},
	} {
		if got := Shares(c.rows, 0, 5); !slices.Equal(got.Shares, c.want) {
			t.Errorf("%s: %v, want %v", what, got.Shares, c.want)
		}
	}
}

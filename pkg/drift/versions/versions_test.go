package versions

import (
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// Counted by hand, of 500 rows, with a k of 5.
func TestShares(t *testing.T) {
	for what, c := range map[string]struct {
		rows []view.Row
		want []Share
	}{
		"no sample":    {nil, nil},
		"none":         {[]view.Row{{N: 500}}, nil},
		"one":          {[]view.Row{{Version: "7", N: 499}, {Version: "7", N: 1}}, []Share{{"7", 1}}},
		"repeated":     {[]view.Row{{Version: "8", N: 100}, {Version: "7", N: 399}, {Version: "7", N: 1}}, []Share{{"7", 0.8}, {"8", 0.2}}},
		"rare, last":   {[]view.Row{{Version: "a", N: 3}, {Version: "7", N: 495}, {Version: "b", N: 2}}, []Share{{"7", 0.99}, {"other", 0.01}}},
		"ties":         {[]view.Row{{Version: "d", N: 250}, {Version: "c", N: 250}}, []Share{{"c", 0.5}, {"d", 0.5}}},
		"called none":  {[]view.Row{{N: 250}, {Version: "none", N: 250}}, []Share{{`"none"`, 0.5}, {"none", 0.5}}},
		"called other": {[]view.Row{{Version: "other", N: 495}, {Version: "a", N: 5 - 1}, {Version: "b", N: 1}}, []Share{{`"other"`, 0.99}, {"other", 0.01}}},
	} {
		if got := Shares(c.rows, 5); !slices.Equal(got.Shares, c.want) {
			t.Errorf("%s: %v, want %v", what, got.Shares, c.want)
		}
	}
}

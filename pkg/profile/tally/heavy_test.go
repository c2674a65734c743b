package tally_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/profiletest"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// A value that the reference lacks and a quarter of the rows hold is named, though all
// these rows are the same one, which the sample of distinct rows hardly has, and other
// values are too many to be kept; the same from any parts.
func TestHeavyUnseenIsNamed(t *testing.T) {
	r := rand.New(rand.NewPCG(100, 25))
	var reference []profiletest.Row
	for i := range 6000 {
		reference = append(reference, profiletest.Row{Score: r.Float64(), City: fmt.Sprint("city ", i)})
	}
	p := profiletest.Plan(t, profiletest.Options, reference)
	sampled := 0
	for try := range 3 {
		heavy := fmt.Sprint("quite a new town ", try)
		var log []profiletest.Row
		for range 9000 {
			log = append(log, profiletest.Row{Score: r.Float64(), City: fmt.Sprint("city ", r.IntN(6000))})
		}
		for range 3000 {
			log = append(log, profiletest.Row{Score: 0.5, City: heavy})
		}
		r.Shuffle(len(log), func(i, j int) { log[i], log[j] = log[j], log[i] })
		f := profiletest.Profile(t, p, view.Period{}, log, nil)
		whole := profiletest.Bytes(t, f)
		var parts []*tally.Profile
		for _, some := range [][]profiletest.Row{log[8000:], log[:5000], log[5000:8000]} {
			parts = append(parts, profiletest.Decode(t, p, profiletest.Bytes(t, profiletest.Profile(t, p, view.Period{}, some, nil))))
		}
		for _, o := range parts[1:] {
			if err := parts[0].Merge(o); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(profiletest.Bytes(t, parts[0]), whole) {
			t.Error("the parts are not the whole")
		}
		v := profiletest.Decode(t, p, whole).View()
		city := v.Column("city").Category
		if len(city.Unseen) == 0 || city.Unseen[0].Name != heavy || city.Unseen[0].Count < 2970 || city.Unseen[0].Count > 3000 || city.UnseenTotal != 3000 {
			t.Errorf("%s: %d rows, %v", heavy, city.UnseenTotal, city.Unseen[:min(2, len(city.Unseen))])
		}
		for i := range v.Sample {
			if v.Sample[i].N > 1000 {
				sampled++
			}
		}
	}
	if sampled == 3 {
		t.Error("the sample had the row each time: nothing was shown")
	}
}

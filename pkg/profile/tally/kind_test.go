package tally_test

import (
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/profiletest"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/profile/wire"
)

// A profile of the reference's rows fits the plan in whatever order and parts
// they were counted; one with a row less, a value changed or a value moved to
// another column does not.
func TestReferenceOfThePlan(t *testing.T) {
	var rows []profiletest.Row
	for i := range 2500 { // of more than one chunk
		r := profiletest.Row{Score: float64(i%97) / 97, Amount: float64(i), Few: float64(i % 3), City: string(rune('a' + i%5)), Note: "some, text"}
		if i%10 == 0 {
			r.Amount = nil
		}
		rows = append(rows, r)
	}
	planner := plan.NewPlanner(plan.Options{})
	if err := planner.Add(profiletest.Batch("reference", rows)); err != nil {
		t.Fatal(err)
	}
	p, err := planner.Plan()
	if err != nil {
		t.Fatal(err)
	}
	of := func(table string, rows []profiletest.Row) *tally.Profile {
		f := tally.New(p, view.Period{})
		if err := f.AddRows(profiletest.Batch(table, rows)); err != nil {
			t.Fatal(err)
		}
		return f
	}
	turned := slices.Clone(rows)
	slices.Reverse(turned)
	sum := of("reference", turned[:1000])
	part := of("reference", turned[1000:])
	if err := part.CheckReference(); err == nil {
		t.Error("a part of the reference passes for it")
	}
	m := wire.NewMerger(p)
	for i, f := range []*tally.Profile{sum, part} {
		if err := wire.Seal(f, string(rune('a'+i))).Encode(m.Add); err != nil {
			t.Fatal(err)
		}
	}
	both, err := m.Sum()
	if err != nil {
		t.Fatal(err)
	}
	merged := both.Profile
	if err := merged.CheckReference(); err != nil {
		t.Error(err)
	}
	if merged.CheckLog() == nil {
		t.Error("the reference's profile passes for a log's")
	}

	changed, moved := slices.Clone(rows), slices.Clone(rows)
	changed[7].Amount = 7.5
	moved[7].Amount, moved[7].Few = moved[7].Few, moved[7].Amount
	for what, other := range map[string][]profiletest.Row{"shorter": rows[1:], "changed": changed, "moved": moved} {
		if of("reference", other).CheckReference() == nil {
			t.Errorf("%s: passes for the reference", what)
		}
	}
	log := of("predictions", rows)
	if log.CheckReference() == nil || log.CheckLog() != nil {
		t.Error("a log passes for the reference")
	}
	if err := log.AddRows(profiletest.Batch("reference", rows)); err == nil {
		t.Error("a log and a reference are one profile")
	}
	if err := log.Merge(merged); err == nil {
		t.Error("a log's and a reference's profile merge")
	}
}

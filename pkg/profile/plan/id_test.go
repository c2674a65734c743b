package plan_test

import (
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/profiletest"
)

// TestPlanID: whatever a plan says is in its ID.
func TestPlanID(t *testing.T) {
	rows := func() []profiletest.Row {
		return []profiletest.Row{{Score: 0.2, Amount: 1.0, City: "a", Note: "x"}, {Score: 0.4, Amount: 2.0, City: "b", Note: "y"}}
	}
	base := profiletest.Plan(t, profiletest.Options, rows())
	if profiletest.Plan(t, profiletest.Options, rows()).ID() != base.ID() {
		t.Fatal("the same reference gives another ID")
	}
	reversed := rows()
	reversed[0], reversed[1] = reversed[1], reversed[0]
	if profiletest.Plan(t, profiletest.Options, reversed).ID() != base.ID() {
		t.Error("the order of the rows is in the ID")
	}
	for name, o := range map[string]plan.Options{
		"window":    {Threshold: 0.5, PositiveLabel: "yes", Window: time.Hour},
		"threshold": {Threshold: 0.4, PositiveLabel: "yes", Window: 24 * time.Hour},
		"label":     {Threshold: 0.5, PositiveLabel: "no", Window: 24 * time.Hour},
		"sample":    {Threshold: 0.5, PositiveLabel: "yes", Window: 24 * time.Hour, Sample: true},
		"public":    {Threshold: 0.5, PositiveLabel: "yes", Window: 24 * time.Hour, Columns: map[string]plan.ColumnOption{"city": {Public: true}}},
		"type":      {Threshold: 0.5, PositiveLabel: "yes", Window: 24 * time.Hour, Columns: map[string]plan.ColumnOption{"amount": {Type: "category"}}},
		"rows":      {Threshold: 0.5, PositiveLabel: "yes", Window: 24 * time.Hour, SampleRows: 100},
		"entity":    {Threshold: 0.5, PositiveLabel: "yes", Window: 24 * time.Hour, Entity: "who"},
		"timezone":  {Threshold: 0.5, PositiveLabel: "yes", Window: 24 * time.Hour, Timezone: "Europe/Berlin"},
		"id":        {Threshold: 0.5, PositiveLabel: "yes", Window: 24 * time.Hour, ID: "city"},
	} {
		if profiletest.Plan(t, o, rows()).ID() == base.ID() {
			t.Errorf("%s is not in the ID", name)
		}
	}
	for name, change := range map[string]func(r []profiletest.Row){
		"edge": func(r []profiletest.Row) { r[1].Amount = 3.0 }, "category": func(r []profiletest.Row) { r[1].City = "c" },
		"text": func(r []profiletest.Row) { r[1].Note = "yy" }, "rank": func(r []profiletest.Row) { r[1].Amount = 1.0 },
		"day": func(r []profiletest.Row) { r[1].At = profiletest.Day },
	} {
		changed := rows()
		change(changed)
		if profiletest.Plan(t, profiletest.Options, changed).ID() == base.ID() {
			t.Errorf("%s is not in the ID", name)
		}
	}
}

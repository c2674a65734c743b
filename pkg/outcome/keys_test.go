package outcome

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/outcome/outcometest"
	"github.com/leadsman/leadsman/pkg/table"
)

// What is joined, by what key, and what is said of it where nothing is.
func TestJoins(t *testing.T) {
	at := table.Field("timestamp", table.Micros, table.Timestamp)
	text := func(name string, role table.Role) arrow.Field {
		return table.Field(name, arrow.BinaryTypes.String, role)
	}
	number := func(name string, role table.Role) arrow.Field {
		return table.Field(name, arrow.PrimitiveTypes.Float64, role)
	}
	won := number("won", table.Target)
	for _, c := range []struct {
		name          string
		join          Join
		of, log       []arrow.Field
		outcomes, row string // JSON
		met           int
		key, cause    string
	}{
		{name: "outcomes to the second, a log with fractions", of: []arrow.Field{at, won}, log: []arrow.Field{at, number("score", table.Score)},
			outcomes: `{"timestamp": 1000000, "won": 1}, {"timestamp": 3000000, "won": 0}`,
			row:      `{"timestamp": 1250000, "score": 0.5}, {"timestamp": 3999999, "score": 0.5}, {"timestamp": 5000000, "score": 0.5}`,
			met:      2, key: "timestamp to the second"},
		{name: "a resolution of the settings", join: Join{Settings: Settings{Resolution: time.Minute}}, of: []arrow.Field{at, won}, log: []arrow.Field{at, number("score", table.Score)},
			outcomes: `{"timestamp": 61000001, "won": 1}`, row: `{"timestamp": 119000000, "score": 0.5}`, met: 1, key: "timestamp to the minute"},
		{name: "an hour apart", of: []arrow.Field{at, won}, log: []arrow.Field{at, number("score", table.Score)},
			outcomes: `{"timestamp": 3600000001, "won": 1}, {"timestamp": 3600000007, "won": 0}`,
			row:      `{"timestamp": 1, "score": 0.5}, {"timestamp": 7, "score": 0.5}`, key: "timestamp", cause: "the outcomes' times are 1 hour later than the log's"},
		{name: "a key of columns", join: Join{Settings: Settings{By: []string{"shop", "timestamp", "slip"}}}, of: []arrow.Field{text("shop", table.Key), text("slip", table.Key), at, won},
			log:      []arrow.Field{number("score", table.Score), at, number("slip", table.Feature), text("shop", table.Key)},
			outcomes: `{"shop": "a", "slip": "7.0", "timestamp": 1, "won": 1}, {"shop": "a7", "slip": "", "timestamp": 1, "won": 1}, {"shop": "b", "slip": "7", "timestamp": 1, "won": 1}`,
			row:      `{"shop": "a", "slip": 7, "timestamp": 1, "score": 0.5}`, met: 1, key: "timestamp, shop and slip"},
		{name: "all inputs", join: Join{Inputs: []string{"size", "city"}}, of: []arrow.Field{text("city", table.Feature), text("size", table.Feature), won},
			log:      []arrow.Field{number("size", table.Feature), text("city", table.Feature), number("score", table.Score)},
			outcomes: `{"city": "Ulm", "size": "1234567890", "won": 1}, {"city": "Bonn", "size": "2.50", "won": 0}, {"city": "Bonn", "size": "3", "won": 0}`,
			row:      `{"city": "Ulm", "size": 1234567890, "score": 0.5}, {"city": "Bonn", "size": 2.5, "score": 0.5}, {"city": "Ulm", "size": 2.5, "score": 0.5}`,
			met:      2, key: "the inputs size, city"},
		{name: "no such inputs", join: Join{Inputs: []string{"size"}}, of: []arrow.Field{text("size", table.Feature), won}, log: []arrow.Field{number("size", table.Feature), number("score", table.Score)},
			outcomes: `{"size": "4", "won": 1}`, row: `{"size": 5, "score": 0.5}`, key: "the inputs size", cause: "no prediction has the inputs of an outcome"},
		{name: "spelled differently", of: []arrow.Field{text("lead", table.ID), won}, log: []arrow.Field{text("lead", table.ID), number("score", table.Score)},
			outcomes: `{"lead": "a-0017", "won": 1}, {"lead": "a-0018", "won": 1}`, row: `{"lead": "A0017", "score": 0.5}`, key: "id", cause: "the keys of both sides are spelled differently"},
		{name: "other keys", of: []arrow.Field{text("lead", table.ID), won}, log: []arrow.Field{text("lead", table.ID), number("score", table.Score)},
			outcomes: `{"lead": "x", "won": 1}`, row: `{"lead": "y", "score": 0.5}`, key: "id", cause: "no prediction has the id of an outcome"},
		{name: "no key in the log", of: []arrow.Field{text("lead", table.ID), won}, log: []arrow.Field{number("score", table.Score)},
			outcomes: `{"lead": "x", "won": 1}`, row: `{"score": 0.5}`, key: "id", cause: "the predictions have no id"},
		{name: "an id that the log lacks, and times", of: []arrow.Field{text("lead", table.ID), at, won}, log: []arrow.Field{at, number("score", table.Score)},
			outcomes: `{"lead": "x", "timestamp": 5, "won": 1}`, row: `{"timestamp": 5, "score": 0.5}`, met: 1, key: "timestamp"},
	} {
		j := c.join
		j.Log = arrow.NewSchema(c.log, nil)
		if missing := j.AddOutcomes(batchOf(t, arrow.NewSchema(c.of, nil), "["+c.outcomes+"]")); missing != "" {
			t.Errorf("%s: missing %s", c.name, missing)
			continue
		}
		j.AddRows(batchOf(t, j.Log, "["+c.row+"]"))
		m := MetOf(j.Set(), 0.5, 0)
		cause, _ := m.Cause()
		if n := len(m.between(time.Time{}, time.Time{})); n != c.met || m.set.File.Key != c.key || cause != c.cause {
			t.Errorf("%s: %d met by %s: %s; want %d by %s: %s", c.name, n, m.set.File.Key, cause, c.met, c.key, c.cause)
		}
		if why, early := m.unjoined(Period{}, 0); why != c.cause || early {
			t.Errorf("%s: unjoined: %s", c.name, why)
		}
		if unmet := m.unmet(3); c.met == 0 && len(unmet) == 0 {
			t.Errorf("%s: no key is shown", c.name)
		}
	}
}

// Of an entity the newest prediction counts, or the first, or all of them, in one
// cluster; the order of rows and of parts does not tell.
func TestChoices(t *testing.T) {
	outcomes := outcometest.Batch(t, map[table.Role]any{table.ID: []string{"a", "b", "c"}, table.Target: []string{"1", "0", "1"}})
	rows := outcometest.Batch(t, map[table.Role]any{table.ID: []string{"a", "a", "b", "c"}, table.Entity: []string{"u", "u", "u", "v"}, table.Timestamp: []int64{10, 30, 20, 5}, table.Score: []float64{0.1, 0.3, 0.2, 0.4}})
	for choice, want := range map[Choice]string{"": "[{0.3 1} {0.4 1}]", "newest": "[{0.3 1} {0.4 1}]", "first": "[{0.1 1} {0.4 1}]", "all": "[{0.1 1} {0.2 0} {0.3 1} {0.4 1}]"} {
		var whole *Met
		for _, parts := range [][][2]int64{{{0, 4}}, {{0, 1}, {1, 4}}, {{2, 4}, {0, 2}}} {
			set := (*Met)(nil)
			for _, p := range parts {
				j := Join{Settings: Settings{Join: choice}}
				j.AddOutcomes(outcomes)
				j.AddRows(rows.NewSlice(p[0], p[1]))
				if set == nil {
					set = MetOf(j.Set(), 0.5, 0)
					continue
				}
				s := set.set
				s.Merge(j.Set())
				set = MetOf(s, 0.5, 0)
			}
			var got []scored
			for _, r := range set.between(time.Time{}, time.Time{}) {
				got = append(got, scored{r.Score, r.Value})
			}
			slices.SortFunc(got, func(a, b scored) int { return cmp.Compare(a.score, b.score) })
			if text := fmt.Sprint(got); text != want {
				t.Errorf("%q in %d parts: %s, want %s", choice, len(parts), text, want)
			}
			if whole == nil {
				whole = set
			}
		}
		if s := whole.Sample(time.Time{}, time.Time{}); (len(s.Apart) != len(s.Rows)) != (choice == "all") {
			t.Errorf("%q: %d rows, %d apart", choice, len(s.Rows), len(s.Apart))
		}
	}
}

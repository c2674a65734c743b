package tally_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/profiletest"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// part finds a part by name.
func part(t *testing.T, s view.Split, name string) *view.Part {
	t.Helper()
	for i := range s.Parts {
		if s.Parts[i].Name == name {
			return &s.Parts[i]
		}
	}
	t.Fatalf("%s has no part %q: %v", s.Column, name, partNames(s))
	return nil
}

func partNames(s view.Split) []string {
	var out []string
	for _, p := range s.Parts {
		out = append(out, p.Name)
	}
	return out
}

// TestSegmentsAddUp: where the sample holds all rows, the parts' counts of each
// column are those of the profile, whatever the column that they were made by,
// and come out the same of merged shards.
func TestSegmentsAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	reference, log := profiletest.RandomRows(r, 400), profiletest.RandomRows(r, 1500)
	for range 9 {
		log = append(log, log[3], log[4]) // ten and eleven times
	}
	for _, rows := range [][]profiletest.Row{reference, log} {
		for i := range rows {
			if rows[i].Note == "\xff\xfe broken" {
				rows[i].Note = "whole, in UTF-8"
			}
		}
	}
	o := profiletest.Options
	o.SampleRows = plan.AllRows
	p := profiletest.Plan(t, o, reference)
	ref, cur := profiletest.Profile(t, p, view.Period{}, reference, nil), profiletest.Profile(t, p, view.Period{}, log[:800], nil)
	if err := cur.Merge(profiletest.Profile(t, p, view.Period{}, log[800:], nil)); err != nil {
		t.Fatal(err)
	}
	again := profiletest.Decode(t, p, profiletest.Bytes(t, cur))
	for _, by := range []string{"few", "city", "label"} {
		s, err := tally.Segments(ref, cur, by, 5)
		if err != nil {
			t.Fatal(err)
		}
		wired, err := tally.Segments(ref, again, by, 5)
		if err != nil {
			t.Fatal(err)
		}
		for side, whole := range map[string]view.View{"ref": ref.View(), "cur": cur.View()} {
			view := func(p *view.Part) (*view.View, int64) {
				if side == "ref" {
					return &p.Ref, p.RefRows
				}
				return &p.Cur, p.CurRows
			}
			var rows int64
			for i := range s.Parts {
				v, all := view(&s.Parts[i])
				if v.Rows != all {
					t.Errorf("%s of %s=%s: %d rows in the sample, %d in all", side, by, s.Parts[i].Name, v.Rows, all)
				}
				rows += v.Rows
				w, _ := view(&wired.Parts[i])
				if fmt.Sprint(countsOf(v)) != fmt.Sprint(countsOf(w)) {
					t.Errorf("%s of %s=%s: a profile that was read gives another part", side, by, s.Parts[i].Name)
				}
			}
			if rows != whole.Rows {
				t.Errorf("%s by %s: %d rows in the parts, want %d", side, by, rows, whole.Rows)
			}
			sum := make(map[string]int64)
			for i := range s.Parts {
				v, _ := view(&s.Parts[i])
				for key, n := range countsOf(v) {
					sum[key] += n
				}
			}
			if want := countsOf(&whole); !maps.Equal(sum, want) {
				for key := range want {
					if sum[key] != want[key] {
						t.Errorf("%s by %s: %s: the parts have %d, the whole %d", side, by, key, sum[key], want[key])
					}
				}
				t.Errorf("%s by %s: the parts do not add up: %d keys, want %d", side, by, len(sum), len(want))
			}
		}
	}
}

// countsOf returns all that a view's columns count, by name.
func countsOf(v *view.View) map[string]int64 {
	out := make(map[string]int64)
	put := func(key string, n int64) {
		if n != 0 {
			out[key] += n
		}
	}
	var add func(c *view.Column)
	add = func(c *view.Column) {
		for key, n := range map[string]int64{"rows": c.Rows, "missing": c.Missing, "nan": c.NaN, "inf": c.PosInf, "-inf": c.NegInf, "type": c.TypeErrors} {
			put(c.Name+"/"+key, n)
		}
		for i, n := range c.Classes {
			put(fmt.Sprint(c.Name, "/class/", i), n)
		}
		if c.Number != nil {
			x, n, _ := c.Number.Values()
			for i := range x {
				put(fmt.Sprint(c.Name, "/value/", x[i]), n[i])
			}
		}
		if c.Category != nil {
			for i, name := range c.Category.Names {
				put(c.Name+"/name/"+name, c.Category.Counts[i])
			}
			for _, u := range c.Category.Unseen {
				put(c.Name+"/unseen/"+u.Name, u.Count)
			}
			put(c.Name+"/unseen", c.Category.UnseenTotal)
		}
		for i := range c.Derived {
			add(&c.Derived[i])
		}
	}
	for i := range v.Columns {
		add(&v.Columns[i])
	}
	return out
}

// TestCountedParts: where the samples do not hold all rows, each part's counts are those
// of all its rows: the very ones that a sample of all rows gives, on a coarser grid.
func TestCountedParts(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 3))
	reference, log := profiletest.RandomRows(r, 3000), profiletest.RandomRows(r, 5000)
	for i := range log {
		if i%9 == 0 { // values that the reference lacks
			log[i].City, log[i].Few = fmt.Sprint("new ", i%2), 7.0
		}
	}
	for _, rows := range [][]profiletest.Row{reference, log} {
		for i := range rows {
			if rows[i].Note == "\xff\xfe broken" { // a sample keeps texts as UTF-8
				rows[i].Note = "whole, in UTF-8"
			}
		}
	}
	sides := func(sample int64) (ref, cur *tally.Profile) {
		o := profiletest.Options
		o.SampleRows, o.Segments = sample, []string{"few", "city"}
		p := profiletest.Plan(t, o, reference)
		cur = profiletest.Profile(t, p, view.Period{}, log[:2000], nil)
		if err := cur.Merge(profiletest.Profile(t, p, view.Period{}, log[2000:], nil)); err != nil {
			t.Fatal(err)
		}
		return profiletest.Profile(t, p, view.Period{}, reference, nil), profiletest.Decode(t, p, profiletest.Bytes(t, cur))
	}
	ref, cur := sides(50)
	allRef, allCur := sides(plan.AllRows)
	compare := func(what string, got, want *view.View) {
		t.Helper()
		if got.Rows != want.Rows || len(got.Columns) != len(want.Columns) {
			t.Errorf("%s: %d rows and %d columns, want %d and %d", what, got.Rows, len(got.Columns), want.Rows, len(want.Columns))
			return
		}
		for i := range got.Columns {
			sameCounts(t, what, &got.Columns[i], &want.Columns[i])
		}
	}
	for _, by := range []string{"few", "city"} {
		counted, err := tally.Segments(ref, cur, by, 5)
		if err != nil {
			t.Fatal(err)
		}
		want, err := tally.Segments(allRef, allCur, by, 5)
		if err != nil {
			t.Fatal(err)
		}
		for i := range counted.Parts {
			got, want := &counted.Parts[i], &want.Parts[i]
			if got.Name != want.Name || got.RefRows != want.RefRows || got.CurRows != want.CurRows {
				t.Fatalf("by %s: part %s, want %s", by, got.Name, want.Name)
			}
			if got.Kind == view.OtherRows {
				continue
			}
			compare("reference's "+by+"="+got.Name, &got.Ref, &want.Ref)
			compare(by+"="+got.Name, &got.Cur, &want.Cur)
			if len(got.Buckets[1]) != view.Buckets {
				t.Errorf("%s=%s: %d buckets", by, got.Name, len(got.Buckets[1]))
			}
		}
	}
	got, want := tally.Versions(ref, cur, 5), tally.Versions(allRef, allCur, 5)
	if len(got.Against.Parts) != 4 || got.Most != want.Most {
		t.Fatalf("versions %v", partNames(got.Against))
	}
	for i := range got.Against.Parts {
		got, want := &got.Against.Parts[i], &want.Against.Parts[i]
		if got.Kind == view.MissingRows { // not counted: by the sample
			continue
		}
		compare("the reference of version "+got.Name, &got.Ref, &want.Ref)
		compare("version "+got.Name, &got.Cur, &want.Cur)
	}
	for i := range got.Between.Parts {
		if part := &got.Between.Parts[i]; part.Kind == view.ValueRows && part.Ref.Rows == part.RefRows {
			compare("between versions", &part.Cur, &want.Between.Parts[i].Cur)
		}
	}
}

// sameCounts holds a coarse column against a fine one of the same rows.
func sameCounts(t *testing.T, what string, got, want *view.Column) {
	t.Helper()
	what += ": " + want.Name
	if got.Rows != want.Rows || got.Missing != want.Missing || got.NaN != want.NaN || got.PosInf != want.PosInf || got.NegInf != want.NegInf || got.TypeErrors != want.TypeErrors {
		t.Errorf("%s: %+v, want %+v", what, got, want)
	}
	for i := range want.Derived {
		sameCounts(t, what, &got.Derived[i], &want.Derived[i])
	}
	if k := want.Category; k != nil {
		for i, name := range got.Category.Names {
			if n, _ := k.Count(name); n != got.Category.Counts[i] {
				t.Errorf("%s: %d rows of %s, want %d", what, got.Category.Counts[i], name, n)
			}
		}
		var rest int64
		for _, n := range k.Counts[len(got.Category.Names):] {
			rest += n
		}
		if got.Category.UnseenTotal != k.UnseenTotal || got.Category.KnownTotal != k.KnownTotal+rest {
			t.Errorf("%s: %d new and %d known rows, want %d and %d", what, got.Category.UnseenTotal, got.Category.KnownTotal, k.UnseenTotal, k.KnownTotal+rest)
		}
	}
	if want.Number == nil {
		return
	}
	upTo := func(n *view.Number, x float64) (rows int64) {
		for i, e := range n.Edges {
			if e > x {
				break
			}
			rows += n.Open[i] + n.At[i]
		}
		return rows
	}
	for _, e := range got.Number.Edges {
		if e != got.Number.Edges[0] && !got.Number.Exact && !slices.Contains(got.Number.Bins, e) && e != got.Number.Edges[len(got.Number.Edges)-1] {
			t.Errorf("%s: edge at %v", what, e)
		}
		if e == got.Number.Edges[0] && !got.Number.Exact {
			continue // a decile's least values stand above its edge
		}
		if a, b := upTo(got.Number, e), upTo(want.Number, e); a != b {
			t.Errorf("%s: %d values up to %v, want %d", what, a, e, b)
		}
	}
	if got.Name == "score" && want.Values() > 0 && math.Abs(got.Number.Mean-want.Number.Mean) > 1e-5 {
		t.Errorf("%s: mean %v, want %v", what, got.Number.Mean, want.Number.Mean)
	}
	if q := got.Number.Quantile(0.5); want.Values() > 50 && got.Name == "score" && math.Abs(q-want.Number.Quantile(0.5)) > 0.05 {
		t.Errorf("%s: median %v, want %v", what, q, want.Number.Quantile(0.5))
	}
}

// TestSegmentOnItsOwn: a part's number column is that of a profile of its rows
// alone, but for the edges that no row needs.
func TestSegmentOnItsOwn(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 9))
	reference, log := profiletest.RandomRows(r, 500), profiletest.RandomRows(r, 900)
	p := profiletest.Plan(t, profiletest.Options, reference)
	ref, cur := profiletest.Profile(t, p, view.Period{}, reference, nil), profiletest.Profile(t, p, view.Period{}, log, nil)
	s, err := tally.Segments(ref, cur, "few", 5)
	if err != nil {
		t.Fatal(err)
	}
	var own []profiletest.Row
	for _, row := range log {
		if row.Few == 2.0 {
			own = append(own, row)
		}
	}
	alone := profiletest.Profile(t, p, view.Period{}, own, nil).View()
	got := &part(t, s, "2").Cur
	for _, name := range []string{"score", "amount"} {
		g, w := column(t, *got, name).Number, column(t, alone, name).Number
		if g.Mean != w.Mean || g.Min != w.Min || g.Max != w.Max || g.Std != w.Std && !math.IsNaN(w.Std) || g.Quantile(0.3) != w.Quantile(0.3) {
			t.Errorf("%s: got mean %v, range %v to %v; want %v, %v to %v", name, g.Mean, g.Min, g.Max, w.Mean, w.Min, w.Max)
		}
		if len(g.Edges) >= len(w.Edges) || !slices.Equal(g.Bins, w.Bins) || g.Edges[0] != w.Edges[0] || g.Edges[len(g.Edges)-1] != w.Edges[len(w.Edges)-1] {
			t.Errorf("%s: %d edges of %d, bins %v", name, len(g.Edges), len(w.Edges), g.Bins)
		}
		// A value off the grid stands between the same two edges as before.
		for i, n := range g.Open {
			if n == 0 || i == 0 || i == len(g.Edges) {
				continue
			}
			at, _ := slices.BinarySearch(w.Edges, g.Edges[i])
			if w.Edges[at-1] != g.Edges[i-1] || w.Open[at] != n {
				t.Errorf("%s: %d values between %v and %v, %d above %v", name, n, g.Edges[i-1], g.Edges[i], w.Open[at], w.Edges[at-1])
			}
		}
		for _, edge := range [][]float64{part(t, s, "2").Ref.Columns[0].Number.Edges, part(t, s, "1").Cur.Columns[0].Number.Edges} {
			for _, e := range edge {
				if _, ok := slices.BinarySearch(column(t, alone, "score").Number.Edges, e); !ok {
					t.Fatalf("%v is no edge of the plan", e)
				}
			}
		}
	}
}

func manyRows(n int, row profiletest.Row) []profiletest.Row {
	return slices.Repeat([]profiletest.Row{row}, n)
}

// TestSmallParts: values with fewer than k rows on each side are one part, so
// are those beyond the twenty largest, and rows without a value another.
func TestSmallParts(t *testing.T) {
	reference := slices.Concat(manyRows(40, profiletest.Row{City: "a"}), manyRows(4, profiletest.Row{City: "b"}), manyRows(2, profiletest.Row{City: "c"}), manyRows(6, profiletest.Row{}))
	log := slices.Concat(manyRows(70, profiletest.Row{City: "a"}), manyRows(5, profiletest.Row{City: "b"}), manyRows(4, profiletest.Row{City: "c"}), manyRows(9, profiletest.Row{City: "new"}), manyRows(3, profiletest.Row{City: "rare"}))
	p := profiletest.Plan(t, profiletest.Options, reference)
	s, err := tally.Segments(profiletest.Profile(t, p, view.Period{}, reference, nil), profiletest.Profile(t, p, view.Period{}, log, nil), "city", 0)
	if err != nil {
		t.Fatal(err)
	}
	// b and new have the same number of rows, and "c" and "rare" too few.
	type rows struct{ name, ref, cur any }
	var got []rows
	for _, part := range s.Parts {
		got = append(got, rows{part.Name, part.RefRows, part.CurRows})
	}
	want := []rows{{"a", int64(40), int64(70)}, {"b", int64(4), int64(5)}, {"new", int64(0), int64(9)}, {view.MissingPart, int64(6), int64(0)}, {view.OtherPart, int64(2), int64(7)}}
	if !slices.Equal(got, want) || s.RefRows != 52 || s.CurRows != 91 {
		t.Errorf("got %v, want %v", got, want)
	}

	all, err := tally.Segments(profiletest.Profile(t, p, view.Period{}, reference, nil), profiletest.Profile(t, p, view.Period{}, log, nil), "city", -1)
	if want := []string{"a", "b", "new", view.MissingPart, "c", "rare"}; err != nil || !slices.Equal(partNames(all), want) {
		t.Errorf("without a bound: got %v, want %v; %v", partNames(all), want, err)
	}

	var many []profiletest.Row
	for i := range 25 {
		many = append(many, manyRows(40-i, profiletest.Row{City: fmt.Sprintf("city %02d", i)})...)
	}
	was := caps.SegmentValues.N
	caps.SegmentValues.N = 20
	t.Cleanup(func() { caps.SegmentValues.N = was })
	p = profiletest.Plan(t, profiletest.Options, many)
	f := profiletest.Profile(t, p, view.Period{}, many, nil)
	if s, err = tally.Segments(f, f, "city", 5); err != nil {
		t.Fatal(err)
	}
	// 21 + 20 + 19 + 18 + 17 rows are not among the twenty largest, less one
	// value for each: 40-20 to 40-24.
	if last := s.Parts[len(s.Parts)-1]; len(s.Parts) != 21 || last.Name != view.OtherPart || last.RefRows != 20+19+18+17+16 || last.Ref.Rows != last.RefRows {
		t.Errorf("%d parts, the last %s of %d rows", len(s.Parts), last.Name, last.RefRows)
	}
}

// TestPartsThatReadLikeOthers: values that read "(missing)" and "(other)" are
// parts apart from the rows without a value and from the rare ones, and their
// names tell them apart.
func TestPartsThatReadLikeOthers(t *testing.T) {
	rows := slices.Concat(
		manyRows(20, profiletest.Row{City: "(missing)"}), manyRows(15, profiletest.Row{}), manyRows(12, profiletest.Row{City: "(other)"}),
		manyRows(10, profiletest.Row{City: `"(missing)"`}), manyRows(8, profiletest.Row{City: `"`}), manyRows(3, profiletest.Row{City: "rare"}))
	p := profiletest.Plan(t, profiletest.Options, rows[:40])
	f, g := profiletest.Profile(t, p, view.Period{}, rows[:40], nil), profiletest.Profile(t, p, view.Period{}, rows, nil)
	s, err := tally.Segments(f, g, "city", 5)
	if err != nil {
		t.Fatal(err)
	}
	type rest struct {
		name string
		kind view.PartKind
		cur  int64
	}
	var got []rest
	for _, part := range s.Parts {
		if part.Cur.Rows != part.CurRows {
			t.Errorf("%s: %d rows in the sample, %d in all", part.Name, part.Cur.Rows, part.CurRows)
		}
		got = append(got, rest{part.Name, part.Kind, part.CurRows})
	}
	want := []rest{{`"(missing)"`, view.ValueRows, 20}, {view.MissingPart, view.MissingRows, 15}, {`"(other)"`, view.ValueRows, 12}, {`""(missing)""`, view.ValueRows, 10}, {`"`, view.ValueRows, 8}, {view.OtherPart, view.OtherRows, 3}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestNumberParts: a number of few values is taken apart by value; what is no
// finite number goes with the rare ones.
func TestNumberParts(t *testing.T) {
	reference := slices.Concat(manyRows(30, profiletest.Row{Few: 1.0}), manyRows(20, profiletest.Row{Few: 2.5}))
	log := slices.Concat(manyRows(10, profiletest.Row{Few: 1.0}), manyRows(8, profiletest.Row{Few: 7.0}), manyRows(7, profiletest.Row{Few: math.NaN()}), manyRows(1, profiletest.Row{Few: 9.0}), manyRows(6, profiletest.Row{}))
	p := profiletest.Plan(t, profiletest.Options, reference)
	s, err := tally.Segments(profiletest.Profile(t, p, view.Period{}, reference, nil), profiletest.Profile(t, p, view.Period{}, log, nil), "few", 5)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"1", "2.5", "7", view.MissingPart, view.OtherPart}; !slices.Equal(partNames(s), want) {
		t.Errorf("got %v, want %v", partNames(s), want)
	}
	if other := part(t, s, view.OtherPart); other.CurRows != 8 || other.Cur.Rows != 8 {
		t.Errorf("%d rows of %d are the rest's", other.Cur.Rows, other.CurRows)
	}
}

// TestClusteredParts: rows that came often count as often in the parts; where
// not all rows are in the sample, that is said.
func TestClusteredParts(t *testing.T) {
	var log []profiletest.Row
	for i := range 300 {
		log = append(log, manyRows(1+i%20, profiletest.Row{City: fmt.Sprint("city ", i%3), Amount: float64(i)})...)
	}
	single := make([]profiletest.Row, 3000)
	for i := range single {
		single[i] = profiletest.Row{City: fmt.Sprint("city ", i%3), Amount: float64(i)}
	}
	for _, c := range []struct {
		name      string
		rows      []profiletest.Row
		sample    int64
		clustered bool
	}{{"all of repeated rows", log, 0, false}, {"some of repeated rows", log, 100, true}, {"some of single rows", single, 100, false}} {
		o := profiletest.Options
		o.SampleRows = c.sample
		p := profiletest.Plan(t, o, single)
		f := profiletest.Profile(t, p, view.Period{}, c.rows, nil)
		s, err := tally.Segments(f, f, "city", 5)
		if err != nil {
			t.Fatal(err)
		}
		var rows int64
		for _, part := range s.Parts {
			rows += part.Cur.Rows
			if part.Clustered != c.clustered {
				t.Errorf("%s: %s is clustered: %v, want %v", c.name, part.Name, part.Clustered, c.clustered)
			}
		}
		if v := f.View(); rows != v.SampleRows {
			t.Errorf("%s: %d rows in the parts, %d in the sample", c.name, rows, v.SampleRows)
		}
	}
}

// TestSplits: what rows cannot be taken apart by.
func TestSplits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 8))
	p := profiletest.Plan(t, profiletest.Options, profiletest.RandomRows(r, 200))
	for column, want := range map[string]string{
		"few": "", "city": "", "label": "",
		"cty":    `segments: the plan has no column "cty" (did you mean "city"?): name it when the plan is made`,
		"note":   "segments: note is free text: want a category, or a number with at most 10 values",
		"amount": "segments: amount has more than 10 distinct values in the reference: want a category, or a number with at most 10 values",
	} {
		err := p.Splits(column)
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%s: got %v, want %q", column, err, want)
		}
		f := tally.New(p, view.Period{})
		if s, err := tally.Segments(f, f, column, 5); (err == nil) != (want == "") || len(s.Parts) > 0 {
			t.Errorf("%s: of no rows: %v, %v", column, s, err)
		}
	}
	other := profiletest.Plan(t, profiletest.Options, profiletest.RandomRows(r, 200))
	if _, err := tally.Segments(tally.New(p, view.Period{}), tally.New(other, view.Period{}), "city", 5); err == nil {
		t.Error("profiles of two plans were split")
	}
}

// TestSampleBeyondTheRows: a profile whose sample holds more rows than it counts
// has counts that may overflow, and is refused.
func TestSampleBeyondTheRows(t *testing.T) {
	rows := manyRows(20, profiletest.Row{City: "a", Amount: 1e308})
	p := profiletest.Plan(t, profiletest.Options, rows)
	good := profiletest.Profile(t, p, view.Period{}, rows, nil)
	s := good.Snapshot()
	for i := range s.Sample {
		s.Sample[i].N = math.MaxInt64
	}
	bad := restored(t, p, s)
	for _, pair := range [][2]*tally.Profile{{good, bad}, {bad, good}} {
		_, err := tally.Segments(pair[0], pair[1], "city", 5)
		if err == nil || err.Error() != "segments: the profile's row sample holds more rows than were counted" {
			t.Errorf("got %v", err)
		}
	}
	// Half of all that can be counted is no trouble, but for the time it took.
	for i := range s.Counters {
		if c := &s.Counters[i]; c.Window == "" && (c.Key == "rows" || c.Column == "city" && c.Key == "name") {
			c.N = []int64{math.MaxInt64}
		}
	}
	split, err := tally.Segments(good, restored(t, p, s), "city", 5)
	if err != nil || part(t, split, "a").Cur.Rows != math.MaxInt64 {
		t.Errorf("got %v, %v", split.Parts, err)
	}
}

// restored returns the profile of a snapshot's rows.
func restored(t *testing.T, p *plan.Plan, s *tally.Snapshot) *tally.Profile {
	t.Helper()
	r := tally.NewRestorer(p)
	errs := []error{}
	for i := range s.Counters {
		errs = append(errs, r.Counter(&s.Counters[i]))
	}
	for i := range s.Values {
		errs = append(errs, r.Values(&s.Values[i]))
	}
	for i := range s.Names {
		errs = append(errs, r.Name(&s.Names[i]))
	}
	for _, row := range s.Sample {
		errs = append(errs, r.Sampled(row))
	}
	for _, row := range s.Newest {
		errs = append(errs, r.Newest(row))
	}
	f, err := r.Profile(s.Counted, s.From, s.Until)
	if err := errors.Join(append(errs, err)...); err != nil {
		t.Fatal(err)
	}
	return f
}

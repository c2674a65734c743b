package wire_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/profiletest"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
)

// TestHomomorphism: whatever the shards, the order, the shape of the merge tree
// and the trips over the wire, the bytes are those of the whole.
func TestHomomorphism(t *testing.T) {
	if testing.Short() {
		t.Skip("all cuts take seconds")
	}
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := profiletest.Plan(t, profiletest.Options, profiletest.RandomRows(r, 1+r.IntN(400)))
		period := view.Period{}
		if seed%3 == 1 {
			period = view.Period{From: profiletest.Day.Add(3 * 24 * time.Hour), Until: profiletest.Day.Add(5*24*time.Hour + 1e9)}
		}
		rows, requests := profiletest.RandomRows(r, r.IntN(3000)), profiletest.RandomRequests(r, r.IntN(500))
		want := profiletest.Bytes(t, profiletest.Profile(t, p, period, rows, requests))

		k := 1 + r.IntN(20)
		shardRows, shardRequests := make([][]profiletest.Row, k), make([][]profiletest.Request, k)
		for _, row := range rows {
			i := r.IntN(k)
			shardRows[i] = append(shardRows[i], row)
		}
		for _, q := range requests {
			i := r.IntN(k)
			shardRequests[i] = append(shardRequests[i], q)
		}
		var parts []*wire.Sealed
		for i := range k {
			parts = append(parts, wire.Seal(profiletest.Profile(t, p, period, shardRows[i], shardRequests[i]), fmt.Sprint(i)))
		}
		for len(parts) > 1 {
			i := r.IntN(len(parts))
			a := parts[i]
			parts = append(parts[:i], parts[i+1:]...)
			j := r.IntN(len(parts))
			bundle := append(profiletest.Encode(t, parts[j]), profiletest.Encode(t, a)...)
			both, err := profiletest.Merge(p, bundle)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			parts[j] = both
		}
		if got := profiletest.Bytes(t, parts[0].Profile); !bytes.Equal(got, want) {
			t.Fatalf("seed %d: %d shards give other bytes than the whole", seed, k)
		}
	}
}

func TestMergeLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	p := profiletest.Plan(t, profiletest.Options, profiletest.RandomRows(r, 300))
	build := func(seed uint64) *tally.Profile {
		r := rand.New(rand.NewPCG(seed, 2))
		return profiletest.Profile(t, p, view.Period{}, profiletest.RandomRows(r, 400), profiletest.RandomRequests(r, 100))
	}
	merge := func(a, b *tally.Profile) *tally.Profile {
		if err := a.Merge(b); err != nil {
			t.Fatal(err)
		}
		return a
	}
	empty := func() *tally.Profile { return tally.New(p, view.Period{}) }
	same := func(law string, a, b *tally.Profile) {
		t.Helper()
		if !bytes.Equal(profiletest.Bytes(t, a), profiletest.Bytes(t, b)) {
			t.Errorf("%s does not hold", law)
		}
	}
	same("e·a = a", merge(empty(), build(1)), build(1))
	same("a·e = a", merge(build(1), empty()), build(1))
	same("a·b = b·a", merge(build(1), build(2)), merge(build(2), build(1)))
	same("(a·b)·c = a·(b·c)", merge(merge(build(1), build(2)), build(3)), merge(build(1), merge(build(2), build(3))))
	if bytes.Equal(profiletest.Bytes(t, build(1)), profiletest.Bytes(t, build(2))) {
		t.Error("different rows give the same bytes")
	}
}

func TestShards(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	p := profiletest.Plan(t, profiletest.Options, profiletest.RandomRows(r, 100))
	leaf := func(seed uint64, name string, period view.Period) []byte {
		r := rand.New(rand.NewPCG(seed, 9))
		return profiletest.Encode(t, wire.Seal(profiletest.Profile(t, p, period, profiletest.RandomRows(r, 50), nil), name))
	}
	join := func(bundles ...[]byte) []byte { return bytes.Join(bundles, nil) }
	sum := func(bundles ...[]byte) []byte {
		t.Helper()
		f, err := profiletest.Merge(p, join(bundles...))
		if err != nil {
			t.Fatal(err)
		}
		return profiletest.Encode(t, f)
	}
	a, b, c := leaf(1, "a", view.Period{}), leaf(2, "b", view.Period{}), leaf(3, "c", view.Period{})
	if !bytes.Equal(sum(a, b, a), sum(b, a)) {
		t.Error("a shard that came twice counts twice")
	}
	ab := sum(a, b)
	for _, twice := range [][]byte{join(ab, a), join(a, ab), join(ab, ab), join(b, a, ab)} {
		if !bytes.Equal(sum(twice), ab) {
			t.Error("a merged profile and one of its shards are more than the merged one")
		}
	}
	other := profiletest.Plan(t, plan.Options{Threshold: math.NaN()}, profiletest.RandomRows(r, 100))
	foreign := wire.Seal(tally.New(other, view.Period{}), "d")
	for _, test := range []struct {
		bundle []byte
		want   string
	}{
		{join(a, leaf(9, "a", view.Period{})), "shard a is there twice"},
		{join(ab, sum(b, c)), "share some shards but not all"},
		{join(a, leaf(2, "b", view.Period{From: profiletest.Day})), "profile of the period (2025-03-01T00:00:00Z, …]"},
		{profiletest.Encode(t, foreign), "was counted by plan"},
	} {
		_, err := profiletest.Merge(p, test.bundle)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
}

// TestSealIsNeeded: a profile from which any table is missing, or any batch
// changed, is refused even where the bundle is well formed.
func TestSealIsNeeded(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	p := profiletest.Plan(t, profiletest.Options, profiletest.RandomRows(r, 100))
	f := wire.Seal(profiletest.Profile(t, p, view.Period{}, profiletest.RandomRows(r, 200), profiletest.RandomRequests(r, 50)), "a")
	var recs []arrow.RecordBatch
	if err := f.Encode(func(rec arrow.RecordBatch) error {
		rec.Retain()
		recs = append(recs, rec)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	read := func(recs []arrow.RecordBatch) error {
		m := wire.NewMerger(p)
		for _, rec := range recs {
			if err := m.Add(rec); err != nil {
				return err
			}
		}
		_, err := m.Sum()
		return err
	}
	if err := read(recs); err != nil {
		t.Fatal(err)
	}
	for i := range recs {
		without := append(append([]arrow.RecordBatch(nil), recs[:i]...), recs[i+1:]...)
		if read(without) == nil {
			t.Errorf("accepted without table %s", table.NameOf(recs[i].Schema()))
		}
		if i > 0 && read(recs[:i]) == nil {
			t.Errorf("accepted up to table %s", table.NameOf(recs[i].Schema()))
		}
		if n := recs[i].NumRows(); n > 1 {
			short := append([]arrow.RecordBatch(nil), recs...)
			short[i] = recs[i].NewSlice(0, n-1)
			if read(short) == nil {
				t.Errorf("accepted table %s without its last row", table.NameOf(recs[i].Schema()))
			}
		}
	}
}

// TestHomomorphismOfWeeks: a reference of eight weeks, whose rows are counted by day of
// the week as well, in any shards.
func TestHomomorphismOfWeeks(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	rows := profiletest.RandomRows(r, 1500)
	for i := range rows {
		if rows[i].At != nil {
			rows[i].At = profiletest.Day.Add(time.Duration(r.Int64N(int64(57*24*time.Hour)/1000)) * 1000)
		}
	}
	o := profiletest.Options
	o.Timezone = "America/New_York"
	p := profiletest.Plan(t, o, rows)
	if p.Parts != view.EachDay {
		t.Fatalf("%v", p.Parts)
	}
	count := func(rows []profiletest.Row) *tally.Profile {
		f := tally.New(p, view.Period{})
		if err := f.AddRows(profiletest.Batch("reference", rows)); err != nil {
			t.Fatal(err)
		}
		return f
	}
	want := profiletest.Bytes(t, count(rows))
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	sum := count(rows[:7])
	for from := 7; from < len(rows); from += 100 {
		part := profiletest.Decode(t, p, profiletest.Bytes(t, count(rows[from:min(from+100, len(rows))])))
		if err := sum.Merge(part); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(profiletest.Bytes(t, sum), want) {
		t.Error("shards of the reference are not the whole")
	}
}

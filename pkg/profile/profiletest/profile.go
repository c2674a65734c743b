package profiletest

import (
	"bytes"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
)

// Plan makes a plan of rows.
func Plan(t testing.TB, o plan.Options, rows []Row) *plan.Plan {
	t.Helper()
	b := plan.NewPlanner(o)
	if err := b.Add(Batch("reference", rows)); err != nil {
		t.Fatal(err)
	}
	p, err := b.Plan()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Options are those of most tests.
var Options = plan.Options{Threshold: 0.5, PositiveLabel: "yes", Window: 24 * time.Hour}

// Profile counts rows and requests, 700 rows at a time.
func Profile(t testing.TB, p *plan.Plan, period view.Period, rows []Row, requests []Request) *tally.Profile {
	t.Helper()
	f := tally.New(p, period)
	for len(rows) > 0 {
		n := min(len(rows), 700)
		if err := f.AddRows(Batch("predictions", rows[:n])); err != nil {
			t.Fatal(err)
		}
		rows = rows[n:]
	}
	if err := f.AddRequests(Requests(requests)); err != nil {
		t.Fatal(err)
	}
	return f
}

// Bytes returns the encoded profile under one name, whatever its shards.
func Bytes(t testing.TB, f *tally.Profile) []byte {
	t.Helper()
	return Encode(t, wire.Seal(f, "x"))
}

// Encode returns the encoded profile.
func Encode(t testing.TB, f *wire.Sealed) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := table.NewWriter(&buf)
	if err := f.Encode(w.Write); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// Decode reads a profile.
func Decode(t testing.TB, p *plan.Plan, bundle []byte) *tally.Profile {
	t.Helper()
	f, err := Merge(p, bundle)
	if err != nil {
		t.Fatal(err)
	}
	return f.Profile
}

// Merge reads profiles and merges them.
func Merge(p *plan.Plan, bundle []byte) (*wire.Sealed, error) {
	r := table.NewReader("test", bytes.NewReader(bundle))
	m := wire.NewMerger(p)
	for r.Next() {
		if err := m.Add(r.Batch()); err != nil {
			return nil, err
		}
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	return m.Sum()
}

package wire_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/profiletest"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
)

// shards returns a plan and the bundles of n small shards.
func shards(t testing.TB, n int) (*plan.Plan, [][]byte) {
	r := rand.New(rand.NewPCG(1, 1))
	p := profiletest.Plan(t, profiletest.Options, profiletest.RandomRows(r, 300))
	var out [][]byte
	for i := range n {
		f := profiletest.Profile(t, p, view.Period{}, profiletest.RandomRows(r, 250), profiletest.RandomRequests(r, 20))
		out = append(out, profiletest.Encode(t, wire.Seal(f, fmt.Sprint(i))))
	}
	return p, out
}

// TestMergeAllocates: what one more shard costs does not grow with the shards before, and
// is a small multiple of its profile.
func TestMergeAllocates(t *testing.T) {
	p, bundles := shards(t, 40)
	bytesOf := func(n int) float64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		merge(t, p, bundles[:n])
		runtime.ReadMemStats(&after)
		return float64(after.TotalAlloc - before.TotalAlloc)
	}
	bytesOf(2)
	// The first 20 fill the samples; of the next 20, each allocates what it is read into.
	first, all := bytesOf(20), bytesOf(40)
	if each := (all - first) / 20; each > 3<<20 {
		t.Errorf("a shard of %d bytes costs %.0f bytes to merge", len(bundles[0]), each)
	}
}

// TestBatchesAreOneBlock: buffers of a batch stay below a block of zstd, so that
// nobody who reads them needs a window.
func TestBatchesAreOneBlock(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	rows := profiletest.RandomRows(r, 6000)
	p := profiletest.Plan(t, profiletest.Options, rows)
	f := wire.Seal(profiletest.Profile(t, p, view.Period{}, rows, nil), "a")
	batches := 0
	err := f.Encode(func(rec arrow.RecordBatch) error {
		for i, c := range rec.Columns() {
			data := c.Data()
			if len(data.Children()) > 0 {
				data = data.Children()[0]
			}
			for _, b := range data.Buffers() {
				if b != nil && b.Len() >= 128<<10 && rec.NumRows() > 1 {
					t.Errorf("table %s, column %s: a buffer of %d bytes", table.NameOf(rec.Schema()), rec.ColumnName(i), b.Len())
				}
			}
		}
		batches++
		return nil
	})
	if err != nil || batches <= len(wire.Tables) {
		t.Errorf("%d batches, %v: no table was cut", batches, err)
	}
}

func merge(t testing.TB, p *plan.Plan, bundles [][]byte) {
	t.Helper()
	var readers []io.Reader
	for _, bundle := range bundles {
		readers = append(readers, bytes.NewReader(bundle))
	}
	in := table.NewReader("test", io.MultiReader(readers...))
	m := wire.NewMerger(p)
	for in.Next() {
		if err := m.Add(in.Batch()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.Sum(); err != nil || in.Err() != nil {
		t.Fatal(err, in.Err())
	}
}

func BenchmarkMerge(b *testing.B) {
	p, bundles := shards(b, 40)
	b.ReportAllocs()
	for b.Loop() {
		merge(b, p, bundles)
	}
}

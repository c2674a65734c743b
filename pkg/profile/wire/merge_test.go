package wire_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

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

func BenchmarkMerge(b *testing.B) {
	p, bundles := shards(b, 40)
	var readers []io.Reader
	b.ReportAllocs()
	for b.Loop() {
		readers = readers[:0]
		for _, bundle := range bundles {
			readers = append(readers, bytes.NewReader(bundle))
		}
		in := table.NewReader("test", io.MultiReader(readers...))
		m := wire.NewMerger(p)
		for in.Next() {
			if err := m.Add(in.Batch()); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := m.Sum(); err != nil || in.Err() != nil {
			b.Fatal(err, in.Err())
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(bundles)), "µs/shard")
}

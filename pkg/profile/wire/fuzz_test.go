package wire_test

import (
	"bytes"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
)

// Whatever the bytes, a plan is read or refused.
func FuzzReadPlan(f *testing.F) {
	p, _ := shards(f, 0)
	var whole bytes.Buffer
	w := table.NewWriter(&whole)
	if err := wire.EncodePlan(p, w.Write); err != nil {
		f.Fatal(err)
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	f.Add(whole.Bytes()[:whole.Len()/2])
	f.Fuzz(func(_ *testing.T, raw []byte) {
		_, _ = wire.ReadPlan(table.NewReader("x", bytes.NewReader(raw)))
	})
}

// Whatever the bytes, a profile is merged or refused.
func FuzzMerge(f *testing.F) {
	p, bundles := shards(f, 2)
	for _, b := range bundles {
		f.Add(b)
	}
	f.Add(append(bytes.Clone(bundles[0]), bundles[1]...))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		in := table.NewReader("x", bytes.NewReader(raw))
		defer in.Close()
		m := wire.NewMerger(p)
		for in.Next() {
			if m.Add(in.Batch()) != nil {
				return
			}
		}
		_, _ = m.Sum()
	})
}

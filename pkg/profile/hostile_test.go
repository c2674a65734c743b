package profile

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// TestHostileProfiles: a profile whose rows were changed, but whose seal fits,
// is refused or gives a view; it never ends the process.
func TestHostileProfiles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	p := planOf(t, testOptions, randomRows(r, 60))
	f := profileOf(t, p, view.Period{}, randomRows(r, 120), randomRequests(r, 40))
	whole := *f.encode()
	accepted := 0
	for range 120 {
		q := parts{
			counters: append([]counterRow(nil), whole.counters...), values: append([]valueRow(nil), whole.values...),
			unseen: append([]unseenRow(nil), whole.unseen...), rows: append([]sampleRow(nil), whole.rows...), newest: whole.newest,
		}
		odd := []int64{0, 1, -1, math.MaxInt64, math.MinInt64, math.MaxUint32, 1 << 40, r.Int64N(100)}[r.IntN(8)]
		switch i := r.IntN(len(q.counters)); r.IntN(6) {
		case 0, 1:
			q.counters[i].N = odd
		case 2:
			q.counters[i].Key = q.counters[r.IntN(len(q.counters))].Key
		case 3:
			q.counters = append(q.counters[:i], q.counters[i+1:]...)
		case 4:
			q.unseen[r.IntN(len(q.unseen))].Hash = odd
			q.values[r.IntN(len(q.values))].N = odd
		case 5:
			q.rows[r.IntN(len(q.rows))].Cells = []string{"", "[]", "[1]", "{", "[[],{},null,1,2,3]", `[{"number":"x"}]`}[r.IntN(6)]
		}
		m := NewMerger(p)
		if err := resealed(f, &q, m.Add); err != nil {
			continue
		}
		g, err := m.Profile()
		if err != nil {
			continue
		}
		accepted++
		v := g.View()
		for _, c := range v.Columns {
			if c.Number != nil {
				c.Number.Quantile(0.5)
				c.Number.Quantile(1)
			}
		}
		v.Inference.Quantile(0.5)
		v.Response.Quantile(1)
		g.Digest()
	}
	if accepted == 0 {
		t.Error("all were refused: nothing was tried")
	}
}

// resealed passes on the tables of changed parts under a seal that fits.
func resealed(f *Profile, q *parts, add func(arrow.RecordBatch) error) error {
	shards := newDigest()
	Shard{Name: "x"}.digest(shards)
	seal := []sealRow{{Version: Version, PlanID: f.plan.id, From: math.MinInt64, Until: math.MaxInt64, Digest: f.digestOf(q), Shards: shards.sum()}}
	for _, err := range []error{
		writeRows(CountersTable, q.counters, add), writeRows(ValuesTable, q.values, add), writeRows(UnseenTable, q.unseen, add),
		writeRows(RowsTable, q.rows, add), writeRows(NewestTable, q.newest, add),
		writeRows(ShardsTable, []shardRow{{Shard: "x"}}, add), writeRows(SealTable, seal, add),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestOtherForms: a column counts the same as dictionary, large strings, plain
// strings, or another width of number.
func TestOtherForms(t *testing.T) {
	p := planOf(t, testOptions, []testRow{{amount: 1.0, city: "a", note: "x", score: 0.5}})
	cities := []any{"a", nil, "b", "", "a", "c", "b"}
	notes := []any{"x,y", "x", nil, "zz", "x,y", "", "ü"}
	build := func(text arrow.DataType, number arrow.DataType) arrow.RecordBatch {
		b := array.NewRecordBuilder(memory.DefaultAllocator, table.Named("predictions", arrow.NewSchema([]arrow.Field{
			table.Field("city", text, table.Feature), table.Field("note", text, table.Text), table.Field("amount", number, table.Feature),
		}, nil)))
		defer b.Release()
		for i := range cities {
			for j, v := range []any{cities[i], notes[i], int64(i)} {
				switch b := b.Field(j).(type) {
				case *array.StringBuilder:
					appendText(v, b.AppendNull, b.Append)
				case *array.LargeStringBuilder:
					appendText(v, b.AppendNull, b.Append)
				case *array.BinaryDictionaryBuilder:
					appendText(v, b.AppendNull, func(s string) {
						if err := b.AppendString(s); err != nil {
							t.Fatal(err)
						}
					})
				case *array.Float64Builder:
					b.Append(float64(v.(int64)))
				case *array.Float32Builder:
					b.Append(float32(v.(int64)))
				case *array.Int32Builder:
					b.Append(int32(v.(int64)))
				case *array.Uint64Builder:
					b.Append(uint64(v.(int64)))
				}
			}
		}
		return b.NewRecordBatch()
	}
	bytesFor := func(rec arrow.RecordBatch) []byte {
		f := New(p, view.Period{})
		if err := f.AddRows(rec); err != nil {
			t.Fatal(err)
		}
		return bytesOf(t, f)
	}
	want := bytesFor(build(arrow.BinaryTypes.String, arrow.PrimitiveTypes.Float64))
	dict := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	for _, rec := range []arrow.RecordBatch{
		build(dict, arrow.PrimitiveTypes.Int32),
		build(dict, arrow.PrimitiveTypes.Uint64),
		build(arrow.BinaryTypes.LargeString, arrow.PrimitiveTypes.Float32),
	} {
		if !bytes.Equal(bytesFor(rec), want) {
			t.Errorf("%v counts other bytes", rec.Schema())
		}
		// A slice of a batch counts as its rows alone.
		f, g := New(p, view.Period{}), New(p, view.Period{})
		for _, err := range []error{f.AddRows(rec.NewSlice(0, 3)), g.AddRows(rec.NewSlice(3, 7)), f.Merge(g)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(bytesOf(t, f), want) {
			t.Errorf("slices of %v count other bytes", rec.Schema())
		}
	}
}

func appendText(v any, null func(), text func(string)) {
	if s, ok := v.(string); ok {
		text(s)
		return
	}
	null()
}

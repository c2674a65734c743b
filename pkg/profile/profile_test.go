package profile_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
)

// testRow is a row of the tests' log; nil fields are null.
type testRow struct {
	at      any // time.Time
	score   any
	label   any
	ms      any
	version any
	amount  any // number
	few     any // number of few values
	city    any // category
	note    any // text
}

var rowFields = []arrow.Field{
	table.Field("timestamp", table.Micros, table.Timestamp),
	table.Field("score", arrow.PrimitiveTypes.Float64, table.Score),
	table.Field("label", arrow.BinaryTypes.String, table.Label),
	table.Field("inference_ms", arrow.PrimitiveTypes.Float64, table.Latency),
	table.Field("model_version", arrow.BinaryTypes.String, table.ModelID),
	table.Field("amount", arrow.PrimitiveTypes.Float64, table.Feature),
	table.Field("few", arrow.PrimitiveTypes.Float64, table.Feature),
	table.Field("city", arrow.BinaryTypes.String, table.Feature),
	table.Field("note", arrow.BinaryTypes.String, table.Text),
}

// batchOf returns rows as a batch of the table name.
func batchOf(name string, rows []testRow) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, table.Named(name, arrow.NewSchema(rowFields, nil)))
	defer b.Release()
	for _, r := range rows {
		for i, v := range []any{r.at, r.score, r.label, r.ms, r.version, r.amount, r.few, r.city, r.note} {
			switch v := v.(type) {
			case nil:
				b.Field(i).AppendNull()
			case time.Time:
				b.Field(i).(*array.TimestampBuilder).Append(arrow.Timestamp(v.UnixMicro()))
			case float64:
				b.Field(i).(*array.Float64Builder).Append(v)
			case string:
				b.Field(i).(*array.StringBuilder).Append(v)
			default:
				panic(fmt.Sprintf("no column for %T", v))
			}
		}
	}
	return b.NewRecordBatch()
}

var requestFields = []arrow.Field{
	table.Field("timestamp", table.Micros, table.Timestamp),
	table.Field("endpoint", arrow.BinaryTypes.String, table.Endpoint),
	table.Field("status_code", arrow.PrimitiveTypes.Int64, table.Status),
	table.Field("response_ms", arrow.PrimitiveTypes.Float64, table.Latency),
}

type testRequest struct {
	at       time.Time
	endpoint string
	status   int64
	ms       float64
}

func requestsOf(rows []testRequest) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, table.Named("requests", arrow.NewSchema(requestFields, nil)))
	defer b.Release()
	for _, r := range rows {
		b.Field(0).(*array.TimestampBuilder).Append(arrow.Timestamp(r.at.UnixMicro()))
		b.Field(1).(*array.StringBuilder).Append(r.endpoint)
		b.Field(2).(*array.Int64Builder).Append(r.status)
		b.Field(3).(*array.Float64Builder).Append(r.ms)
	}
	return b.NewRecordBatch()
}

var day = time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)

// oddNumbers are values that break sums, searches and formats.
var oddNumbers = []float64{
	0, math.Copysign(0, -1), 1, -1, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64,
	1e300, -1e300, 1e-300, math.Inf(1), math.Inf(-1), math.NaN(), math.Float64frombits(0x7ff8000000000123), 0.1, 1 << 53, math.Nextafter(1, 2), math.Nextafter(1, 0),
}

func randomNumber(r *rand.Rand) any {
	switch r.IntN(12) {
	case 0:
		return nil
	case 1:
		return oddNumbers[r.IntN(len(oddNumbers))]
	case 2:
		return float64(r.IntN(5))
	}
	return r.NormFloat64() * 10
}

func randomRow(r *rand.Rand) testRow {
	row := testRow{
		at:     day.Add(time.Duration(r.Int64N(int64(10*24*time.Hour)/1000)) * 1000),
		score:  r.Float64(),
		label:  []string{"yes", "no"}[r.IntN(2)],
		ms:     math.Exp(r.NormFloat64()),
		amount: randomNumber(r),
		few:    float64(r.IntN(4)),
		city:   fmt.Sprintf("city %d", min(r.IntN(40), r.IntN(40))),
		note:   strings.Repeat("é,", r.IntN(9)),
	}
	if r.IntN(10) == 0 {
		row.at, row.score, row.few, row.city = nil, nil, nil, nil
	}
	if r.IntN(2) == 0 {
		row.version = fmt.Sprintf("v%d", r.IntN(3))
	}
	if r.IntN(20) == 0 {
		row.ms, row.city, row.note = -1.0, "", "\xff\xfe broken"
	}
	return row
}

func randomRows(r *rand.Rand, n int) []testRow {
	rows := make([]testRow, n)
	for i := range rows {
		rows[i] = randomRow(r)
		if i > 0 && r.IntN(10) == 0 {
			rows[i] = rows[r.IntN(i)]
		}
	}
	return rows
}

func randomRequests(r *rand.Rand, n int) []testRequest {
	rows := make([]testRequest, n)
	for i := range rows {
		rows[i] = testRequest{
			at:       day.Add(time.Duration(r.Int64N(int64(12 * 24 * time.Hour)))),
			endpoint: fmt.Sprintf("/e%d", r.IntN(100)), status: []int64{200, 200, 404, 500, 0}[r.IntN(5)],
			ms: math.Exp(r.NormFloat64() * 3),
		}
	}
	return rows
}

func planOf(t testing.TB, o plan.Options, rows []testRow) *plan.Plan {
	t.Helper()
	b := plan.NewPlanner(o)
	if err := b.Add(batchOf("reference", rows)); err != nil {
		t.Fatal(err)
	}
	p, err := b.Plan()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var testOptions = plan.Options{Threshold: 0.5, PositiveLabel: "yes", Window: 24 * time.Hour}

func profileOf(t testing.TB, p *plan.Plan, period view.Period, rows []testRow, requests []testRequest) *tally.Profile {
	t.Helper()
	f := tally.New(p, period)
	for len(rows) > 0 {
		n := min(len(rows), 700)
		if err := f.AddRows(batchOf("predictions", rows[:n])); err != nil {
			t.Fatal(err)
		}
		rows = rows[n:]
	}
	if err := f.AddRequests(requestsOf(requests)); err != nil {
		t.Fatal(err)
	}
	return f
}

// bytesOf returns the encoded profile without its shards.
func bytesOf(t testing.TB, f *tally.Profile) []byte {
	t.Helper()
	return encoded(t, wire.Seal(f, "x"))
}

func encoded(t testing.TB, f *wire.Sealed) []byte {
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

// decoded reads a profile.
func decoded(t testing.TB, p *plan.Plan, bundle []byte) *tally.Profile {
	t.Helper()
	f, err := merged(p, bundle)
	if err != nil {
		t.Fatal(err)
	}
	return f.Profile
}

// merged reads profiles and merges them.
func merged(p *plan.Plan, bundle []byte) (*wire.Sealed, error) {
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

// TestHomomorphism: whatever the shards, the order, the shape of the merge tree
// and the trips over the wire, the bytes are those of the whole.
func TestHomomorphism(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := planOf(t, testOptions, randomRows(r, 1+r.IntN(400)))
		period := view.Period{}
		if seed%3 == 1 {
			period = view.Period{From: day.Add(3 * 24 * time.Hour), Until: day.Add(5*24*time.Hour + 1e9)}
		}
		rows, requests := randomRows(r, r.IntN(3000)), randomRequests(r, r.IntN(500))
		want := bytesOf(t, profileOf(t, p, period, rows, requests))

		k := 1 + r.IntN(20)
		shardRows, shardRequests := make([][]testRow, k), make([][]testRequest, k)
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
			parts = append(parts, wire.Seal(profileOf(t, p, period, shardRows[i], shardRequests[i]), fmt.Sprint(i)))
		}
		for len(parts) > 1 {
			i := r.IntN(len(parts))
			a := parts[i]
			parts = append(parts[:i], parts[i+1:]...)
			j := r.IntN(len(parts))
			bundle := append(encoded(t, parts[j]), encoded(t, a)...)
			both, err := merged(p, bundle)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			parts[j] = both
		}
		if got := bytesOf(t, parts[0].Profile); !bytes.Equal(got, want) {
			t.Fatalf("seed %d: %d shards give other bytes than the whole", seed, k)
		}
	}
}

func TestMergeLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	p := planOf(t, testOptions, randomRows(r, 300))
	build := func(seed uint64) *tally.Profile {
		r := rand.New(rand.NewPCG(seed, 2))
		return profileOf(t, p, view.Period{}, randomRows(r, 400), randomRequests(r, 100))
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
		if !bytes.Equal(bytesOf(t, a), bytesOf(t, b)) {
			t.Errorf("%s does not hold", law)
		}
	}
	same("e·a = a", merge(empty(), build(1)), build(1))
	same("a·e = a", merge(build(1), empty()), build(1))
	same("a·b = b·a", merge(build(1), build(2)), merge(build(2), build(1)))
	same("(a·b)·c = a·(b·c)", merge(merge(build(1), build(2)), build(3)), merge(build(1), merge(build(2), build(3))))
	if bytes.Equal(bytesOf(t, build(1)), bytesOf(t, build(2))) {
		t.Error("different rows give the same bytes")
	}
}

func TestShards(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	p := planOf(t, testOptions, randomRows(r, 100))
	leaf := func(seed uint64, name string, period view.Period) []byte {
		r := rand.New(rand.NewPCG(seed, 9))
		return encoded(t, wire.Seal(profileOf(t, p, period, randomRows(r, 50), nil), name))
	}
	join := func(bundles ...[]byte) []byte { return bytes.Join(bundles, nil) }
	sum := func(bundles ...[]byte) []byte {
		t.Helper()
		f, err := merged(p, join(bundles...))
		if err != nil {
			t.Fatal(err)
		}
		return encoded(t, f)
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
	other := planOf(t, plan.Options{Threshold: math.NaN()}, randomRows(r, 100))
	foreign := wire.Seal(tally.New(other, view.Period{}), "d")
	for _, test := range []struct {
		bundle []byte
		want   string
	}{
		{join(a, leaf(9, "a", view.Period{})), "shard a is there twice"},
		{join(ab, sum(b, c)), "share some shards but not all"},
		{join(a, leaf(2, "b", view.Period{From: day})), "profile of the period (2025-03-01T00:00:00Z, …]"},
		{encoded(t, foreign), "was counted by plan"},
	} {
		_, err := merged(p, test.bundle)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
}

// TestSealIsNeeded: a profile from which any table is missing, or any batch
// changed, is refused even where the bundle is well formed.
func TestSealIsNeeded(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	p := planOf(t, testOptions, randomRows(r, 100))
	f := wire.Seal(profileOf(t, p, view.Period{}, randomRows(r, 200), randomRequests(r, 50)), "a")
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

package monitor

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/rejects"
	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
)

// bundle holds reference rows as CSV, then a log as JSON lines, then other
// tables; "" leaves a part out.
func bundle(t *testing.T, reference, log string, others ...string) *table.Reader {
	t.Helper()
	var buf bytes.Buffer
	w := table.NewWriter(&buf)
	if reference != "" {
		if _, err := predlog.ReferenceFrom("reference", strings.NewReader(reference), predlog.Options{}, w.Write); err != nil {
			t.Fatal(err)
		}
	}
	if log != "" {
		d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions}}, w.Write)
		if err := d.From("log", strings.NewReader(log)); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range others {
		if err := w.Write(table.Encode(name, []struct {
			N int64 `table:"n"`
		}{{1}})); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return table.NewReader("input", &buf)
}

// options are those of an empty config, and the notes that a run with them gives.
func options(t *testing.T) (Options, *[]string) {
	t.Helper()
	c, err := config.Load("")
	if err != nil {
		t.Fatal(err)
	}
	notes := &[]string{}
	return Options{Config: c, Notef: func(format string, args ...any) { *notes = append(*notes, fmt.Sprintf(format, args...)) }}, notes
}

// hourly is a log of one row an hour, and rows of a reference that look the same.
func hourly(rows int) (reference, log string) {
	var ref, l strings.Builder
	fmt.Fprintln(&ref, "amount,score")
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		fmt.Fprintf(&ref, "%d,0.%d\n", i%7, 1+i%9)
		fmt.Fprintf(&l, `{"timestamp": %q, "input": {"amount": %d}, "score": 0.%d}`+"\n", start.Add(time.Duration(i)*time.Hour).Format(time.RFC3339), i%7, 1+i%9)
	}
	return ref.String(), l.String()
}

func drop(arrow.RecordBatch) error { return nil }

func TestReadPassesOtherTablesOn(t *testing.T) {
	o, _ := options(t)
	rows := int64(0)
	o.Progress = func(n int64) { rows += n }
	n := NewNight(o)
	defer n.Close()
	var passed []string
	reference, log := hourly(50)
	if err := n.Read(bundle(t, reference, log, "bench"), func(rec arrow.RecordBatch) error {
		passed = append(passed, table.NameOf(rec.Schema()))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(passed, []string{"bench"}) || rows != 50 {
		t.Errorf("passed on %q, and %d rows of progress", passed, rows)
	}
}

func TestReadRefuses(t *testing.T) {
	_, log := hourly(5)
	for _, c := range []struct {
		in   *table.Reader
		want string
	}{
		{bundle(t, "", "", "bench", "other"), "input: no table predictions: it has bench, other"},
		{bundle(t, "", "", "run"), "input: is judged already: give it to render, or to driftcalc gate"},
		{bundle(t, "", log), "no reference"},
	} {
		o, _ := options(t)
		n := NewNight(o)
		if err := n.Read(c.in, drop); fmt.Sprint(err) != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
		n.Close()
	}
}

// TestEscalate: an hour has one row, of which nothing can be told; the last 7 days
// have 168, and with the bound itself 168 or 169.
func TestEscalate(t *testing.T) {
	o, notes := options(t)
	o.Config.Last = time.Hour
	n := NewNight(o)
	defer n.Close()
	reference, log := hourly(400)
	if err := n.Read(bundle(t, reference, log), drop); err != nil {
		t.Fatal(err)
	}
	r, err := n.Judge()
	if err != nil {
		t.Fatal(err)
	}
	if r.Run.Rows < 168 || r.Run.Rows > 169 {
		t.Errorf("%d rows", r.Run.Rows)
	}
	if want := "too few rows in the last hour to tell: judged the last 7 days"; !slices.Contains(*notes, want) {
		t.Errorf("notes %q", *notes)
	}
}

// TestStepsAreANight: plan, profiles and a Judge find what a Night finds.
func TestStepsAreANight(t *testing.T) {
	reference, log := hourly(300)
	o, _ := options(t)
	n := NewNight(o)
	defer n.Close()
	if err := n.Read(bundle(t, reference, log), drop); err != nil {
		t.Fatal(err)
	}
	whole, err := n.Judge()
	if err != nil {
		t.Fatal(err)
	}
	p, err := MakePlan(o, bundle(t, reference, ""), drop)
	if err != nil {
		t.Fatal(err)
	}
	ref, err := CountLog(o, p, bundle(t, reference, ""), drop)
	if err != nil {
		t.Fatal(err)
	}
	cur, err := CountLog(o, p, bundle(t, "", log), drop)
	if err != nil {
		t.Fatal(err)
	}
	j, err := NewJudge(o, p)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := j.Compare(wire.Seal(ref, "reference"), wire.Seal(cur, "log"))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := encoded(t, whole), encoded(t, steps); !bytes.Equal(a, b) {
		t.Errorf("%d and %d bytes differ", len(a), len(b))
	}
}

func encoded(t *testing.T, r *Report) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := table.NewWriter(&buf)
	if err := r.Encode(w.Write); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestCountLogRefusesBothSides(t *testing.T) {
	reference, log := hourly(20)
	o, _ := options(t)
	p, err := MakePlan(o, bundle(t, reference, ""), drop)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := CountLog(o, p, bundle(t, reference, log), drop); err == nil || !strings.Contains(err.Error(), "profile them apart") {
		t.Errorf("got %v", err)
	}
}

// TestForeignRowsAreMapped: rows of a warehouse, without a word of leadsman's about
// their columns, are taken by the names that the settings give, the id's too: what is
// found is what is found of the same rows by way of ingest.
func TestForeignRowsAreMapped(t *testing.T) {
	c, err := config.Parse("test", []byte("id: lead\nignore: [batch]\nwindow: 24h\nfields: {predictions: {timestamp: at_utc, score: proba}}"))
	if err != nil {
		t.Fatal(err)
	}
	fields := []arrow.Field{
		{Name: "at_utc", Type: &arrow.TimestampType{Unit: arrow.Millisecond}}, {Name: "proba", Type: arrow.PrimitiveTypes.Float32, Nullable: true},
		{Name: "lead", Type: arrow.BinaryTypes.String}, {Name: "amount", Type: arrow.PrimitiveTypes.Int32}, {Name: "batch", Type: arrow.PrimitiveTypes.Int32},
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	var log strings.Builder
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 300 {
		at := start.Add(time.Duration(i) * time.Hour)
		b.Field(0).(*array.TimestampBuilder).Append(arrow.Timestamp(at.UnixMilli()))
		b.Field(2).(*array.StringBuilder).Append(fmt.Sprint("L", i))
		b.Field(3).(*array.Int32Builder).Append(int32(i % 7))
		b.Field(4).(*array.Int32Builder).Append(int32(i))
		score := fmt.Sprintf("%g", float64(i%8)/8)
		if i == 9 { // a bad line in both
			b.Field(1).(*array.Float32Builder).AppendNull()
			score = "null"
		} else {
			b.Field(1).(*array.Float32Builder).Append(float32(i%8) / 8)
		}
		fmt.Fprintf(&log, `{"at_utc": %q, "proba": %s, "input": {"lead": "L%d", "amount": %d, "batch": %d}}`+"\n", at.Format(time.RFC3339), score, i, i%7, i)
	}
	rec := b.NewRecordBatch()
	var outcomes strings.Builder
	outcomes.WriteString("lead,outcome\n")
	for i := range 200 {
		fmt.Fprintf(&outcomes, "L%d,%d\n", i, i%2)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"outcomes.csv": outcomes.String(), "reference.csv": "amount,score\n" + strings.Repeat("1,0.5\n2,0.25\n5,0.75\n", 60)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, last := range []time.Duration{0, 100 * time.Hour} {
		settings := *c
		settings.Last = last
		o := Options{Config: &settings, Reference: filepath.Join(dir, "reference.csv"), Outcomes: filepath.Join(dir, "outcomes.csv")}
		p, err := MakePlan(o, nil, drop)
		if err != nil {
			t.Fatal(err)
		}
		judged := func(in *table.Reader) *Report {
			n := NewNight(o)
			defer n.Close()
			if err := n.Read(in, drop); err != nil {
				t.Fatal(err)
			}
			r, err := n.Judge()
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		var buf bytes.Buffer
		w := ipc.NewWriter(&buf, ipc.WithSchema(rec.Schema()))
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		foreign := table.NewReader("log", &buf)
		foreign.Plain = predictions
		got, want := judged(foreign), judged(lawBundle(t, &o, p, [][2]string{{log.String()}}, []int{0}))
		if len(want.Quality.Outcomes) < 10 || want.Run.PeriodEnd != start.Add(299*time.Hour) || len(want.left.Rejects()) != 1 {
			t.Fatalf("%d rows of outcomes, until %s, rejects %v", len(want.Quality.Outcomes), want.Run.PeriodEnd, want.left.Rejects())
		}
		for _, r := range []*Report{got, want} {
			r.left = rejects.Sum{} // which names line or row
		}
		if a, b := encoded(t, got), encoded(t, want); !bytes.Equal(a, b) {
			t.Errorf("last %s: level %s, %s; by way of ingest %s, %s", last, got.Run.Level, got.Run.Headline, want.Run.Level, want.Run.Headline)
		}
	}
}

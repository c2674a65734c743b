package driftcalc

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/leadsman/leadsman/pkg/commands/commandtest"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"driftcalc": func() { cli.Main(App()) }, "rows": rows, "tables": tables})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": commandtest.Status},
	})
}

// logRows says which rows the command rows writes.
type logRows struct {
	table         string
	seed, n, days int
	start         time.Time
	shift         float64 // of the number, in standard deviations
	part, parts   int     // only every parts-th row, from part on
}

// rows is a command that writes a bundle of one table:
//
//	rows predictions n=1000 seed=1 shift=0.5 days=3 part=0 parts=7
func rows() {
	o := logRows{table: os.Args[1], start: firstDay, n: 1000, seed: 1, days: 3, parts: 1}
	for _, arg := range os.Args[2:] {
		key, value, _ := strings.Cut(arg, "=")
		if key == "start" {
			at, err := time.Parse(time.DateOnly, value)
			if err != nil {
				panic(err)
			}
			o.start = at
			continue
		}
		x, err := strconv.ParseFloat(value, 64)
		if err != nil {
			fmt.Fprintln(os.Stderr, arg)
			os.Exit(2)
		}
		switch key {
		case "n":
			o.n = int(x)
		case "seed":
			o.seed = int(x)
		case "days":
			o.days = int(x)
		case "shift":
			o.shift = x
		case "part":
			o.part = int(x)
		case "parts":
			o.parts = int(x)
		}
	}
	w := table.NewWriter(os.Stdout)
	if err := o.write(w.Write); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
}

var firstDay = time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)

// write passes the rows on in batches of 500.
func (o logRows) write(write func(arrow.RecordBatch) error) error {
	f64, utf8 := arrow.PrimitiveTypes.Float64, arrow.BinaryTypes.String
	fields := map[string][]arrow.Field{
		"predictions": {
			table.Field("timestamp", table.Micros, table.Timestamp), table.Field("score", f64, table.Score),
			table.Field("label", utf8, table.Label), table.Field("inference_ms", f64, table.Latency), table.Field("model_version", utf8, table.ModelID),
			table.Field("amount", f64, table.Feature), table.Field("city", utf8, table.Feature), table.Field("note", utf8, table.Text),
		},
		"reference": {
			table.Field("score", f64, table.Score), table.Field("amount", f64, table.Feature), table.Field("city", utf8, table.Feature), table.Field("note", utf8, table.Text),
		},
		"requests": {
			table.Field("timestamp", table.Micros, table.Timestamp), table.Field("endpoint", utf8, table.Endpoint),
			table.Field("status_code", arrow.PrimitiveTypes.Int64, table.Status), table.Field("response_ms", f64, table.Latency),
		},
		"rejects": {table.Field("kind", utf8, ""), table.Field("column", utf8, ""), table.Field("reason", utf8, ""), table.Field("count", arrow.PrimitiveTypes.Int64, "")},
		"bench":   {table.Field("engine", utf8, ""), table.Field("mean_ms", f64, "")},
	}[o.table]
	b := array.NewRecordBuilder(memory.DefaultAllocator, table.Named(o.table, arrow.NewSchema(fields, nil)))
	defer b.Release()
	flush := func() error {
		rec := b.NewRecordBatch()
		defer rec.Release()
		return write(rec)
	}
	r := rand.New(rand.NewPCG(uint64(o.seed), 0))
	for i := range o.n {
		amount := r.NormFloat64() + o.shift
		values := map[string]any{
			"timestamp": o.start.Add(time.Duration(i) * time.Duration(o.days) * 24 * time.Hour / time.Duration(o.n)),
			"score":     r.Float64(), "label": []string{"yes", "no"}[r.IntN(2)], "inference_ms": r.ExpFloat64(), "model_version": "v1",
			"amount": amount, "city": fmt.Sprint("city ", r.IntN(12)), "note": strings.Repeat("x,", r.IntN(20)),
			"endpoint": "/predict", "status_code": int64(200 + 300*(r.IntN(50)/49)), "response_ms": 10 * r.ExpFloat64(),
			"kind": verdict.RejectType, "column": "amount", "reason": "type: column amount: want a number", "count": int64(1),
			"engine": fmt.Sprint("e", i), "mean_ms": r.Float64(),
		}
		if i%o.parts != o.part {
			continue
		}
		for j, f := range fields {
			switch v := values[f.Name].(type) {
			case time.Time:
				b.Field(j).(*array.TimestampBuilder).Append(arrow.Timestamp(v.UnixMicro()))
			case float64:
				b.Field(j).(*array.Float64Builder).Append(v)
			case int64:
				b.Field(j).(*array.Int64Builder).Append(v)
			case string:
				b.Field(j).(*array.StringBuilder).Append(v)
			}
		}
		if b.Field(0).Len() == 500 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// tables is a command that lists a bundle's tables with their rows and a hash
// of their contents as JSON.
func tables() {
	r := table.NewReader("stdin", os.Stdin)
	var names []string
	rows := map[string]int64{}
	for r.Next() {
		if _, ok := rows[r.Table()]; !ok {
			names = append(names, r.Table())
		}
		rows[r.Table()] += r.Batch().NumRows()
	}
	for _, name := range names {
		fmt.Println(name, rows[name])
	}
	if err := r.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run runs driftcalc in this process.
func run(stdin []byte, env cli.Env, args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	env.Stdin, env.Stdout, env.Stderr = bytes.NewReader(stdin), &out, &errs
	status = cli.Run(App(), &env, append([]string{"driftcalc"}, args...))
	return status, out.String(), errs.String()
}

func bundle(t *testing.T, logs ...logRows) []byte {
	t.Helper()
	var buf bytes.Buffer
	for _, o := range logs {
		w := table.NewWriter(&buf)
		if err := o.write(w.Write); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return buf.Bytes()
}

// TestCut: an input that is cut at any byte is refused, and no output claims to
// be whole. A cut between two bundles cannot be seen.
func TestCut(t *testing.T) {
	if testing.Short() {
		t.Skip("every byte takes seconds")
	}
	first := bundle(t, logRows{table: "requests", n: 2, parts: 1, days: 1})
	log := append(bytes.Clone(first), bundle(t, logRows{table: "bench", n: 1, parts: 1, days: 1})...)
	for n := range len(log) + 1 {
		status, stdout, stderr := run(log[:n], cli.Env{})
		if n == len(first) || n == len(log) {
			if status != 0 || !whole(stdout) {
				t.Fatalf("not cut: status %d: %s", status, stderr)
			}
			continue
		}
		if status != 1 || stderr == "" {
			t.Fatalf("cut at byte %d of %d: status %d: %s", n, len(log), status, stderr)
		}
		if whole(stdout) {
			t.Fatalf("cut at byte %d: the output is complete", n)
		}
	}
}

func whole(out string) bool {
	r := table.NewReader("out", strings.NewReader(out))
	for r.Next() {
	}
	return r.Err() == nil
}

// TestCutProfile: the same of a profile, at many bytes.
func TestCutProfile(t *testing.T) {
	if testing.Short() {
		t.Skip("many bytes take seconds")
	}
	dir := t.TempDir()
	plan, ref := dir+"/plan", dir+"/ref"
	rows := bundle(t, logRows{table: "reference", n: 2, parts: 1, days: 1})
	for _, step := range [][]string{{"plan", "-o", plan}, {"profile", "--plan", plan, "-o", ref}} {
		if status, _, stderr := run(rows, cli.Env{}, step...); status != 0 {
			t.Fatalf("%v: status %d: %s", step, status, stderr)
		}
	}
	prof, err := os.ReadFile(ref)
	if err != nil {
		t.Fatal(err)
	}
	if status, _, stderr := run(prof, cli.Env{}, "merge", "--plan", plan); status != 0 {
		t.Fatalf("status %d: %s", status, stderr)
	}
	for n := 0; n < len(prof); n += 1 + n%29 {
		if status, stdout, _ := run(prof[:n], cli.Env{}, "merge", "--plan", plan); status != 1 || whole(stdout) {
			t.Fatalf("cut at byte %d of %d: status %d", n, len(prof), status)
		}
	}
}

// TestTerminal: on a terminal the output is text, never Arrow.
func TestTerminal(t *testing.T) {
	log := bundle(t, logRows{table: "reference", n: 400, parts: 1, days: 1}, logRows{table: "predictions", n: 400, seed: 2, shift: 3, parts: 1, days: 1})
	status, stdout, stderr := run(log, cli.Env{StdoutTerminal: true})
	if status != 0 {
		t.Fatalf("status %d: %s", status, stderr)
	}
	if !strings.Contains(stdout, "\nalert  amount: ") || strings.Contains(stdout, "ARROW") {
		t.Errorf("got %q", stdout)
	}
	status, _, stderr = run(log, cli.Env{StdoutTerminal: true}, "plan")
	if status != 2 || !strings.Contains(stderr, "will not write Arrow to a terminal") {
		t.Errorf("status %d: %s", status, stderr)
	}
}

package monitor

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/table/parquetfile"
)

// A sheet is rows of named columns.
type sheet struct {
	columns []string
	rows    []map[string]string
}

// sheetOf draws n rows of numbers, codes, a category of many values and labels;
// moved moves some of them.
func sheetOf(r *rand.Rand, n int, moved bool) sheet {
	s := sheet{columns: []string{"amount", "few", "city", "shop", "age", "size"}}
	for range n {
		amount := r.NormFloat64()
		city := fmt.Sprint("c", min(r.IntN(12), r.IntN(12)))
		shop := fmt.Sprint("s", min(r.IntN(300), r.IntN(300)))
		if moved {
			amount += 1.5
			if r.IntN(3) == 0 {
				city = "new"
			}
			if r.IntN(2) == 0 {
				shop = "s250"
			}
		}
		s.rows = append(s.rows, map[string]string{
			"amount": fmt.Sprintf("%.4f", amount), "few": fmt.Sprint(r.IntN(4)), "city": city, "shop": shop,
			"age": fmt.Sprintf("%.3f", 40+9*r.NormFloat64()), "size": fmt.Sprintf("%.3f", r.ExpFloat64()),
		})
	}
	return s
}

func (s sheet) csv() string {
	var b strings.Builder
	fmt.Fprintln(&b, strings.Join(s.columns, ","))
	for _, row := range s.rows {
		var fields []string
		for _, c := range s.columns {
			fields = append(fields, row[c])
		}
		fmt.Fprintln(&b, strings.Join(fields, ","))
	}
	return b.String()
}

func (s sheet) log() string {
	var b strings.Builder
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, row := range s.rows {
		fmt.Fprintf(&b, `{"timestamp": %q, "input": %s}`+"\n", start.Add(time.Duration(i)*time.Minute).Format(time.RFC3339), s.object(row))
	}
	return b.String()
}

// object is a row in JSON.
func (s sheet) object(row map[string]string) string {
	var fields []string
	for _, c := range s.columns {
		v := row[c]
		if c == "city" || c == "shop" {
			v = fmt.Sprintf("%q", v)
		}
		fields = append(fields, fmt.Sprintf("%q: %s", c, v))
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

// jsonl are the rows as lines of a reference.
func (s sheet) jsonl() string {
	var b strings.Builder
	for _, row := range s.rows {
		b.WriteString(s.object(row) + "\n")
	}
	return b.String()
}

// parquet writes the rows to a file, its numbers as numbers.
func (s sheet) parquet(t *testing.T, path string) {
	t.Helper()
	var fields []arrow.Field
	for _, c := range s.columns {
		f := arrow.Field{Name: c, Type: arrow.PrimitiveTypes.Float64, Nullable: true}
		if c == "city" || c == "shop" {
			f.Type = arrow.BinaryTypes.String
		}
		fields = append(fields, f)
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer b.Release()
	for _, row := range s.rows {
		for i, c := range s.columns {
			switch to := b.Field(i).(type) {
			case *array.StringBuilder:
				to.Append(row[c])
			case *array.Float64Builder:
				x, err := strconv.ParseFloat(row[c], 64)
				if err != nil {
					t.Fatal(err)
				}
				to.Append(x)
			}
		}
	}
	rec := b.NewRecordBatch()
	defer rec.Release()
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := parquetfile.NewWriter(out, rec.Schema(), parquet.NewWriterProperties())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(rec); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// levels judges a log and returns the level of each check of each subject.
func levels(t *testing.T, ref, log sheet) string {
	t.Helper()
	return levelsBy(t, bundle(t, ref.csv(), log.log()), "")
}

// levelsBy is levels of a bundle, held against the reference of a file unless it has one.
func levelsBy(t *testing.T, in *table.Reader, reference string) string {
	t.Helper()
	o, _ := options(t)
	o.Reference = reference
	n := NewNight(o)
	defer n.Close()
	if err := n.Read(in, drop); err != nil {
		t.Fatal(err)
	}
	report, err := n.Judge()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range report.Findings {
		pair := strings.Split(f.Subject, " ~ ")
		slices.Sort(pair)
		out = append(out, fmt.Sprint(strings.Join(pair, " ~ "), " ", f.Check, " ", f.Level))
	}
	slices.Sort(out)
	return report.Run.Level + "\n" + strings.Join(out, "\n")
}

// TestFormatsChangeNoLevel: the same reference as CSV, JSON lines and Parquet gives the
// same levels.
func TestFormatsChangeNoLevel(t *testing.T) {
	for _, moved := range []bool{false, true} {
		r := rand.New(rand.NewPCG(11, 12))
		ref, log := sheetOf(r, 3000, false), sheetOf(r, 2500, moved)
		want, dir := levels(t, ref, log), t.TempDir()
		files := map[string]string{"ref.csv": ref.csv(), "ref.jsonl": ref.jsonl()}
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		ref.parquet(t, filepath.Join(dir, "ref.parquet"))
		for _, name := range []string{"ref.csv", "ref.jsonl", "ref.parquet"} {
			if got := levelsBy(t, bundle(t, "", log.log()), filepath.Join(dir, name)); got != want {
				t.Errorf("moved %v, %s:\n%s\nwant\n%s", moved, name, got, want)
			}
		}
	}
}

// TestKindsGoByAllRows: of 90,000 lines, more than a batch, a column that is numbers in
// the first 65,536 and words in many of the others is a category, and one that is words
// in 6 % of the first and in none of the others a number, as JSON lines and as CSV.
func TestKindsGoByAllRows(t *testing.T) {
	if testing.Short() {
		t.Skip("90,000 lines, read four times")
	}
	var csv, lines strings.Builder
	csv.WriteString("late,early\n")
	for i := range 90_000 {
		late, early := strconv.Itoa(i%97), strconv.Itoa(i%89)
		quoted := [2]string{late, early}
		if i >= 1<<16 && i%3 == 0 {
			late, quoted[0] = "word", `"word"`
		}
		if i < 1<<16 && i%16 == 0 {
			early, quoted[1] = "word", `"word"`
		}
		fmt.Fprintf(&csv, "%s,%s\n", late, early)
		fmt.Fprintf(&lines, "{\"late\":%s,\"early\":%s}\n", quoted[0], quoted[1])
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"ref.csv": csv.String(), "ref.jsonl": lines.String()} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		o, notes := options(t)
		o.Reference = path
		p, err := MakePlan(o, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Types(); got["late"] != "category" || got["early"] != "number" {
			t.Errorf("%s: %v, told %q", name, got, *notes)
		}
	}
}

// TestCapsAndOrderChangeNoLevel: rows and columns in another order, and every cap
// so low that it bites, give the same levels, of a quiet night and of one that
// moved.
func TestCapsAndOrderChangeNoLevel(t *testing.T) {
	for _, moved := range []bool{false, true} {
		r := rand.New(rand.NewPCG(11, 12))
		ref, log := sheetOf(r, 3000, false), sheetOf(r, 2500, moved)
		want := levels(t, ref, log)
		if told := strings.Contains(want, "alert"); told != moved {
			t.Fatalf("moved %v:\n%s", moved, want)
		}
		shuffled := func(s sheet) sheet {
			s = sheet{slices.Clone(s.columns), slices.Clone(s.rows)}
			r.Shuffle(len(s.columns), func(i, j int) { s.columns[i], s.columns[j] = s.columns[j], s.columns[i] })
			r.Shuffle(len(s.rows), func(i, j int) { s.rows[i], s.rows[j] = s.rows[j], s.rows[i] })
			return s
		}
		if got := levels(t, shuffled(ref), shuffled(log)); got != want {
			t.Errorf("moved %v, in another order:\n%s\nwant\n%s", moved, got, want)
		}
		for what, c := range map[string]struct {
			cap *caps.Cap
			n   int
		}{
			"names": {caps.Names, 150}, "all names": {caps.AllNames, 20}, "known names": {caps.KnownNames, 100}, "new names": {caps.NewNames, 1},
			"rows followed": {caps.Followed, 200}, "pairs": {caps.Pairs, 2}, "versions": {caps.Versions, 1}, "trend": {caps.TrendRows, 100},
			"windows": {caps.Windows, 2}, "texts": {caps.CSVTexts, 50},
		} {
			was := c.cap.N
			c.cap.N = c.n
			got := levels(t, ref, log)
			c.cap.N = was
			if got != want {
				t.Errorf("moved %v, %s at most %d:\n%s\nwant\n%s", moved, what, c.n, got, want)
			}
		}
	}
}

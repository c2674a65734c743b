package predlog_test

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
)

// A lead is a row of a reference whose first rows are not like the others.
type lead struct {
	Score float64 `table:"score" json:"score"`
	Late  string  `table:"late" json:"late"`   // short, then long: free text by all rows
	Early string  `table:"early" json:"early"` // long, then short: categories by all rows
	Mixed string  `table:"mixed" json:"mixed"` // numbers, then long texts: free text
	Plan  string  `table:"plan" json:"plan"`
}

// Whether a column is free text goes by all rows of the reference, in whatever order and
// format they come: by hand, 66,000 rows of 2 characters and 30,000 of 280 have 89 on
// average, 66,000 of 70 and 30,000 of 1 have 48.
func TestFreeTextByAllRows(t *testing.T) {
	var rows []lead
	long := strings.Repeat("so many words ", 20)
	for i := range 66_000 {
		rows = append(rows, lead{0.5, fmt.Sprint("k", i%3), strings.Repeat("w", 69) + fmt.Sprint(i%3), fmt.Sprint(i % 7), "a"})
	}
	for i := range 16_000 {
		rows = append(rows, lead{0.25, long, "s", long, "b"})
		rows[len(rows)-1].Late += fmt.Sprint(i)
	}
	for range 14_000 {
		rows = append(rows, lead{0.25, long, "s", long, "b"})
	}
	shuffled := slices.Clone(rows)
	r := rand.New(rand.NewPCG(3, 14))
	r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	backwards := slices.Clone(rows)
	slices.Reverse(backwards)
	dir := t.TempDir()
	const want = "early category, late text, mixed text, plan category"
	for order, rows := range map[string][]lead{"as they are": rows, "shuffled": shuffled, "backwards": backwards} {
		for name, write := range map[string]func(*bytes.Buffer, []lead) error{"ref.csv": leadsCSV, "ref.jsonl": leadsJSON, "ref.arrows": leadsArrow} {
			var b bytes.Buffer
			if err := write(&b, rows); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			pins, err := predlog.ReferencePins(path, predlog.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range pins {
				got = append(got, p.Name+" "+p.Type)
			}
			if s := strings.Join(got, ", "); s != want {
				t.Errorf("%s, %s: %s, want %s", name, order, s, want)
			}
		}
	}
}

func leadsCSV(b *bytes.Buffer, rows []lead) error {
	w := csv.NewWriter(b)
	if err := w.Write([]string{"score", "late", "early", "mixed", "plan"}); err != nil {
		return err
	}
	for _, r := range rows {
		if err := w.Write([]string{fmt.Sprint(r.Score), r.Late, r.Early, r.Mixed, r.Plan}); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func leadsJSON(b *bytes.Buffer, rows []lead) error {
	w := bufio.NewWriter(b)
	e := json.NewEncoder(w)
	for _, r := range rows {
		if err := e.Encode(r); err != nil {
			return err
		}
	}
	return w.Flush()
}

func leadsArrow(b *bytes.Buffer, rows []lead) error {
	w := table.NewWriter(b)
	for part := range slices.Chunk(rows, 10_000) {
		if err := w.Write(table.Encode("reference", part)); err != nil {
			return err
		}
	}
	return w.Close()
}

// A CSV is told by its header, however long.
func TestLongHeader(t *testing.T) {
	for _, columns := range []int{300, 3000} {
		names, fields := []string{"timestamp", "score"}, []string{"2026-01-05T00:00:00Z", "0.5"}
		for i := range columns {
			names, fields = append(names, fmt.Sprintf("a_column_of_some_name_%d", i)), append(fields, "1")
		}
		text := strings.Join(names, ",") + "\n" + strings.Join(fields, ",") + "\n"
		var rows int64
		d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions}}, func(arrow.RecordBatch) error { return nil })
		if err := d.From("stdin", strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		s, err := d.Close()
		if rows = s.Rows; err != nil || rows != 1 {
			t.Errorf("a header of %d bytes: %d rows, %v", len(text)/2, rows, err)
		}
	}
}

package monitor

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/drift/attribution"
	"github.com/leadsman/leadsman/pkg/drift/skew"
	"github.com/leadsman/leadsman/pkg/table"
)

// writeContributions writes columns of numbers, in this order.
func writeContributions(t *testing.T, names []string, rows ...[]float64) string {
	t.Helper()
	var fields []arrow.Field
	var columns []arrow.Array
	for i, name := range names {
		b := array.NewFloat64Builder(memory.DefaultAllocator)
		for _, row := range rows {
			b.Append(row[i])
		}
		fields, columns = append(fields, arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Float64, Nullable: true}), append(columns, b.NewArray())
	}
	path := filepath.Join(t.TempDir(), "contributions.arrows")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := table.NewWriter(f)
	if err := w.Write(array.NewRecordBatch(table.Named("contributions", arrow.NewSchema(fields, nil)), columns, int64(len(rows)))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestHeldOutContributions(t *testing.T) {
	// Columns are found by name, others passed over.
	path := writeContributions(t, []string{"bias", "b", "fold", "a"}, []float64{-1, 2, 0, 3}, []float64{-1, 4, 1, 5})
	got, err := heldOut(path, []string{"a", "b"})
	if err != nil || !slices.Equal(got.Values, []float64{3, 2, -1, 5, 4, -1}) || !slices.Equal(got.N, []int64{1, 1}) {
		t.Fatalf("%+v, %v", got, err)
	}
	for want, path := range map[string]string{
		`no column "bias"`:               writeContributions(t, []string{"a", "b"}, []float64{1, 2}),
		`no column "b"`:                  writeContributions(t, []string{"a", "bias"}, []float64{1, 2}),
		"row 2: a: want a finite number": writeContributions(t, []string{"a", "b", "bias"}, []float64{1, 2, 3}, []float64{math.NaN(), 2, 3}),
		"no such file":                   filepath.Join(t.TempDir(), "none.parquet"),
	} {
		if _, err := heldOut(path, []string{"a", "b"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	// Their mean margin, (3+2-1+5+4-1)/2 = 6, is that of the scores' log-odds, or they are left out.
	score := func(odds float64) []skew.Row { return []skew.Row{{N: 1, Logged: 1 / (1 + math.Exp(-odds))}} }
	for odds, used := range map[float64]bool{6: true, 6.19: true, 6.3: false, -6: false} {
		said := ""
		e := &attribution.Explained{Columns: []string{"a", "b"}, Logistic: true, Gap: 0.7}
		x := &explainer{held: got}
		x.hold(e, score(odds), func(format string, args ...any) { said = fmt.Sprintf(format, args...) })
		if (len(e.Ref.N) == 2 && e.Gap == 0) != used || (said == "") != used {
			t.Errorf("scores of %g log-odds: used %t, said %q", odds, len(e.Ref.N) == 2, said)
		}
	}
}

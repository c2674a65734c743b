package monitor

import (
	"fmt"
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/drift/attribution"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

const (
	contributionsTable = "contributions"
	biasColumn         = "bias"
	mostContributions  = 100_000 // rows
)

// heldOut reads what the models of the folds of training add to the rows that they had
// not seen: a table, such as a Parquet file, with a column of each of the model's and
// one with the bias, in margins. It is the model's view of the reference as held-out
// scores are its scores.
func heldOut(path string, columns []string) (*attribution.Rows, error) {
	if _, err := files.Reread(path); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	in := table.Open(table.Input{Name: path})
	in.Plain = contributionsTable
	defer in.Close()
	names := append(slices.Clone(columns), biasColumn)
	out := &attribution.Rows{}
	for in.Next() {
		rec := in.Batch()
		read := make([]func(int) float64, len(names))
		for i, name := range names {
			at := rec.Schema().FieldIndices(name)
			if len(at) == 0 {
				return nil, fmt.Errorf("%s: no column %q%s: want one for each of the model's columns, and %s", path, name, words.DidYouMean(name, fieldsOf(rec.Schema())), biasColumn)
			}
			col := rec.Column(at[0])
			number, ok := table.Numbers(col)
			if !ok {
				return nil, fmt.Errorf("%s: %s: want numbers, got %s", path, name, table.TypeName(col.DataType()))
			}
			read[i] = func(row int) float64 {
				if col.IsNull(row) {
					return math.NaN()
				}
				return number(row)
			}
		}
		for row := range int(rec.NumRows()) {
			if len(out.N) == mostContributions {
				return nil, fmt.Errorf("%s: more than %d rows: give as many, drawn at random", path, mostContributions)
			}
			for i, name := range names {
				v := read[i](row)
				if math.IsNaN(v) || math.IsInf(v, 0) {
					return nil, fmt.Errorf("%s: row %d: %s: want a finite number", path, len(out.N)+1, name)
				}
				out.Values = append(out.Values, v)
			}
			out.N = append(out.N, 1)
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	out.All = int64(len(out.N))
	return out, nil
}

// margins is the mean margin of rows, each of which has width values.
func margins(rows *attribution.Rows, width int) float64 {
	sum, n := 0.0, 0.0
	for i, k := range rows.N {
		for _, v := range rows.Values[i*width:][:width] {
			sum += float64(k) * v
		}
		n += float64(k)
	}
	return sum / n
}

func fieldsOf(s *arrow.Schema) []string {
	names := make([]string, s.NumFields())
	for i := range names {
		names[i] = s.Field(i).Name
	}
	return names
}

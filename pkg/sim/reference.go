package sim

import (
	"encoding/csv"
	"io"
)

// Reference writes rows of the population as CSV: a header, the columns in
// order, the outcome as 0 or 1 at the end; a missing value is an empty field.
// Its random numbers are no log's: a log of the same seed repeats none of its
// rows. progress, which may be nil, is told how many rows were written.
func Reference(w io.Writer, p *Population, seed uint64, rows int64, progress func(rows int64)) error {
	out := csv.NewWriter(w)
	record := append(p.Names(), p.outcome.name)
	if err := out.Write(record); err != nil {
		return err
	}
	for first := int64(0); first < rows; first += chunkRows {
		d := p.drawer(stream(seed, "reference", first/chunkRows))
		n := min(chunkRows, rows-first)
		for range n {
			row := d.row(nil)
			for i, v := range row.values {
				record[i] = v.Text()
			}
			record[len(row.values)] = "0"
			if row.outcome {
				record[len(row.values)] = "1"
			}
			if err := out.Write(record); err != nil {
				return err
			}
		}
		if progress != nil {
			progress(n)
		}
	}
	out.Flush()
	return out.Error()
}

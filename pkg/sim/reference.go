package sim

import (
	"encoding/csv"
	"io"

	"github.com/leadsman/leadsman/pkg/predlog/record"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Reference writes rows of the population as CSV: a header, the columns in
// order, the outcome as 0 or 1 at the end; a missing value is an empty field.
// Its random numbers are no log's: a log of the same seed repeats none of its
// rows. progress, which may be nil, is told how many rows were written.
//
// With classes the outcome is one of them, and before it stand their scores by s, which
// has not seen the rows: score_CLASS.
func Reference(w io.Writer, p *Population, s *Scorer, classes Classes, seed uint64, rows int64, progress func(rows int64)) error {
	out := csv.NewWriter(w)
	line := p.Names()
	for _, class := range classes {
		line = append(line, verdict.ClassScore+class)
	}
	line = append(line, p.outcome.name)
	var b *scoring
	if len(classes) > 0 {
		b = s.scoring(p.Names())
	}
	if err := out.Write(line); err != nil {
		return err
	}
	spare := make([]float64, len(classes))
	var given []record.Field
	for first := int64(0); first < rows; first += chunkRows {
		d := p.drawer(stream(seed, "reference", first/chunkRows))
		kinds := stream(seed, "reference classes", first/chunkRows)
		n := min(chunkRows, rows-first)
		for range n {
			row := d.row(nil)
			for i, v := range row.values {
				line[i] = v.Text()
			}
			last := len(line) - 1
			line[last] = "0"
			switch {
			case b != nil:
				if err := b.add(row.values); err != nil {
					return err
				}
				scores, err := b.scores()
				if err != nil {
					return err
				}
				given, _ = classes.scores(float64(scores[0]), spare, given[:0])
				for k, f := range given {
					line[len(row.values)+k] = f.Value.Text()
				}
				line[last] = classes[classes.draw(kinds, row.chance, spare)]
			case row.outcome:
				line[last] = "1"
			}
			if err := out.Write(line); err != nil {
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

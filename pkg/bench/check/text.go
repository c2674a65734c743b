package check

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/words"
)

// WriteText writes the result for people: equal or not first, then where.
func (r *Result) WriteText(w io.Writer) error {
	b := &strings.Builder{}
	rows := words.Count(int64(r.Rows), "row", "rows")
	if r.Differ == 0 {
		fmt.Fprintf(b, "Equal: %s, largest difference %.2g.\n", rows, r.Largest)
		_, err := io.WriteString(w, b.String())
		return err
	}
	fmt.Fprintf(b, "Not equal: %s of %s differ by more than %g, the worst by %.3g.\n\nFirst rows that differ\n", words.Whole(int64(r.Differ)), rows, r.Tolerance, r.Largest)
	for _, d := range r.First {
		fmt.Fprintf(b, "  row %d: leadsman %.7g, Python %.7g\n", d.Row, d.Got, d.Want)
	}
	if len(r.Common) > 0 {
		b.WriteString("\nWhat they have in common\n")
		for _, c := range r.Common {
			fmt.Fprintf(b, "  %s is %s: %d of the %d that differ, %d of the %d that do not\n", c.Field, quoted(c.Text), c.Differ, r.Differ, c.Equal, r.Rows-r.Differ)
		}
	}
	if r.Missing == r.Missing {
		fmt.Fprintf(b, "\nWith \"missing\": [%v] in features.json all rows are equal: the model was trained with missing=%v.\n", r.Missing, r.Missing)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// quoted is a text as messages write it.
func quoted(text string) string {
	if text == isNull || text == isEmpty {
		return text
	}
	return strconv.Quote(text)
}

// Scores reads the scores of a CSV file: its column of that name, or its only one,
// with a header or without.
func Scores(name string, r io.Reader, column string) ([]float64, error) {
	lines := csv.NewReader(r)
	lines.ReuseRecord = true
	at := -1
	var scores []float64
	for {
		record, err := lines.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		line, _ := lines.FieldPos(0)
		if at < 0 {
			var header bool
			if at, header = columnOf(record, column); at < 0 {
				return nil, fmt.Errorf("%s: no column %s", name, column)
			}
			if header {
				continue
			}
		}
		x, err := strconv.ParseFloat(record[at], 64)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %s: want a number, got %q", name, line, column, record[at])
		}
		if scores = append(scores, x); len(scores) > maxRows {
			return nil, fmt.Errorf("%s: more than %d rows", name, maxRows)
		}
	}
	if len(scores) == 0 {
		return nil, fmt.Errorf("%s: no scores", name)
	}
	return scores, nil
}

// columnOf finds the column in the first line, and says whether that is a header.
func columnOf(first []string, column string) (at int, header bool) {
	for i, name := range first {
		if name == column {
			return i, true
		}
	}
	if len(first) > 1 {
		return -1, true
	}
	_, err := strconv.ParseFloat(first[0], 64)
	return 0, err != nil
}

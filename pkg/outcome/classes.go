package outcome

import (
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/table"
)

// scoresOf reads the scores of classes from their columns, as ScoresOf takes them: those
// of row i, and whether it has all of them, finite. Of outcomes of another kind there are
// none and nothing is lacking.
func scoresOf(rec arrow.RecordBatch, kind Kind, classes []string) func(i int) (scores string, ok bool) {
	if kind != MultiClass {
		return func(int) (string, bool) { return "", true }
	}
	var columns []arrow.Array
	var read []func(int) float64
	for _, name := range classes {
		for c, f := range rec.Schema().Fields() {
			if f.Name != table.ClassColumn(name) {
				continue
			}
			if numbers, ok := table.Numbers(rec.Column(c)); ok {
				columns, read = append(columns, rec.Column(c)), append(read, numbers)
			}
			break
		}
	}
	var b []byte
	return func(i int) (string, bool) {
		if len(read) != len(classes) {
			return "", false
		}
		b = b[:0]
		for k, number := range read {
			x := number(i)
			if columns[k].IsNull(i) || x-x != 0 {
				return "", false
			}
			b = AppendScore(b, x)
		}
		return string(b), true
	}
}

// AppendScore adds the score of a row's next class to its text, as a Pair holds it.
func AppendScore(text []byte, x float64) []byte {
	if len(text) > 0 {
		text = append(text, ' ')
	}
	return strconv.AppendFloat(text, x+0, 'g', -1, 64)
}

// ScoresOf reads the scores of classes from what a Pair holds, into dst; false where they
// are not as many, or one is not finite.
func ScoresOf(scores string, dst []float64) bool {
	for k := range dst {
		text, rest, more := strings.Cut(scores, " ")
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || x-x != 0 || more != (k+1 < len(dst)) {
			return false
		}
		dst[k], scores = x, rest
	}
	return true
}

package wire

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// TestCells: what is written is JSON, and is read back as it was.
func TestCells(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	letters := []rune(`"\,]}[{a é<>&` + "\n\t\u2028")
	for range 2000 {
		cells := []view.Cell{}
		for range r.IntN(6) {
			switch r.IntN(4) {
			case 0:
				cells = append(cells, view.Cell{Null: true})
			case 1:
				x := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1e300, 5e-324, r.NormFloat64(), 1e21, 12}[r.IntN(9)]
				cells = append(cells, view.Cell{Num: x})
			default:
				var b strings.Builder
				for range r.IntN(5) {
					b.WriteRune(letters[r.IntN(len(letters))])
				}
				cells = append(cells, view.Cell{String: true, Str: b.String()})
			}
		}
		text := string(appendCells(nil, cells))
		if !json.Valid([]byte(text)) {
			t.Fatalf("%s is no JSON", text)
		}
		got, err := parseCells(text)
		if err != nil || len(got) != len(cells) {
			t.Fatalf("%s: got %v, %v", text, got, err)
		}
		for i, c := range got {
			if want := cells[i]; c != want && !(math.IsNaN(c.Num) && math.IsNaN(want.Num)) {
				t.Fatalf("%s: cell %d is %+v, was %+v", text, i, c, want)
			}
		}
	}
	for _, text := range []string{"", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1]]", "[1 2]", "[true]", "[Inf]", `["a]`, `["a"`, `["\"]`, `[{"number":"x"}]`, "[{}]", "[{]", "[[]]", `["a"b]`, "[nul]"} {
		if cells, err := parseCells(text); err == nil {
			t.Errorf("%q was read as %v", text, cells)
		}
	}
}

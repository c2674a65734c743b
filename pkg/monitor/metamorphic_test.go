package monitor

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/caps"
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
		var fields []string
		for _, c := range s.columns {
			v := row[c]
			if c == "city" || c == "shop" {
				v = fmt.Sprintf("%q", v)
			}
			fields = append(fields, fmt.Sprintf("%q: %s", c, v))
		}
		fmt.Fprintf(&b, `{"timestamp": %q, "input": {%s}}`+"\n", start.Add(time.Duration(i)*time.Minute).Format(time.RFC3339), strings.Join(fields, ", "))
	}
	return b.String()
}

// levels judges a log and returns the level of each check of each subject.
func levels(t *testing.T, ref, log sheet) string {
	t.Helper()
	o, _ := options(t)
	n := NewNight(o)
	defer n.Close()
	if err := n.Read(bundle(t, ref.csv(), log.log()), drop); err != nil {
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

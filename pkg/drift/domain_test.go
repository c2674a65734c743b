package drift

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// sampled is the view of a sample whose rows were all kept.
func (s sample) sampled(ref sample) view.View {
	v := s.view(ref)
	n := len(s.numbers[0])
	v.Sample = make([]view.Row, n)
	for j, x := range s.numbers {
		v.Names = append(v.Names, fmt.Sprint("n", j))
		for i := range v.Sample {
			v.Sample[i].Cells = append(v.Sample[i].Cells, view.Cell{Num: x[i], Null: math.IsNaN(x[i])})
		}
	}
	for j, x := range s.categories {
		v.Names = append(v.Names, fmt.Sprint("c", j))
		for i := range v.Sample {
			v.Sample[i].Cells = append(v.Sample[i].Cells, view.Cell{Str: x[i], String: true, Null: x[i] == ""})
		}
	}
	for i := range v.Sample {
		v.Sample[i].N = 1
	}
	v.SampleRows = int64(n)
	return v
}

// few has so few columns that many rounds are quick; n0 is the score.
var few = population{numbers: 3, categories: []int{3, 6}}

// turned makes n1 and n2 of a sample fall together where they rose, or the other
// way round; each is standard normal by itself.
func turned(rng *rand.Rand, s sample, rho float64) sample {
	for i := range s.numbers[1] {
		a, b := rng.NormFloat64(), rng.NormFloat64()
		s.numbers[1][i], s.numbers[2][i] = a, rho*a+math.Sqrt(1-rho*rho)*b
	}
	return s
}

func multivariateOf(t testing.TB, ref, cur view.View, o Options) (verdict.Finding, Report) {
	t.Helper()
	r := Compare(ref, cur, o)
	return find(t, r, verdict.SubjectFeatures, verdict.CheckMultivariate), r
}

// Two columns that turn from rising together to falling together are found and
// named, though each is as it was.
func TestClassifierSeesWhatNoColumnShows(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for k := range 5 {
		ref, cur := leads.draw(rng, 303), leads.draw(rng, 500)
		f, r := multivariateOf(t, turned(rng, ref, 0.8).sampled(ref), turned(rng, cur, -0.8).sampled(ref), Options{})
		if !verdict.Reaches(f.Level, verdict.Warn) || f.Effect != f.Statistic || f.P != 1./400 || f.Q != f.P || f.EffectUnit != "AUC" || f.Alpha != 0.0025 || f.NRef != 303 || f.NCur != 500 {
			t.Fatalf("%+v", f)
		}
		if !strings.Contains(f.Sentence, "where no single column shows it; n1 and n2 give it away") && !strings.Contains(f.Sentence, "where no single column shows it; n2 and n1 give it away") {
			t.Error(f.Sentence)
		}
		if r.Run.Level != verdict.Warn || r.Run.FeatureLevel != verdict.Warn || !strings.Contains(r.Run.Headline, "Taken together the features differ from the reference") {
			t.Errorf("%s: the run is at %s, features at %s", r.Run.Headline, r.Run.Level, r.Run.FeatureLevel)
		}
		var sum float64
		var names []string
		for _, s := range r.Statistics {
			if s.Name == "domain_importance" {
				names, sum = append(names, s.Subject), sum+s.Cur
			}
		}
		if len(names) < 2 || names[0]+names[1] != "n1n2" && names[0]+names[1] != "n2n1" || math.Abs(sum-1) > 1e-9 || slices.Contains(names, "n0") {
			t.Errorf("case %d: importance of %v, %v in all", k, names, sum)
		}
	}
}

// What one column shows is found too, whatever it is, and the sentence says that
// the column moved by itself.
func TestClassifierSeesEachKind(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for _, c := range []struct {
		name, subject string
		plant         func(s *sample)
	}{
		{"a number moves", "n1", func(s *sample) {
			for i := range s.numbers[1] {
				s.numbers[1][i] *= 6
			}
		}},
		{"values go missing", "n1", func(s *sample) {
			for i := range s.numbers[1] {
				if i%2 == 0 {
					s.numbers[1][i] = math.NaN()
				}
			}
		}},
		{"a new category", "c1", func(s *sample) {
			for i := range s.categories[1] {
				if i%2 == 0 {
					s.categories[1][i] = "new"
				}
			}
		}},
	} {
		ref, cur := few.draw(rng, 300), few.draw(rng, 300)
		c.plant(&cur)
		f, r := multivariateOf(t, ref.sampled(ref), cur.sampled(ref), Options{})
		if !verdict.Reaches(f.Level, verdict.Warn) || !strings.HasSuffix(f.Sentence, "; most of it is "+c.subject+", which moved by itself") || r.Run.Level == verdict.OK {
			t.Errorf("%s: %s %s", c.name, f.Level, f.Sentence)
		}
	}
}

// The classifier does not see scores, columns of one side, the outcome, ids.
func TestClassifierSeesFeaturesOnly(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	ref, cur := few.draw(rng, 200), few.draw(rng, 200)
	for i := range cur.numbers[0] {
		cur.numbers[0][i] += 5
	}
	f, _ := multivariateOf(t, ref.sampled(ref), cur.sampled(ref), Options{})
	if f.Level != verdict.OK || f.Effect > 0.6 {
		t.Errorf("by the score: %s", f.Sentence)
	}
	// n1 is gone, and another column has come.
	gone := cur.sampled(ref)
	for i := range gone.Columns {
		if gone.Columns[i].Name == "n1" {
			gone.Columns[i].Vanished = true
		}
	}
	for i := range gone.Sample {
		gone.Sample[i].Cells[1] = view.Cell{Null: true}
	}
	if f, _ := multivariateOf(t, ref.sampled(ref), gone, Options{}); f.Level != verdict.OK {
		t.Errorf("by a vanished column: %s", f.Sentence)
	}
	gone.Columns = slices.DeleteFunc(gone.Columns, func(c view.Column) bool { return c.Name == "n1" })
	if f, _ := multivariateOf(t, ref.sampled(ref), gone, Options{}); f.Level != verdict.OK {
		t.Errorf("by a column that is not there: %s", f.Sentence)
	}
}

// A text counts by its length and its commas, and once in the importance.
func TestClassifierSeesTextsByLengthAndCommas(t *testing.T) {
	side := func(rows int, of func(i int) string) view.View {
		length, commas := make([]float64, rows), make([]float64, rows)
		v := view.View{Rows: int64(rows), SampleRows: int64(rows), Names: []string{"notes"}}
		for i := range rows {
			s := of(i)
			length[i], commas[i] = float64(len(s)), float64(strings.Count(s, ","))
			v.Sample = append(v.Sample, view.Row{N: 1, Cells: []view.Cell{{String: true, Str: s}}})
		}
		c := view.Column{Name: "notes", Role: table.Text, Kind: view.TextKind, Rows: int64(rows)}
		c.Derived = []view.Column{numberColumn("notes (length)", length, length), numberColumn("notes (commas)", commas, commas)}
		v.Columns = []view.Column{c}
		return v
	}
	word := func(i int) string { return fmt.Sprint("word ", 1000+i, strings.Repeat("x", i%7)) }
	ref := side(150, word)
	if f, _ := multivariateOf(t, ref, side(150, func(i int) string { return word(i + 500) }), Options{}); f.Level != verdict.OK {
		t.Errorf("other words of the same length: %s", f.Sentence)
	}
	f, r := multivariateOf(t, ref, side(150, func(i int) string { return strings.Replace(word(i+500), " ", ",", 1) }), Options{})
	if f.Level != verdict.Alert {
		t.Errorf("commas: %s", f.Sentence)
	}
	n := 0
	for _, s := range r.Statistics {
		if s.Name == "domain_importance" {
			n++
			if s.Subject != "notes" || s.Cur != 1 {
				t.Errorf("%s has %v", s.Subject, s.Cur)
			}
		}
	}
	if n != 1 {
		t.Errorf("%d rows of importance, want 1", n)
	}
}

// The answer depends neither on the number of processors nor on the order of the
// rows, and the views are as they were.
func TestClassifierIsDeterministic(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	ref, cur := few.draw(rng, 150), few.draw(rng, 220)
	a, b := turned(rng, ref, 0.8).sampled(ref), turned(rng, cur, -0.8).sampled(ref)
	all := func() string {
		f, r := multivariateOf(t, a, b, Options{})
		return fmt.Sprint(f, r.Statistics)
	}
	before := fmt.Sprint(a.Sample, b.Sample)
	want := all()
	if fmt.Sprint(a.Sample, b.Sample) != before {
		t.Error("the samples were changed")
	}
	for _, procs := range []int{1, 3} {
		was := runtime.GOMAXPROCS(procs)
		got := all()
		runtime.GOMAXPROCS(was)
		if got != want {
			t.Errorf("on %d processors:\n%s\nwant\n%s", procs, got, want)
		}
	}
	slices.Reverse(a.Sample)
	rng.Shuffle(len(b.Sample), func(i, j int) { b.Sample[i], b.Sample[j] = b.Sample[j], b.Sample[i] })
	if got := all(); got != want {
		t.Errorf("in another order:\n%s\nwant\n%s", got, want)
	}
}

// Few rows that come often count as often as they came, where all were kept; of a
// sample of them nothing can be said.
func TestRowsThatRepeat(t *testing.T) {
	side := func(a, b, c int64) view.View {
		var names []string
		v := view.View{Names: []string{"k", "l"}}
		for i, n := range []int64{a, b, c} {
			v.Rows += n
			v.SampleRows += n
			names = append(names, times(int(n), fmt.Sprint("v", i))...)
			cell := view.Cell{String: true, Str: fmt.Sprint("v", i)}
			v.Sample = append(v.Sample, view.Row{N: n, Cells: []view.Cell{cell, cell}})
		}
		v.Columns = []view.Column{categoryColumn("k", []string{"v0", "v1", "v2"}, names), categoryColumn("l", []string{"v0", "v1", "v2"}, names)}
		return v
	}
	ref := side(300, 200, 100)
	if f, _ := multivariateOf(t, ref, side(3000, 2000, 1000), Options{}); f.Level != verdict.OK || f.NRef != 512 || f.NCur != 512 {
		t.Errorf("the same shares: %s, %d against %d: %s", f.Level, f.NCur, f.NRef, f.Sentence)
	}
	part := side(300, 200, 100)
	part.Rows *= 10
	f, _ := multivariateOf(t, ref, part, Options{})
	if f.Level != verdict.Insufficient || !strings.Contains(f.Sentence, "not judged by a classifier") || !math.IsNaN(f.P) {
		t.Errorf("a sample: %s: %s", f.Level, f.Sentence)
	}
}

func TestTooLittleForAClassifier(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	ref := few.draw(rng, 300)
	for _, c := range []struct {
		ref, cur int
		level    string
		says     string
	}{
		{300, 49, verdict.Insufficient, "too few rows for a classifier to tell production from reference: 49 against 300, it takes 50 on each side"},
		{40, 300, verdict.Insufficient, "too few rows for a classifier to tell production from reference: 300 against 40, it takes 50 on each side"},
		{60, 60, verdict.Insufficient, "too few rows to judge (60 against 60): a classifier's AUC below 0."},
		{300, 300, verdict.OK, "a classifier cannot tell production from reference; AUC 0."},
	} {
		ref, cur := few.draw(rng, c.ref), few.draw(rng, c.cur)
		f, r := multivariateOf(t, ref.sampled(ref), cur.sampled(ref), Options{})
		if f.Level != c.level || !strings.HasPrefix(f.Sentence, c.says) {
			t.Errorf("%d against %d: %s: %s", c.cur, c.ref, f.Level, f.Sentence)
		}
		if strings.Contains(r.Run.Headline, "classifier") {
			t.Error(r.Run.Headline)
		}
	}
	// Nothing varies.
	flat := viewOf(numberColumn("a", times(80, 1.), times(80, 1.)))
	flat.Names, flat.SampleRows = []string{"a"}, 80
	for range 80 {
		flat.Sample = append(flat.Sample, view.Row{N: 1, Cells: []view.Cell{{Num: 1}}})
	}
	if f, _ := multivariateOf(t, flat, flat, Options{}); f.Level != verdict.Insufficient || !strings.HasSuffix(f.Sentence, "none varies") {
		t.Errorf("%s: %s", f.Level, f.Sentence)
	}
	// Other policies know no such check, nor does a side without rows to look at.
	for _, p := range []policy.Policy{policy.Classic, policy.Evidently} {
		for _, f := range Compare(ref.sampled(ref), ref.sampled(ref), Options{Policy: p}).Findings {
			if f.Check == verdict.CheckMultivariate {
				t.Errorf("%s: %s", p, f.Sentence)
			}
		}
	}
	for _, f := range Compare(ref.view(ref), ref.sampled(ref), Options{}).Findings {
		if f.Check == verdict.CheckMultivariate {
			t.Errorf("without rows of the reference: %s", f.Sentence)
		}
	}
}

// Odd cells are values of their own or missing; none is a fault.
func TestClassifierTakesAnyCell(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 20))
	odd := []view.Cell{
		{Null: true}, {Num: math.Inf(1)}, {Num: math.Inf(-1)}, {Num: math.NaN()}, {Num: math.MaxFloat64}, {Num: -math.MaxFloat64},
		{Num: math.SmallestNonzeroFloat64}, {String: true}, {String: true, Str: "\xff\x00,"}, {String: true, Str: strings.Repeat("long ", 1000)}, {Num: 3},
	}
	ref, cur := few.draw(rng, 120), few.draw(rng, 120)
	a, b := ref.sampled(ref), cur.sampled(ref)
	for _, v := range []*view.View{&a, &b} {
		for i := range v.Sample {
			row := &v.Sample[i]
			for j := range row.Cells {
				if rng.IntN(3) == 0 {
					row.Cells[j] = odd[rng.IntN(len(odd))]
				}
			}
			switch rng.IntN(20) {
			case 0:
				row.Cells = row.Cells[:rng.IntN(len(row.Cells))]
			case 1:
				row.N = -5
			case 2:
				row.N = 0
			}
		}
	}
	if f, _ := multivariateOf(t, a, b, Options{}); f.Level == verdict.Alert || math.IsNaN(f.Effect) {
		t.Errorf("%s: %s", f.Level, f.Sentence)
	}
}

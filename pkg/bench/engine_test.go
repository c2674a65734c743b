package bench

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/model"
)

// fake is an engine of one feature, whose scores are all what f makes of it.
type fake struct {
	name  string
	more  int // outputs beyond the first
	f     func(float32) float32
	fail  error
	calls []call
}

type call struct {
	rows  int
	first float32 // value
}

func (p *fake) Engine() string   { return p.name }
func (p *fake) NumFeatures() int { return 1 }
func (p *fake) Outputs() int     { return 1 + p.more }

func (p *fake) Predict(rows []float64, out []float32) error {
	p.calls = append(p.calls, call{len(rows), float32(rows[0])})
	if p.fail != nil {
		return p.fail
	}
	if len(out) != len(rows)*p.Outputs() {
		return fmt.Errorf("%d scores for %d rows of %d outputs", len(out), len(rows), p.Outputs())
	}
	for i := range out {
		out[i] = p.f(float32(rows[i/p.Outputs()]))
	}
	return nil
}

func half(x float32) float32 { return x / 2 }

func TestAgree(t *testing.T) {
	rows := []float64{2, 4, 200}
	off := func(at, by float32) func(float32) float32 {
		return func(x float32) float32 {
			if x == at {
				return half(x) + by
			}
			return half(x)
		}
	}
	nan := float32(math.NaN())
	for _, c := range []struct {
		name  string
		other *fake
		want  string // the error, or empty
	}{
		{"equal", &fake{name: "b", f: half}, ""},
		{"rounding", &fake{name: "b", f: off(2, 5e-6)}, ""},
		{"relative above 1", &fake{name: "b", f: off(200, 5e-4)}, ""},
		{"a wrong leaf", &fake{name: "b", f: off(4, 1e-3)}, "row 1: a has score 2, b 2.001"},
		{"not a number", &fake{name: "b", f: off(200, nan)}, "row 2: a has score 100, b NaN"},
		{"cannot", &fake{name: "b", fail: errors.New("no")}, "b: no"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := agree(rows, &fake{name: "a", f: half}, c.other)
			if c.want != "" {
				if err == nil || err.Error() != c.want {
					t.Errorf("got %v, want %s", err, c.want)
				}
				return
			}
			if err != nil || a.Rows != 3 || a.Engines != 2 {
				t.Errorf("got %+v, %v; want 3 rows, 2 engines", a, err)
			}
		})
	}
	if _, err := agree(rows); err == nil {
		t.Error("no engines agree")
	}
}

// With three scores a row, the row is named, not the score.
func TestAgreeOnClasses(t *testing.T) {
	a, b := &fake{name: "a", more: 2, f: half}, &fake{name: "b", more: 2, f: half}
	if got, err := agree([]float64{2, 4}, a, b); err != nil || got.Rows != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
	b.f = func(x float32) float32 { return max(x/2, 1.5) } // 2 gives 1.5
	if _, err := agree([]float64{4, 2}, a, b); err == nil || err.Error() != "row 1: a has score 1, b 1.5" {
		t.Errorf("got %v", err)
	}
}

func TestAgreeSaysHowWell(t *testing.T) {
	near := &fake{name: "b", f: func(x float32) float32 { return half(x) + 0x1p-20 }} // exact in float32
	a, err := agree([]float64{2}, &fake{name: "a", f: half}, near)
	if err != nil || a.Largest != 0x1p-20 {
		t.Errorf("got %v, %v; want %v", a.Largest, err, 0x1p-20)
	}
}

// inclusive is the engine that goes left at x <= threshold, the classic mistake:
// the number just below x is below a threshold exactly when x is not above it.
type inclusive struct{ model.Predictor }

func (p inclusive) Predict(rows []float64, out []float32) error {
	lower := make([]float64, len(rows))
	for i, x := range rows {
		lower[i] = float64(math.Nextafter32(float32(x), float32(math.Inf(-1))))
	}
	return p.Predictor.Predict(lower, out)
}

func TestGeneratedRowsTellLessFromLessOrEqual(t *testing.T) {
	m := sample(t, "logistic.ubj")
	p, err := model.Leaves(m)
	if err != nil {
		t.Fatal(err)
	}
	rows := Generate(m, 1, 1).Values
	if _, err := agree(rows, p, inclusive{p}); err == nil {
		t.Error("engines agree of which one goes left at the threshold")
	}
}

func TestSourceErrors(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		{"testdata/none.ubj", "testdata/none.ubj: no such file or directory"},
		{"..", "..: is a directory"},
		{"doc.go", "doc.go: neither JSON nor UBJSON: want a model that XGBoost's save_model wrote"},
	} {
		if _, _, err := File(c.path).Model(); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.path, err, c.want)
		}
	}
}

func TestPick(t *testing.T) {
	picked, unknown := Pick(Engines, []string{"leaves", "leaves"})
	if unknown != "" || len(picked) != 1 || picked[0].Name != "leaves" {
		t.Errorf("got %d engines, unknown %q", len(picked), unknown)
	}
	if _, unknown := Pick(Engines, []string{"leaves", "oak"}); unknown != "oak" {
		t.Errorf("got unknown %q, want oak", unknown)
	}
}

func TestLoadMeasures(t *testing.T) {
	l, err := load(File("../model/testdata/logistic.ubj"), Engines[0])
	if err != nil {
		t.Fatal(err)
	}
	if l.took <= 0 || l.NumFeatures() < 1 || !strings.HasPrefix(l.Engine(), "leaves") {
		t.Errorf("got %v, %d features", l.took, l.NumFeatures())
	}
}

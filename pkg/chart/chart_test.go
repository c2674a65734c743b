package chart

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"
	"time"
)

type picture interface {
	PNG(Size) ([]byte, error)
	SVG(Size, string) (SVG, error)
}

var (
	tenEdges = []float64{0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100}
	low      = []float64{.25, .2, .15, .1, .1, .08, .05, .04, .02, .01}
	high     = []float64{.01, .02, .04, .05, .08, .1, .1, .15, .2, .25}
	phrases  = []string{"1-10", "11-50", "51-200", "a name that is far too long for the space it gets"}
	few      = []float64{.1, .2, .3, .4}
	many     = []float64{.4, .3, .2, .1}
)

func days(n int) []time.Time {
	out := make([]time.Time, n)
	for i := range out {
		out[i] = time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)
	}
	return out
}

func wave(n int, scale float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = scale * (2 + math.Sin(float64(i)))
	}
	return out
}

var pictures = map[string]struct {
	picture
	Size
	both bool // shows the two sides
}{
	"histogram":  {Histogram{Edges: tenEdges, Ref: low, Cur: high, RefName: "reference", CurName: "production", XLabel: "years"}, Size{480, 240}, true},
	"unequal":    {Histogram{Edges: []float64{0, 1, 10}, Ref: []float64{.5, .5}, Cur: []float64{.1, .9}}, Size{480, 240}, true},
	"bare":       {Histogram{Edges: tenEdges, Ref: low, Cur: high, Bare: true}, Size{120, 36}, true},
	"latency":    {Histogram{Edges: []float64{1, 10, 100}, Cur: []float64{.9, .1}, Log: true, Marks: []Mark{{5, "p50"}, {6, "p95"}, {7, "p99"}}}, Size{560, 260}, false},
	"bars":       {Bars{phrases, few, many, "reference", "production"}, Size{480, BarsHeight(4)}, true},
	"columns":    {Columns{Names: phrases, Ref: few, Cur: many, RefName: "reference", CurName: "production", XLabel: "size"}, Size{480, 240}, true},
	"lines":      {Lines{Times: days(30), Series: []Series{{"p50", wave(30, 5)}, {"p95", wave(30, 9)}}, Limits: []Limit{{40, "limit 40 ms"}}, YLabel: "ms"}, Size{560, 240}, true},
	"log lines":  {Lines{Times: days(3), Series: []Series{{"p50", []float64{2, 3, math.NaN()}}, {"p99", []float64{400, 9, 1000}}}, Log: true}, Size{560, 240}, true},
	"one moment": {Lines{Times: days(1), Series: []Series{{"p50", []float64{3}}}}, Size{560, 240}, false},
	"spark":      {Spark{Values: wave(30, 1), Limit: math.NaN()}, Size{120, 32}, false},
	"stack":      {Stack{[]string{"/predict", "/health"}, []string{"2xx", "3xx", "4xx", "5xx"}, [][]float64{{960, 0, 30, 10}, {5, 0, 0, 0}}}, Size{480, StackHeight(2)}, true},
	"waterfall": {Waterfall{
		Names: []string{"skills_count", "llm_quality", "companysize", "tenure_years", "16 others"}, Steps: []float64{.21, .12, -.07, .05, .03},
		Start: -1.24, StartName: "reference", EndName: "production", XLabel: "mean margin, log-odds",
	}, Size{480, WaterfallHeight(5)}, true},
	"cumulative":     {Cumulative{X: tenEdges[1:10], Ref: []float64{.1, .2, .3, .4, .5, .6, .7, .8, .9}, Cur: []float64{.02, .06, .11, .18, .27, .38, .52, .7, .85}, RefName: "reference", CurName: "production", XLabel: "years"}, Size{480, 220}, true},
	"log cumulative": {Cumulative{X: []float64{1, 10, 1000, 1e5}, Ref: []float64{.1, .4, .8, 1}, Cur: []float64{0, 0, .5, .9}, XLabel: "followers", Log: true}, Size{480, 220}, true},
	"levels":         {Levels{[]string{"industry", "followers"}, []string{"9 Nov", "10 Nov", "11 Nov"}, [][]Height{{Calm, Warned, Alerted}, {Unknown, Noticed, Calm}}}, LevelsSize(2, 3), true},
	"heat":           {Heat{[]string{"a", "b"}, [][]float64{{math.NaN(), .5}, {-.5, math.NaN()}}}, HeatSize(2), true},
}

func TestPicturesAreSmallTransparentAndShowTheirSides(t *testing.T) {
	for name, p := range pictures {
		t.Run(name, func(t *testing.T) {
			raw, err := p.PNG(p.Size)
			if err != nil {
				t.Fatal(err)
			}
			if len(raw) > 16<<10 {
				t.Errorf("%d bytes, want at most 16 KiB", len(raw))
			}
			img, err := png.Decode(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := img.Bounds().Size(), image.Pt(p.W*pixelScale, p.H*pixelScale); got != want {
				t.Errorf("size %v, want %v", got, want)
			}
			if _, _, _, a := img.At(0, img.Bounds().Max.Y-1).RGBA(); a != 0 && name != "bare" {
				t.Error("the corner is not transparent")
			}
			orange, blue := hues(img)
			if !(orange > 20) {
				t.Errorf("%d orange pixels, want production", orange)
			}
			if p.both && !(blue > 20) {
				t.Errorf("%d blue pixels, want the reference", blue)
			}
			again, _ := p.PNG(p.Size)
			if !bytes.Equal(raw, again) {
				t.Error("the same numbers gave other bytes")
			}
		})
	}
}

// hues counts the pixels nearest to each side's hue.
func hues(img image.Image) (orange, blue int) {
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			switch {
			case c.A < 64:
			case int(c.R) > int(c.B)+60 && int(c.G) > 80:
				orange++
			case int(c.B) > int(c.R)+40:
				blue++
			}
		}
	}
	return orange, blue
}

// The left half of the reference is higher, the right half of production: the
// picture must say the same, by the height of the topmost blue and orange ink.
func TestHistogramHeightsFollowTheShares(t *testing.T) {
	raw, err := Histogram{Edges: []float64{0, 1, 2}, Ref: []float64{.75, .25}, Cur: []float64{.25, .75}, Bare: true}.PNG(Size{100, 100})
	if err != nil {
		t.Fatal(err)
	}
	img, _ := png.Decode(bytes.NewReader(raw))
	topmost := func(x int) (y int, orange bool) {
		for y := range img.Bounds().Max.Y {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			if c.A > 200 {
				return y, c.R > c.B
			}
		}
		return -1, false
	}
	ly, lo := topmost(50)
	ry, ro := topmost(150)
	if lo || !ro {
		t.Errorf("topmost ink: left orange %v, right orange %v; want blue left, orange right", lo, ro)
	}
	if d := ly - ry; d < -4 || d > 4 {
		t.Errorf("equal shares reach rows %d and %d", ly, ry)
	}
}

// Equal shares in bins of width 1 and 3 must have equal areas: the narrow bar is
// three times as high.
func TestUnequalBinsKeepTheirAreas(t *testing.T) {
	raw, err := Histogram{Edges: []float64{0, 1, 4}, Cur: []float64{.5, .5}, Bare: true}.PNG(Size{200, 100})
	if err != nil {
		t.Fatal(err)
	}
	img, _ := png.Decode(bytes.NewReader(raw))
	height := func(x int) float64 {
		for y := range img.Bounds().Max.Y {
			if _, _, _, a := img.At(x, y).RGBA(); a > 0xa000 {
				return float64(img.Bounds().Max.Y - y)
			}
		}
		return 0
	}
	if ratio := height(50) / height(250); ratio < 2.9 || ratio > 3.1 {
		t.Errorf("heights %v and %v, want three to one", height(50), height(250))
	}
}

func TestPicturesRefuseWhatTheyCannotShow(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	empty := map[string]picture{
		"histogram without bins":   Histogram{},
		"histogram of one edge":    Histogram{Edges: []float64{1}, Cur: []float64{}},
		"histogram of zeros":       Histogram{Edges: []float64{0, 1}, Cur: []float64{0}},
		"bars without names":       Bars{},
		"bars of zeros":            Bars{Names: []string{"a"}, Ref: []float64{0}, Cur: []float64{0}},
		"columns without names":    Columns{},
		"lines without times":      Lines{},
		"lines of NaN":             Lines{Times: days(2), Series: []Series{{"a", []float64{nan, nan}}}},
		"spark of nothing":         Spark{},
		"spark of one point":       Spark{Values: []float64{nan, 1}},
		"stack of nothing":         Stack{},
		"stack of zeros":           Stack{[]string{"a"}, []string{"2xx"}, [][]float64{{0}}},
		"levels of nothing":        Levels{},
		"levels without a night":   Levels{Names: []string{"a"}, Cells: [][]Height{{}}},
		"heat of nothing":          Heat{},
		"heat of NaN":              Heat{[]string{"a"}, [][]float64{{nan}}},
		"waterfall of nothing":     Waterfall{},
		"cumulative of a point":    Cumulative{X: []float64{1}, Ref: []float64{1}, Cur: []float64{1}},
		"histogram without shares": Histogram{Edges: []float64{0, 1}},
	}
	for name, p := range empty {
		if _, err := p.PNG(Size{100, 100}); !errors.Is(err, errNoData) {
			t.Errorf("%s: %v, want errNoData", name, err)
		}
	}
	bad := map[string]picture{
		"NaN edge":          Histogram{Edges: []float64{0, nan}, Cur: []float64{1}},
		"infinite edge":     Histogram{Edges: []float64{0, inf}, Cur: []float64{1}},
		"huge span":         Histogram{Edges: []float64{-math.MaxFloat64, math.MaxFloat64}, Cur: []float64{1}},
		"equal edges":       Histogram{Edges: []float64{1, 1}, Cur: []float64{1}},
		"log of zero":       Histogram{Edges: []float64{0, 1}, Cur: []float64{1}, Log: true},
		"NaN share":         Histogram{Edges: []float64{0, 1}, Cur: []float64{nan}},
		"negative share":    Histogram{Edges: []float64{0, 1}, Cur: []float64{-1}},
		"too few shares":    Histogram{Edges: []float64{0, 1, 2}, Cur: []float64{1}},
		"uneven bars":       Bars{Names: []string{"a"}, Ref: []float64{1}},
		"infinite bar":      Bars{Names: []string{"a"}, Ref: []float64{inf}, Cur: []float64{1}},
		"infinite line":     Lines{Times: days(2), Series: []Series{{"a", []float64{inf, 1}}}},
		"log of a zero":     Lines{Times: days(2), Series: []Series{{"a", []float64{0, 1}}}, Log: true},
		"uneven line":       Lines{Times: days(2), Series: []Series{{"a", []float64{1}}}},
		"backward times":    Lines{Times: []time.Time{days(2)[1], days(2)[0]}, Series: []Series{{"a", []float64{1, 2}}}},
		"infinite spark":    Spark{Values: []float64{1, inf}},
		"huge spark":        Spark{Values: []float64{-math.MaxFloat64, math.MaxFloat64}},
		"uneven stack":      Stack{[]string{"a"}, []string{"2xx"}, [][]float64{{1, 2}}},
		"heat beyond two":   Heat{[]string{"a"}, [][]float64{{3}}},
		"levels not square": Levels{[]string{"a"}, []string{"x", "y"}, [][]Height{{Calm}}},
		"heat not square":   Heat{[]string{"a", "b"}, [][]float64{{1}, {1}}},
		"infinite step":     Waterfall{Names: []string{"a"}, Steps: []float64{inf}},
		"huge steps":        Waterfall{Names: []string{"a", "b"}, Steps: []float64{math.MaxFloat64, math.MaxFloat64}},
		"unknown start":     Waterfall{Names: []string{"a"}, Steps: []float64{1}, Start: nan},
		"nameless step":     Waterfall{Steps: []float64{1}},
		"uneven curves":     Cumulative{X: []float64{1, 2}, Ref: []float64{0, 1}, Cur: []float64{1}},
		"falling curve":     Cumulative{X: []float64{1, 2}, Ref: []float64{.5, .4}, Cur: []float64{0, 1}},
		"share above one":   Cumulative{X: []float64{1, 2}, Ref: []float64{.5, 2}, Cur: []float64{0, 1}},
		"equal values":      Cumulative{X: []float64{1, 1}, Ref: []float64{0, 1}, Cur: []float64{0, 1}},
		"log of no value":   Cumulative{X: []float64{0, 1}, Ref: []float64{0, 1}, Cur: []float64{0, 1}, Log: true},
		"too many strands":  Lines{Times: days(1), Series: make([]Series, 5)},
	}
	for name, p := range bad {
		if _, err := p.PNG(Size{100, 100}); err == nil || errors.Is(err, errNoData) {
			t.Errorf("%s: %v, want an error that says what is wrong", name, err)
		}
	}
	for _, s := range []Size{{}, {-1, 10}, {10, 1 << 30}} {
		if _, err := pictures["bars"].PNG(s); err == nil {
			t.Errorf("size %v: no error", s)
		}
	}
}

func TestPicturesTakeOddButFiniteNumbers(t *testing.T) {
	odd := map[string]picture{
		"tiny edges":     Histogram{Edges: []float64{1e-300, 2e-300, 3e-300}, Cur: []float64{.5, .5}},
		"huge edges":     Histogram{Edges: []float64{1e300, 2e300}, Cur: []float64{1}},
		"close edges":    Histogram{Edges: []float64{1e15, 1e15 + 1, 1e15 + 2}, Cur: []float64{.5, .5}},
		"flat line":      Lines{Times: days(2), Series: []Series{{"a", []float64{0, 0}}}},
		"negative line":  Lines{Times: days(2), Series: []Series{{"a", []float64{-5, -1}}}},
		"two seconds":    Lines{Times: []time.Time{days(1)[0], days(1)[0].Add(time.Second)}, Series: []Series{{"a", []float64{1, 2}}}},
		"centuries":      Lines{Times: []time.Time{{}, days(1)[0]}, Series: []Series{{"a", []float64{1, 2}}}},
		"equal names":    Lines{Times: days(2), Series: []Series{{"a", []float64{1, 1}}, {"a", []float64{1, 1}}, {"a", []float64{1, 1}}}},
		"odd letters":    Bars{Names: []string{"\x00\n\xff", "名前", "", strings.Repeat("x", 5000)}, Ref: few, Cur: many},
		"a single heat":  Heat{[]string{"a"}, [][]float64{{0}}},
		"many columns":   Columns{Names: make([]string, 300), Ref: wave(300, 1), Cur: wave(300, 1), XLabel: "x"},
		"no step":        Waterfall{Names: []string{"a"}, Steps: []float64{0}, Start: 5},
		"huge steps":     Waterfall{Names: []string{"a", "\x00"}, Steps: []float64{1e300, -1e300}, Start: -1e299},
		"flat curves":    Cumulative{X: []float64{-1e300, 1e300}, Ref: []float64{0, 0}, Cur: []float64{1, 1}},
		"tiny spark":     Spark{Values: []float64{5e-324, 0}, Limit: math.Inf(1)},
		"far flung mark": Histogram{Edges: []float64{1, 2}, Cur: []float64{1}, Marks: []Mark{{math.NaN(), "a"}, {1e9, "b"}}},
	}
	for name, p := range odd {
		for _, s := range []Size{{8, 8}, {480, 240}} {
			if _, err := p.PNG(s); err != nil {
				t.Errorf("%s at %v: %v", name, s, err)
			}
		}
	}
}

func TestTicksAreRoundAndInside(t *testing.T) {
	// Worked by hand: the step is the smallest of 1, 2, 5 × 10ᵏ that gives at most n intervals.
	got, step := ticks(0, 0.31, 3)
	want := []float64{0, 0.1, 0.2, 0.3}
	if step != 0.1 || len(got) != len(want) {
		t.Fatalf("ticks(0, 0.31, 3) = %v, step %v", got, step)
	}
	for _, c := range []struct {
		v, step float64
		want    string
	}{
		{0, 1, "0"}, {1234567, 1, "1\u202f234\u202f567"}, {-0.25, 0.05, "−0.25"}, {2000, 500, "2000"}, {-0.001, 0.1, "0.0"},
	} {
		if got := number(c.v, c.step); got != c.want {
			t.Errorf("number(%v, %v) = %q, want %q", c.v, c.step, got, c.want)
		}
	}
}

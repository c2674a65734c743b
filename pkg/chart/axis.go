package chart

import (
	"math"
	"strconv"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"github.com/leadsman/leadsman/pkg/words"
)

// newPlot returns a plot with the look that all charts share: no frame, no tick
// marks, faint horizontal lines, ink for what is to be read.
func newPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font = sans(14)
		a.Label.TextStyle.Color = ink
		a.Label.Padding = px(4)
		a.Tick.Label.Font = sans(14)
		a.Tick.Label.Color = ink
		a.Tick.LineStyle = line(1, ink)
		a.Tick.Length = px(4)
		a.LineStyle = line(1, ink)
		a.Padding = 0
	}
	p.Y.LineStyle.Width = 0
	p.Y.Tick.Length = 0
	p.Y.Tick.LineStyle.Width = 0
	p.X.Min, p.Y.Min = 0, 0
	return p
}

// ticks returns about n round numbers from lo to hi, a step of 1, 2 or 5 times
// a power of ten apart, and the step.
func ticks(lo, hi float64, n int) ([]float64, float64) {
	span := hi - lo
	if !(span > 0) || !finite(span) || n < 1 {
		return []float64{lo}, 1
	}
	step := math.Pow(10, math.Floor(math.Log10(span/float64(n))))
	if step == 0 || !finite(step) {
		return []float64{lo, hi}, span
	}
	for _, f := range []float64{1, 2, 5, 10} {
		if span/(step*f) <= float64(n)+0.5 {
			step *= f
			break
		}
	}
	var out []float64
	first, last := math.Ceil(lo/step-1e-9), math.Floor(hi/step+1e-9)
	if !finite(first, last) || last-first > 100 || math.Abs(first) > 1<<52 {
		return []float64{lo, hi}, span
	}
	for i := first; i <= last; i++ {
		out = append(out, i*step)
	}
	return out, step
}

// number writes v with as many decimals as step needs, thousands separated.
func number(v, step float64) string {
	abs := math.Abs(v)
	if abs >= 1e9 || (abs > 0 && abs < 1e-6) {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	dec := 0
	if step > 0 && step < 1 {
		dec = min(int(math.Ceil(-math.Log10(step)-1e-9)), 9)
	}
	return words.Fixed(v, dec)
}

// tickMarks labels the round numbers of an axis.
func tickMarks(n int, label func(v, step float64) string) plot.Ticker {
	return plot.TickerFunc(func(lo, hi float64) []plot.Tick {
		vs, step := ticks(lo, hi, n)
		out := make([]plot.Tick, len(vs))
		for i, v := range vs {
			out[i] = plot.Tick{Value: v, Label: label(v, step)}
		}
		return out
	})
}

// percent labels a share.
func percent(v, step float64) string { return number(100*v, 100*step) + " %" }

// logTicks labels 1, 2 and 5 times each power of ten on an axis of decimal
// logarithms, or only the powers when there would be too many.
func logTicks(lo, hi float64) []plot.Tick {
	var out []plot.Tick
	factors := []float64{1, 2, 5}
	if hi-lo > 2.5 {
		factors = factors[:1]
	}
	for e := math.Floor(lo); e <= hi; e++ {
		for _, f := range factors {
			v := e + math.Log10(f)
			if v < lo-1e-9 || v > hi+1e-9 {
				continue
			}
			out = append(out, plot.Tick{Value: v, Label: number(f*math.Pow(10, e), f*math.Pow(10, e))})
		}
	}
	return out
}

// timeTicks labels at most n of the times between lo and hi (Unix seconds):
// days, or hours when all of it is within three days.
func timeTicks(n int) plot.Ticker {
	return plot.TickerFunc(func(lo, hi float64) []plot.Tick {
		const hour, day = 3600.0, 86400.0
		step, layout := 365*day, "2006"
		for _, s := range []float64{hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 14 * day, 28 * day, 91 * day} {
			room := float64(n)
			if s < day && hi-lo > day {
				room /= 2 // a day and a time take the place of two labels
			}
			if (hi-lo)/s <= room {
				step, layout = s, "2 Jan"
				break
			}
		}
		if step < day {
			layout = "15:04"
			if hi-lo > day {
				layout = "2 Jan 15:04"
			}
		}
		var out []plot.Tick
		for t := math.Ceil(lo/step) * step; t <= hi && len(out) < 100; t += step {
			out = append(out, plot.Tick{Value: t, Label: time.Unix(int64(t), 0).UTC().Format(layout)})
		}
		if len(out) == 0 {
			out = append(out, plot.Tick{Value: lo, Label: time.Unix(int64(lo), 0).UTC().Format("2 Jan 15:04")})
		}
		return out
	})
}

// at is where a plot's value is on the canvas.
func at(p *plot.Plot, area vg.Rectangle, x, y float64) vg.Point {
	return vg.Point{
		X: area.Min.X + vg.Length(p.X.Norm(x))*(area.Max.X-area.Min.X),
		Y: area.Min.Y + vg.Length(p.Y.Norm(y))*(area.Max.Y-area.Min.Y),
	}
}

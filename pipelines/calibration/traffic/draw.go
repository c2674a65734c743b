package traffic

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/table"
)

// A row is a prediction of the simulated service.
type row struct {
	At     time.Time `table:"timestamp"`
	Lead   string    `table:"lead"`
	N0     float64   `table:"n0"`
	N1     float64   `table:"n1"`
	N2     float64   `table:"n2"`
	N3     float64   `table:"n3"`
	N4     float64   `table:"n4"`
	Skewed float64   `table:"skewed"`
	Whole  float64   `table:"whole"`
	Plan   string    `table:"plan"`
	Source string    `table:"source"`
	Score  float64   `table:"score"`
}

// A nameless row is one that does not say whose it is.
type nameless struct {
	At     time.Time `table:"timestamp"`
	N0     float64   `table:"n0"`
	N1     float64   `table:"n1"`
	N2     float64   `table:"n2"`
	N3     float64   `table:"n3"`
	N4     float64   `table:"n4"`
	Skewed float64   `table:"skewed"`
	Whole  float64   `table:"whole"`
	Plan   string    `table:"plan"`
	Source string    `table:"source"`
	Score  float64   `table:"score"`
}

// encode makes a batch of rows.
func (k *kind) encode(name string, rows []row) arrow.RecordBatch {
	if k.entity {
		return table.Encode(name, rows)
	}
	out := make([]nameless, len(rows))
	for i, w := range rows {
		out[i] = nameless{w.At, w.N0, w.N1, w.N2, w.N3, w.N4, w.Skewed, w.Whole, w.Plan, w.Source, w.Score}
	}
	return table.Encode(name, out)
}

// latents are the independent standard normals that a row is made of.
const latents = 10

// firstMonday is the first day of every log.
var firstMonday = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// make makes a row of its latents: five normal columns, a log-normal one, a rounded
// one, two categories, and a score that follows the first and the third. The first
// five are higher by week, the first two of these by moved.
func (w *row) make(z *[latents]float64, week, moved float64) {
	up := func(p float64) float64 { return math.Erfc(-p/math.Sqrt2) / 2 }
	w.N0, w.N1, w.N2, w.N3, w.N4 = z[0]+week+moved, z[1]+week+moved, z[2]+week, z[3]+week, z[4]+week
	w.Skewed, w.Whole = math.Exp(z[5]), math.Round(50+15*z[6])
	u, free := up(z[7]), 0.0
	switch {
	case u < 0.4:
		w.Plan, free = "free", 0.4
	case u < 0.7:
		w.Plan = "basic"
	case u < 0.9:
		w.Plan = "pro"
	default:
		w.Plan = "team"
	}
	w.Source = fmt.Sprintf("s%d", min(11, int(12*(1-math.Sqrt(1-up(z[8])))))) // the first twelve times as frequent as the last
	w.Score = 1 / (1 + math.Exp(1-0.8*w.N0-0.5*w.N2-free-0.3*z[9]))
}

func fresh(r *rand.Rand) (z [latents]float64) {
	for i := range z {
		z[i] = r.NormFloat64()
	}
	return z
}

// at is the time of row i of n of a day after the first Monday.
func at(day, i, n int) time.Time {
	return firstMonday.AddDate(0, 0, day).Add(time.Duration(i) * 24 * time.Hour / time.Duration(n))
}

// A kind is a kind of traffic.
type kind struct {
	name    string
	entity  bool                   // rows say whom they belong to
	days    int                    // of the log, the last of which is judged
	weekly  float64                // how much higher weekends are
	weekend bool                   // the judged day is a Saturday
	phi     float64                // correlation of a row with the one before
	own     float64                // chance that a value is its lead's, and not a fresh one
	size    func(r *rand.Rand) int // rows of a lead; nil: one
	again   bool                   // the reference's leads come again as the log's do
}

func pareto(r *rand.Rand) int { return min(100, int(math.Pow(1-r.Float64(), -1/1.5))) }

// kinds are the quiet kinds.
func kinds() []kind {
	ten := func(r *rand.Rand) int { return 1 + r.IntN(10) }
	five := func(*rand.Rand) int { return 5 }
	out := []kind{
		{name: "independent rows", days: 1},
		{name: "each lead five times, all alike", entity: true, days: 1, own: 1, size: five},
		{name: "sessions of 1 to 10", entity: true, days: 1, own: 1, size: ten},
		{name: "sessions of 1 to 10, in the reference too", entity: true, days: 1, own: 1, size: ten, again: true},
		{name: "Pareto sessions", entity: true, days: 1, own: 1, size: pareto},
		{name: "Pareto sessions, half agree", entity: true, days: 1, own: math.Sqrt(0.5), size: pareto},
		{name: "each lead five times, nobody says so", days: 1, own: 1, size: five},
	}
	for _, by := range []float64{0.5, 1} {
		out = append(out,
			kind{name: fmt.Sprintf("weekends %g σ higher, a Wednesday", by), days: 1, weekly: by},
			kind{name: fmt.Sprintf("weekends %g σ higher, a Saturday", by), days: 1, weekly: by, weekend: true})
	}
	for _, phi := range []float64{0.5, 0.9, 0.99} {
		for _, days := range []int{8, 28} {
			out = append(out, kind{name: fmt.Sprintf("AR(1) of %g, %d days", phi, days), days: days, phi: phi})
		}
	}
	return out
}

// leads draws n rows of leads, in no order of time.
func (k *kind) leads(r *rand.Rand, n int, whose string, weekOf func(i int) float64, moved float64, again bool) []row {
	out := make([]row, 0, n)
	for lead := 0; len(out) < n; lead++ {
		z, rows := fresh(r), 1
		if again && k.size != nil {
			rows = k.size(r)
		}
		for i := range rows {
			if len(out) == n {
				break
			}
			mine := z
			if again && k.own < 1 {
				for j := range mine {
					if r.Float64() >= k.own {
						mine[j] = r.NormFloat64()
					}
				}
			}
			var w row
			w.Lead = fmt.Sprintf("%s%d", whose, lead)
			w.make(&mine, weekOf(len(out)), moved)
			if k.entity && i > 0 {
				w.Skewed = math.Exp(r.NormFloat64()) // one column changes with every call
			}
			out = append(out, w)
		}
	}
	if again {
		r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	}
	return out
}

// reference draws m rows: independent ones, over eight weeks where weeks have a rhythm,
// else without times.
func (k *kind) reference(r *rand.Rand, m int) []row {
	const weeks = 8
	times := make([]time.Time, m)
	for i := range times {
		if k.weekly > 0 {
			times[i] = at(-7*weeks, 0, 1).Add(time.Duration(i) * weeks * 7 * 24 * time.Hour / time.Duration(m))
		}
	}
	rows := k.leads(r, m, "R", func(i int) float64 { return k.week(times[i]) }, 0, k.again)
	for i := range rows {
		rows[i].At = times[i]
	}
	return rows
}

func (k *kind) week(t time.Time) float64 {
	if d := t.Weekday(); !t.IsZero() && (d == time.Saturday || d == time.Sunday) {
		return k.weekly
	}
	return 0
}

// log draws n rows a day; moved says by how much the first two columns are off on a
// day.
func (k *kind) log(r *rand.Rand, n int, moved func(day int) float64) []row {
	var out []row
	if k.phi > 0 {
		z, keep := fresh(r), math.Sqrt(1-k.phi*k.phi)
		for day := range k.days {
			for i := range n {
				for j := range z {
					z[j] = k.phi*z[j] + keep*r.NormFloat64()
				}
				w := row{At: at(day, i, n)}
				w.make(&z, 0, moved(day))
				out = append(out, w)
			}
		}
		return out
	}
	for d := range k.days {
		day := d
		if k.days == 1 {
			if day = 2; k.weekend {
				day = 5
			}
		}
		week := k.week(at(day, 0, 1))
		rows := k.leads(r, n, fmt.Sprintf("L%d-", day), func(int) float64 { return week }, moved(d), k.size != nil)
		for i := range rows {
			rows[i].At = at(day, i, n)
		}
		out = append(out, rows...)
	}
	return out
}

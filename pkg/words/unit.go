package words

import (
	"math"
	"strings"
)

// Measure writes a number with its unit, as tables name it.
func Measure(x float64, unit string) string {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return None
	case unit == "share" || unit == "%":
		return Percent(x)
	case unit == "" || unit == "1" || unit == "rows" || strings.Contains(unit, "nats"):
		return Number(x)
	case unit == "rho":
		unit = "ρ"
	case x == 1:
		unit = strings.TrimSuffix(unit, "s")
	}
	return Number(x) + " " + unit
}

// Effect writes a finding's effect with its unit. A column or a title says of PSI
// what it is.
func Effect(x float64, unit string) string {
	switch {
	case unit == "PSI":
		return PSI(x)
	case unit == "AUC" && Number(x) != None:
		return "AUC " + Number(x)
	}
	return Measure(x, unit)
}

// Milliseconds writes a time given in ms: in µs below a tenth of one, in ns below a
// thousandth, in seconds from ten thousand on.
func Milliseconds(ms float64) string {
	switch a := math.Abs(ms); {
	case math.IsNaN(ms) || math.IsInf(ms, 0):
		return None
	case a > 0 && a < 1e-3:
		return Number(ms*1e6) + " ns"
	case a > 0 && a < 0.1:
		return Number(ms*1e3) + " µs"
	case a >= 1e4:
		return Number(ms/1e3) + " s"
	}
	return Number(ms) + " ms"
}

// Bytes writes a size in the unit that leaves less than a thousand.
func Bytes(n float64) string { return scaled(n, " B", " kB", " MB", " GB") }

// Scaled writes a count or a rate with three digits and k, M or G.
func Scaled(x float64) string { return scaled(x, "", " k", " M", " G") }

// scaled takes the first of units, which are a thousand times each other, that
// leaves less than a thousand.
func scaled(x float64, units ...string) string {
	for len(units) > 1 && math.Round(x) >= 1000 {
		x, units = x/1000, units[1:]
	}
	if s := Number(x); s != None {
		return s + units[0]
	}
	return None
}

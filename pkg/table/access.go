package table

import (
	"math"
	"math/big"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/extensions"
)

// Strings returns how to read the text of a column's non-null values: a string
// type, a dictionary of one, or UUIDs. The text is valid as long as the column.
func Strings(col arrow.Array) (func(i int) string, bool) {
	switch a := col.(type) {
	case *array.String:
		return a.Value, true
	case *array.LargeString:
		return a.Value, true
	case *array.StringView:
		return a.Value, true
	case *array.Dictionary:
		text, ok := Strings(a.Dictionary())
		if !ok {
			return nil, false
		}
		return func(i int) string { return text(a.GetValueIndex(i)) }, true
	case *extensions.UUIDArray:
		return func(i int) string { return a.Value(i).String() }, true
	}
	return nil, false
}

// Integers returns how to read a column of whole numbers. Unsigned values
// beyond the range of int64 become its largest value.
func Integers(col arrow.Array) (func(i int) int64, bool) {
	switch a := col.(type) {
	case *array.Int64:
		return a.Value, true
	case *array.Int32:
		return func(i int) int64 { return int64(a.Value(i)) }, true
	case *array.Int16:
		return func(i int) int64 { return int64(a.Value(i)) }, true
	case *array.Int8:
		return func(i int) int64 { return int64(a.Value(i)) }, true
	case *array.Uint64:
		return func(i int) int64 { return int64(min(a.Value(i), math.MaxInt64)) }, true
	case *array.Uint32:
		return func(i int) int64 { return int64(a.Value(i)) }, true
	case *array.Uint16:
		return func(i int) int64 { return int64(a.Value(i)) }, true
	case *array.Uint8:
		return func(i int) int64 { return int64(a.Value(i)) }, true
	}
	return nil, false
}

// Numbers returns how to read a column of any number type as float64; times of
// day and durations are in seconds. Integers beyond 2^53 and decimals of more
// digits are rounded, so readers of raw logs that may not round check the former before.
func Numbers(col arrow.Array) (func(i int) float64, bool) {
	switch a := col.(type) {
	case *array.Float64:
		return a.Value, true
	case *array.Float32:
		return func(i int) float64 { return float64(a.Value(i)) }, true
	case *array.Uint64: // which Integers cuts
		return func(i int) float64 { return float64(a.Value(i)) }, true
	case *array.Float16:
		return func(i int) float64 { return float64(a.Value(i).Float32()) }, true
	case *array.Decimal32:
		scale := a.DataType().(arrow.DecimalType).GetScale()
		return func(i int) float64 { return scaled(float64(a.Value(i)), scale) }, true
	case *array.Decimal64:
		scale := a.DataType().(arrow.DecimalType).GetScale()
		return func(i int) float64 {
			v := int64(a.Value(i))
			if v > -1<<53 && v < 1<<53 {
				return scaled(float64(v), scale)
			}
			return wide(big.NewInt(v), scale)
		}, true
	case *array.Decimal128:
		scale := a.DataType().(arrow.DecimalType).GetScale()
		return func(i int) float64 {
			v := a.Value(i)
			if low := int64(v.LowBits()); v.HighBits() == low>>63 && low > -1<<53 && low < 1<<53 {
				return scaled(float64(low), scale)
			}
			return wide(v.BigInt(), scale)
		}, true
	case *array.Decimal256:
		scale := a.DataType().(arrow.DecimalType).GetScale()
		return func(i int) float64 { return wide(a.Value(i).BigInt(), scale) }, true
	case *array.Time32:
		unit := secondsOf(a.DataType().(*arrow.Time32Type).Unit)
		return func(i int) float64 { return float64(a.Value(i)) / unit }, true
	case *array.Time64:
		unit := secondsOf(a.DataType().(*arrow.Time64Type).Unit)
		return func(i int) float64 { return float64(a.Value(i)) / unit }, true
	case *array.Duration:
		unit := secondsOf(a.DataType().(*arrow.DurationType).Unit)
		return func(i int) float64 { return float64(a.Value(i)) / unit }, true
	}
	if whole, ok := Integers(col); ok {
		return func(i int) float64 { return float64(whole(i)) }, true
	}
	return nil, false
}

// secondsOf is how many of a unit make a second.
func secondsOf(u arrow.TimeUnit) float64 { return 1e9 / float64(u.Multiplier()) }

// exactPowers of ten are those that float64 holds exactly: a whole number below
// 2^53 divided by one of them is rounded once, as text read as a number is.
const exactPowers = 22

func scaled(x float64, scale int32) float64 {
	switch {
	case scale == 0:
		return x
	case scale > 0 && scale <= exactPowers:
		return x / math.Pow10(int(scale))
	}
	whole, _ := big.NewFloat(x).Int(nil)
	return wide(whole, scale)
}

// wide returns digits·10^-scale, rounded once.
func wide(digits *big.Int, scale int32) float64 {
	if scale <= 0 {
		x, _ := new(big.Float).SetInt(raised(digits, -scale)).Float64()
		return x
	}
	x, _ := new(big.Rat).SetFrac(digits, raised(big.NewInt(1), scale)).Float64()
	return x
}

// raised returns digits·10^power; a power that no decimal type has is taken as
// the largest.
func raised(digits *big.Int, power int32) *big.Int {
	const most = 1000
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(min(power, most))), nil)
	return ten.Mul(ten, digits)
}

// Decimals returns how to read the text of a column of decimals, with all its
// digits and no trailing zeros: ids have more of them than float64.
func Decimals(col arrow.Array) (func(i int) string, bool) {
	t, ok := col.DataType().(arrow.DecimalType)
	if !ok {
		return nil, false
	}
	scale := t.GetScale()
	var digits func(i int) *big.Int
	switch a := col.(type) {
	case *array.Decimal32:
		digits = func(i int) *big.Int { return big.NewInt(int64(a.Value(i))) }
	case *array.Decimal64:
		digits = func(i int) *big.Int { return big.NewInt(int64(a.Value(i))) }
	case *array.Decimal128:
		digits = func(i int) *big.Int { return a.Value(i).BigInt() }
	case *array.Decimal256:
		digits = func(i int) *big.Int { return a.Value(i).BigInt() }
	default:
		return nil, false
	}
	return func(i int) string {
		d := digits(i)
		if scale <= 0 {
			return raised(d, -scale).String()
		}
		sign, text := "", new(big.Int).Abs(d).String()
		if d.Sign() < 0 {
			sign = "-"
		}
		if missing := int(scale) + 1 - len(text); missing > 0 {
			text = strings.Repeat("0", missing) + text
		}
		point := len(text) - int(scale)
		fraction := strings.TrimRight(text[point:], "0")
		if fraction != "" {
			fraction = "." + fraction
		}
		return sign + text[:point] + fraction
	}, true
}

const dayMillis = 24 * 60 * 60 * 1000

// Amounts returns how to read a column of times as numbers: timestamps in
// seconds, dates in days, both since 1970.
func Amounts(col arrow.Array) (func(i int) float64, bool) {
	switch a := col.(type) {
	case *array.Timestamp:
		unit := secondsOf(a.DataType().(*arrow.TimestampType).Unit)
		return func(i int) float64 { return float64(a.Value(i)) / unit }, true
	case *array.Date32:
		return func(i int) float64 { return float64(a.Value(i)) }, true
	case *array.Date64:
		return func(i int) float64 { return math.Floor(float64(a.Value(i)) / dayMillis) }, true
	}
	return nil, false
}

// Times returns how to read a column of timestamps or dates as microseconds since
// 1970, UTC; finer units are rounded down, and what int64 does not hold becomes
// its smallest or largest value.
func Times(col arrow.Array) (func(i int) int64, bool) {
	switch a := col.(type) {
	case *array.Date32:
		return func(i int) int64 { return times(int64(a.Value(i)), dayMillis*1000) }, true
	case *array.Date64:
		return func(i int) int64 { return times(int64(a.Value(i)), 1000) }, true
	case *array.Timestamp:
		switch a.DataType().(*arrow.TimestampType).Unit {
		case arrow.Second:
			return func(i int) int64 { return times(int64(a.Value(i)), 1e6) }, true
		case arrow.Millisecond:
			return func(i int) int64 { return times(int64(a.Value(i)), 1e3) }, true
		case arrow.Nanosecond:
			return func(i int) int64 {
				v := int64(a.Value(i))
				micros := v / 1000
				if v%1000 < 0 {
					micros--
				}
				return micros
			}, true
		}
		return func(i int) int64 { return int64(a.Value(i)) }, true
	}
	return nil, false
}

// times returns a·b, b positive, within the range of int64.
func times(a, b int64) int64 {
	switch {
	case a > math.MaxInt64/b:
		return math.MaxInt64
	case a < math.MinInt64/b:
		return math.MinInt64
	}
	return a * b
}

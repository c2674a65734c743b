package arrowlog

import (
	"fmt"
	"math"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/predlog/timestamp"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// setter returns how to set a value of values in the current row, or nil when
// their type is none that a log holds.
func (a *Converter) setter(k *mapping.Key, values arrow.Array) func(i int) faults.Fault {
	if at, ok := table.Times(values); ok {
		return a.setMoment(k, values, at)
	}
	text, ok := table.Strings(values)
	if b, isBool := values.(*array.Boolean); isBool {
		text, ok = func(i int) string { return map[bool]string{false: "false", true: "true"}[b.Value(i)] }, true
	}
	if ok {
		return a.setText(k, text)
	}
	if number, ok := table.Numbers(values); ok {
		return a.setNumber(k, values, number)
	}
	return nil
}

// wrong is a value that is not what its field wants: where the field is required the
// line is bad, else the value is null and counted.
func (a *Converter) wrong(k *mapping.Key, want, got string) faults.Fault {
	if k.Required {
		return faults.Want(k.Name, want, got)
	}
	a.table.Tally.Mismatch(k.Col.Name, want, got)
	return faults.Fault{}
}

// unfit is wrong for a number that no column can hold.
func (a *Converter) unfit(k *mapping.Key, reason string) faults.Fault {
	if k.Required {
		return faults.Fault{Reason: k.Name + ": " + reason}
	}
	a.table.Tally.Unfit(k.Col.Name, reason, "")
	return faults.Fault{}
}

func (a *Converter) store(c *batch.Column, text string) faults.Fault {
	if !a.table.Rows.SetText(c, text) {
		return faults.Fault{Reason: faults.NotUTF8}
	}
	return faults.Fault{}
}

// setMoment sets a timestamp or date: the row's moment, else a number (see
// table.Amounts) or its text.
func (a *Converter) setMoment(k *mapping.Key, values arrow.Array, at func(i int) int64) func(i int) faults.Fault {
	c, rows := k.Col, a.table.Rows
	amount, _ := table.Amounts(values)
	layout := time.RFC3339Nano
	if table.UnitOf(values.DataType()) == "d" {
		layout = time.DateOnly
	}
	return func(i int) faults.Fault {
		micros := at(i)
		if c.Shape == batch.Unset {
			rows.Shape(c, batch.Floats)
		}
		switch {
		case !timestamp.InRange(micros):
			return a.unfit(k, faults.FarTime)
		case c.Shape == batch.Times:
			c.SetInt(rows.Row(), micros)
		case c.Shape == batch.Floats:
			c.SetFloat(rows.Row(), amount(i))
		case c.Shape == batch.Words || c.Shape == batch.Texts:
			return a.store(c, time.UnixMicro(micros).UTC().Format(layout))
		default:
			return a.wrong(k, "a number or text", "a timestamp")
		}
		return faults.Fault{}
	}
}

func (a *Converter) setText(k *mapping.Key, text func(i int) string) func(i int) faults.Fault {
	c, t := k.Col, a.table
	return func(i int) faults.Fault {
		if k.Action == mapping.Feature && c.IsNone(text(i)) {
			return faults.Fault{}
		}
		switch c.Shape {
		case batch.Unset:
			t.Rows.Shape(c, batch.Words)
		case batch.Floats, batch.Ints:
			if k.Action == mapping.Measure || k.Action == mapping.Code {
				return a.setQuoted(k, text(i))
			}
			if k.Action == mapping.Feature && c.Shape == batch.Floats {
				t.TakeText(c, text(i))
				return faults.Fault{}
			}
			return a.wrong(k, "a number", faults.Quote([]byte(text(i))))
		case batch.Times:
			micros, reading := a.clock.Text(k.Format, []byte(text(i)))
			if reading == timestamp.None {
				return a.wrong(k, k.Format.WantFor(k.Name, []byte(text(i))), faults.Quote([]byte(text(i))))
			}
			t.Met(reading)
			c.SetInt(t.Rows.Row(), micros)
			return faults.Fault{}
		}
		return a.store(c, text(i))
	}
}

func (a *Converter) setNumber(k *mapping.Key, values arrow.Array, number func(i int) float64) func(i int) faults.Fault {
	c, rows := k.Col, a.table.Rows
	whole, isWhole := table.Integers(values)
	decimal, isDecimal := table.Decimals(values)
	if c.Role == table.Latency && table.UnitOf(values.DataType()) == "s" {
		seconds, unit := number, 1e3 // whatever unit the settings give to a plain number
		if k.Scale != 0 {
			unit /= k.Scale
		}
		number = func(i int) float64 { return unit * seconds(i) }
	}
	unsigned, isUnsigned := values.(*array.Uint64) // which int64 does not hold
	rounded := false
	return func(i int) faults.Fault {
		x := number(i)
		if c.Shape == batch.Unset {
			rows.Shape(c, batch.Floats)
		}
		switch {
		case math.IsNaN(x), c.IsNoNumber(x):
			return faults.Fault{} // NaN: as pandas writes null
		case c.Shape == batch.Words || c.Shape == batch.Texts:
			switch {
			case c.KeepsNumber(rows.Row(), x):
				return faults.Fault{}
			case isUnsigned:
				return a.store(c, fmt.Sprint(unsigned.Value(i)))
			case isWhole:
				return a.store(c, fmt.Sprint(whole(i)))
			case isDecimal:
				return a.store(c, decimal(i))
			}
			return a.store(c, spelling.Number(x))
		case c.Shape == batch.Times:
			micros, reading := k.Format.Number(x)
			if isWhole && !isUnsigned {
				micros, reading = k.Format.Integer(whole(i))
			}
			if reading == timestamp.None {
				return a.wrong(k, k.Format.Want(), fmt.Sprint(x))
			}
			a.table.Met(reading)
			c.SetInt(rows.Row(), micros)
			return faults.Fault{}
		case math.IsInf(x, 0):
			return a.unfit(k, faults.NaN)
		case isWhole && math.Abs(x) >= 1<<53 && (whole(i) > 1<<53 || whole(i) < -1<<53):
			if k.Action != mapping.Feature {
				return a.unfit(k, faults.BigInteger)
			}
			if !rounded {
				rounded = true
				a.table.Tally.Typed(k.Name, table.TypeName(values.DataType()), "float64, integers beyond 2^53 rounded")
			}
		}
		return a.setFixed(k, x)
	}
}

// setFixed sets a column of numbers.
func (a *Converter) setFixed(k *mapping.Key, x float64) faults.Fault {
	row := a.table.Rows.Row()
	switch {
	case k.Col.Shape == batch.Floats && k.Scale != 0:
		k.Col.SetFloat(row, x*k.Scale)
	case k.Col.Shape == batch.Floats:
		k.Col.SetFloat(row, x)
	case x != float64(int64(x)):
		return a.wrong(k, "a whole number", fmt.Sprint(x))
	default:
		k.Col.SetInt(row, int64(x))
	}
	return faults.Fault{}
}

// setQuoted sets a fixed column's number that stands as text; an empty text is none.
func (a *Converter) setQuoted(k *mapping.Key, text string) faults.Fault {
	if text == "" {
		return faults.Fault{}
	}
	x, ok := k.ParseQuoted(text)
	if !ok {
		return a.wrong(k, "a number", faults.Quote([]byte(text)))
	}
	return a.setFixed(k, x)
}

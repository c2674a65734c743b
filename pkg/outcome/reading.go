package outcome

import (
	"math"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// reader returns how to read a column of the join's outcomes.
func (j *Join) reader(col arrow.Array) (func(i int) (value float64, known bool), bool) {
	return reader(col, j.Kind, j.Label, &j.labels)
}

// reader returns how to read a column of outcomes: the number of row i, 1 for a
// positive one and 0 for another where there are two kinds, and whether it is known.
// Values that are go to seen. ok is false for a column of another type.
func reader(col arrow.Array, kind Kind, label string, seen *labels) (read func(i int) (value float64, known bool), ok bool) {
	if text, ok := table.Strings(col); ok {
		return func(i int) (float64, bool) {
			if col.IsNull(i) {
				return 0, false
			}
			value, known := parse(text(i), kind, label)
			s := strings.TrimSpace(text(i))
			switch {
			case known:
				seen.add(spelling.Value(s))
			case kind == Regression && s != "" && !spelling.IsMissing(s):
				if seen.words++; seen.word == "" {
					seen.word = strings.Clone(s)
				}
			}
			return value, known
		}, true
	}
	if col.DataType().ID() == arrow.NULL {
		return unknown, true
	}
	number, ok := table.Numbers(col)
	if !ok {
		return nil, false
	}
	return func(i int) (float64, bool) {
		if col.IsNull(i) {
			return 0, false
		}
		value, known := parseNumber(number(i), kind, label)
		if known {
			seen.add(strconv.FormatFloat(number(i), 'f', -1, 64))
		}
		return value, known
	}, true
}

// unknown reads the outcomes of a column without values.
func unknown(int) (float64, bool) { return 0, false }

// parse reads an outcome. Of two kinds the positive label, 1, true and yes are
// positive, blank is not known yet, and everything else is negative.
func parse(s string, kind Kind, label string) (value float64, known bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, false
	}
	if kind == Regression {
		v, ok := spelling.ParseNumber(s)
		if !ok {
			return 0, false
		}
		return parseNumber(v, kind, label)
	}
	if v, err := strconv.ParseFloat(s, 64); err == nil {
		return parseNumber(v, kind, label)
	}
	switch strings.ToLower(s) {
	case "true", "yes":
		return 1, true
	}
	return truth(label != "" && spelling.Value(s) == spelling.Value(label)), true
}

func parseNumber(v float64, kind Kind, label string) (value float64, known bool) {
	switch {
	case math.IsNaN(v):
		return 0, false
	case kind == Regression:
		return v, !math.IsInf(v, 0)
	}
	if l, err := strconv.ParseFloat(label, 64); err == nil {
		return truth(v == l), true
	}
	return truth(v == 1), true
}

func truth(positive bool) float64 {
	if positive {
		return 1
	}
	return 0
}

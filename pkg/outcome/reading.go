package outcome

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// reader returns how to read a column of the join's outcomes.
func (j *Join) reader(col arrow.Array) (func(i int) (value float64, known bool), bool) {
	return reader(col, reading{j.Kind, j.Label, j.Classes}, &j.labels)
}

// reading is how a text or a number is an outcome.
type reading struct {
	kind    Kind
	label   string   // of a positive one
	classes []string // of several
}

// reader returns how to read a column of outcomes: the number of row i, 1 for a
// positive one and 0 for another where there are two kinds, and whether it is known.
// Values that are go to seen. ok is false for a column of another type.
func reader(col arrow.Array, as reading, seen *labels) (read func(i int) (value float64, known bool), ok bool) {
	if text, ok := table.Strings(col); ok {
		return func(i int) (float64, bool) {
			if col.IsNull(i) {
				return 0, false
			}
			value, known := as.parse(text(i))
			s := strings.TrimSpace(text(i))
			switch {
			case known:
				seen.add(spelling.Value(s))
			case (as.kind == Regression || as.kind == MultiClass) && s != "" && !spelling.IsMissing(s):
				seen.stray(s)
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
		value, known := as.number(number(i))
		switch text := strconv.FormatFloat(number(i), 'f', -1, 64); {
		case known:
			seen.add(text)
		case as.kind == MultiClass && !math.IsNaN(number(i)):
			seen.stray(text)
		}
		return value, known
	}, true
}

// unknown reads the outcomes of a column without values.
func unknown(int) (float64, bool) { return 0, false }

// parse reads an outcome. Of two kinds the positive label, 1, true and yes are
// positive, blank is not known yet, and everything else is negative.
func (as reading) parse(s string) (value float64, known bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, false
	}
	switch as.kind {
	case MultiClass:
		return as.class(s)
	case Regression:
		v, ok := spelling.ParseNumber(s)
		if !ok {
			return 0, false
		}
		return as.number(v)
	}
	if v, err := strconv.ParseFloat(s, 64); err == nil {
		return as.number(v)
	}
	switch strings.ToLower(s) {
	case "true", "yes":
		return 1, true
	}
	return truth(as.label != "" && spelling.Value(s) == spelling.Value(as.label)), true
}

func (as reading) number(v float64) (value float64, known bool) {
	switch {
	case math.IsNaN(v):
		return 0, false
	case as.kind == Regression:
		return v, !math.IsInf(v, 0)
	case as.kind == MultiClass:
		return as.class(spelling.Number(v))
	}
	if l, err := strconv.ParseFloat(as.label, 64); err == nil {
		return truth(v == l), true
	}
	return truth(v == 1), true
}

// class is the place of a class; another text is not known to be one.
func (as reading) class(s string) (place float64, known bool) {
	i := slices.IndexFunc(as.classes, func(name string) bool { return name == s || spelling.Value(name) == spelling.Value(s) })
	return float64(i), i >= 0
}

func truth(positive bool) float64 {
	if positive {
		return 1
	}
	return 0
}

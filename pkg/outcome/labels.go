package outcome

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/words"
)

// labels are the distinct values of outcomes, as far as they tell whether there are
// two kinds of them.
type labels struct {
	seen    map[string]int64
	beyond  bool  // there are more than mostLabels
	strange bool  // some are neither 0, 1, true, false, yes nor no
	words   int64 // that are no numbers, of a regression, or none of the classes
	word    string
}

// mostLabels is how many distinct values are kept.
const mostLabels = 32

func (l *labels) add(value string) {
	if l.beyond {
		return
	}
	if l.seen == nil {
		l.seen = make(map[string]int64)
	}
	if _, ok := l.seen[value]; !ok {
		if len(l.seen) == mostLabels {
			l.beyond = true
			return
		}
		switch strings.ToLower(value) {
		case "0", "1", "true", "false", "yes", "no":
		default:
			l.strange = true
		}
	}
	l.seen[value]++
}

// stray counts a value that is no outcome of the kind that is asked for.
func (l *labels) stray(value string) {
	if l.words++; l.word == "" {
		l.word = strings.Clone(value)
	}
}

// fault says why the values are no outcomes of two kinds under a positive label,
// which may be none, and what to do about it; "" where they are. Without a label, 1,
// true and yes are positive and 0, false and no are negative, and nothing else can
// be known to be either.
func (l *labels) fault(as reading) string {
	kind, label := as.kind, as.label
	switch {
	case kind == MultiClass && len(as.classes) < 2:
		return "outcomes are of several classes (outcomes.kind: multiclass): name two or more with classes in monitor.yaml"
	case kind == MultiClass && l.words > 0 && len(l.seen) == 0:
		return fmt.Sprintf("no outcome is one of the classes (%s), they are such as %q: name them with classes in monitor.yaml", words.List(as.classes), l.word)
	case kind == MultiClass:
		return ""
	case kind == Regression && l.words > 0:
		return fmt.Sprintf("outcomes are numbers (outcomes.kind: regression), and %s are none, such as %q", words.Count(l.words, "value", "values"), l.word)
	case kind == Regression:
		return ""
	case !l.strange && !l.beyond:
		return ""
	case label == "" && l.beyond && l.numbers():
		return fmt.Sprintf("outcomes are numbers of many values, such as %s: want two kinds of outcomes; where one value is the positive one, name it with positive_label; where the model predicts a number, say outcomes: {kind: regression}", l.some(1))
	case label == "" && l.numbers():
		return fmt.Sprintf("outcomes are %s: which is positive cannot be known; name it with positive_label, or where the model predicts a number, say outcomes: {kind: regression}", l.some(5))
	case label == "":
		return fmt.Sprintf("outcomes are %s: which is positive cannot be known; name it with positive_label; where the model scores each of several classes, name them with classes", l.some(5))
	}
	return ""
}

// lacks says that the positive label is none of the values, "" where it is one or
// where 1, true and yes are.
func (l *labels) lacks(label string) string {
	if label == "" || !l.strange || l.beyond || l.seen[spelling.Value(label)] > 0 || l.seen["1"] > 0 || l.seen["true"] > 0 || l.seen["yes"] > 0 || len(l.seen) == 0 {
		return ""
	}
	return fmt.Sprintf("no outcome is positive_label %q: they are %s", label, l.some(5))
}

// several says that more than two kinds of outcomes are taken for two; "" where there
// are two.
func (l *labels) several(label string) string {
	if label == "" || len(l.seen) < 3 && !l.beyond || !l.strange {
		return ""
	}
	return fmt.Sprintf("outcomes are of more than two kinds (%s): all but %q are taken for negative", l.some(5), label)
}

func (l *labels) numbers() bool {
	for v := range l.seen {
		if _, err := strconv.ParseFloat(v, 64); err != nil {
			return false
		}
	}
	return true
}

// some names the first values.
func (l *labels) some(most int) string {
	names := slices.Sorted(maps.Keys(l.seen))
	more := len(names) - most
	if more > 0 || l.beyond {
		names = names[:min(most, len(names))]
	}
	for i, n := range names {
		names[i] = strconv.Quote(n)
	}
	if most > 1 && (more > 0 || l.beyond) {
		return strings.Join(names, ", ") + " and others"
	}
	return words.List(names)
}

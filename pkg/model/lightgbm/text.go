package lightgbm

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// section is a run of key=value lines.
type section map[string]string

// lineReader reads a file section by section.
type lineReader struct {
	data []byte
	line int
}

// section reads the lines up to a blank one, or nil at the trees' end. A line
// without = is a key without a value.
func (r *lineReader) section() (section, error) {
	s := section{}
	for len(r.data) > 0 {
		line, rest, whole := bytes.Cut(r.data, []byte("\n"))
		r.line++
		r.data = rest
		text := strings.TrimRight(string(line), "\r")
		switch {
		case !whole: // the end of the trees is a line
		case text == "end of trees" && len(s) == 0:
			return nil, nil
		case text != "":
			key, value, _ := strings.Cut(text, "=")
			if _, twice := s[key]; twice {
				return nil, tree.Refuse(tree.ErrFormat, fmt.Sprintf("line %d", r.line), "%s stands twice in one section", tree.Step(key))
			}
			s[key] = value
		case len(s) > 0:
			return s, nil
		}
	}
	return nil, tree.Refuse(tree.ErrFormat, fmt.Sprintf("line %d", r.line), "the file ends before its trees do")
}

// numbers are the n numbers of a line.
func numbers(s section, name string, n int) ([]float64, error) {
	words := strings.Fields(s[name])
	if len(words) != n {
		return nil, tree.Refuse(tree.ErrFormat, name, "%d numbers, want %d", len(words), n)
	}
	values := make([]float64, n)
	for i, w := range words {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil {
			return nil, tree.Refuse(tree.ErrFormat, fmt.Sprintf("%s[%d]", name, i), "want a number, got %q", tree.Clip(w))
		}
		values[i] = v
	}
	return values, nil
}

// integers are the n whole numbers of a line.
func integers(s section, name string, n int) ([]int64, error) {
	values, err := numbers(s, name, n)
	if err != nil {
		return nil, err
	}
	whole := make([]int64, n)
	for i, v := range values {
		if v != math.Trunc(v) || math.Abs(v) > math.MaxInt32 {
			return nil, tree.Refuse(tree.ErrFormat, fmt.Sprintf("%s[%d]", name, i), "want an integer, got %v", v)
		}
		whole[i] = int64(v)
	}
	return whole, nil
}

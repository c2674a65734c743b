package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// template is a text with places for list entries: texts[0] slots[0] texts[1]
// slots[1] … texts[n].
type template struct {
	texts []string
	slots [][]string
}

// templates parses the texts of values, in which {name} stands for an entry of
// the list of that name.
func (f *fileJSON) templates(values []weighted, out *column) error {
	for _, v := range values {
		var t template
		rest := v.text
		for {
			before, after, found := strings.Cut(rest, "{")
			t.texts = append(t.texts, before)
			if !found {
				break
			}
			name, after, closed := strings.Cut(after, "}")
			if !closed {
				return fmt.Errorf("%q: a { is not closed", v.text)
			}
			if len(f.Lists[name]) == 0 {
				return fmt.Errorf("%q: no list %q", v.text, name)
			}
			t.slots = append(t.slots, f.Lists[name])
			rest = after
		}
		out.templates = append(out.templates, t)
	}
	return nil
}

func (t *template) append(dst []byte, r *rand.Rand) []byte {
	for i, entries := range t.slots {
		dst = append(dst, t.texts[i]...)
		dst = append(dst, entries[r.IntN(len(entries))]...)
	}
	return append(dst, t.texts[len(t.slots)]...)
}

// pick draws a place in cumulative shares.
func pick(shares []float64, r *rand.Rand) int {
	return sort.SearchFloat64s(shares, r.Float64())
}

// appendProse appends sentences until the next one would pass the length, but
// at least one, and never more than the column's limit.
func (c *column) appendProse(dst []byte, length int, r *rand.Rand) []byte {
	start := len(dst)
	for {
		before := len(dst)
		if before > start {
			dst = append(dst, ' ')
		}
		dst = c.templates[pick(c.weights, r)].append(dst, r)
		switch size := len(dst) - start; {
		case size > c.limit && before == start:
			end := start + c.limit
			for end > start && !utf8.RuneStart(dst[end]) {
				end--
			}
			return dst[:end]
		case size > min(length, c.limit) && before > start:
			return dst[:before]
		}
	}
}

// appendList appends count distinct items. Where the same few come again and
// again, the first of the others follow.
func (c *column) appendList(dst []byte, count int, r *rand.Rand) []byte {
	var used []int
	for misses := 0; len(used) < count; {
		i := pick(c.weights, r)
		if misses >= 1000 {
			for i = 0; slices.Contains(used, i); i++ {
			}
		}
		if slices.Contains(used, i) {
			misses++
			continue
		}
		misses = 0
		if len(used) > 0 {
			dst = append(dst, ", "...)
		}
		used = append(used, i)
		dst = append(dst, c.items[i]...)
	}
	return dst
}

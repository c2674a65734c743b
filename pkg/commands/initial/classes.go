package initial

import (
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// classes are those of a model that scores each of several, and where both sides have
// them.
type classes struct {
	target string   // of the reference: its column of outcomes
	names  []string // in no order of their own
	field  string   // of the log, with the scores of all; empty where it has columns of them
	listed bool     // these are a list, in an order that does not show
	scored bool     // the reference has their scores
}

// fewestClasses is how many are several: of two one score is enough.
const fewestClasses = 3

// findClasses looks for scores of classes whose names are the values of a column that the
// reference has and the log has not; nil for none.
func (p *page) findClasses() *classes {
	if p.rows == nil {
		return nil
	}
	parts := map[string][]string{} // by object or list of numbers, what is in it
	var parents []string
	for _, path := range p.fields.names {
		at := strings.LastIndexAny(path, ".[")
		if at < 0 || p.fields.of[path].kind() != "number" {
			continue
		}
		parent := path[:at]
		if parts[parent] == nil {
			parents = append(parents, parent)
		}
		parts[parent] = append(parts[parent], strings.TrimSuffix(path[at+1:], "]"))
	}
	for _, name := range p.rows.names {
		values := p.rows.of[name].seen
		if p.inLog(name) || len(values) < fewestClasses || len(values) > mostLabels {
			continue
		}
		c := &classes{target: name}
		for _, column := range p.rows.names {
			if class, ok := strings.CutPrefix(column, verdict.ClassScore); ok && values[class] > 0 {
				c.names = append(c.names, class)
			}
		}
		c.scored = len(c.names) == len(values)
		columns := c.scored
		for _, class := range c.names {
			columns = columns && p.fields.of[verdict.ClassScore+class] != nil
		}
		if columns {
			return c
		}
		for _, parent := range parents {
			in := parts[parent]
			names := len(in) == len(values) && !slices.ContainsFunc(in, func(class string) bool { return values[class] == 0 })
			if c.listed = len(in) == len(values) && p.fields.of[parent+"[0]"] != nil; !names && !(c.listed && c.scored) {
				continue
			}
			if c.field = parent; !c.scored {
				c.names = in
			}
			return c
		}
	}
	return nil
}

// has tells whether a field of the log is the score of a class.
func (c *classes) has(path string) bool {
	if c == nil {
		return false
	}
	if c.field != "" {
		return strings.HasPrefix(path, c.field+".") || strings.HasPrefix(path, c.field+"[")
	}
	class, ok := strings.CutPrefix(path, verdict.ClassScore)
	return ok && slices.Contains(c.names, class)
}

// list writes names as YAML takes a list.
func list(names []string) string {
	quotedNames := make([]string, len(names))
	for i, name := range names {
		quotedNames[i] = quoted(name)
	}
	return "[" + strings.Join(quotedNames, ", ") + "]"
}

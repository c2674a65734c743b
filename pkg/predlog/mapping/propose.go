package mapping

import (
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/table"
)

// A Proposal is what the first lines of a log look like.
type Proposal struct {
	Input  string            // the path of the input fields, "." for the line itself
	Fields map[string]string // leadsman's name to the path of what looks like it
	ID     string            // the name of what identifies a row; "" for nothing
	Rest   []string          // paths of the values that look like nothing, in the order of the lines
}

// inputs are the names that objects of input fields have, as in spellings.
var inputs = []string{"input", "inputs", "features", "feature", "instance", "instances", "x", "row", "payload", "data", "attributes", "request", "body"}

// Propose says what lines of a log of a kind look like.
func Propose(kind Kind, lines [][]Seen) Proposal {
	t := New(Options{Kind: kind, Fields: map[string]Field{"input": {Path: line}}}, nil, nil)
	p := Proposal{Fields: map[string]string{}}
	var paths []string
	values := map[string][]Seen{}
	objects, lists := map[string]bool{}, map[string]bool{}
	for _, l := range lines {
		for i, s := range l {
			if _, err := steps(s.Path); err != nil {
				continue
			}
			if i+1 < len(l) && (strings.HasPrefix(l[i+1].Path, s.Path+".") || strings.HasPrefix(l[i+1].Path, s.Path+"[")) {
				objects[s.Path] = true
				lists[s.Path] = lists[s.Path] || strings.HasPrefix(l[i+1].Path, s.Path+"[")
			}
			if _, met := values[s.Path]; !met {
				paths = append(paths, s.Path)
			}
			values[s.Path] = append(values[s.Path], s)
		}
	}
	if kind == Predictions {
		// The items of a list have no names.
		p.Input = proposeInput(slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return lists[path] }), objects)
	}
	taken := map[string]bool{}
	best := func(role table.Role, name string) string {
		found, most := "", 0
		for _, path := range paths {
			if taken[path] || objects[path] || p.Input != line && p.Input != "" && within(path, p.Input) {
				continue
			}
			c, sum := &batch.Column{Name: name, Role: role}, 0
			for _, s := range values[path] {
				sum += t.resemblance(c, s)
			}
			if path == name {
				sum *= 2
			}
			if sum > most || sum == most && sum > 0 && likesLast(c, values[path][0]) {
				found, most = path, sum
			}
		}
		taken[found] = true
		return found
	}
	for _, f := range fixed[kind] {
		if found := best(f.role, f.name); found != "" {
			p.Fields[f.name] = found
		}
	}
	if kind == Predictions {
		p.ID = best(table.ID, "id")
	}
	for _, path := range paths {
		if !taken[path] && !objects[path] && (p.Input == line || p.Input == "" || !within(path, p.Input)) {
			p.Rest = append(p.Rest, path)
		}
	}
	return p
}

func within(path, object string) bool {
	return strings.HasPrefix(path, object+".") || strings.HasPrefix(path, object+"[")
}

// proposeInput is the shortest path of an object whose name is one of an input's.
func proposeInput(paths []string, objects map[string]bool) string {
	found, rank := line, len(inputs)
	for _, path := range paths {
		at := slices.Index(inputs, lastName(path))
		if objects[path] && at >= 0 && !strings.HasSuffix(path, "]") && (at < rank || at == rank && len(path) < len(found)) {
			found, rank = path, at
		}
	}
	return found
}

// resemblance is likeness for the columns, too, that no log must have.
func (t *Table) resemblance(c *batch.Column, s Seen) int {
	named := slices.Contains(spellings[c.Role], lastName(s.Path))
	_, number := numberOf(s.Value)
	_, text := s.Value.(string)
	switch c.Role {
	case table.Timestamp, table.Score, table.Status:
		return t.likeness(c, s)
	case table.Latency:
		if named && number {
			return 4
		}
	case table.Endpoint:
		switch address, _ := s.Value.(string); {
		case named && text:
			return 4
		case strings.HasPrefix(address, "/"):
			return 1
		}
	default:
		if named && s.Value != nil && (number || text || c.Role == table.Label) {
			return 4
		}
	}
	return 0
}

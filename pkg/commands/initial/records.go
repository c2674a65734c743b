package initial

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/jq"
	"github.com/leadsman/leadsman/pkg/predlog/known"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// look finds out what the records are.
func (p *page) look(records []predlog.Record) {
	p.looked, p.kind = len(records), mapping.Predictions
	for _, f := range known.All() {
		if is(f, records) {
			p.format, p.kind = &f, f.Kind
			break
		}
	}
	if p.format != nil {
		if program, err := known.Program(p.format.Name, p.format.Kind); err == nil {
			records = made(program, records)
		}
	} else {
		records = p.unpack(records)
	}
	lines := linesOf(records)
	p.text = p.format == nil && len(lines) == 0
	p.fields = columnsOf(lines)
	p.proposal = mapping.Propose(p.kind, lines)
	if p.format == nil {
		requests := mapping.Propose(mapping.Requests, lines)
		if requests.Fields["status_code"] != "" && requests.Fields["endpoint"] != "" && p.proposal.Fields["score"] == "" {
			p.kind, p.proposal = mapping.Requests, requests
		}
	}
	if p.format != nil || p.kind != mapping.Predictions {
		return
	}
	if p.classes = p.findClasses(); p.classes != nil {
		delete(p.proposal.Fields, "score") // it is the highest
		p.proposal.Rest = slices.DeleteFunc(p.proposal.Rest, p.classes.has)
	}
}

// is tells whether most records are of a format.
func is(f known.Format, records []predlog.Record) bool {
	where, err := jq.CompileCondition(f.Is)
	if err != nil {
		return false
	}
	n := 0
	for _, r := range records {
		if _, ends, _ := (&jq.Pipeline{Where: where}).Run(r.Value, r.Size); len(ends) > 0 {
			n++
		}
	}
	return 2*n >= len(records)
}

// plain are the names that stand in a jq program as they are.
var plain = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// unpack finds out what holds the records, a list in each line or an input that is JSON
// in a text, and takes them out of it.
func (p *page) unpack(records []predlog.Record) []predlog.Record {
	lists, texts := 0, map[string]int{}
	for _, r := range records {
		switch v := r.Value.(type) {
		case []any:
			lists++
		case map[string]any:
			for name, value := range v {
				if text, ok := value.(string); ok && strings.HasPrefix(strings.TrimSpace(text), "{") && json.Valid([]byte(text)) {
					texts[name]++
				}
			}
		}
	}
	by := func(text, why string) []predlog.Record {
		program, err := jq.Compile(text, nil)
		if err != nil {
			return nil
		}
		p.program, p.why = text, why
		return made(program, records)
	}
	if 2*lists > len(records) {
		return by(".[]", "a line is a list of records")
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if 2*texts[name] <= len(records) || !plain.MatchString(name) {
			continue
		}
		// Other texts than the input may hold JSON: they stay what they are.
		if out := by("."+name+" |= fromjson", "it is JSON in a text"); mapping.Propose(mapping.Predictions, linesOf(out)).Input == name {
			return out
		}
		p.program, p.why = "", ""
	}
	return records
}

// made are the records that a program makes.
func made(program *jq.Program, records []predlog.Record) []predlog.Record {
	var list []predlog.Record
	pipeline := &jq.Pipeline{Stages: []jq.Stage{{Name: "jq", Program: program}}}
	for _, r := range records {
		line, ends, _ := pipeline.Run(r.Value, r.Size)
		from := 0
		for _, end := range ends {
			value, fault := jq.Decode(jq.Line(line[from:end]))
			if fault.Reason == "" {
				list = append(list, predlog.Record{Value: value, Size: end - from})
			}
			from = end
		}
	}
	return list
}

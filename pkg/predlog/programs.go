package predlog

import (
	"errors"

	"github.com/leadsman/leadsman/pkg/predlog/jq"
	"github.com/leadsman/leadsman/pkg/predlog/known"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// Programs make the records that are read of those that a log holds: a shipped
// program first, then one of the user's own, then a condition on what is left.
type Programs struct {
	From  ByKind `yaml:"from"`  // the name of a shipped program; alone, for the kind of log that it is for
	JQ    ByKind `yaml:"jq"`    // a jq program
	Where ByKind `yaml:"where"` // a jq condition
}

// ByKind is a text for each kind of log, or one alone, which is for predictions.
type ByKind struct {
	Predictions string `yaml:"predictions"`
	Requests    string `yaml:"requests"`
	Reference   string `yaml:"reference"`

	alone string
}

// SetText sets the text that stands alone.
func (b *ByKind) SetText(text string) { b.alone = text }

// of returns the text for a kind of log and the key below its own that it stands
// under, "" when it stands alone.
func (b ByKind) of(kind mapping.Kind) (text, key string) {
	switch {
	case kind == mapping.Requests:
		return b.Requests, ".requests"
	case kind == mapping.References:
		return b.Reference, ".reference"
	case b.alone != "":
		return b.alone, ""
	}
	return b.Predictions, ".predictions"
}

// Check says what is wrong with the programs, each where it stands.
func (p Programs) Check() error {
	var faults []error
	for _, kind := range []mapping.Kind{mapping.Predictions, mapping.Requests, mapping.References} {
		_, err := p.Of(kind)
		faults = append(faults, err)
	}
	if p.From.alone != "" {
		if _, err := known.Find(p.From.alone); err != nil {
			faults = append(faults, &programFault{key: "from", err: err})
		}
	}
	return errors.Join(faults...)
}

// from is the name of the shipped program for a kind of log, and its key.
func (p Programs) from(kind mapping.Kind) (name, key string) {
	if name := p.From.alone; name != "" {
		if format, err := known.Find(name); err != nil || format.Kind != kind {
			return "", "" // Check names it
		}
		return name, "from"
	}
	name, key = p.From.of(kind)
	return name, "from" + key
}

// Shipped is the name of the shipped program that makes the records of a kind of
// log, "" for none.
func (p Programs) Shipped(kind mapping.Kind) string {
	name, _ := p.from(kind)
	return name
}

// Of returns what makes the records of a kind of log, nil when they are read as
// they are. Its errors have a method Key that says where the fault stands in
// monitor.yaml, and one Line with the line in the text of the program.
func (p Programs) Of(kind mapping.Kind) (*jq.Pipeline, error) {
	var line jq.Pipeline
	var faults []error
	add := func(name, key string, program *jq.Program, err error) {
		if err != nil {
			faults = append(faults, &programFault{key, err})
			return
		}
		line.Stages = append(line.Stages, jq.Stage{Name: name, Program: program})
	}
	if name, key := p.from(kind); name != "" {
		program, err := known.Program(name, kind)
		add("from "+name, key, program, err)
	}
	if text, key := p.JQ.of(kind); text != "" {
		program, err := jq.Compile(text, nil)
		add("jq", "jq"+key, program, err)
	}
	if text, key := p.Where.of(kind); text != "" {
		var err error
		if line.Where, err = jq.CompileCondition(text); err != nil {
			faults = append(faults, &programFault{"where" + key, err})
		}
	}
	if line.Where == nil && len(line.Stages) == 0 {
		return nil, errors.Join(faults...)
	}
	return &line, errors.Join(faults...)
}

// A programFault is what is wrong under a key.
type programFault struct {
	key string
	err error
}

func (f *programFault) Error() string { return f.key + ": " + f.err.Error() }

// Key is where the program stands in monitor.yaml.
func (f *programFault) Key() string { return f.key }

// Line is the line of the program that is wrong, from 1; 0 when it is not known.
func (f *programFault) Line() int {
	var at *jq.Fault
	if errors.As(f.err, &at) {
		return at.Line
	}
	return 0
}

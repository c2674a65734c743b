package jq

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/itchyny/gojq"

	"github.com/leadsman/leadsman/pkg/predlog/faults"
)

// What the programs may do for one record.
const (
	maxRecords = 10_000             // that it becomes
	maxBytes   = 4 * faults.MaxLine // of all of them as lines of JSON
	baseSteps  = 2_000_000          // of the machine that runs programs
	sizeSteps  = 200                // more for every byte of the record
)

// A Pipeline is what makes the records that are read of a record of the log: each
// stage takes what the one before it yields, and Where keeps those of them for which
// it holds. All may be missing.
type Pipeline struct {
	Stages []Stage
	Where  *Program
}

// A Stage is a program with what messages call it.
type Stage struct {
	Name    string // such as "jq"
	Program *Program
}

// Run makes the records of one that took size bytes in the log: lines of JSON
// without their newlines, one behind the other in line, of which ends are the ends.
// The fault says why it is a bad record, of which none is kept then; no word of the
// record is in it.
//
// The condition holds where the first value that it yields is true, and not where it is
// false or null; any other value is a fault.
func (p *Pipeline) Run(record any, size int) (line []byte, ends []int, f faults.Fault) {
	r := run{steps: &steps{Context: context.Background(), left: baseSteps + sizeSteps*size}, pipeline: p, raw: record}
	if err := r.stage(record, p.Stages); err != nil {
		return nil, nil, faults.Fault{Reason: err.Error()}
	}
	return r.line, r.ends, faults.Fault{}
}

// A run is that of a pipeline on one record.
type run struct {
	steps    *steps
	pipeline *Pipeline
	raw      any
	line     []byte
	ends     []int
}

// stage hands a record to the rest of the stages.
func (r *run) stage(record any, rest []Stage) error {
	if len(rest) == 0 {
		return r.keep(record)
	}
	values := rest[0].Program.code.RunWithContext(r.steps, record)
	for {
		v, ok := values.Next()
		if !ok {
			return nil
		}
		if err, failed := v.(error); failed {
			return fmt.Errorf("%s: %s", rest[0].Name, rest[0].Program.why(err))
		}
		if err := r.stage(v, rest[1:]); err != nil {
			return err
		}
	}
}

// keep adds a record to those that are yielded if the condition holds for it.
func (r *run) keep(record any) error {
	if where := r.pipeline.Where; where != nil {
		switch v, _ := where.code.RunWithContext(r.steps, record, r.raw).Next(); v := v.(type) {
		case nil:
			return nil
		case bool:
			if !v {
				return nil
			}
		case error:
			return fmt.Errorf("where: %s", where.why(v))
		default:
			return fmt.Errorf("where: want true or false, got %s: == compares", article(v))
		}
	}
	if len(r.ends) == maxRecords {
		return fmt.Errorf("the program yields more than %d records", maxRecords)
	}
	r.line = appendJSON(r.line, record)
	if r.ends = append(r.ends, len(r.line)); len(r.line) > maxBytes {
		return fmt.Errorf("the program yields more than %d MiB", maxBytes>>20)
	}
	return nil
}

// article is what a value is, in words.
func article(v any) string {
	switch v.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	case string:
		return "a string"
	}
	return "a number"
}

// why says why a program failed, without the value that it failed on. What it says
// itself by error is repeated where it stands so in its text.
func (p *Program) why(err error) string {
	if errors.Is(err, errSteps) {
		return fmt.Sprintf("takes more than %d steps, and %d for every byte of the record", baseSteps, sizeSteps)
	}
	var value gojq.ValueError
	if errors.As(err, &value) {
		if said, ok := value.Value().(string); ok && len(said) > 3 && strings.Contains(p.text, `"`+said+`"`) {
			return said
		}
		return "the program refuses the record"
	}
	text := err.Error()
	// Behind its type a message shows the value: string ("…").
	if i := strings.IndexAny(text, "(\"[{0123456789"); i >= 0 {
		text = text[:i]
	}
	return strings.TrimRight(text, " :,")
}

// steps is a context that ends after so many steps: before each, gojq asks whether
// it is done.
type steps struct {
	context.Context
	left int
}

var (
	errSteps = errors.New("too many steps")
	ended    = make(chan struct{})
)

func init() { close(ended) }

// Done counts a step.
func (s *steps) Done() <-chan struct{} {
	if s.left--; s.left < 0 {
		return ended
	}
	return nil
}

// Err is the reason for the end.
func (s *steps) Err() error { return errSteps }

package mapping

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/predlog/timestamp"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

// Fields say where logs have leadsman's fields, by kind of log. Where nothing is
// said of the reference's, they are those of the predictions, or leadsman's own.
type Fields struct {
	Predictions map[string]Field `yaml:"predictions"` // as Options.Fields
	Requests    map[string]Field `yaml:"requests"`
	Reference   map[string]Field `yaml:"reference"`
}

// A Field is where a log has a field, and how it writes it.
type Field struct {
	// Path is a name, or names and places in lists from the line inwards, such as
	// response.scores[1]; the field of a line that has the whole of it for a name
	// goes first. For the input a dot, or nothing, is the line itself. In a
	// mapping that has other keys it is leadsman's own name where it is left out.
	Path   string   `yaml:"field" scalar:"true"`
	Format string   `yaml:"format"` // of a timestamp, for timestamp.ParseFormat
	Unit   string   `yaml:"unit"`   // of a latency: s, ms, us or ns; ms where it is left out
	Names  []string `yaml:"names"`  // of the items of an input that is a list

	predictions bool // said of the predictions, of a reference
}

// Of returns what is said of a kind of log, for Options.Fields.
func (f Fields) Of(kind Kind) map[string]Field {
	switch kind {
	case Requests:
		return f.Requests
	case Predictions:
		return f.Predictions
	}
	all := maps.Clone(f.Reference)
	if all == nil {
		all = make(map[string]Field)
	}
	for name, field := range f.Predictions {
		if _, ok := all[name]; !ok {
			field.predictions = true
			all[name] = field
		}
	}
	return all
}

// at is where the field called name is.
func (f Field) at(name string) string {
	if f.Path == "" && (f.Format != "" || f.Unit != "" || f.Names != nil) {
		return name
	}
	return f.Path
}

// fieldNames are the names that Options.Fields may map for a kind of log.
func fieldNames(kind Kind) []string {
	var names []string
	for _, f := range fixed[kind] {
		names = append(names, f.name)
	}
	if kind != Requests {
		names = append(names, "input", "id", "entity", scoresName)
	}
	return names
}

// scales are the milliseconds of the units of a latency.
var scales = map[string]float64{"s": 1e3, "ms": 1, "us": 1e-3, "ns": 1e-6}

// Check says what is wrong with what is said of the fields.
func (f Fields) Check() error {
	var faults []error
	for _, of := range []struct {
		kind   Kind
		fields map[string]Field
	}{{Predictions, f.Predictions}, {Requests, f.Requests}, {References, f.Reference}} {
		known := fieldNames(of.kind)
		for _, name := range slices.Sorted(maps.Keys(of.fields)) {
			key := "fields." + string(of.kind) + "." + name
			if !slices.Contains(known, name) {
				faults = append(faults, &fieldError{key, words.UnknownKey(name, known)})
				continue
			}
			faults = append(faults, of.fields[name].check(of.kind, name, key))
		}
	}
	return errors.Join(faults...)
}

// check says what is wrong with what is said of the field called name.
func (f Field) check(kind Kind, name, key string) error {
	wrong := func(under, what string) error { return &fieldError{key + under, what} }
	role := table.Feature
	for _, c := range fixed[kind] {
		if c.name == name {
			role = c.role
		}
	}
	if path := f.at(name); path == line && name != "input" {
		return wrong("", "want the name of a field, got the line itself")
	} else if path != "" && path != line {
		if _, err := steps(path); err != nil {
			return wrong("", err.Error())
		}
	}
	if f.Format != "" {
		if role != table.Timestamp {
			return wrong(".format", "is for the timestamp")
		}
		if _, err := timestamp.ParseFormat(f.Format); err != nil {
			return wrong(".format", err.Error())
		}
	}
	if f.Unit != "" {
		if role != table.Latency {
			return wrong(".unit", "is for "+latencyOf(kind))
		}
		if scales[f.Unit] == 0 {
			return wrong(".unit", words.NotOneOf(f.Unit, []string{"s", "ms", "us", "ns"}))
		}
	}
	if f.Names != nil && name != "input" {
		return wrong(".names", "is for the input")
	}
	if f.Names != nil && (f.Path == line || strings.TrimSpace(f.at(name)) == "") {
		return wrong(".names", "is for an input that is a list")
	}
	return nil
}

func latencyOf(kind Kind) string {
	for _, c := range fixed[kind] {
		if c.role == table.Latency {
			return c.name
		}
	}
	return ""
}

type fieldError struct{ key, what string }

func (e *fieldError) Error() string { return e.key + ": " + e.what }

// Key is where the field stands in monitor.yaml: fields.requests.endpoint.
func (e *fieldError) Key() string { return e.key }

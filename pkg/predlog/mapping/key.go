package mapping

import (
	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/jsontext"
	"github.com/leadsman/leadsman/pkg/predlog/timestamp"
	"github.com/leadsman/leadsman/pkg/table"
)

// An Action is what to do with a key's value.
type Action uint8

// The actions.
const (
	Ignore    Action = iota // an unknown field
	Timestamp               // RFC 3339 text
	Measure                 // a number
	Code                    // a whole number
	Word                    // text, or the text of a number or bool
	Feature                 // an input field
	Input                   // the object of input fields
	Simulated               // true when the log is simulated
	Inner                   // an object or a list with mapped fields in it
	Drop                    // left out, because the settings say so
)

// A Key is one key of an object, or a column of a file.
type Key struct {
	Name     string
	Action   Action
	Required bool           // a value that cannot be taken spoils the line
	Col      *batch.Column  // nil for what has none, or none yet
	Lost     faults.Unknown // lines that were kept, of an unknown field

	Format *timestamp.Format // of a Timestamp
	Scale  float64           // by which a Measure is multiplied; 0 is 1

	// Of a column that has several keys all of them, of which the first in a line
	// gives the value; nil where there is one.
	Rivals  []*Key
	Instead bool // the last of Rivals: leadsman's own name, which a reference may have where another is mapped

	Under   *Object // the keys of the object that it holds, if it holds any that are mapped
	Items   []*Key  // those of the list that it holds; nil for an item that leads nowhere
	Vector  bool    // the list has as many items as Items
	AsInput bool    // an Inner that is an input field where it holds neither

	// For readers of JSON, which guess what comes next.
	Literal string // the name with its quotes, as it was written first
	Next    *Key   // the key that came after it last time it was looked up
	Line    int64  // the last line it was seen in
}

// Beaten tells whether a rival that goes first was in the line.
func (k *Key) Beaten(line int64) bool {
	for _, r := range k.Rivals {
		if r == k {
			break
		}
		if r.Line == line {
			return true
		}
	}
	return false
}

func newKey(name string, a Action) *Key {
	return &Key{Name: name, Lost: faults.Unknown{Name: name}, Literal: literal(name), Action: a}
}

func literal(name string) string { return string(jsontext.AppendString(nil, name)) }

// An Object is the keys of one level of the records.
type Object struct {
	Path   string // where it stands, with a dot at its end: "response."
	Keys   map[string]*Key
	Inputs bool // unknown keys are features
	First  *Key // that the last record began with
}

// fixed are the fixed columns, in the order of the table. alias is another name
// that the field goes by.
var fixed = map[Kind][]struct {
	name, alias string
	role        table.Role
	action      Action
	shape       batch.Shape
	required    bool // a log must have it, and a reference nothing else in its place
}{
	References: {
		{"timestamp", "", table.Timestamp, Timestamp, batch.Times, true},
		{"score", "", table.Score, Measure, batch.Floats, true},
		{"label", "", table.Label, Word, batch.Words, false},
		{"inference_ms", "", table.Latency, Measure, batch.Floats, false},
		{"model_version", "", table.ModelID, Word, batch.Words, false},
	},
	Predictions: {
		{"timestamp", "", table.Timestamp, Timestamp, batch.Times, true},
		{"score", "", table.Score, Measure, batch.Floats, true},
		{"label", "", table.Label, Word, batch.Words, false},
		{"inference_ms", "", table.Latency, Measure, batch.Floats, false},
		{"model_version", "", table.ModelID, Word, batch.Words, false},
	},
	Requests: {
		{"timestamp", "", table.Timestamp, Timestamp, batch.Times, true},
		{"endpoint", "path", table.Endpoint, Word, batch.Words, false},
		{"method", "", table.Method, Word, batch.Words, false},
		{"status_code", "", table.Status, Code, batch.Ints, true},
		{"response_ms", "response_time_ms", table.Latency, Measure, batch.Floats, false},
	},
}

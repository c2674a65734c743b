package delimited

import (
	"strings"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/spelling"
)

// inference gathers what a column of a file tells about its kind, whatever the
// order of its rows.
type inference struct {
	spelling.Column
	quoted int64 // words for missing values that stand in quotes
	texts  batch.Texting
}

// add adds a field that is not missing.
func (f *inference) add(field string) {
	f.Column.Add(field, 1)
	f.texts.Add(field)
}

// isBlank tells a field without text, which is missing in every column.
func isBlank(field string) bool { return strings.TrimSpace(field) == "" }

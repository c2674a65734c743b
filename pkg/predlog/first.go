package predlog

import (
	"errors"
	"io"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog/jq"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// A Record is one of a log as programs take it, and its size in bytes.
type Record struct {
	Value any
	Size  int
}

// First returns the first n records of the log of a kind at path, of any form that
// Decoder.File reads, or of from where it is not nil; lines that are none are passed
// over.
func First(path string, from io.Reader, kind mapping.Kind, n int) ([]Record, error) {
	var list []Record
	d := NewDecoder(Options{Mapping: mapping.Options{Kind: kind}, Records: &jq.Pipeline{}}, func(arrow.RecordBatch) error { return nil })
	d.each = func(_ int64, record any, size int) error {
		if list = append(list, Record{record, size}); len(list) == n {
			return ErrStop
		}
		return nil
	}
	var err error
	if from != nil {
		err = d.From(path, from)
	} else {
		err = d.File(path)
	}
	if errors.Is(err, ErrStop) {
		err = nil
	}
	return list, err
}

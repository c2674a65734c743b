package feature

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// RawRows are rows as they were logged, in any form that predlog.Reference
// reads.
type RawRows struct {
	Name   string                   // the path of a file, or what messages call From
	From   io.Reader                // nil for the file
	Fields map[string]mapping.Field // as in mapping.Options, like ID, Target and Ignore
	Ignore []string
	ID     string
	Target string
	Types  map[string]string     // of columns, by name, where Raw says another or none; "" is no type
	Note   func(sentence string) // told of what is odd about the rows
}

// Each reads raw rows and gives them to use in batches, until it wants no more.
// The rows' columns have the types that the pipeline was made for; fields that
// have no column are noted, once.
func (p *Pipeline) Each(rows RawRows, use func(rec arrow.RecordBatch) (more bool, err error)) error {
	types := map[string]string{}
	for _, r := range p.raw {
		types[r.Name] = r.Type
	}
	for name, t := range rows.Types {
		if t != "" {
			types[name] = t
		}
	}
	o := predlog.Options{
		Mapping:  mapping.Options{Fields: rows.Fields, Ignore: rows.Ignore, ID: rows.ID, Target: rows.Target, Columns: mapping.Pins(types)},
		Complain: rows.Note,
	}
	first := true
	read := func(rec arrow.RecordBatch) error {
		if missing := p.missing(rec.Schema()); first && len(missing) > 0 && len(missing) < len(p.raw) {
			rows.Note(fmt.Sprintf("%s: taken as missing, for it has no column of that name: %s", rows.Name, strings.Join(missing, ", ")))
		}
		first = false
		more, err := use(rec)
		if err == nil && !more {
			err = predlog.ErrStop
		}
		return err
	}
	var err error
	if rows.From != nil {
		_, err = predlog.ReferenceFrom(rows.Name, rows.From, o, read)
	} else {
		_, err = predlog.Reference(rows.Name, o, read)
	}
	return err
}

// Values reads raw rows and makes them the model's, one row after another: all,
// or where these are more than most values, as many rows from the start as fit.
// None at all is an error.
func (p *Pipeline) Values(rows RawRows, most int) (values []float64, all bool, err error) {
	width := len(p.columns)
	all = true
	err = p.Each(rows, func(rec arrow.RecordBatch) (bool, error) {
		at, n := len(values), int(rec.NumRows())*width
		values = slices.Grow(values, n)[:at+n]
		if err := p.Batch(rec, values[at:]); err != nil {
			return false, fmt.Errorf("%s: %w", rows.Name, err)
		}
		if most := most - most%width; len(values) > most {
			values, all = values[:most], false
		}
		return all, nil
	})
	if err == nil && len(values) == 0 {
		err = fmt.Errorf("%s: no rows", rows.Name)
	}
	return values, all, err
}

// MadeWith reports whether the pipeline says that it was made with the model
// whose file has that hash, in lower-case hex.
func (p *Pipeline) MadeWith(sha256 string) bool {
	return slices.Contains(slices.Collect(maps.Values(p.ModelSHA256)), sha256)
}

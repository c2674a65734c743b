package mapping

import (
	"net/url"
	"path/filepath"
	"strings"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/spelling"
)

// partition is a field that all rows of a source have.
type partition struct {
	key    *Key
	text   string
	number float64
	isNum  bool
}

// Partition sets the fields that the folders on the path of the next source give to
// its rows, as Hive, Spark and DuckDB name them, region=eu/day=2026-01-05/part.csv; none
// where path is empty. A row that has such a field itself keeps it.
func (t *Table) Partition(path string) {
	const null = "__HIVE_DEFAULT_PARTITION__"
	t.fields = nil
	for part := range strings.SplitSeq(filepath.ToSlash(filepath.Dir(path)), "/") {
		name, value, ok := strings.Cut(part, "=")
		if !ok || name == "" || value == "" || value == null {
			continue
		}
		if k := t.partitionKey(unescaped(name)); k != nil {
			value = unescaped(value)
			x, isNum := spelling.Exact(value)
			t.fields = append(t.fields, partition{k, value, x, isNum})
		}
	}
}

func unescaped(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// partitionKey returns the key of a field that is text or an input field; nil for
// others.
func (t *Table) partitionKey(name string) *Key {
	k := t.Top.Keys[name]
	if k == nil || k.Action == Input || k.Action == Inner {
		if t.Kind == Requests {
			return nil
		}
		k = t.InputKey(name)
	}
	switch {
	case k == nil, k.Action != Word && k.Action != Feature:
		return nil
	case k.Col == nil:
		k.Col = t.NewColumn(name)
	}
	return k
}

// setPartition sets the fields of the current row.
func (t *Table) setPartition() {
	for _, f := range t.fields {
		c, row := f.key.Col, t.Rows.Row()
		if c.Has(row) {
			continue
		}
		if c.Shape == batch.Unset {
			if f.isNum {
				t.Rows.Shape(c, batch.Floats)
			} else {
				t.Rows.Shape(c, batch.Words)
			}
		}
		switch {
		case c.Shape == batch.Words || c.Shape == batch.Texts:
			t.Rows.SetText(c, f.text)
		case c.Shape == batch.Floats && f.isNum:
			c.SetFloat(row, f.number)
		case c.Shape == batch.Floats:
			t.TakeText(c, f.text)
		}
	}
}

package read

import (
	"fmt"
	"math"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// Fixed are the places of a log's own columns in a schema: timestamp, latency,
// model version, id, entity, endpoint, status; -1: absent.
type Fixed struct{ At, MS, Version, ID, Entity, Endpoint, Status int }

// FixedOf finds a log's own columns by their roles, and the id and the entity by
// their names where these are given. Without a name for it, or with the id's, the
// entity is the id.
func FixedOf(s *arrow.Schema, idColumn, entity string) Fixed {
	f := Fixed{-1, -1, -1, -1, -1, -1, -1}
	for i, field := range s.Fields() {
		place := map[table.Role]*int{
			table.Timestamp: &f.At, table.Latency: &f.MS, table.ModelID: &f.Version,
			table.ID: &f.ID, table.Entity: &f.Entity, table.Endpoint: &f.Endpoint, table.Status: &f.Status,
		}[RoleOf(field)]
		if idColumn != "" && field.Name == idColumn {
			place = &f.ID
		} else if entity != "" && field.Name == entity {
			place = &f.Entity
		}
		if place != nil && *place < 0 {
			*place = i
		}
	}
	if f.Entity < 0 && (entity == "" || entity == idColumn) {
		f.Entity = f.ID
	}
	return f
}

// RoleOf returns a field's role; fields without one have it by name where
// another program wrote the fixed columns of a log.
func RoleOf(f arrow.Field) table.Role {
	if r := table.RoleOf(f); r != "" {
		return r
	}
	switch strings.ToLower(f.Name) {
	case "timestamp":
		return table.Timestamp
	case "score":
		return table.Score
	case "label":
		return table.Label
	case "inference_ms", "response_ms":
		return table.Latency
	case "model_version":
		return table.ModelID
	case "status_code":
		return table.Status
	case "endpoint":
		return table.Endpoint
	case "method":
		return table.Method
	}
	return ""
}

// Times reads the timestamps, in microseconds, of a batch's column at a place;
// one of nulls at -1. It returns an error when the column holds no times.
func Times(rec arrow.RecordBatch, at int) (func(i int) (int64, bool), error) {
	if at < 0 {
		return func(int) (int64, bool) { return 0, false }, nil
	}
	col := rec.Column(at)
	read, ok := table.Times(col)
	if !ok {
		return nil, fmt.Errorf("%s: want a timestamp, got %s", rec.Schema().Field(at).Name, col.DataType())
	}
	return func(i int) (int64, bool) {
		if col.IsNull(i) {
			return 0, false
		}
		return read(i), true
	}, nil
}

// Texts reads the column at a place as text; a null, and all at -1, is empty. The
// text is valid as long as the batch.
func Texts(rec arrow.RecordBatch, at int) func(i int) string {
	none := func(int) string { return "" }
	if at < 0 {
		return none
	}
	col := rec.Column(at)
	text, ok := table.Strings(col)
	if !ok {
		r := Column{kind: view.CategoryKind}
		r.Bind(col)
		text = r.Text
	}
	dict, _ := col.(*array.Dictionary)
	return func(i int) string {
		if col.IsNull(i) || dict != nil && dict.Dictionary().IsNull(dict.GetValueIndex(i)) {
			return ""
		}
		return text(i)
	}
}

// Endpoints reads the column at a place as Texts does, each in the form of
// spelling.Endpoint.
func Endpoints(rec arrow.RecordBatch, at int) func(i int) string {
	text := Texts(rec, at)
	if at < 0 {
		return text
	}
	d, ok := rec.Column(at).(*array.Dictionary)
	if !ok {
		return func(i int) string { return spelling.Endpoint(text(i)) }
	}
	known := make([]string, d.Dictionary().Len())
	return func(i int) string {
		if d.IsNull(i) {
			return ""
		}
		k := &known[d.GetValueIndex(i)]
		if *k == "" {
			*k = spelling.Endpoint(text(i))
		}
		return *k
	}
}

// Numbers reads the column at a place as numbers. A null is NaN, and so are all at
// -1 and all of a column of another type.
func Numbers(rec arrow.RecordBatch, at int) func(i int) float64 {
	none := func(int) float64 { return math.NaN() }
	if at < 0 {
		return none
	}
	col := rec.Column(at)
	read, ok := table.Numbers(col)
	if !ok {
		return none
	}
	return func(i int) float64 {
		if col.IsNull(i) {
			return math.NaN()
		}
		return read(i)
	}
}

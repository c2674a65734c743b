package profile

import (
	"fmt"
	"math"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// fixedFields are the places of a log's own columns; -1: absent.
type fixedFields struct{ at, ms, version, id, endpoint, status int }

func fixedOf(s *arrow.Schema, idColumn string) fixedFields {
	f := fixedFields{-1, -1, -1, -1, -1, -1}
	for i, field := range s.Fields() {
		place := map[table.Role]*int{
			table.Timestamp: &f.at, table.Latency: &f.ms, table.ModelID: &f.version,
			table.ID: &f.id, table.Endpoint: &f.endpoint, table.Status: &f.status,
		}[roleOf(field)]
		if idColumn != "" && field.Name == idColumn {
			place = &f.id
		}
		if place != nil && *place < 0 {
			*place = i
		}
	}
	return f
}

// roleOf returns a field's role; fields without one have it by name where
// another program wrote the fixed columns of a log.
func roleOf(f arrow.Field) table.Role {
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

// isNumeric says whether a reference column of type t is a number by itself.
func isNumeric(t arrow.DataType) bool {
	switch t.ID() {
	case arrow.FLOAT64, arrow.FLOAT32, arrow.FLOAT16, arrow.INT64, arrow.INT32, arrow.INT16, arrow.INT8,
		arrow.UINT64, arrow.UINT32, arrow.UINT16, arrow.UINT8, arrow.DECIMAL128, arrow.DECIMAL256:
		return true
	}
	return false
}

// times reads a batch's timestamps; a missing column is one of nulls.
func times(rec arrow.RecordBatch, at int) (func(i int) (int64, bool), error) {
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

// texts reads a column of strings; a missing or other one is of nulls. The
// text is valid as long as the batch.
func texts(rec arrow.RecordBatch, at int) func(i int) string {
	none := func(int) string { return "" }
	if at < 0 {
		return none
	}
	col := rec.Column(at)
	text, ok := table.Strings(col)
	if !ok {
		r := reading{kind: view.CategoryKind}
		r.bind(col)
		text = r.text
	}
	dict, _ := col.(*array.Dictionary)
	return func(i int) string {
		if col.IsNull(i) || dict != nil && dict.Dictionary().IsNull(dict.GetValueIndex(i)) {
			return ""
		}
		return text(i)
	}
}

// numbers reads a column of numbers; missing or other values are NaN.
func numbers(rec arrow.RecordBatch, at int) func(i int) float64 {
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

package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/site/report"
)

// Schema is the JSON Schema (draft 2020-12) of report.json, made from the
// same tags as the tables. What a version promises stands in docs/publishing.md.
func Schema() []byte {
	tables := object{{"version", object{{"const", reportVersion}}}}
	for name, row := range report.RowTypes() {
		if name == bench.LatencyTable || name == bench.HotspotTable {
			continue
		}
		row := rowSchema(row)
		if name == "run" {
			tables = append(tables, member{name, row})
			continue
		}
		tables = append(tables, member{name, object{{"type", "array"}, {"minItems", 1}, {"items", row}}})
	}
	raw, err := json.MarshalIndent(object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", fmt.Sprintf("https://github.com/leadsman/leadsman/report/%d", reportVersion)},
		{"title", "report.json of a leadsman site"},
		{"description", "Tables as arrays of rows; a table without rows is absent. Buckets of latencies, slots of traffic, trends of single features, profiles, windows of the model's quality, and bins and statistics of segments are in data/*.parquet only. Within a version tables, members and words are added; none goes, and none changes its type, unit or meaning: readers ignore what they do not know."},
		{"type", "object"}, {"properties", tables}, {"required", []string{"version", "run"}},
	}, "", " ")
	if err != nil {
		panic(err) // plain values: an error is a bug
	}
	return append(raw, '\n')
}

// rowSchema describes a table's row by its tags.
func rowSchema(row reflect.Type) object {
	var members object
	required := []string{}
	for f := range row.Fields() {
		tag, ok := f.Tag.Lookup("table")
		if !ok {
			continue
		}
		name, option, _ := strings.Cut(tag, ",")
		doc := f.Tag.Get("doc")
		if unit := f.Tag.Get("unit"); unit != "" && unit != "1" {
			doc += " (" + unit + ")"
		}
		members = append(members, member{name, append(valueSchema(f.Type, option == "null"), member{"description", doc})})
		required = append(required, name)
	}
	return object{{"type", "object"}, {"properties", members}, {"required", required}}
}

// valueSchema describes a cell. Any float can be null: JSON has no infinity.
func valueSchema(t reflect.Type, null bool) object {
	kind := map[reflect.Kind]string{reflect.String: "string", reflect.Bool: "boolean", reflect.Int64: "integer", reflect.Float64: "number"}[t.Kind()]
	if t == reflect.TypeFor[time.Time]() {
		return object{{"type", []string{"string", "null"}}, {"format", "date-time"}}
	}
	if null || kind == "number" {
		return object{{"type", []string{kind, "null"}}}
	}
	return object{{"type", kind}}
}

// An object is a JSON object whose members keep their order.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

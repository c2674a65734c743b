package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// terse leaves out of report.json what only pictures need, and needs most of the
// room: the bars of latencies, the time slots of requests, the courses of single
// features, profiles, the windows of the model's quality, and the parts of
// segments. Parquet has them.
func terse(t *report.Tables) *report.Tables {
	short := *t
	short.Latency = slices.DeleteFunc(slices.Clone(t.Latency), func(l verdict.Latency) bool { return l.Kind == "bucket" })
	short.Traffic = slices.DeleteFunc(slices.Clone(t.Traffic), func(slot verdict.Traffic) bool { return !slot.Start.IsZero() })
	features := map[string]bool{}
	for _, f := range t.Findings {
		features[f.Subject] = features[f.Subject] || f.Role == verdict.RoleFeature
	}
	short.Trend = slices.DeleteFunc(slices.Clone(t.Trend), func(w verdict.Trend) bool { return features[w.Subject] })
	short.BenchLatency, short.Hotspots = nil, nil
	short.Estimates = slices.DeleteFunc(slices.Clone(t.Estimates), func(e verdict.Estimate) bool { return e.Window != "" })
	short.Outcomes = slices.DeleteFunc(slices.Clone(t.Outcomes), func(o verdict.Outcome) bool { return o.Window != "" })
	short.Bins = slices.DeleteFunc(slices.Clone(t.Bins), func(b verdict.Bin) bool { return b.Segment != "" })
	short.Statistics = slices.DeleteFunc(slices.Clone(t.Statistics), func(s verdict.Statistic) bool { return s.Segment != "" })
	return &short
}

// reportVersion is the version of report.json. It rises when a member goes, or means
// something else; one that is added leaves it.
const reportVersion = 1

// JSON returns report.json: the published tables, a row a line, less what terse
// leaves out. Numbers that JSON does not have are null, as are times that are not
// known. Schema describes it.
func JSON(tables *report.Tables) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n\"version\": %d", reportVersion)
	for _, t := range terse(tables).Published() {
		rows := reflect.ValueOf(t.Rows)
		if t.Name == "run" {
			out.WriteString(",\n\"run\": ")
			writeRow(&out, rows.Index(0))
			continue
		}
		fmt.Fprintf(&out, ",\n%q: [", t.Name)
		for i := range rows.Len() {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString("\n  ")
			writeRow(&out, rows.Index(i))
		}
		out.WriteString("\n]")
	}
	out.WriteString("\n}\n")
	return out.Bytes()
}

// writeRow writes a struct by its table tags.
func writeRow(out *bytes.Buffer, row reflect.Value) {
	out.WriteByte('{')
	first := true
	for i := range row.NumField() {
		tag, ok := row.Type().Field(i).Tag.Lookup("table")
		if !ok {
			continue
		}
		name, option, _ := strings.Cut(tag, ",")
		if !first {
			out.WriteByte(',')
		}
		first = false
		raw, err := json.Marshal(cell(row.Field(i).Interface(), option == "null"))
		if err != nil {
			panic(err) // plain values: an error is a bug
		}
		fmt.Fprintf(out, "%q:%s", name, raw)
	}
	out.WriteByte('}')
}

func cell(v any, null bool) any {
	switch v := v.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return v.UTC().Format(time.RFC3339Nano)
	case string:
		if null && v == "" {
			return nil
		}
	}
	return v
}

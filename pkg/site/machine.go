package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// terse leaves out of report.json what only pictures need, and needs most of the
// room: the bars of latencies, the time slots of requests, the courses of single
// features, profiles, the windows of the model's quality, and the parts of
// segments. Parquet has them.
func (r *Report) terse() *Report {
	short := *r
	short.Latency = slices.DeleteFunc(slices.Clone(r.Latency), func(l verdict.Latency) bool { return l.Kind == "bucket" })
	short.Traffic = slices.DeleteFunc(slices.Clone(r.Traffic), func(t verdict.Traffic) bool { return !t.Start.IsZero() })
	features := map[string]bool{}
	for _, f := range r.Findings {
		features[f.Subject] = features[f.Subject] || f.Role == verdict.RoleFeature
	}
	short.Trend = slices.DeleteFunc(slices.Clone(r.Trend), func(t verdict.Trend) bool { return features[t.Subject] })
	short.BenchLatency, short.Hotspots = nil, nil
	short.Estimates = slices.DeleteFunc(slices.Clone(r.Estimates), func(e verdict.Estimate) bool { return e.Window != "" })
	short.Outcomes = slices.DeleteFunc(slices.Clone(r.Outcomes), func(o verdict.Outcome) bool { return o.Window != "" })
	short.Bins = slices.DeleteFunc(slices.Clone(r.Bins), func(b verdict.Bin) bool { return b.Segment != "" })
	short.Statistics = slices.DeleteFunc(slices.Clone(r.Statistics), func(s verdict.Statistic) bool { return s.Segment != "" })
	return &short
}

// reportJSON is the published tables as JSON, a row a line, less what terse
// leaves out. Numbers that JSON does not have are null, as are times that are
// not known. ReportSchema describes it.
func reportJSON(report *Report) []byte {
	var out bytes.Buffer
	out.WriteString("{\n\"version\": 1")
	short := report.terse()
	for _, s := range shelves {
		rows := reflect.ValueOf(s.rows(short))
		if rows.Len() == 0 {
			continue
		}
		if s.name == "run" {
			out.WriteString(",\n\"run\": ")
			writeRow(&out, rows.Index(0))
			continue
		}
		fmt.Fprintf(&out, ",\n%q: [", s.name)
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
		return jsonNumber(v)
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

// summaryMarkdown returns the run as a CI job shows it. Text from the log is
// escaped: it may hold anything.
func (b *builder) summaryMarkdown() []byte {
	run := b.r.Run
	var out strings.Builder
	fmt.Fprintf(&out, "# %s: %s\n\n", markdown(b.title()), levelWord(run.Level))
	if run.Headline != "" {
		fmt.Fprintf(&out, "%s\n\n", markdown(strings.TrimSpace(b.headline()+" "+b.drifting())))
	}
	if run.Simulated {
		out.WriteString("**Simulated data.**\n\n")
	}
	if run.SampleReference {
		out.WriteString("**Compared with the built-in sample reference, not with your own data.**\n\n")
	}
	out.WriteString("| | level | |\n| --- | --- | --- |\n")
	for _, t := range b.tiles(nil) {
		fmt.Fprintf(&out, "| %s | %s | %s |\n", t.Name, levelWord(t.Level), markdown(strings.Trim(t.Value+", "+t.Note, ", ")))
	}
	said := 0
	for _, s := range b.subjects {
		for _, f := range s.Findings {
			if verdict.Severity(f.Level) < verdict.Severity(verdict.Warn) || f.Sentence == "" || said == 20 {
				continue
			}
			if said == 0 {
				out.WriteString("\n## What changed\n\n")
			}
			said++
			fmt.Fprintf(&out, "- **%s** %s\n", levelWord(f.Level), markdown(sentence(f.Sentence)))
		}
	}
	out.WriteString("\n## What to do\n\n")
	for _, a := range b.advice() {
		fmt.Fprintf(&out, "- %s\n", markdown(a))
	}
	fmt.Fprintf(&out, "\n%s, %s; compared with %s; policy %s.\n", words.Count(run.Rows, "prediction", "predictions"),
		words.Span(run.PeriodStart, run.PeriodEnd), words.Count(run.ReferenceRows, "reference row", "reference rows"), markdown(run.Policy))
	if b.o.URL != "" {
		fmt.Fprintf(&out, "\n<%s>\n", b.o.URL)
	}
	return []byte(out.String())
}

// markdown escapes text so that it shows as it is: on one line, without markup,
// links, mentions or HTML.
func markdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < ' ' || r == 0x7f:
			b.WriteByte(' ')
		case strings.ContainsRune("\\`*_[]#|~$@", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == ':':
			// "https:" would become a link.
			b.WriteString(":\u200b")
		default:
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), ":\u200b ", ": ")
}

// badgeColors are dark enough for white text.
var badgeColors = map[string]string{
	verdict.OK: "#1a7f37", verdict.Warn: "#9a6700", verdict.Alert: "#b3261e", verdict.Insufficient: "#57606a",
}

// icon is the browser tab's picture: the level's colour and shape.
func icon(level string) []byte {
	shape := `<rect x="1" y="1" width="18" height="18" rx="3" fill="#57606a"/>`
	switch color := badgeColors[level]; level {
	case verdict.OK:
		shape = `<circle cx="10" cy="10" r="9.5" fill="` + color + `"/>`
	case verdict.Warn:
		shape = `<polygon points="10,.8 19.6,18.6 .4,18.6" fill="` + color + `"/>`
	case verdict.Alert:
		shape = `<polygon points="6,.5 14,.5 19.5,6 19.5,14 14,19.5 6,19.5 .5,14 .5,6" fill="` + color + `"/>`
	}
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">` + shape + "</svg>\n")
}

// badge is a small picture of the level, for a README.
func badge(level string) []byte {
	color, ok := badgeColors[level]
	if !ok {
		color = "#57606a"
	}
	word := strings.ToLower(levelWord(level))
	// Verdana at 11 px is about 6.6 px a letter; textLength makes it fit exactly.
	left, right := 40, int(math.Ceil(6.6*float64(len(word))))+14
	total := left + right
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="20" role="img" aria-label="drift: %[5]s"><title>drift: %[5]s</title>`+
		`<clipPath id="r"><rect width="%[1]d" height="20" rx="3"/></clipPath>`+
		`<g clip-path="url(#r)"><rect width="%[2]d" height="20" fill="#444c56"/><rect x="%[2]d" width="%[3]d" height="20" fill="%[4]s"/></g>`+
		`<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">`+
		`<text x="%[6]d" y="14" textLength="28">drift</text><text x="%[7]d" y="14" textLength="%[8]d">%[5]s</text></g></svg>`+"\n",
		total, left, right, color, html.EscapeString(word), left/2, left+right/2, right-12)
}

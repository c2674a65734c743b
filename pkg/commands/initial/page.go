package initial

import (
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/leadsman/leadsman/pkg/predlog/known"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A page is a monitor.yaml that is being written.
type page struct {
	log, reference string
	rows           *columns // of the reference; nil without one

	looked   int           // records of the log
	format   *known.Format // whose log it is; nil for nobody's
	kind     mapping.Kind
	text     bool   // the records are text that no program is shipped for
	program  string // of jq, that makes records of what the log holds; "" where it holds some
	why      string // what the log holds in their place
	proposal mapping.Proposal
	fields   *columns // of the log
	classes  *classes // nil for a model of one score

	b strings.Builder
}

func (p *page) say(format string, args ...any) { fmt.Fprintf(&p.b, format+"\n", args...) }

// set writes a setting with a comment behind it.
func (p *page) set(setting, why string) {
	p.say("%s", strings.TrimRight(fmt.Sprintf("%-35s # %s", setting, why), " "))
}

func (p *page) write() string {
	p.say("# What the first %s of %s look like. Look through it: a guess is a guess.", words.Count(int64(p.looked), "record", "records"), comment(filepath.Base(nameOf(p.log))))
	p.say("version: 1")
	p.writeReference()
	switch {
	case p.text:
		p.say("")
		p.say("# The lines are neither JSON nor CSV, nor a log that a program is shipped for. A program")
		p.say("# of your own takes them apart: see docs/logs.md. Where they are parts of JSON over")
		p.say("# several lines, `jq -c . FILE` writes one object a line.")
		p.say(`# jq: 'capture("^(?<timestamp>\\S+) (?<score>\\S+)$") | .score |= tonumber'`)
	case p.format != nil:
		p.say("")
		p.set("from: "+p.format.Name, p.format.Wrote)
		p.writeMapping(true)
	case p.program != "":
		p.say("")
		p.set("jq: '"+p.program+"'", p.why)
		p.writeMapping(false)
	default:
		p.writeMapping(false)
	}
	if p.kind == mapping.Predictions && !p.text {
		p.writeColumns()
	}
	p.say("")
	p.say("# limits: {p95_ms: 50, success_rate: 0.99}   # what latency and API are held to")
	p.say("# site: {title: My model}")
	p.say("")
	next := p.log
	if next == "-" {
		next = "LOG"
	}
	p.say("# Then: leadsman report --logs %s -o site", comment(next))
	return p.b.String()
}

// comment is a name that may stand in a comment.
func comment(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, name)
}

// mostLabels is how many different numbers may be labels of a class.
const mostLabels = 32

func (p *page) writeReference() {
	if p.rows == nil {
		p.say("# reference: training.csv   # the rows that the model was trained on: without them the sample case stands in")
		return
	}
	p.set("reference: "+quoted(p.reference), fmt.Sprintf("%s looked at", words.Count(int64(p.rows.rows), "row", "rows")))
	if p.classes != nil {
		p.set("target: "+quoted(p.classes.target), "its column of outcomes, "+p.rows.of[p.classes.target].describe())
		if p.classes.listed {
			p.say("# classes: %s   # the model scores each of them: put them in the order of its list, and take the # away, twice", comment(list(p.classes.names)))
		} else {
			p.set("classes: "+list(p.classes.names), "the model scores each of them")
		}
		return
	}
	targets := p.rows.targets(p.inLog)
	if len(targets) == 0 {
		p.say("# target:                   # its column of outcomes: none was found that the log has not")
		return
	}
	column := p.rows.of[targets[0]]
	p.set("target: "+quoted(targets[0]), "its column of outcomes, "+column.describe())
	if len(targets) > 1 {
		p.say("# It may also be %s.", comment(strings.Join(targets[1:], ", ")))
	}
	switch positive := column.positive(); {
	case column.kind() == "number" && len(column.seen) > mostLabels:
		p.set("outcomes: {kind: regression}", "they are numbers, which the score predicts")
	case positive != "":
		p.set("positive_label: "+fmt.Sprintf("%q", positive), "the value that counts as positive")
	case len(column.seen) == 2:
		var values []string
		for value := range column.seen {
			values = append(values, fmt.Sprintf("%q", value))
		}
		sort.Strings(values)
		p.say("# positive_label:           # which counts as positive: %s", comment(strings.Join(values, " or ")))
	}
}

// writeMapping writes where the fields are; names that are leadsman's own need no line.
func (p *page) writeMapping(shipped bool) {
	names := []string{"timestamp", "score", "label", "inference_ms", "model_version"}
	if p.kind == mapping.Requests {
		names = []string{"timestamp", "endpoint", "method", "status_code", "response_ms"}
	}
	var lines []string
	line := func(setting, why string) { lines = append(lines, fmt.Sprintf("    %-31s # %s", setting, why)) }
	for _, name := range names {
		path := p.proposal.Fields[name]
		if name == "score" && p.classes != nil {
			if field := p.classes.field; field != "" && field != "scores" {
				if p.classes.listed {
					field = "# scores: " + quoted(field)
				} else {
					field = "scores: " + quoted(field)
				}
				line(field, "those of all classes")
			}
			continue
		}
		switch {
		case path == "" && p.kind == mapping.Predictions && !shipped && (name == "timestamp" || name == "score"):
			line(name+`: ""`, "nothing looks like it: name it here, if the log has one")
		case path == "" && (name == "timestamp" || name == "score" || name == "status_code"):
			lines = append(lines, fmt.Sprintf("    # %-29s # nothing looks like it", name+":"))
		case path == "" || shipped:
		case name == "timestamp":
			line(p.timestamp(path))
		case strings.HasSuffix(name, "_ms"):
			setting, why := latency(name, path, p.fields.of[path])
			line(setting, why)
		default:
			line(name+": "+quoted(path), p.fields.of[path].describe())
		}
	}
	if p.kind == mapping.Predictions && !shipped {
		why := "the fields in it are features"
		if p.proposal.Input == "." {
			why = "the line itself: what is neither named here nor ignored is a feature"
		}
		if p.proposal.Input != "input" {
			line("input: "+quoted(p.proposal.Input), why)
		}
	}
	if len(lines) > 0 {
		p.say("")
		p.say("fields:")
		p.say("  %s:", p.kind)
		for _, l := range lines {
			p.say("%s", l)
		}
	}
	if p.kind == mapping.Predictions && p.rows != nil {
		p.writeReferenceScore()
	}
	if id := p.proposal.ID; id != "" && !strings.ContainsAny(id, ".[") {
		p.say("")
		p.set("id: "+quoted(id), "what identifies a row: never compared, never shown")
	}
	if p.kind == mapping.Requests {
		p.say("")
		p.say("# A log of requests: it goes beside one of predictions, by `ingest --kind requests`.")
	}
	if p.proposal.Input != "." && len(p.proposal.Rest) > 0 && !shipped {
		p.say("")
		p.say("# Not placed: %s.", comment(strings.Join(p.proposal.Rest, ", ")))
	}
}

// timestamp is the setting of a timestamp, with the format where one reads all of it.
func (p *page) timestamp(path string) (setting, why string) {
	c := p.fields.of[path]
	formats := c.formats()
	if len(formats) == 0 {
		return "timestamp: " + quoted(path), c.moment()
	}
	why = "moments as text"
	if len(formats) > 1 {
		why += ", which may be " + strings.Join(formats[1:], " or ") + " as well: is it?"
	}
	return fmt.Sprintf("timestamp: {field: %s, format: %q}", quoted(path), formats[0]), why
}

// latency is the setting of a latency, by the unit that its name ends with.
func latency(name, path string, c *column) (setting, why string) {
	lower := strings.ToLower(path)
	unit := ""
	for _, u := range []struct{ ending, unit string }{{"ms", "ms"}, {"milliseconds", "ms"}, {"_s", "s"}, {"seconds", "s"}} {
		if strings.HasSuffix(lower, u.ending) {
			unit = u.unit
			break
		}
	}
	switch unit {
	case "ms":
		return name + ": " + quoted(path), c.describe()
	case "":
		return name + ": {field: " + quoted(path) + ", unit: ms}", c.describe() + "; is it ms, or s, us, ns?"
	}
	return name + ": {field: " + quoted(path) + ", unit: " + unit + "}", c.describe()
}

// writeReferenceScore maps the reference's score where it has another name.
func (p *page) writeReferenceScore() {
	if p.classes != nil {
		if !p.classes.scored {
			p.say("  # The reference has no scores of the classes, %s and so on, out of sample: without, scores are not compared.", comment(verdict.ClassScore+p.classes.names[0]))
		}
		return
	}
	if p.rows.of["score"] != nil || p.rows.of[p.proposal.Fields["score"]] != nil {
		return
	}
	p.say("  # reference: {score: NAME}        # its score, out of sample: without one, scores are not compared")
}

// inLog tells whether the log has an input field of that name.
func (p *page) inLog(name string) bool { return p.field(name) != nil }

// field is an input field of the log; nil for none of that name.
func (p *page) field(name string) *column {
	for _, path := range p.proposal.Fields {
		if path == name {
			return p.fields.of[path]
		}
	}
	if in := p.proposal.Input; in != "." {
		return p.fields.of[in+"."+name]
	}
	return p.fields.of[name]
}

// writeColumns writes the kinds of the features, where log and reference part, and
// what should be pinned.
func (p *page) writeColumns() {
	by := map[string][]string{}
	var pins, strange, absent []string
	known := map[string]bool{}
	for _, path := range p.fields.names {
		name := path
		if in := p.proposal.Input; in != "." {
			if !strings.HasPrefix(path, in+".") {
				continue
			}
			name = strings.TrimPrefix(path, in+".")
		}
		if known[name] = true; name == p.proposal.ID || p.mapped(path) || p.classes.has(path) {
			continue
		}
		kind := p.fields.of[path].kind()
		by[kind] = append(by[kind], name)
		if p.rows != nil {
			if other := p.rows.of[name]; other == nil {
				strange = append(strange, name)
				continue
			} else if other.kind() != kind {
				pins = append(pins, fmt.Sprintf("  # %s: {type: %s}   # %s in the log, %s in the reference", quoted(name), other.kind(), kind, other.kind()))
				continue
			}
		}
		if kind == "text" || kind == "id" {
			pins = append(pins, fmt.Sprintf("  %s: {type: %s}   # %s", quoted(name), kind, p.fields.of[path].describe()))
		}
	}
	p.say("")
	for _, kind := range []string{"number", "category", "text", "id"} {
		if names := by[kind]; len(names) > 0 {
			p.say("# %s: %s", map[string]string{"number": "Numbers", "category": "Categories", "text": "Texts", "id": "Identifiers"}[kind], comment(strings.Join(names, ", ")))
		}
	}
	if p.rows != nil {
		targets := p.rows.targets(p.inLog)
		for _, name := range p.rows.names {
			if p.classes != nil && (name == p.classes.target || slices.Contains(p.classes.names, strings.TrimPrefix(name, verdict.ClassScore))) {
				continue
			}
			if !known[name] && !slices.Contains(targets, name) && p.field(name) == nil && name != "score" {
				absent = append(absent, name)
			}
		}
	}
	if len(absent) > 0 {
		p.say("# In the reference, and not in these records: %s.", comment(strings.Join(absent, ", ")))
	}
	if len(strange) > 0 {
		p.say("# Not in the reference, and so not compared; this leaves them out:")
		p.say("# ignore: %s", comment(list(strange)))
	}
	if len(pins) > 0 {
		if slices.ContainsFunc(pins, func(s string) bool { return !strings.HasPrefix(s, "  #") }) {
			p.say("columns:")
		} else {
			p.say("# columns:")
		}
		for _, pin := range pins {
			p.say("%s", pin)
		}
	}
}

// mapped tells whether a path is that of one of leadsman's fields.
func (p *page) mapped(path string) bool {
	for _, mapped := range p.proposal.Fields {
		if mapped == path {
			return true
		}
	}
	return false
}

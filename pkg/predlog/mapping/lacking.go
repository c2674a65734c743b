package mapping

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/timestamp"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

// Settle takes the first lines of a log of predictions, before they are read: a
// timestamp or a score that the settings do not map, that none of the lines has, and
// for which none has a field that looks like it, is a column that the log lacks, and
// no line need have it. It does so once.
func (t *Table) Settle(lines [][]Seen) {
	if t.Kind != Predictions || t.settled || len(lines) == 0 {
		return
	}
	t.settled = true
	t.unread = t.guessInput(lines[0], nil)
	t.required = slices.DeleteFunc(t.required, func(c *batch.Column) bool {
		if _, mapped := t.options.Fields[c.Name]; mapped {
			return false
		}
		for _, line := range lines {
			if t.hasInput(line) && !t.has(line, c, true) && t.guess(c, line) == "" {
				continue
			}
			return false
		}
		c.Optional = true
		t.Tally.Lacks(c.Name)
		return true
	})
}

// hasInput tells whether a line has input fields: without any it is a line of
// another log.
func (t *Table) hasInput(line []Seen) bool {
	return slices.ContainsFunc(line, func(s Seen) bool {
		k := t.Top.Keys[s.Path]
		if k == nil || k.Action == Inner {
			return t.flat()
		}
		return k.Action == Input || k.Action == Feature
	}) || slices.ContainsFunc(line, func(s Seen) bool { return strings.HasPrefix(s.Path, t.In.Path) })
}

// Flatten takes the first records that a program made of those of a file of columns:
// where none of them has fields in an input, what is not mapped is one, as it is
// without a program.
func (t *Table) Flatten(records [][]Seen) {
	if t.Kind != Predictions || t.Top.Inputs || t.settled || len(records) == 0 {
		return
	}
	path := strings.TrimSuffix(t.In.Path, ".")
	for _, record := range records {
		if slices.ContainsFunc(record, func(s Seen) bool { return !s.Top && within(s.Path, path) }) {
			return
		}
	}
	t.Columns, t.Top.Inputs = true, true
}

// flat tells whether what stands beside the mapped fields are input fields.
func (t *Table) flat() bool { return t.Top.Inputs || t.Columns }

// has tells whether a line has a value for a column, of whatever kind, which may be
// null.
func (t *Table) has(line []Seen, c *batch.Column, null bool) bool {
	return slices.ContainsFunc(line, func(s Seen) bool {
		if s.Value == nil && !null {
			return false
		}
		k := t.keyAt(s.Path)
		return k != nil && k.Col == c
	})
}

// keyAt is the key that a path leads to; nil for none that is known.
func (t *Table) keyAt(path string) *Key {
	if k := t.Top.Keys[path]; k != nil {
		return k
	}
	list, err := steps(path)
	if err != nil {
		return nil
	}
	at := place{object: &t.Top}
	for i, s := range list {
		at.step = s
		k := at.key()
		if k == nil || i+1 == len(list) {
			return k
		}
		if next := list[i+1]; next.name == "" {
			at = place{list: k}
		} else if k.Under == nil {
			return nil
		} else {
			at = place{object: k.Under}
		}
	}
	return nil
}

// Explain puts the fault of a line that lacks a column in words: what the line has
// instead, and how to map it. It does so once for a column.
func (t *Table) Explain(f faults.Fault, line []Seen) faults.Fault {
	if f.Lacks == "" || len(line) == 0 {
		return f
	}
	var guessed []string
	has := "; the line has " + namesOf(line)
	for _, c := range t.required {
		if slices.Contains(t.explained, c.Name) || t.has(line, c, true) {
			continue
		}
		t.explained = append(t.explained, c.Name)
		sentence := "no " + c.Name + has
		if guess := t.guess(c, line); guess != "" {
			guessed = append(guessed, guess)
			sentence += ": map it with " + t.mapping(c.Name, guess)
		}
		f.Sentences = append(f.Sentences, sentence)
		has = ""
	}
	if where := t.guessInput(line, guessed); f.Sentences != nil && where != "" {
		f.Sentences = append(f.Sentences, "no input: map it with "+t.mapping("input", where))
	}
	return f
}

// unreadInput says how to map the fields that lead nowhere of a log without any
// input; "" where there is no such field.
func (t *Table) unreadInput() string {
	if t.unread == "" {
		return ""
	}
	met := false
	t.eachKey(&t.Top, func(k *Key) { met = met || k.Action == Input && k.Line > 0 })
	if met {
		return ""
	}
	return t.mapping("input", t.unread)
}

// guessInput is the path of what looks like the input of a line that has none: an
// object, or the line itself where it has fields that lead nowhere, apart from those
// that were guessed already; "" where there is none.
func (t *Table) guessInput(fields []Seen, guessed []string) string {
	if t.Kind != Predictions || t.hasInput(fields) {
		return ""
	}
	var paths []string
	objects := map[string]bool{}
	for i, s := range fields {
		paths = append(paths, s.Path)
		objects[s.Path] = i+1 < len(fields) && strings.HasPrefix(fields[i+1].Path, s.Path+".")
	}
	if path := proposeInput(paths, objects); path != line {
		return path
	}
	where := ""
	for _, s := range fields {
		k := t.Top.Keys[s.Path]
		switch {
		case !s.Top || k != nil && k.Action != Ignore || slices.Contains(guessed, s.Path):
		case s.Value != nil:
			where = line
		case objects[s.Path] && !slices.ContainsFunc(guessed, func(path string) bool { return within(path, s.Path) }):
			return s.Path
		}
	}
	return where
}

// mapping is the setting that maps a field, as it stands in monitor.yaml.
func (t *Table) mapping(field, path string) string {
	if !plainYAML.MatchString(path) {
		path = strconv.Quote(path)
	}
	return "fields: {" + string(t.Kind) + ": {" + field + ": " + path + "}}"
}

var plainYAML = regexp.MustCompile(`^(\.|[A-Za-z_][A-Za-z0-9_.-]*)$`)

// maxNamed bounds the fields of a line that a sentence names.
const maxNamed = 20

// namesOf names the fields that stand in the line itself.
func namesOf(line []Seen) string {
	var names []string
	more := 0
	for _, s := range line {
		switch {
		case !s.Top:
		case len(names) >= maxNamed:
			more++
		case strings.ContainsFunc(s.Path, func(r rune) bool { return !unicode.IsPrint(r) }) || len(s.Path) > 100:
			names = append(names, faults.Quote([]byte(s.Path)))
		default:
			names = append(names, s.Path)
		}
	}
	list := strings.Join(names, ", ")
	if more > 0 {
		list += " and " + words.Count(int64(more), "more field", "more fields")
	}
	return list
}

// guess is the path of the field of a line that looks like a column's; "" where none
// does. Fields that lead somewhere already are not it, nor are those of the input,
// unless the input is the line itself.
func (t *Table) guess(c *batch.Column, line []Seen) string {
	best, rank := "", 0
	for _, s := range line {
		if k := t.keyAt(s.Path); s.Value == nil || k != nil && k.Action != Inner && k.Action != Ignore && k.Action != Feature {
			continue
		}
		if t.Kind == Predictions && !t.flat() && strings.HasPrefix(s.Path, t.In.Path) {
			continue
		}
		if r := t.likeness(c, s); r > rank || r == rank && r > 0 && likesLast(c, s) {
			best, rank = s.Path, r
		}
	}
	return best
}

// likesLast tells that of several items of a list the last is meant: of the
// probabilities of two classes that of the positive one.
func likesLast(c *batch.Column, s Seen) bool {
	return c.Role == table.Score && strings.HasSuffix(s.Path, "]")
}

// The names, without case and what joins their words, that fields have whose column
// goes by another name. The first is leadsman's.
var spellings = map[table.Role][]string{
	table.Timestamp: {"timestamp", "ts", "time", "datetime", "date", "at", "eventtime", "eventtimestamp", "requesttime", "createdat", "created", "loggedat", "asctime", "timelocal", "timeunix", "starttime", "received", "receivedat", "predictedat", "scoredat", "t", "timestampms", "requesttimestamp"},
	table.Score:     {"score", "scores", "prediction", "predictions", "pred", "preds", "proba", "probas", "prob", "probs", "probability", "probabilities", "ypred", "yscore", "yproba", "yprob", "yhat", "output", "outputs", "confidence", "predictionscore", "modelscore", "predictedproba", "predictedprobability", "predictedvalue", "predictproba", "p"},
	table.Label:     {"label", "predictedlabel", "predictedclass", "class", "decision", "predictionlabel", "predlabel", "ylabel", "verdict"},
	table.Latency:   {"inferencems", "responsems", "latency", "latencyms", "latencys", "latencyseconds", "duration", "durationms", "durations", "durationseconds", "elapsed", "elapsedms", "elapseds", "elapsedseconds", "took", "tookms", "tooks", "tookseconds", "responsetime", "responsetimems", "requesttime", "inferencetime", "inferencetimems", "processingtime", "processingtimems", "executiontime", "executiontimems", "executiondurationms"},
	table.ModelID:   {"modelversion", "version", "modelid", "model", "modelname", "modeltag"},
	table.ID:        {"id", "requestid", "predictionid", "rowid", "uuid", "transactionid", "correlationid", "recordid", "eventid"},
	table.Endpoint:  {"endpoint", "path", "route", "uri", "url", "requesturi", "requestpath"},
	table.Method:    {"method", "requestmethod", "httpmethod", "verb"},
	table.Status:    {"statuscode", "status", "code", "httpstatus", "httpstatuscode", "responsecode", "responsestatus"},
}

// likeness tells how much a field is like a column: 0 is not at all.
func (t *Table) likeness(c *batch.Column, s Seen) int {
	name := lastName(s.Path)
	named := slices.Contains(spellings[c.Role], name)
	switch c.Role {
	case table.Timestamp:
		var clock timestamp.Clock
		switch v := s.Value.(type) {
		case string:
			_, reading := clock.Text(nil, []byte(v))
			switch {
			case named && reading != timestamp.None:
				return 4
			case reading == timestamp.Zoned, reading == timestamp.Zoneless:
				return 3
			case named && strings.ContainsAny(v, "0123456789"):
				return 2
			}
			return 0
		case nil, bool:
			return 0
		default:
			_, reading := timestampOf(v)
			switch {
			case reading == timestamp.None:
				return 0
			case named:
				return 4
			case !t.flat():
				return 1
			}
			return 0
		}
	case table.Score:
		x, ok := numberOf(s.Value)
		switch {
		case !ok:
			return 0
		case named && x > 0 && x < 1:
			return 5
		case named && (x == 0 || x == 1): // it may be a class
			return 4
		case named:
			return 3
		case !t.flat() && x >= 0 && x <= 1 && s.Top:
			return 1
		}
		return 0
	case table.Status:
		x, ok := numberOf(s.Value)
		switch code := ok && x == float64(int64(x)) && x >= 100 && x < 600; {
		case code && named:
			return 4
		case code:
			return 1
		}
	}
	return 0
}

// lastName is the last name of a path, without case, digits and what joins its words.
func lastName(path string) string {
	for strings.HasSuffix(path, "]") {
		open := strings.LastIndexByte(path, '[')
		if open < 0 {
			break
		}
		path = path[:open]
	}
	path = path[strings.LastIndexByte(path, '.')+1:]
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, path)
}

func timestampOf(v any) (int64, timestamp.Reading) {
	var clock timestamp.Clock
	switch v := v.(type) {
	case json.Number:
		return clock.Text(nil, []byte(v))
	case float64:
		var none *timestamp.Format
		return none.Number(v)
	}
	return 0, timestamp.None
}

func numberOf(v any) (float64, bool) {
	var text string
	switch v := v.(type) {
	case float64:
		return v, true
	case json.Number:
		text = string(v)
	case string:
		text = v
	}
	return spelling.ParseDecimal(text)
}

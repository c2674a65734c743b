package outcome

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/joined"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Join brings outcomes to the predictions that they belong to. The outcomes are
// added first, then the log's rows, in any order; memory is bounded by the
// outcomes, by the windows, and with join: all by the predictions that met one.
//
// Rows meet by the columns of By; without them by the column with the role id where
// both have one, else by timestamp and a hash of the inputs that the outcomes repeat,
// else by the hash of all inputs. A key that was scored more than once belongs to the
// prediction that Choice says; one that several rows may share tells nothing then.
type Join struct {
	ID        string        // name of the id's column, besides the one with that role
	Entity    string        // name of the column that says whom a prediction belongs to, besides the one with that role; empty: the id
	Kind      Kind          // of the outcomes; none: binary
	Label     string        // text of a positive outcome
	Classes   []string      // of multiclass outcomes
	Threshold float64       // scores from it on are called positive; NaN: none
	Window    time.Duration // length of the UTC windows; 0 for none
	Inputs    []string      // names of the predictions' input fields
	Log       *arrow.Schema // of the predictions; nil: it is not known
	Settings

	chosen      bool // what rows meet by
	key         key
	finer       int64 // the greatest common divisor of the outcomes' times
	places      map[string]int32
	rows        []keyed
	windows     windows
	counts      joinCounts
	keyless     bool // a batch of predictions had none of the outcomes' keys
	hasOutcomes bool // a batch had a column with outcomes
	labels      labels
	first       [][2]string // hashes and texts of keys
	strays      joined.Strays
	near        map[string]string // keys by what remains of them without their spelling; made when it is needed
}

type keyed struct {
	met       []prediction // one, but with join: all
	seen      int64        // predictions of this key
	value     float64
	known     bool
	contested bool // outcomes of this key disagree
}

type prediction struct {
	at      int64 // microseconds
	score   float64
	entity  uint64
	version string
	scores  string // of each class
}

type joinCounts struct {
	outcomes int64 // rows of the outcomes with a key
	keyless  int64 // rows without
	pending  int64 // of the outcomes, not known yet
	digest   int64 // of all three
}

// mostFirst is how many of the outcomes' keys are kept as people read them.
const mostFirst = 64

// AddOutcomes takes a batch of outcomes: a column with the role target or the
// name outcome, and those of the key. Without the former, as readers leave out a
// column in which nothing is known, its rows are pending. missing names the column
// that the rows cannot do without.
func (j *Join) AddOutcomes(rec arrow.RecordBatch) (missing string) {
	target := -1
	for i, f := range rec.Schema().Fields() {
		if table.RoleOf(f) == table.Target || target < 0 && f.Name == "outcome" {
			target = i
		}
	}
	j.hasOutcomes = j.hasOutcomes || target >= 0
	if rec.NumRows() == 0 {
		return ""
	}
	if !j.chosen {
		name := ""
		if target >= 0 {
			name = rec.ColumnName(target)
		}
		if j.key, missing = j.keyOf(rec.Schema(), j.Log, name); missing != "" {
			return missing
		}
		j.chosen, j.places = true, make(map[string]int32)
	}
	keys := j.read(rec, j.Resolution.Microseconds())
	if keys == nil {
		return j.key.words(0)
	}
	read := unknown
	if target >= 0 {
		var ok bool
		if read, ok = j.reader(rec.Column(target)); !ok {
			return "outcome as text or number"
		}
	}
	for i := range int(rec.NumRows()) {
		k := keys.at(i)
		if k == nil {
			j.counts.keyless++
			continue
		}
		j.finer = gcd(j.finer, j.timeOf(k))
		j.counts.outcomes++
		y, known := read(i)
		j.counts.digest += digest(k, y, known)
		if !known {
			j.counts.pending++
		}
		place, ok := j.places[string(k)]
		if !ok {
			j.places[string(k)] = int32(len(j.rows))
			j.rows = append(j.rows, keyed{value: y, known: known})
			if known && len(j.first) < mostFirst {
				j.first = append(j.first, [2]string{strconv.FormatUint(joined.Hash(k), 16), keys.text(i)})
			}
			continue
		}
		one := &j.rows[place]
		switch {
		case !known:
		case !one.known:
			one.value, one.known = y, true
		case one.value != y:
			one.contested = true
		}
	}
	return ""
}

// HasOutcomes reports whether a batch of outcomes had a column for them.
func (j *Join) HasOutcomes() bool { return j.hasOutcomes }

// Fault says why the outcomes that were added cannot be judged, and what to do about
// it; "" where they can.
func (j *Join) Fault() string { return j.labels.fault(reading{j.Kind, j.Label, j.Classes}) }

// Doubt says what is odd about the kinds of outcomes that were added; "" if nothing.
func (j *Join) Doubt() string {
	switch {
	case j.Kind == Regression:
		return ""
	case j.Kind == MultiClass && j.labels.words > 0:
		return fmt.Sprintf("%s, such as %q, of none of the classes (%s) and left out: name it with classes in monitor.yaml where the model scores it", words.Count(j.labels.words, "outcome is", "outcomes are"), j.labels.word, words.List(j.Classes))
	case j.Kind == MultiClass:
		return ""
	}
	return cmp.Or(j.labels.lacks(j.Label), j.labels.several(j.Label))
}

// AddRows takes a batch of predictions.
func (j *Join) AddRows(rec arrow.RecordBatch) {
	keys := j.read(rec, j.resolution())
	if !j.chosen {
		keys = nil
	}
	var scores func(int) float64
	var score, stamps arrow.Array
	var times func(int) int64
	for c, f := range rec.Schema().Fields() {
		switch table.RoleOf(f) {
		case table.Score:
			score = rec.Column(c)
			scores, _ = table.Numbers(score)
		case table.Timestamp:
			stamps = rec.Column(c)
			times, _ = table.Times(stamps)
		}
	}
	if keys == nil && rec.NumRows() > 0 {
		j.keyless = true
	}
	if scores == nil {
		return
	}
	whom, versions := entityOf(rec, j.ID, j.Entity), namesOf(rec, named{"model_version", table.ModelID})
	classes := scoresOf(rec, j.Kind, j.Classes)
	for i := range int(rec.NumRows()) {
		s := scores(i)
		if score.IsNull(i) || math.IsNaN(s) || math.IsInf(s, 0) {
			continue
		}
		all, scored := classes(i)
		if !scored {
			continue
		}
		p := prediction{at: math.MinInt64, score: s, scores: all}
		if times != nil && !stamps.IsNull(i) {
			p.at = times(i)
			j.count(p.at, s)
		}
		if keys == nil {
			continue
		}
		k := keys.at(i)
		if k == nil {
			continue
		}
		if p.at != math.MinInt64 {
			j.strays.Met(p.at)
		}
		place, ok := j.places[string(k)]
		if !ok {
			j.stray(p.at, k, func() string { return keys.text(i) })
			continue
		}
		if p.entity = whom(i); p.entity == 0 {
			p.entity = joined.Hash(k)
		}
		p.version = joined.Name(versions(i))
		j.rows[place].meet(p, j.Join)
	}
}

// meet takes a prediction of the key.
func (one *keyed) meet(p prediction, c Choice) {
	one.seen++
	if len(one.met) == 0 || c == joined.All {
		p.version = strings.Clone(p.version)
		one.met = append(one.met, p)
		return
	}
	// Of one time the higher score, so that the order of rows does not tell.
	was := &one.met[0]
	newer := cmp.Or(cmp.Compare(p.at, was.at), cmp.Compare(p.score, was.score), cmp.Compare(p.entity, was.entity), cmp.Compare(p.version, was.version), cmp.Compare(p.scores, was.scores))
	if c == joined.First && newer < 0 || c != joined.First && newer > 0 {
		p.version = strings.Clone(p.version)
		*was = p
	}
}

// Set returns what the join has found, for the profile of the log or of a part of it.
func (j *Join) Set() *joined.Set {
	first, _ := json.Marshal(j.first) // text cannot fail
	f := joined.File{Digest: j.counts.digest, Kind: string(cmp.Or(j.Kind, twoKinds)), Key: j.key.words(time.Duration(j.resolution()) * time.Microsecond), Names: j.key.names(),
		Resolution: j.resolution(), Choice: string(cmp.Or(j.Join, newest)), Rows: j.counts.outcomes, Keyless: j.counts.keyless, Pending: j.counts.pending, First: string(first)}
	for i := range j.rows {
		switch one := &j.rows[i]; {
		case !one.known:
		case one.contested:
			f.Contested++
		default:
			f.Known++
		}
	}
	s := joined.New(f)
	s.Keyless, s.Strays = j.keyless, j.strays
	for k, place := range j.places {
		one := &j.rows[place]
		if !one.known || one.contested || one.seen == 0 {
			continue
		}
		seen := one.seen
		if len(one.met) > 1 {
			seen = 1
		}
		for _, p := range one.met {
			s.Add(joined.Row{Hash: joined.Hash([]byte(k)), At: p.at, Score: p.score + 0, Entity: p.entity, Seen: seen, Value: one.value, Version: p.version, Scores: p.scores})
		}
	}
	for start, w := range j.windows {
		for score, n := range w {
			s.Count(joined.Cell{Start: start, Score: score + 0, N: n})
		}
	}
	return s
}

// digest is the hash of an outcome with its key.
func digest(key []byte, value float64, known bool) int64 {
	state := []byte("?")
	if known {
		state = strconv.AppendFloat(state[:0], value, 'g', -1, 64)
	}
	return int64(joined.Hash(append(key, state...)))
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}

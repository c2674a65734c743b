package outcome

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/joined"
	"github.com/leadsman/leadsman/pkg/table"
)

// A Join brings outcomes to the predictions that they belong to. The outcomes are
// added first, then the log's rows, in any order; memory is bounded by the
// outcomes, and by the windows.
//
// Rows meet by the column with the role id where both have one, else by
// timestamp and a hash of the inputs that the outcomes repeat. An id that was
// scored more than once belongs to its newest prediction; a timestamp that
// several predictions share, with the same inputs if there are any, tells
// nothing.
type Join struct {
	ID        string        // name of the id's column, besides the one with that role
	Entity    string        // name of the column that says whom a prediction belongs to, besides the one with that role; empty: the id
	Label     string        // text of a positive outcome
	Threshold float64       // scores from it on are called positive; NaN: none
	Window    time.Duration // length of the UTC windows; 0 for none
	Inputs    []string      // names of the predictions' input fields

	at          map[string]int32
	joined      []keyed
	windows     map[int64]*windowScores
	counts      joinCounts
	byID        bool        // the outcomes have an id
	inputs      []string    // that are part of the key
	keyless     bool        // a batch of predictions had none of the outcomes' keys
	hasOutcomes bool        // a batch had a column with outcomes
	met         *joined.Set // of a join that a profile carried here, else nil
	labels      labels
}

// keyed is a key of the outcomes and the newest prediction that has it.
type keyed struct {
	joined.Row
	repeated  int32 // outcomes of this key beyond the first
	known     bool
	contested bool // outcomes of this key disagree
}

type joinCounts struct {
	outcomes int64 // rows of the outcomes with a key
	keyless  int64 // rows without
	pending  int64 // of the outcomes, not known yet
	digest   int64 // of all three
}

// windowCells is how finely scores are told apart in a window.
const windowCells = 4096

// windowLimit bounds the windows, whatever the timestamps.
const windowLimit = 1000

type windowScores struct {
	scores map[float64]int64
	n      int64
}

// AddOutcomes takes a batch of outcomes: a column with the role target or the
// name outcome, and one with the role id or timestamp. Without the former, as
// readers leave out a column in which nothing is known, its rows are pending.
// missing names the column that the rows cannot do without.
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
	if j.at == nil {
		for _, name := range j.Inputs {
			if (target < 0 || name != rec.ColumnName(target)) && rec.Schema().HasField(name) {
				j.inputs = append(j.inputs, name)
			}
		}
	}
	key, byID := j.keys(rec, true), true
	if j.at != nil && !j.byID || j.at == nil && key == nil {
		key, byID = j.keys(rec, false), false
	}
	if key == nil {
		return "id or timestamp"
	}
	outcomes := unknown
	if target >= 0 {
		var ok bool
		if outcomes, ok = reader(rec.Column(target), j.Label, &j.labels); !ok {
			return "outcome as text or number"
		}
	}
	if j.at == nil {
		j.at, j.byID = make(map[string]int32), byID
	}
	for i := range int(rec.NumRows()) {
		k := key(i)
		if k == nil {
			j.counts.keyless++
			continue
		}
		j.counts.outcomes++
		y, known := outcomes(i)
		j.counts.digest += digest(k, y, known)
		if !known {
			j.counts.pending++
		}
		place, ok := j.at[string(k)]
		if !ok {
			j.at[string(k)] = int32(len(j.joined))
			j.joined = append(j.joined, keyed{Row: joined.Row{Hash: joined.Hash(k), Positive: y}, known: known})
			continue
		}
		one := &j.joined[place]
		switch {
		case !known:
		case !one.known:
			one.Positive, one.known = y, true
		case one.Positive != y:
			one.contested = true
		}
		one.repeated++
	}
	return ""
}

// HasOutcomes reports whether a batch of outcomes had a column for them.
func (j *Join) HasOutcomes() bool { return j.hasOutcomes }

// keys returns how to read the rows' keys, nil where a row has none; the slice is
// good until the next call. It returns nil where there is no such column.
func (j *Join) keys(rec arrow.RecordBatch, byID bool) func(i int) []byte {
	buf := make([]byte, 0, 64)
	for c, f := range rec.Schema().Fields() {
		col := rec.Column(c)
		switch role := table.RoleOf(f); {
		case byID && (role == table.ID || j.ID != "" && f.Name == j.ID):
			if text, ok := table.Strings(col); ok {
				return func(i int) []byte {
					if col.IsNull(i) || text(i) == "" {
						return nil
					}
					buf = append(buf[:0], text(i)...)
					return buf
				}
			}
		case !byID && role == table.Timestamp:
			if at, ok := table.Times(col); ok {
				write := inputHash(rec, j.inputs)
				return func(i int) []byte {
					if col.IsNull(i) {
						return nil
					}
					buf = binary.BigEndian.AppendUint64(buf[:0], uint64(at(i)))
					buf = write(buf, i)
					return buf
				}
			}
		}
	}
	return nil
}

// inputHash returns how to append the hash of a row's values in the named
// columns; nothing where there are no names. A number is hashed as its text, so
// that it does not tell which of both files took it for one.
func inputHash(rec arrow.RecordBatch, names []string) func(dst []byte, i int) []byte {
	if len(names) == 0 {
		return func(dst []byte, _ int) []byte { return dst }
	}
	var appends []func(dst []byte, i int) []byte
	for _, name := range names {
		value := func(dst []byte, _ int) []byte { return dst }
		if at := rec.Schema().FieldIndices(name); len(at) > 0 {
			col := rec.Column(at[0])
			if text, ok := table.Strings(col); ok {
				value = func(dst []byte, i int) []byte { return append(dst, text(i)...) }
			} else if number, ok := table.Numbers(col); ok {
				value = func(dst []byte, i int) []byte { return strconv.AppendFloat(dst, number(i)+0, 'g', -1, 64) }
			}
			present := value
			value = func(dst []byte, i int) []byte {
				if col.IsNull(i) {
					return dst
				}
				return present(dst, i)
			}
		}
		appends = append(appends, value)
	}
	var row []byte
	return func(dst []byte, i int) []byte {
		row = row[:0]
		for _, value := range appends {
			start := len(row)
			row = value(row, i)
			row = binary.BigEndian.AppendUint64(row, uint64(len(row)-start)) // so that no two rows run into one
		}
		sum := sha256.Sum256(row)
		return append(dst, sum[:16]...)
	}
}

// AddRows takes a batch of predictions.
func (j *Join) AddRows(rec arrow.RecordBatch) {
	key := j.keys(rec, j.byID)
	var scores func(int) float64
	var score arrow.Array
	var times func(int) int64
	var stamps arrow.Array
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
	if key == nil && rec.NumRows() > 0 {
		j.keyless = true
	}
	if scores == nil {
		return
	}
	whom, versions := entityOf(rec, j.ID, j.Entity), namesOf(rec, named{"model_version", table.ModelID})
	for i := range int(rec.NumRows()) {
		s := scores(i)
		if score.IsNull(i) || math.IsNaN(s) || math.IsInf(s, 0) {
			continue
		}
		at := int64(math.MinInt64)
		if times != nil && !stamps.IsNull(i) {
			at = times(i)
			j.count(at, s)
		}
		if key == nil {
			continue
		}
		k := key(i)
		if k == nil {
			continue
		}
		place, ok := j.at[string(k)]
		if !ok {
			continue
		}
		one := &j.joined[place]
		is := joined.Row{At: at, Score: s, Entity: whom(i), Version: joined.Name(versions(i))}
		if one.Seen == 0 || is.After(&one.Row) {
			one.At, one.Score, one.Entity, one.Version = at, s, is.Entity, strings.Clone(is.Version)
		}
		one.Seen++
	}
}

// count counts a score in its window.
func (j *Join) count(at int64, score float64) {
	length := j.Window.Microseconds()
	if length <= 0 {
		return
	}
	start := at - mod(at, length)
	w := j.windows[start]
	if w == nil {
		if j.windows == nil {
			j.windows = make(map[int64]*windowScores)
		}
		if len(j.windows) == windowLimit {
			// The newest stay, so that the order of rows does not tell.
			oldest := slices.Min(slices.Collect(maps.Keys(j.windows)))
			if start < oldest {
				return
			}
			delete(j.windows, oldest)
		}
		w = &windowScores{scores: make(map[float64]int64)}
		j.windows[start] = w
	}
	w.n++
	w.scores[j.cell(score)]++
}

// cell is the score as windows know it.
func (j *Join) cell(score float64) float64 {
	cell := math.Floor(math.Min(math.Max(score, 0), 1)*windowCells) / windowCells
	if score >= j.Threshold && cell < j.Threshold {
		return j.Threshold
	}
	return cell
}

func mod(a, b int64) int64 { return (a%b + b) % b }

// usable tells whether the outcome has met one prediction that it belongs to.
func (j *Join) usable(one *keyed) bool {
	return one.known && !one.contested && (one.Seen == 1 || one.Seen > 1 && j.byID)
}

// Between returns the rows with outcomes whose predictions lie in [from, until];
// zero times are no bounds.
func (j *Join) Between(from, until time.Time) []Tally {
	s := j.between(from, until)
	return s.rows
}

// between is Between, with who the rows belong to.
func (j *Join) between(from, until time.Time) sample {
	lo, hi := int64(math.MinInt64), int64(math.MaxInt64)
	if !from.IsZero() {
		lo = from.UnixMicro()
	}
	if !until.IsZero() {
		hi = until.UnixMicro()
	}
	var s samples
	for i := range j.joined {
		if one := &j.joined[i]; j.usable(one) && one.At >= lo && one.At <= hi {
			s.add(one.Entity, one.Hash, one.Score, one.Positive)
		}
	}
	return s.sample()
}

// joinedWindow is the predictions of a UTC window.
type joinedWindow struct {
	Start  time.Time
	Scores []Tally // of all predictions, rounded down to 1/4096, but not below the threshold
	Joined []Tally // of those with an outcome
}

// byWindow returns the windows in order of time.
func (j *Join) byWindow() []joinedWindow {
	if j.Window <= 0 {
		return nil
	}
	rows := make(map[int64]*tallies)
	for i := range j.joined {
		if one := &j.joined[i]; j.usable(one) && one.At != math.MinInt64 {
			start := one.At - mod(one.At, j.Window.Microseconds())
			if rows[start] == nil {
				rows[start] = &tallies{}
			}
			rows[start].add(one.Score, one.Positive)
		}
	}
	var starts []int64
	for start := range j.windows {
		starts = append(starts, start)
	}
	slices.Sort(starts)
	var out []joinedWindow
	for _, start := range starts {
		w := joinedWindow{Start: time.UnixMicro(start).UTC()}
		for s, n := range j.windows[start].scores {
			w.Scores = append(w.Scores, Tally{Score: s, N: n})
		}
		slices.SortFunc(w.Scores, byScore)
		if t := rows[start]; t != nil {
			w.Joined = t.sorted()
		}
		out = append(out, w)
	}
	return out
}

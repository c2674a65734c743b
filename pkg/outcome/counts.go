package outcome

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/joined"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// all returns how many keys n of those that are kept stand for.
func (m *Met) all(n int64) int64 {
	if !m.set.Beyond() {
		return n
	}
	return int64(math.Round(float64(n) * (1 << 64) / float64(m.set.Cut())))
}

// unjoined says why outcomes are known and none met a prediction; "" where one did, or
// where early, since all predictions with a time are too young to have one.
func (m *Met) unjoined(p Period, mature time.Duration) (why string, early bool) {
	if m.set.File.Known == 0 || len(m.set.Rows()) > 0 {
		return "", false
	}
	s := &m.set.Strays
	if mature > 0 && !p.Until.IsZero() && (s.From != 0 || s.Until != 0) && s.From > p.Until.UnixMicro() {
		return "", true
	}
	why, _ = m.Cause()
	return why, false
}

// Joined are the rows of the table before its figures: how the outcomes met the log,
// how many of the judged predictions have one, and of which scores; and what to say
// where outcomes are of a selection, "" where they are not. against is what figures are
// held against, where that is not the reference.
func (m *Met) Joined(p Period, judged *Sample, against string, score *view.Column) (rows []verdict.Outcome, selected string) {
	n := RowsOf(judged.Rows)
	joined := Blank("", "count", "joined", n)
	joined.Value = float64(n)
	notes := []string{p.said(), "", against}
	if apart := RowsOf(judged.Apart); apart < n {
		notes[1] = "tests go by one outcome of each of " + words.Count(apart, "entity", "entities")
	}
	joined.Note = strings.Join(slices.DeleteFunc(notes, func(s string) bool { return s == "" }), "; ")
	rows = append(m.counts(), joined)
	if score != nil && p.Young == "" {
		left := Blank("", "count", "unlabelled", max(0, score.Values()-n))
		left.Value, left.Note = float64(left.N), "judged predictions without an outcome"
		if m.repeated() || len(m.between(time.Time{}, time.Time{})) < len(m.rows) {
			left.Note += ", or of an entity whose outcome counts with another one"
		}
		rows = append(rows, left)
	}
	coverage, selected := m.coverage(p)
	return append(rows, coverage...), selected
}

// keysMet are the keys of outcomes that met a prediction, and of them those that several
// predictions share, which tell nothing.
func (m *Met) keysMet() (met, ambiguous int64) {
	rows := m.set.Rows()
	for i := 0; i < len(rows); {
		n, seen := i, int64(0)
		for ; n < len(rows) && rows[n].Hash == rows[i].Hash; n++ {
			seen += rows[n].Seen
		}
		if i = n; seen == 1 || m.set.File.Names {
			met++
		} else {
			ambiguous++
		}
	}
	return m.all(met), m.all(ambiguous)
}

// counts are how the outcomes met the log.
func (m *Met) counts() []verdict.Outcome {
	f := &m.set.File
	met, ambiguous := m.keysMet()
	var out []verdict.Outcome
	add := func(metric string, n int64, note string) {
		row := Blank("", "count", metric, n)
		row.Value, row.Note = float64(n), note
		out = append(out, row)
	}
	add("outcomes", f.Rows+f.Keyless, "rows in the outcomes file")
	add("pending", f.Pending, "rows without an outcome yet")
	add("keyless", f.Keyless, "rows without "+f.Key)
	add("contested", f.Contested, "keys with outcomes that disagree; left out")
	add("ambiguous", ambiguous, "keys that several predictions share; left out")
	add("unmatched", f.Known-met-ambiguous, "outcomes of no prediction in the log")
	share := Blank("", "count", "joined_share", f.Known)
	share.Note = "share of the known outcomes that met a prediction, by " + f.Key + m.others(met+ambiguous)
	switch f.Choice {
	case joined.First:
		share.Note += "; of several predictions the first counts"
	case joined.All:
		share.Note += "; of several predictions each counts, and intervals take them for one"
	}
	if m.set.Keyless {
		share.Note += "; some predictions have none"
	}
	if m.set.Beyond() {
		share.Note += "; estimated: figures rest on a uniform sample of " + words.Whole(int64(len(m.set.Rows()))) + " of them"
	}
	if f.Known > 0 {
		share.Value = float64(met) / float64(f.Known)
	}
	return append(out, share)
}

// unmet are the first keys of both sides that met nothing: of the outcomes those of
// the file's first 64 that met no prediction, of the log its oldest predictions.
func (m *Met) unmet(most int) []verdict.Unmet {
	met := make(map[uint64]bool)
	for _, r := range m.set.Rows() {
		met[r.Hash] = true
	}
	var first [][2]string
	if json.Unmarshal([]byte(m.set.File.First), &first) != nil {
		return nil
	}
	var out []verdict.Unmet
	for _, k := range first {
		hash, err := strconv.ParseUint(k[0], 16, 64)
		if err == nil && !met[hash] && len(out) < most && (!m.set.Beyond() || hash < m.set.Cut()) {
			out = append(out, verdict.Unmet{Side: "outcomes", Key: k[1]})
		}
	}
	shown := make(map[string]bool)
	for _, s := range m.set.Strays.First {
		if !shown[s.Key] && len(shown) < most {
			shown[s.Key] = true
			u := verdict.Unmet{Side: "predictions", Key: s.Key}
			if s.At != math.MinInt64 {
				u.Timestamp = time.UnixMicro(s.At).UTC()
			}
			out = append(out, u)
		}
	}
	return out
}

// Cause is why outcomes met no prediction, or few: what it likely is, and what to do.
// It holds no value of a key; "" where nothing is known.
func (m *Met) Cause() (reason, do string) {
	f, s := &m.set.File, &m.set.Strays
	met := int64(len(m.set.Rows()))
	best, at := 0, int64(0)
	for h := -mostHours; h <= mostHours; h++ {
		if n := s.Hours[h]; n > at {
			best, at = h, n
		}
	}
	switch {
	case s.N == 0 && m.set.Keyless && met == 0:
		return "the predictions have no " + f.Key, "name its column with id, outcomes.by or fields in monitor.yaml"
	case s.Near > met:
		return "the keys of both sides are spelled differently", "write them in one way: case, blanks, leading zeros and a trailing .0 count"
	case at > met && best != 0:
		later := "later"
		if best < 0 {
			best, later = -best, "earlier"
		}
		return "the outcomes' times are " + words.Count(int64(best), "hour", "hours") + " " + later + " than the log's", "write both in UTC"
	case met == 0 && strings.HasPrefix(f.Key, byTime) && s.N > 0:
		return "no prediction has the time of an outcome", "join by id, or say how exact the times are with outcomes.resolution"
	case met == 0 && strings.Contains(f.Key, byInputs) && s.N > 0:
		return "no prediction has the inputs of an outcome", "compare the values below: each must be the same on both sides"
	case met == 0 && s.N > 0:
		return "no prediction has the " + f.Key + " of an outcome" + m.span("; the log is of "), "outcomes of older predictions need a log that reaches back to these (last says how much of it is judged); those of this log's may come later, and outcomes.mature says from what age they count; else look whether both have the same keys"
	case met == 0:
		return "the log has no prediction with a score", ""
	}
	return "", ""
}

// Alike is a key that is spelled differently on both sides: as the log has it, and the
// outcomes.
func (m *Met) Alike() (log, outcomes string) { return m.set.Strays.As[0], m.set.Strays.As[1] }

// said is what of the period is to be said: which predictions count.
func (p *Period) said() string {
	if p.Young == "" {
		return ""
	}
	if p.From.IsZero() || p.Until.IsZero() {
		return p.Young
	}
	return "of predictions from " + p.From.Format(time.DateOnly) + " to " + p.Until.Format(time.DateOnly) + "; " + p.Young
}

// span is the first and the last day of the log, after some words; "" where it has no times.
func (m *Met) span(before string) string {
	s := &m.set.Strays
	if s.From == 0 && s.Until == 0 || s.From == math.MinInt64 {
		return ""
	}
	day := func(at int64) string { return time.UnixMicro(at).UTC().Format(time.DateOnly) }
	if day(s.From) == day(s.Until) {
		return before + day(s.From)
	}
	return before + day(s.From) + " to " + day(s.Until)
}

// mostMet is the share of outcomes with a prediction from which on nothing is said of the
// others.
const mostMet = 0.9

// others says where the outcomes are that met no prediction, when these are many and some
// met one, or several; "" else.
func (m *Met) others(met int64) string {
	if met == 0 || float64(met) >= mostMet*float64(m.set.File.Known) {
		return ""
	}
	return "; the others are of predictions that the log does not hold" + m.span(": it is of ")
}

// Package parts makes the page of segments: the same checks inside each part of the
// rows.
package parts

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Body is the page of parts of the rows.
type Body struct {
	Level   string
	Lead    string
	Columns []column
	Moved   []part
	More    int
}

// column is one column that makes segments.
type column struct {
	Name     string
	Level    string // the worst of its segments
	Sentence string // what its shares and what its insides did to the mean score
	Href     string // the page of the column
	Rows     []row
	More     int
}

type row struct {
	verdict.Segment
	What   string // subjects that moved in it and not in the whole, or why it is not judged
	At     string // anchor of their findings, empty without
	Repeat string // subjects that moved in it as they did in the whole
}

// part is what moved inside one segment.
type part struct {
	Name, ID string
	Level    string
	Subjects []subject
}

type subject struct {
	*view.Subject
	Shown   []verdict.Finding
	Picture *gallery.Picture
}

// Bounds of the page.
const (
	shownSegments   = 60 // rows of a table
	shownParts      = 12 // segments whose moves are listed
	subjectsShown   = 4  // subjects of one
	findingsShown   = 4  // of a subject
	drawnInSegments = 16 // pictures in all
	nameRunes       = 60
)

// Page is nil without segments.
func Page(from *view.View) *Body {
	if len(from.Report.Segments) == 0 {
		return nil
	}
	v := &Body{}
	within, whole := segmentSubjects(from.Report), movedInWhole(from.Report)
	at := map[string]int{}
	ids := map[string]string{}
	for _, s := range from.Report.Segments {
		i, ok := at[s.Column]
		if !ok {
			i = len(v.Columns)
			at[s.Column] = i
			v.Columns = append(v.Columns, column{Name: s.Column, Href: from.HrefOf(s.Column)})
		}
		c := &v.Columns[i]
		if s.Name == "" {
			c.Level = s.Level
			if c.Sentence = wording.Sentence(s.Sentence); c.Sentence == "" {
				c.Sentence = mixWords(s)
			}
			continue
		}
		hidden := whole.hiddenIn(within[s.Key()])
		row := row{Segment: s, What: movedIn(hidden), Repeat: movedIn(slices.DeleteFunc(slices.Clone(within[s.Key()]), func(in *view.Subject) bool { return slices.Contains(hidden, in) }))}
		if row.What == "" && row.Repeat == "" && s.Level == verdict.Insufficient {
			row.What = wording.Sentence(s.Sentence)
		}
		c.Rows = append(c.Rows, row)
	}
	var parts []verdict.Segment
	for i := range v.Columns {
		c := &v.Columns[i]
		if verdict.Severity(c.Level) > verdict.Severity(v.Level) {
			v.Level = c.Level
		}
		slices.SortStableFunc(c.Rows, func(a, b row) int {
			urgent := cmp.Compare(max(verdict.Severity(b.Level), verdict.Severity(verdict.Insufficient)), max(verdict.Severity(a.Level), verdict.Severity(verdict.Insufficient)))
			return cmp.Or(urgent, cmp.Compare(b.NCur, a.NCur), cmp.Compare(a.Name, b.Name))
		})
		c.More = max(0, len(c.Rows)-shownSegments)
		c.Rows = c.Rows[:len(c.Rows)-c.More]
		for _, r := range c.Rows {
			if verdict.Severity(r.Level) >= verdict.Severity(verdict.Warn) && len(whole.hiddenIn(within[r.Key()])) > 0 {
				parts = append(parts, r.Segment)
			}
		}
	}
	slices.SortStableFunc(parts, func(a, b verdict.Segment) int {
		return cmp.Compare(verdict.Severity(b.Level), verdict.Severity(a.Level))
	})
	drawn := 0
	for i, s := range parts {
		if i == shownParts {
			v.More = len(parts) - i
			break
		}
		part := part{Name: named(s), ID: fmt.Sprintf("segment-%d", i+1), Level: s.Level}
		ids[s.Key()] = part.ID
		for _, in := range whole.hiddenIn(within[s.Key()]) {
			if len(part.Subjects) == subjectsShown {
				break
			}
			alone := whole.alone(in)
			m := subject{Subject: in, Shown: alone[:min(len(alone), findingsShown)]}
			in.Level = ""
			for _, f := range alone {
				if verdict.Severity(f.Level) > verdict.Severity(in.Level) {
					in.Level = f.Level
				}
			}
			in.Href = from.HrefOf(in.Name)
			if in.Dist.Comparable() && drawn < drawnInSegments {
				d, _ := in.Dist.Drawing(in.Name, true)
				alt := "In " + part.Name + ": " + in.Dist.Description(in.Name)
				m.Picture = from.Gallery.Inline(chart.Size{W: 280, H: 96}, alt, d)
				drawn++
			}
			part.Subjects = append(part.Subjects, m)
		}
		v.Moved = append(v.Moved, part)
	}
	for i := range v.Columns {
		for j := range v.Columns[i].Rows {
			r := &v.Columns[i].Rows[j]
			r.At = ids[r.Key()]
		}
	}
	v.Lead = leadOf(from.Report, len(parts))
	return v
}

// leadOf says how many segments moved, and in how many something did that
// stands still in the whole.
func leadOf(r *report.Tables, alone int) string {
	judged, weak, moved := int64(0), int64(0), int64(0)
	for _, s := range r.Segments {
		switch {
		case s.Name == "":
		case s.Level == verdict.Insufficient:
			weak++
		default:
			judged++
			if verdict.Severity(s.Level) >= verdict.Severity(verdict.Warn) {
				moved++
			}
		}
	}
	text := fmt.Sprintf("None of %s moved", words.Count(judged, "segment", "segments"))
	switch {
	case judged == 0 && weak == 0:
		text = "No segment can be judged"
	case judged == 0:
		text = "No segment has enough rows to be judged"
	case moved > 0:
		text = fmt.Sprintf("%s of %s moved", words.Whole(moved), words.Count(judged, "segment", "segments"))
		if alone == 0 {
			text += ", in nothing but what moved in the whole too"
		} else {
			text += fmt.Sprintf(", %s in what stands still in the whole", words.Whole(int64(alone)))
		}
	}
	if weak > 0 && judged > 0 {
		text += fmt.Sprintf("; %s not be judged", words.Count(weak, "more could", "more could"))
	}
	return text + "."
}

// segmentSubjects are the subjects of each segment.
func segmentSubjects(r *report.Tables) map[string][]*view.Subject {
	out := map[string][]*view.Subject{}
	for segment, all := range r.SubjectsBySegment() {
		out[segment] = view.SubjectsOf(all)
	}
	return out
}

// movedIn names the subjects at warn or above.
func movedIn(subjects []*view.Subject) string {
	var names []string
	for _, s := range subjects {
		if s.Urgent() {
			names = append(names, s.Name)
		}
	}
	return wording.Listed(names)
}

// named names a segment for people.
func named(s verdict.Segment) string {
	return wording.Subject(s.Column) + " = " + wording.Clip(s.Name, nameRunes)
}

// mixWords says what of the mean score's change comes from the segments' shares.
func mixWords(s verdict.Segment) string {
	if math.IsNaN(s.Mix) || math.IsNaN(s.Within) || math.IsInf(s.Mix+s.Within, 0) {
		return ""
	}
	return fmt.Sprintf("Of the mean score's change of %s, %s comes from the segments' shares and %s from inside them.", words.Signed(s.Mix+s.Within), words.Signed(s.Mix), words.Signed(s.Within))
}

// moves are the subjects' checks at warn or above among all rows.
type moves map[[2]string]bool

func movedInWhole(r *report.Tables) moves {
	m := moves{}
	for _, f := range r.Findings {
		if f.Window == "" && f.Segment == "" && verdict.Severity(f.Level) >= verdict.Severity(verdict.Warn) {
			m[[2]string{f.Subject, f.Check}] = true
		}
	}
	return m
}

// alone are the findings of a segment's subject that moved where all rows stand
// in the same check, as drift's headline counts them: that the values move in the
// whole does not explain that they are missing in the segment.
func (m moves) alone(s *view.Subject) []verdict.Finding {
	return slices.DeleteFunc(slices.Clone(s.Findings), func(f verdict.Finding) bool {
		return verdict.Severity(f.Level) < verdict.Severity(verdict.Warn) || m[[2]string{f.Subject, f.Check}]
	})
}

// hiddenIn are the subjects that moved in a segment and not in the whole.
func (m moves) hiddenIn(subjects []*view.Subject) []*view.Subject {
	return slices.DeleteFunc(slices.Clone(subjects), func(s *view.Subject) bool { return len(m.alone(s)) == 0 })
}

// Hidden says which segment moved while the whole stands still: what no other
// page would show. It is the one that the headline names, with the gravest of
// these findings. Empty without one.
func Hidden(r *report.Tables) string {
	within, whole := segmentSubjects(r), movedInWhole(r)
	var first string
	least, found := int64(math.MaxInt64), int64(0)
	for _, s := range r.Segments {
		if s.Name == "" || verdict.Severity(s.Level) < verdict.Severity(verdict.Warn) {
			continue
		}
		subjects := whole.hiddenIn(within[s.Key()])
		if len(subjects) == 0 {
			continue
		}
		var names []string
		rank := int64(math.MaxInt64)
		for _, in := range subjects {
			names = append(names, in.Name)
			for _, f := range whole.alone(in) {
				rank = min(rank, report.RankOf(f))
			}
		}
		if found++; found == 1 || rank < least {
			least = rank
			first = fmt.Sprintf("In %s, %s moved while the whole stands still", named(s), wording.Listed(names))
		}
	}
	if found > 1 {
		first += fmt.Sprintf("; so it is in %s", words.Count(found-1, "more segment", "more segments"))
	}
	return first
}

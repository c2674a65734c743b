package site

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/drift"
)

// segmentsBody is the page of parts of the rows.
type segmentsBody struct {
	Level   string
	Lead    string
	Columns []segmentColumn
	Moved   []segmentPart
	More    int
}

// segmentColumn is one column that makes segments.
type segmentColumn struct {
	Name     string
	Level    string // the worst of its segments
	Sentence string // what its shares and what its insides did to the mean score
	Href     string // the page of the column
	Rows     []segmentRow
	More     int
}

type segmentRow struct {
	drift.Segment
	What string // subjects that moved in it
	At   string // anchor of what is said of them, empty without
}

// segmentPart is what moved inside one segment.
type segmentPart struct {
	Name, ID string
	Level    string
	Subjects []segmentSubject
}

type segmentSubject struct {
	*subject
	Said    []drift.Finding
	Picture *picture
}

// Bounds of the page.
const (
	shownSegments    = 60 // rows of a table
	shownParts       = 12 // segments of which is told what moved
	segmentSubjects  = 4  // subjects of one
	drawnInSegments  = 16 // pictures in all
	segmentNameRunes = 60
)

// segmentName is what Finding.Segment holds of a segment.
func segmentName(s drift.Segment) string { return s.Column + "=" + s.Name }

// segments is nil without segments.
func (b *builder) segments() *segmentsBody {
	if len(b.r.Segments) == 0 {
		return nil
	}
	v := &segmentsBody{}
	within := b.r.subjectsBySegment()
	at := map[string]int{}
	ids := map[string]string{}
	for _, s := range b.r.Segments {
		i, ok := at[s.Column]
		if !ok {
			i = len(v.Columns)
			at[s.Column] = i
			v.Columns = append(v.Columns, segmentColumn{Name: s.Column, Href: b.hrefOf(s.Column)})
		}
		c := &v.Columns[i]
		if s.Name == "" {
			if c.Sentence = capital(said(s.Column, s.Sentence)); c.Sentence == "" {
				c.Sentence = mixWords(s)
			}
			continue
		}
		if levelRank(s.Level) > levelRank(c.Level) {
			c.Level = s.Level
		}
		row := segmentRow{Segment: s, What: movedIn(within[segmentName(s)])}
		if row.What == "" && s.Level == drift.Insufficient {
			row.What = said(segmentName(s), s.Sentence)
		}
		c.Rows = append(c.Rows, row)
	}
	var parts []drift.Segment
	for i := range v.Columns {
		c := &v.Columns[i]
		if levelRank(c.Level) > levelRank(v.Level) {
			v.Level = c.Level
		}
		slices.SortStableFunc(c.Rows, func(a, b segmentRow) int {
			urgent := cmp.Compare(max(levelRank(b.Level), levelRank(drift.Insufficient)), max(levelRank(a.Level), levelRank(drift.Insufficient)))
			return cmp.Or(urgent, cmp.Compare(b.NCur, a.NCur), cmp.Compare(a.Name, b.Name))
		})
		c.More = max(0, len(c.Rows)-shownSegments)
		c.Rows = c.Rows[:len(c.Rows)-c.More]
		for _, r := range c.Rows {
			if levelRank(r.Level) >= levelRank(drift.Warn) && len(b.hiddenIn(within[segmentName(r.Segment)])) > 0 {
				parts = append(parts, r.Segment)
			}
		}
	}
	slices.SortStableFunc(parts, func(a, b drift.Segment) int { return cmp.Compare(levelRank(b.Level), levelRank(a.Level)) })
	drawn := 0
	for i, s := range parts {
		if i == shownParts {
			v.More = len(parts) - i
			break
		}
		part := segmentPart{Name: segmentWord(s), ID: fmt.Sprintf("segment-%d", i+1), Level: s.Level}
		ids[segmentName(s)] = part.ID
		for _, in := range within[segmentName(s)] {
			if len(b.hiddenIn([]*subject{in})) == 0 || len(part.Subjects) == segmentSubjects {
				continue
			}
			m := segmentSubject{subject: in}
			for _, f := range in.Findings {
				if levelRank(f.Level) >= levelRank(drift.Warn) && len(m.Said) < maxSaid {
					m.Said = append(m.Said, f)
				}
			}
			in.Href = b.hrefOf(in.Name)
			if in.Dist.comparable() && drawn < drawnInSegments {
				d, _ := in.Dist.drawing(in.Name, true)
				alt := "In " + part.Name + ": " + in.Dist.told(in.Name)
				m.Picture = b.picture(fmt.Sprintf("segment-%d-%d", i+1, len(part.Subjects)+1), chart.Size{W: 280, H: 96}, alt, d)
				drawn++
			}
			part.Subjects = append(part.Subjects, m)
		}
		v.Moved = append(v.Moved, part)
	}
	for i := range v.Columns {
		for j := range v.Columns[i].Rows {
			r := &v.Columns[i].Rows[j]
			r.At = ids[segmentName(r.Segment)]
		}
	}
	v.Lead = b.segmentsLead(len(parts))
	return v
}

// segmentsLead says how many segments moved, and in how many something did that
// stands still in the whole.
func (b *builder) segmentsLead(alone int) string {
	judged, weak, moved := int64(0), int64(0), int64(0)
	for _, s := range b.r.Segments {
		switch {
		case s.Name == "":
		case s.Level == drift.Insufficient:
			weak++
		default:
			judged++
			if levelRank(s.Level) >= levelRank(drift.Warn) {
				moved++
			}
		}
	}
	text := fmt.Sprintf("None of %s moved", plural(judged, "segment", "segments"))
	switch {
	case judged == 0:
		text = "No segment has enough rows to be judged"
	case moved > 0:
		text = fmt.Sprintf("%s of %s moved", count(moved), plural(judged, "segment", "segments"))
		if alone == 0 {
			text += ", in nothing but what moved in the whole too"
		} else {
			text += fmt.Sprintf(", %s in what stands still in the whole", count(int64(alone)))
		}
	}
	if weak > 0 && judged > 0 {
		text += fmt.Sprintf("; %s too few rows to be judged", plural(weak, "more has", "more have"))
	}
	return text + "."
}

// subjectsBySegment groups the judged period's findings and bins of segments.
func (r *Report) subjectsBySegment() map[string][]*subject {
	rows := map[string]*Report{}
	at := func(segment string) *Report {
		if rows[segment] == nil {
			rows[segment] = &Report{}
		}
		return rows[segment]
	}
	for _, f := range r.Findings {
		if f.Window == "" && f.Segment != "" {
			s := at(f.Segment)
			f.Sentence = strings.TrimPrefix(f.Sentence, "in "+f.Segment+": ")
			f.Segment = ""
			s.Findings = append(s.Findings, f)
		}
	}
	for _, b := range r.Bins {
		if b.Window == "" && b.Segment != "" && rows[b.Segment] != nil {
			s := rows[b.Segment]
			b.Segment = ""
			s.Bins = append(s.Bins, b)
		}
	}
	out := map[string][]*subject{}
	for segment, part := range rows {
		out[segment] = part.subjects()
	}
	return out
}

// movedIn names the subjects at warn or above.
func movedIn(subjects []*subject) string {
	var names []string
	for _, s := range subjects {
		if s.Urgent() {
			names = append(names, s.Name)
		}
	}
	return listed(names)
}

// segmentWord names a segment for people.
func segmentWord(s drift.Segment) string {
	return subjectWord(s.Column) + " = " + clip(s.Name, segmentNameRunes)
}

// mixWords says what of the mean score's change comes from the segments' shares.
func mixWords(s drift.Segment) string {
	if math.IsNaN(s.Mix) || math.IsNaN(s.Within) || math.IsInf(s.Mix+s.Within, 0) {
		return ""
	}
	return fmt.Sprintf("Of the mean score's change of %s, %s comes from the segments' shares and %s from inside them.", signed(s.Mix+s.Within), signed(s.Mix), signed(s.Within))
}

// hrefOf is the page of a subject of the whole, empty without one.
func (b *builder) hrefOf(name string) string {
	for _, s := range b.subjects {
		if s.Name == name {
			return s.Href
		}
	}
	return ""
}

// stands tells whether a subject did not move among all rows.
func (b *builder) stands(name string) bool {
	return !slices.ContainsFunc(b.subjects, func(s *subject) bool { return s.Name == name && s.Urgent() })
}

// hiddenIn names the subjects that moved in a segment and not in the whole.
func (b *builder) hiddenIn(subjects []*subject) []string {
	var names []string
	for _, s := range subjects {
		if s.Urgent() && b.stands(s.Name) {
			names = append(names, s.Name)
		}
	}
	return names
}

// hidden says which segment moved while the whole stands still: what no other
// page would show. Empty without one.
func (b *builder) hidden() string {
	within := b.r.subjectsBySegment()
	var first string
	others := int64(0)
	for _, s := range b.r.Segments {
		if s.Name == "" || levelRank(s.Level) < levelRank(drift.Warn) {
			continue
		}
		names := b.hiddenIn(within[segmentName(s)])
		switch {
		case len(names) == 0:
		case first == "":
			first = fmt.Sprintf("In %s, %s moved while the whole stands still", segmentWord(s), listed(names))
		default:
			others++
		}
	}
	if others > 0 {
		first += fmt.Sprintf("; so it is in %s", plural(others, "more segment", "more segments"))
	}
	return strings.TrimSpace(first)
}

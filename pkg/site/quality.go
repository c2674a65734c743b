package site

import (
	"cmp"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// qualityBody is the page of what is wrong with the data, apart from drift.
type qualityBody struct {
	Level    string
	Problems []verdict.Finding
	Fine     int64 // checks that found nothing
	TooFew   int64
	Missing  []missingRow
	Rejects  []verdict.Reject
	Rejected int64
}

type missingRow struct {
	*view.Subject
	Ref, Cur float64
}

func qualityPage(from *view.View) *qualityBody {
	v := &qualityBody{Level: from.Report.Run.QualityLevel, Problems: problemsOf(from), Rejected: rejectedLines(from.Report)}
	for _, s := range from.Subjects {
		for _, f := range s.Findings {
			if !verdict.TraitsOf(f.Check).Sound {
				continue
			}
			switch f.Level {
			case verdict.OK:
				v.Fine++
			case verdict.Insufficient:
				v.TooFew++
			}
		}
		if m, ok := s.Stat("missing_rate"); ok && (m.Ref > 0 || m.Cur > 0) {
			v.Missing = append(v.Missing, missingRow{s, m.Ref, m.Cur})
		}
	}
	slices.SortStableFunc(v.Missing, func(a, b missingRow) int {
		return cmp.Compare(math.Abs(b.Cur-b.Ref), math.Abs(a.Cur-a.Ref))
	})
	v.Missing = v.Missing[:min(len(v.Missing), shownRows)]
	v.Problems = v.Problems[:min(len(v.Problems), shownRows)]
	v.Rejects = slices.Clone(from.Report.Rejects)
	slices.SortStableFunc(v.Rejects, func(a, b verdict.Reject) int { return cmp.Compare(b.Count, a.Count) })
	v.Rejects = v.Rejects[:min(len(v.Rejects), 50)]
	return v
}

func (v *qualityBody) empty() bool {
	return len(v.Problems) == 0 && v.Fine+v.TooFew == 0 && len(v.Missing) == 0 && len(v.Rejects) == 0
}

// problemsOf are the findings of quality at warn or above, by rank.
func problemsOf(from *view.View) []verdict.Finding {
	var out []verdict.Finding
	for _, s := range from.Subjects {
		for _, f := range s.Findings {
			if verdict.TraitsOf(f.Check).Sound && verdict.Severity(f.Level) >= verdict.Severity(verdict.Warn) {
				out = append(out, f)
			}
		}
	}
	return out
}

// rejectedLines is the number of log lines that were left out.
func rejectedLines(t *report.Tables) int64 {
	var n int64
	for _, r := range t.Rejects {
		n += r.Count
	}
	return n
}

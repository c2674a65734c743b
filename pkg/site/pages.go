package site

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// driftBody is the page of all features.
type driftBody struct {
	Level                                string
	Judged, Drifted, Alerted, TooFew     int64
	Share                                float64
	Rows                                 []driftRow
	More                                 int
	Trends                               bool // some row has a trend
	Together                             *together
	Policy, Alpha, WarnFloor, AlertFloor string
}

type driftRow struct {
	*subject
	Level   string // of the comparison of its values, where there is one
	Also    string // its other checks at warn or above
	Picture *picture
	Trend   *picture
}

// shownRows bounds the rows of a page's table, so that no page grows beyond what
// loads at once.
const shownRows = 150

func (b *builder) drift() *driftBody {
	run := b.r.Run
	v := &driftBody{
		Level: run.FeatureLevel, Judged: max(0, run.Features-run.Insufficient), Drifted: run.Drifted, Alerted: run.Alerted,
		TooFew: run.Insufficient, Share: run.DriftShare, Policy: run.Policy, Together: b.together(),
	}
	all := slices.Clone(b.features)
	slices.SortStableFunc(all, func(a, b *subject) int {
		return cmp.Or(cmp.Compare(verdict.Severity(b.Level), verdict.Severity(a.Level)), cmp.Compare(b.size(), a.size()))
	})
	if b.score != nil {
		all = slices.Insert(all, 0, b.score)
	}
	for i, s := range all {
		if i == shownRows {
			v.More = len(all) - i
			break
		}
		row := driftRow{subject: s, Level: s.Level}
		if s.HasMain {
			if row.Level = s.Main.Level; row.Level == verdict.Insufficient {
				one := *s // what cannot be judged is no effect to compare others with
				one.Main.Effect = math.NaN()
				row.subject = &one
			}
		}
		var also []string
		for _, f := range s.Findings {
			if f.Check != verdict.CheckDistribution && verdict.Severity(f.Level) >= verdict.Severity(verdict.Warn) {
				also = append(also, checkWord(f.Check)+": "+strings.ToLower(levelWord(f.Level)))
			}
		}
		row.Also = strings.Join(also, ", ")
		if s.Dist.comparable() && b.drawn(i, s) {
			d, _ := s.Dist.drawing(s.Name, true)
			row.Picture = b.picture("mini-"+b.slugs.of(s.Name), chart.Size{W: 112, H: 32}, s.Dist.told(s.Name), d)
			if _, vs := b.trend("psi", s.Name); len(vs) > 1 {
				row.Trend = b.spark("psi-"+b.slugs.of(s.Name), chart.Size{W: 84, H: 32}, s.Name+": PSI by window", vs, s.Main.Threshold)
				v.Trends = true
			}
		}
		v.Rows = append(v.Rows, row)
	}
	for _, s := range b.features {
		if s.HasMain && !math.IsNaN(s.Main.Threshold) {
			v.WarnFloor, v.AlertFloor, v.Alpha = words.Number(s.Main.Threshold), words.Number(s.Main.AlertThreshold), words.Number(s.Main.Alpha)
			break
		}
	}
	return v
}

// size is the effect by which features of one level are ordered.
func (s *subject) size() float64 {
	if !s.HasMain || math.IsNaN(s.Main.Effect) {
		return math.Inf(-1)
	}
	return s.Main.Effect
}

// paged is the number of features that have a page of their own.
func (b *builder) paged() int {
	if len(b.features) <= drawAllBelow {
		return len(b.features)
	}
	return maxPages
}

// drawn tells whether the i-th feature gets pictures.
func (b *builder) drawn(i int, s *subject) bool {
	return len(b.features) <= drawAllBelow || i < drawFirst || s.Urgent()
}

// featureBody is the page of one column.
type featureBody struct {
	*subject
	Part       string // in the score's shift
	Figure     *figure
	Curve      *figure // what lies at or below each value
	Trend      *figure
	Nights     *figure
	Missing    *figure
	Stats      []statRow
	Tests      []verdict.Finding
	Prev, Next *link
}

// firstStatistics lead every table of statistics, the last of them on top.
var firstStatistics = []string{"missing_rate", "rows"}

type statRow struct{ Name, Ref, Cur, Interval string }

func statRows(stats []verdict.Statistic) []statRow {
	// Sizes first: every other number rests on them.
	stats = slices.Clone(stats)
	slices.SortStableFunc(stats, func(a, b verdict.Statistic) int {
		return cmp.Compare(slices.Index(firstStatistics, b.Name), slices.Index(firstStatistics, a.Name))
	})
	var out []statRow
	for _, s := range stats {
		row := statRow{Name: statisticWord(s.Name), Ref: words.Measure(s.Ref, s.Unit), Cur: words.Measure(s.Cur, s.Unit), Interval: words.Interval(s.Lo, s.Hi)}
		if isShare(s) {
			row.Ref, row.Cur = words.Percents(s.Ref, s.Cur)
			if row.Interval != "" {
				lo, hi := words.Percents(s.Lo, s.Hi)
				row.Interval = lo + " to " + hi
			}
		}
		if row.Ref != words.None || row.Cur != words.None {
			out = append(out, row)
		}
	}
	return out
}

func (b *builder) feature(i int, s *subject) *featureBody {
	v := &featureBody{subject: s, Stats: statRows(s.Stats), Part: b.part(s)}
	for _, f := range s.Findings {
		if f.Test != "" {
			v.Tests = append(v.Tests, f)
		}
	}
	if s.Dist.comparable() && b.drawn(i, s) {
		v.Figure = b.distributionFigure(s, "Share of rows, "+refName+" against "+curName)
		v.Curve = b.cumulativeFigure(s)
	}
	v.Trend = b.trendFigure("trend-"+b.slugs.of(s.Name), "PSI by window", "psi", "", s.Main, s.Name)
	if slices.ContainsFunc(s.Findings, func(f verdict.Finding) bool {
		return f.Check == verdict.CheckMissing && verdict.Severity(f.Level) >= verdict.Severity(verdict.Warn)
	}) {
		v.Missing = b.trendFigure("missing-"+b.slugs.of(s.Name), "Missing values by window", "missing_rate", "share", verdict.Finding{}, s.Name)
	}
	if v.Trend == nil && b.drawn(i, s) {
		v.Nights = b.byNight(s)
	}
	return v
}

// distributionFigure is the large picture of a subject.
func (b *builder) distributionFigure(s *subject, caption string) *figure {
	d, height := s.Dist.drawing(s.Name, false)
	if height == 0 {
		height = 240
	}
	return &figure{
		Picture: b.picture("dist-"+b.slugs.of(s.Name), chart.Size{W: 480, H: height}, s.Dist.told(s.Name), d),
		Caption: caption, Numbers: s.Dist.numbers(),
	}
}

// trendFigure is one metric of one subject by window, nil when there are fewer
// than two windows. The thresholds of limit, if any, are drawn when the values
// come near them.
func (b *builder) trendFigure(path, caption, metric, unit string, limit verdict.Finding, subjects ...string) *figure {
	times, values := b.trend(metric, subjects...)
	if len(values) < 2 {
		return nil
	}
	top := 0.0
	for _, v := range values {
		top = math.Max(top, v)
	}
	l := chart.Lines{Times: times, Series: []chart.Series{{Values: values}}, YLabel: unit, Percent: unit == "share"}
	for _, m := range []struct {
		at   float64
		name string
	}{{limit.Threshold, "warning"}, {limit.AlertThreshold, "alert"}} {
		if metric == "psi" && m.at > 0 && top > m.at*0.4 {
			l.Limits = append(l.Limits, chart.Limit{At: m.at, Label: m.name})
		}
	}
	if l.Percent {
		l.YLabel = ""
		if lo := slices.Min(values); metric == "success_rate" && lo > 0.5 {
			lo = math.Floor(lo*20) / 20
			l.Lo = &lo
		}
	}
	g := grid{Head: []string{"window from", caption}}
	write := words.Number
	if unit == "share" {
		write = words.Percent
	}
	for i := max(0, len(times)-100); i < len(times); i++ {
		g.Rows = append(g.Rows, []string{words.Stamp(times[i]), write(values[i])})
	}
	alt := fmt.Sprintf("%s: %d windows from %s to %s, from %s to %s, the newest %s.", caption, len(times),
		words.Day(times[0]), words.Day(times[len(times)-1]), write(least(values)), write(top), write(values[len(values)-1]))
	size := chart.Size{W: 480, H: 210}
	if metric == "psi" && len(l.Limits) == 0 {
		size.H = 130 // far below every threshold: there is little to see
	}
	return &figure{Picture: b.picture(path, size, alt, l), Caption: caption, Numbers: g}
}

func least(vs []float64) float64 {
	lo := math.Inf(1)
	for _, v := range vs {
		if !math.IsNaN(v) {
			lo = math.Min(lo, v)
		}
	}
	return lo
}

// scoresBody is the page of what the model puts out.
type scoresBody struct {
	Score, Label        *subject
	ScoreFig, LabelFig  *figure
	Trends              []*figure
	Stats               []statRow
	Rate                *statRow
	Threshold, Positive string
	Why                 string // why nothing can be told of what moved them
}

func (b *builder) scores() *scoresBody {
	v := &scoresBody{Score: b.score, Label: b.label, Positive: b.r.Run.PositiveLabel, Why: b.unexplained()}
	if !math.IsNaN(b.r.Run.Threshold) {
		v.Threshold = words.Number(b.r.Run.Threshold)
	}
	if b.score != nil {
		v.Stats = statRows(b.score.Stats)
		if b.score.Dist.comparable() {
			v.ScoreFig = b.distributionFigure(b.score, "Scores, "+refName+" against "+curName)
		}
		v.Trends = append(v.Trends,
			b.trendFigure("trend-score-psi", "Score drift (PSI) by window", "psi", "", b.score.Main, b.score.Name),
			b.trendFigure("trend-score-mean", "Mean score by window", "mean", "", verdict.Finding{}, b.score.Name))
	}
	if b.label != nil && b.label.Dist.comparable() {
		v.LabelFig = b.distributionFigure(b.label, "Labels, "+refName+" against "+curName)
	}
	for _, s := range []*subject{b.score, b.label} {
		if rate, ok := s.stat("positive_rate"); ok && v.Rate == nil {
			v.Rate = &statRows([]verdict.Statistic{rate})[0]
			v.Trends = append(v.Trends, b.trendFigure("trend-positive", "Positive rate by window", "positive_rate", "share", verdict.Finding{}, s.Name))
		}
	}
	v.Trends = slices.DeleteFunc(v.Trends, func(f *figure) bool { return f == nil })
	return v
}

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
	*subject
	Ref, Cur float64
}

func (b *builder) quality() *qualityBody {
	v := &qualityBody{Level: b.r.Run.QualityLevel, Problems: b.problems(), Rejected: b.rejected()}
	for _, s := range b.subjects {
		for _, f := range s.Findings {
			if !slices.Contains(qualityChecks, f.Check) {
				continue
			}
			switch f.Level {
			case verdict.OK:
				v.Fine++
			case verdict.Insufficient:
				v.TooFew++
			}
		}
		if m, ok := s.stat("missing_rate"); ok && (m.Ref > 0 || m.Cur > 0) {
			v.Missing = append(v.Missing, missingRow{s, m.Ref, m.Cur})
		}
	}
	slices.SortStableFunc(v.Missing, func(a, b missingRow) int {
		return cmp.Compare(math.Abs(b.Cur-b.Ref), math.Abs(a.Cur-a.Ref))
	})
	v.Missing = v.Missing[:min(len(v.Missing), shownRows)]
	v.Problems = v.Problems[:min(len(v.Problems), shownRows)]
	v.Rejects = slices.Clone(b.r.Rejects)
	slices.SortStableFunc(v.Rejects, func(a, b verdict.Reject) int { return cmp.Compare(b.Count, a.Count) })
	v.Rejects = v.Rejects[:min(len(v.Rejects), 50)]
	return v
}

func (v *qualityBody) empty() bool {
	return len(v.Problems) == 0 && v.Fine+v.TooFew == 0 && len(v.Missing) == 0 && len(v.Rejects) == 0
}

// pairsBody is the page of correlations.
type pairsBody struct {
	Findings []verdict.Finding // at warn or above
	Verdict  string            // where there is none: what was judged
	Figure   *figure
	Rows     []verdict.Correlation
	More     int
}

// shownPairs bounds the table of pairs.
const shownPairs = 25

// pairs is nil without pairs that both sides have.
func (b *builder) pairs() *pairsBody {
	rows := slices.DeleteFunc(slices.Clone(b.r.Correlations), func(c verdict.Correlation) bool {
		return c.Window != "" || c.Segment != "" || math.IsNaN(c.Ref) || math.IsNaN(c.Cur)
	})
	if len(rows) == 0 {
		return nil
	}
	slices.SortStableFunc(rows, func(a, b verdict.Correlation) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Cur-b.Ref), math.Abs(a.Cur-a.Ref)), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	v := &pairsBody{}
	for _, s := range b.subjects {
		for _, f := range s.Findings {
			switch {
			case f.Check != verdict.CheckCorrelation:
			case verdict.Severity(f.Level) >= verdict.Severity(verdict.Warn):
				v.Findings = append(v.Findings, f)
			case s.Name == verdict.SubjectCorrelations:
				v.Verdict = sentence(f.Sentence)
			}
		}
	}
	const most = 10
	var names []string
	for _, c := range rows {
		for _, n := range []string{c.A, c.B} {
			if len(names) < most && !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	h := chart.Heat{Names: names}
	for range names {
		row := make([]float64, len(names))
		for j := range row {
			row[j] = math.NaN()
		}
		h.Values = append(h.Values, row)
	}
	for _, c := range rows {
		i, j := slices.Index(names, c.A), slices.Index(names, c.B)
		if i >= 0 && j >= 0 && i != j {
			h.Values[i][j], h.Values[j][i] = c.Cur-c.Ref, c.Cur-c.Ref
		}
	}
	top := rows[0]
	alt := fmt.Sprintf("Change of the correlation of each pair; the largest is %s and %s, from %s to %s.", top.A, top.B, words.Number(top.Ref), words.Number(top.Cur))
	v.Figure = &figure{Picture: b.picture("correlations", chart.HeatSize(len(names)), alt, h), Caption: "Change of correlation, " + curName + " less " + refName, Wide: true}
	v.More = max(0, len(rows)-shownPairs)
	v.Rows = rows[:min(len(rows), shownPairs)]
	return v
}

// recentBody is the page of the newest predictions.
type recentBody struct {
	Columns      []recentColumn
	Rows         []recentRow
	Labels       []string // that occur, none when there is one only
	Lo, Hi, Step string   // of the filter: 0 to 1, or wide enough for every score
}

type recentColumn struct {
	Name    string
	Numeric bool
}

type recentRow struct {
	verdict.Recent
	Time  string // of inference, in ms
	Cells []string
}

func (b *builder) recent() *recentBody {
	v := &recentBody{}
	at := map[int64]int{}
	for _, c := range b.r.Recent {
		i, ok := at[c.Row]
		if !ok {
			if len(v.Rows) == 100 {
				continue
			}
			i = len(v.Rows)
			at[c.Row] = i
			v.Rows = append(v.Rows, recentRow{Recent: c})
		}
		if c.Column == "" {
			continue
		}
		j := slices.IndexFunc(v.Columns, func(k recentColumn) bool { return k.Name == c.Column })
		if j < 0 {
			if len(v.Columns) == 20 {
				continue
			}
			j = len(v.Columns)
			v.Columns = append(v.Columns, recentColumn{Name: c.Column})
		}
		for len(v.Rows[i].Cells) <= j {
			v.Rows[i].Cells = append(v.Rows[i].Cells, "")
		}
		v.Rows[i].Cells[j] = clip(c.Value, 60)
	}
	if len(v.Rows) == 0 {
		return nil
	}
	for i := range v.Rows {
		for len(v.Rows[i].Cells) < len(v.Columns) {
			v.Rows[i].Cells = append(v.Rows[i].Cells, "")
		}
	}
	slices.SortStableFunc(v.Rows, func(a, b recentRow) int { return cmp.Compare(a.Row, b.Row) })
	times := make([]float64, len(v.Rows))
	for i, r := range v.Rows {
		times[i] = r.MS
	}
	for i, t := range words.Aligned(times...) {
		v.Rows[i].Time = t
	}
	for j := range v.Columns {
		v.Columns[j].Numeric = v.numeric(j)
	}
	lo, hi := 0.0, 1.0
	for _, r := range v.Rows {
		if r.Exact() != "" {
			lo, hi = math.Min(lo, math.Floor(r.Score)), math.Max(hi, math.Ceil(r.Score))
		}
		if !slices.Contains(v.Labels, r.Label) && len(v.Labels) < 20 {
			v.Labels = append(v.Labels, r.Label)
		}
	}
	if slices.Sort(v.Labels); len(v.Labels) == 1 {
		v.Labels = nil
	}
	plain := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	v.Lo, v.Hi, v.Step = plain(lo), plain(hi), plain((hi-lo)/100)
	return v
}

// numeric tells a column of nothing but numbers.
func (v *recentBody) numeric(j int) bool {
	any := false
	for _, r := range v.Rows {
		c := r.Cells[j]
		if f, err := strconv.ParseFloat(c, 64); c != "" && (err != nil || math.IsInf(f, 0) || math.IsNaN(f) || strings.ContainsAny(c, "eExX_")) {
			return false
		}
		any = any || c != ""
	}
	return any
}

// Exact is a score as the filter compares it.
func (r recentRow) Exact() string {
	if math.IsNaN(r.Score) || math.IsInf(r.Score, 0) {
		return ""
	}
	return strconv.FormatFloat(r.Score, 'f', -1, 64)
}

// clip shortens a value for a table.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

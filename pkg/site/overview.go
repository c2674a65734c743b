package site

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A tile is one aspect of the run on the first screen.
type tile struct {
	Name, Value, Note string
	Level             string
	Href              string // page with more; empty without one
	Spark             *picture
}

// A change is a subject that moved, told on the first screen.
type change struct {
	*subject
	Picture *picture
	Said    []verdict.Finding
	Since   string // since when, empty when that is not known
}

type overview struct {
	Tiles    []tile
	Changes  []change
	Pictured bool // some change has a picture
	More     int64
	Unjudged bool   // nothing could be judged
	Why      string // what moved the scores
	Hidden   string // the segment that moved while the whole stands
	Advice   []string
	Rests    [][2]string
}

const (
	maxChanges = 6
	maxSaid    = 4
)

func (b *builder) overview(has map[string]bool) *overview {
	v := &overview{Advice: b.advice(), Rests: b.rests(), Hidden: sentence(b.hidden())}
	v.Unjudged = !slices.ContainsFunc(b.r.Findings, func(f verdict.Finding) bool {
		return (f.Check == verdict.CheckDistribution || slices.Contains(qualityChecks, f.Check)) && f.Level != verdict.Insufficient && f.Level != ""
	})
	if b.score != nil && b.score.Urgent() {
		v.Why = b.whyLead()
	}
	v.Tiles = b.tiles(has)
	for _, s := range b.subjects {
		if !s.Urgent() || s.only(verdict.CheckRetrain) {
			continue // what to do says it
		}
		if len(v.Changes) == maxChanges {
			v.More++
			continue
		}
		c := change{subject: s, Since: b.since(s)}
		for _, f := range s.Findings {
			if verdict.Severity(f.Level) >= verdict.Severity(verdict.Warn) && len(c.Said) < maxSaid {
				c.Said = append(c.Said, f)
			}
		}
		c.Picture = b.card(s)
		v.Pictured = v.Pictured || c.Picture != nil
		v.Changes = append(v.Changes, c)
	}
	return v
}

// card is the picture of a change: of the share of missing values where that is
// what changed most, else of the distribution; nil without either.
func (b *builder) card(s *subject) *picture {
	if !s.Dist.comparable() {
		return nil
	}
	path, size := "card-"+b.slugs.of(s.Name), chart.Size{W: 280, H: 96}
	if m := s.Dist.Missing; m != nil && len(s.Findings) > 0 && s.Findings[0].Check == verdict.CheckMissing {
		alt := fmt.Sprintf("%s: missing in %s of the reference and in %s of production.", s.Name, percentBeside(m.Ref, m.Cur), percentBeside(m.Cur, m.Ref))
		return b.picture(path, size, alt, chart.Columns{
			Names: []string{"present", "missing"}, Ref: []float64{1 - m.Ref, m.Ref}, Cur: []float64{1 - m.Cur, m.Cur}, Bare: true,
		})
	}
	d, _ := s.Dist.drawing(s.Name, true)
	return b.picture(path, size, s.Dist.told(s.Name), d)
}

// An onset is since when a subject is at warn or above.
type onset struct {
	from   time.Time // zero when that is not known
	before bool      // or longer: nothing older was looked at
	fresh  bool      // this is the first night
}

// since says for how long a subject has been at warn or above.
func (b *builder) since(s *subject) string {
	switch o := b.onset(s); {
	case o.from.IsZero():
		return ""
	case o.fresh:
		return "new"
	case o.before:
		return "since " + words.Day(o.from) + " or before"
	default:
		return "since " + words.Day(o.from)
	}
}

// onset goes by the nights of the history, and where they do not reach back to
// the first one, by the windows of the subject's trend.
func (b *builder) onset(s *subject) onset {
	nights := nightly(b.o.History, b.r.Run.Site)
	bad := map[int64]bool{}
	for _, n := range b.o.History {
		if n.Site == b.r.Run.Site && n.Subject == s.Name && verdict.Severity(n.FindingLevel) >= verdict.Severity(verdict.Warn) {
			bad[n.PeriodEnd.UnixMicro()] = true
		}
	}
	first := len(nights)
	for first > 0 && bad[nights[first-1].PeriodEnd.UnixMicro()] {
		first--
	}
	switch {
	case len(nights) < 2 || first == 0:
		from, whole := b.sinceWindow(s)
		if len(nights) > 1 && (from.IsZero() || from.After(nights[0].PeriodEnd)) {
			from, whole = nights[0].PeriodEnd, false
		}
		return onset{from: from, before: !whole}
	case first == len(nights):
		return onset{}
	}
	return onset{from: nights[first].PeriodEnd, fresh: first == len(nights)-1}
}

// headline is the run in one sentence.
func (b *builder) headline() string {
	if b.r.Run.Headline == "" {
		return levelWord(b.r.Run.Level) + "."
	}
	return sentence(b.r.Run.Headline)
}

// drifting says since when the scores have moved; "" where they have not, or that
// is not known.
func (b *builder) drifting() string {
	if b.score == nil || !b.score.Urgent() {
		return ""
	}
	switch o := b.onset(b.score); {
	case o.from.IsZero():
		return ""
	case o.before:
		return "The scores have drifted since " + words.Day(o.from) + " or before."
	default:
		return "The scores have drifted since " + words.Day(o.from) + "."
	}
}

// sinceWindow is the start of the first of the newest windows that all reach
// the threshold of the subject's first finding, and whether a window before it
// does not. It is zero where the trend does not tell.
func (b *builder) sinceWindow(s *subject) (from time.Time, whole bool) {
	times, values := b.trend("psi", s.Name)
	reached := func(v float64) bool { return v >= s.Main.Threshold }
	switch missing, ok := s.stat("missing_rate"); {
	case ok && s.missingMoved():
		times, values = b.trend("missing_rate", s.Name)
		reached = func(v float64) bool { return 100*math.Abs(v-missing.Ref) >= s.Findings[0].Threshold }
	case !s.HasMain || s.Main.EffectUnit != "PSI" || math.IsNaN(s.Main.Threshold):
		return time.Time{}, false
	}
	first := len(values)
	for first > 0 && reached(values[first-1]) {
		first--
	}
	if first == len(values) {
		return time.Time{}, false
	}
	return times[first], first > 0
}

// missingMoved tells whether the first thing to say of the subject is that its
// values are missing more or less often.
func (s *subject) missingMoved() bool {
	return len(s.Findings) > 0 && s.Findings[0].Check == verdict.CheckMissing && s.Findings[0].EffectUnit == "points" && s.Urgent()
}

// pageOf returns the file if the site has it.
func pageOf(has map[string]bool, file string) string {
	if has[file] {
		return file
	}
	return ""
}

func (b *builder) tiles(has map[string]bool) []tile {
	run := b.r.Run
	var ts []tile

	api := tile{Name: "API", Level: b.apiLevel(), Href: pageOf(has, "api.html")}
	if h := b.health(); h != nil {
		api.Value, api.Note = "no answer", "asked "+words.Stamp(h.CheckedAt)
		switch {
		case h.OK:
			api.Value = "up"
		case h.StatusCode > 0:
			api.Value = fmt.Sprintf("status %d", h.StatusCode)
		}
		if h.OK && !math.IsNaN(h.ResponseMS) {
			api.Note = "answered in " + words.Milliseconds(h.ResponseMS)
		}
	} else if run.Requests > 0 {
		api.Value, api.Note = words.Whole(run.Requests), "requests; its health was not asked"
		for _, check := range []string{verdict.CheckSuccess, verdict.CheckTraffic} {
			if verdict.Severity(b.levelOf(check)) >= verdict.Severity(verdict.Warn) {
				api.Note = map[string]string{verdict.CheckSuccess: "requests, too many of which failed", verdict.CheckTraffic: "requests: more or fewer than usual"}[check]
			}
		}
	}
	success := tile{Name: "Success rate", Href: pageOf(has, "api.html"), Level: b.levelOf(verdict.CheckSuccess)}
	if t, ok := b.total("", 0); ok {
		success.Value, success.Note = words.PercentDown(share(t.Succeeded, t.Requests)), "of "+words.Count(t.Requests, "request", "requests")
	}
	if _, vs := b.trend("success_rate", "", verdict.SubjectAPI, verdict.SubjectTraffic); len(vs) > 1 {
		success.Spark = b.spark("success", tileSpark, "Success rate by window", vs, math.NaN())
	}

	score := tile{Name: "Score drift", Level: run.ScoreLevel, Href: pageOf(has, "scores.html")}
	if b.score != nil && b.score.HasMain {
		f := b.score.Main
		score.Value, score.Note = effectTile(f), "warns from "+words.Number(f.Threshold)
		if math.IsNaN(f.Threshold) {
			score.Note = ""
		}
		if why := unscored(f); why != "" {
			score.Value, score.Note, score.Level = "not judged", why, ""
		} else if f.Level == verdict.Insufficient {
			score.Value = words.None
		}
		if _, vs := b.trend("psi", b.score.Name); len(vs) > 1 {
			score.Spark = b.spark("score", tileSpark, "Score PSI by window", vs, f.Threshold)
		}
	}
	data := tile{Name: "Data drift", Level: run.FeatureLevel, Href: pageOf(has, "drift.html")}
	if judged := run.Features - run.Insufficient; run.Features > 0 && judged <= 0 {
		data.Value, data.Note = "none judged", words.Count(run.Features, "feature", "features")+" with too few rows"
	} else if judged > 0 {
		data.Value = fmt.Sprintf("%s of %s", words.Whole(run.Drifted), words.Whole(judged))
		data.Note = "features drifted"
		if run.Insufficient > 0 {
			data.Note += ", " + words.Whole(run.Insufficient) + " with too few rows"
		}
	}
	if len(b.o.History) > 1 {
		var vs []float64
		for _, n := range nightly(b.o.History, run.Site) {
			vs = append(vs, n.DriftShare)
		}
		data.Spark = b.spark("drift", tileSpark, "Share of drifted features by night", vs, math.NaN())
	}
	quality := tile{Name: "Data quality", Level: run.QualityLevel, Href: pageOf(has, "quality.html")}
	if n := int64(len(b.problems())); n > 0 {
		quality.Value, quality.Note = words.Count(n, "problem", "problems"), "missing, unseen, odd values"
	} else if run.QualityLevel == verdict.Insufficient {
		quality.Value, quality.Note = words.None, "missing, unseen, odd values"
	} else if run.QualityLevel != "" {
		quality.Value, quality.Note = "0 problems", "missing, unseen, odd values"
	}
	if n := b.rejected(); n > 0 {
		quality.Note = words.Count(n, "log line", "log lines") + " rejected"
	}
	speed := tile{Name: "Latency", Level: run.LatencyLevel, Href: pageOf(has, "speed.html")}
	for _, subject := range []string{"response_ms", "inference_ms"} {
		if l, ok := b.summary(subject, "p95"); ok && speed.Value == "" {
			speed.Value, speed.Note = words.Milliseconds(l.Value), "95 % of "+latencyWord(subject)+" are faster"
			if _, vs := b.trend("p95_ms", subject); len(vs) > 1 {
				speed.Spark = b.spark("latency", tileSpark, "95th percentile by window", vs, math.NaN())
			}
		}
	}
	for _, t := range []tile{score, data, quality, b.modelTile(has), speed, success, api} {
		if t.Value == "" && t.Level == "" {
			continue
		}
		if t.Value == "" {
			t.Value = levelWord(t.Level)
		}
		ts = append(ts, t)
	}
	return ts
}

// unscored says why scores cannot be compared, whatever the rows: empty when
// they can.
func unscored(f verdict.Finding) string {
	if f.Role != verdict.RoleScore {
		return ""
	}
	switch f.Reason {
	case verdict.ReasonNoRefScores:
		return "the reference has no scores"
	case verdict.ReasonInSample:
		return "the reference's scores are those of training rows"
	}
	return ""
}

func effectTile(f verdict.Finding) string {
	if f.EffectUnit == "PSI" && !math.IsNaN(f.Effect) {
		return "PSI " + words.Effect(f.Effect, f.EffectUnit)
	}
	return words.Effect(f.Effect, f.EffectUnit)
}

func latencyWord(subject string) string {
	if subject == "inference_ms" {
		return "inferences"
	}
	return "responses"
}

// levelOf is the worst level of the run's findings of one check.
func (b *builder) levelOf(check string) string {
	level := ""
	for _, s := range b.subjects {
		for _, f := range s.Findings {
			if f.Check == check && verdict.Severity(f.Level) > verdict.Severity(level) {
				level = f.Level
			}
		}
	}
	return level
}

// tileSpark is the size of a tile's sparkline.
var tileSpark = chart.Size{W: 132, H: 30}

func (b *builder) spark(name string, size chart.Size, alt string, vs []float64, limit float64) *picture {
	last := vs[len(vs)-1]
	alt += fmt.Sprintf(": %d values, the newest %s", len(vs), words.Number(last))
	if !math.IsNaN(limit) {
		alt += ", the dashed line is the threshold " + words.Number(limit)
	}
	return b.picture("spark-"+name, size, alt+".", chart.Spark{Values: vs, Limit: limit})
}

// rests says what the report stands on.
func (b *builder) rests() [][2]string {
	run := b.r.Run
	var out [][2]string
	add := func(name, value string) {
		if value != "" && value != words.None {
			out = append(out, [2]string{name, value})
		}
	}
	add("Judged", words.Count(run.Rows, "prediction", "predictions")+", "+words.Span(run.PeriodStart, run.PeriodEnd))
	reference := words.Count(run.ReferenceRows, "row", "rows")
	if run.SampleReference {
		reference += " of the built-in sample case, not of your own data"
	}
	add("Compared with", reference)
	if run.Requests > 0 {
		add("Requests", words.Whole(run.Requests))
	}
	add("Model version", run.ModelVersion)
	policy := run.Policy
	if s := b.score; s != nil && s.HasMain && !math.IsNaN(s.Main.Threshold) {
		policy += fmt.Sprintf(": warning from %s %s, alert from %s", s.Main.EffectUnit, words.Number(s.Main.Threshold), words.Number(s.Main.AlertThreshold))
	}
	add("Policy", policy)
	if !math.IsNaN(run.Threshold) && run.PositiveLabel != "" {
		add("Counts as "+run.PositiveLabel, "from a score of "+words.Number(run.Threshold))
	}
	if run.K > 1 {
		add("Privacy", fmt.Sprintf("values seen fewer than %d times on each side are pooled", run.K))
	}
	if len(run.PlanID) >= 12 {
		add("Plan", run.PlanID[:12])
	}
	return out
}

// advice is what the findings ask for, most urgent first. A text with a place for
// them names the subjects.
var advice = []struct{ action, text string }{
	{verdict.ActionFindColumn, "Find out why the log no longer holds %s: the model now sees a default in its place."},
	{verdict.ActionAddColumn, "Check what %s is: the reference does not know it."},
	{verdict.ActionCheckSource, "Check the source of %s: it holds one value only."},
	{verdict.ActionFindMissing, "Find out why values are missing more or less often than before: %s."},
	{verdict.ActionCheckTypes, "Check how the values of %s are written: some are of another type than the column's."},
	{verdict.ActionCheckUnits, "Check units and formats of %s: values lie outside what the model was trained on."},
	{verdict.ActionCheckValues, "Check new category values in %s: the model was never trained on them."},
	{verdict.ActionCheckRepeats, "Check whether rows are logged twice."},
	{verdict.ActionAskUpstream, "Ask what changed upstream of %s: a new source, a campaign, a form, a mapping?"},
	{verdict.ActionCompareScores, "Compare recent outcomes with the scores before anyone acts on them; retrain when the inputs moved for good."},
	{verdict.ActionCheckSpeed, "Look at the service: it answers more slowly."},
	{verdict.ActionCheckFailures, "Look at failed requests: the success rate is low."},
	{verdict.ActionCheckTraffic, "Check whether all clients still call the API: traffic changed."},
	{verdict.ActionScoreReference, "Give the reference scores of rows that the model was not trained on: without them score drift cannot be judged."},
	{verdict.ActionWait, "Wait for more rows, or judge a longer period with --last."},
}

// maxAdvice bounds what is said to do.
const maxAdvice = 6

// advice says what to do, most urgent first.
func (b *builder) advice() []string {
	run := b.r.Run
	asking := map[string][]string{}
	for _, s := range b.subjects {
		for _, f := range s.Findings {
			if f.Action != "" && !slices.Contains(asking[f.Action], s.Name) {
				asking[f.Action] = append(asking[f.Action], s.Name)
			}
		}
	}
	if !b.unjudged() {
		delete(asking, verdict.ActionWait) // single columns can wait
	}
	out := b.actions()
	if h := b.health(); h != nil && !h.OK {
		out = append([]string{"Look at the API first: it did not answer well when its health was asked."}, out...)
	}
	for _, a := range advice {
		names := asking[a.action]
		switch {
		case len(names) == 0:
		case strings.Contains(a.text, "%s"):
			out = append(out, fmt.Sprintf(a.text, listed(names)))
		default:
			out = append(out, a.text)
		}
		if a.action == verdict.ActionAskUpstream && len(names) > 0 && run.ScoreLevel == verdict.OK {
			out = append(out, "No hurry: the scores themselves have not moved.")
		}
	}
	if run.SampleReference {
		out = append(out, "Give driftcalc --reference your own training data: this report compares with the built-in sample.")
	}
	switch {
	case len(out) > 0:
	case verdict.Reaches(run.Level, verdict.Warn):
		out = append(out, "Look at what changed.")
	default:
		out = append(out, "Nothing today.")
	}
	return out[:min(len(out), maxAdvice)]
}

// unjudged tells whether scores, features or the whole run could not be judged,
// for want of rows.
func (b *builder) unjudged() bool {
	run := b.r.Run
	if b.score != nil && unscored(b.score.Main) != "" {
		return run.FeatureLevel == verdict.Insufficient
	}
	return slices.Contains([]string{run.ScoreLevel, run.FeatureLevel, run.Level}, verdict.Insufficient)
}

// listed names up to four subjects.
func listed(names []string) string {
	shown := make([]string, len(names))
	for i, n := range names {
		shown[i] = subjectWord(n)
	}
	return words.List(shown)
}

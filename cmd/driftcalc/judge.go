package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Tables of rows that driftcalc reads.
const (
	predictions = "predictions"
	requests    = "requests"
	reference   = "reference"
	rejects     = "rejects" // of which the type errors count
)

// judgeLog is driftcalc without a subcommand: plan, profile and compare in one
// process.
func judgeLog(ctx *ucli.Context) (err error) {
	env := cli.EnvOf(ctx)
	w, err := newWork(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	in, err := env.Inputs(ctx, predictions)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := newOutput(ctx)
	if err != nil {
		return err
	}
	defer out.abort()
	w.progress = env.Progress("rows", 0)
	err = w.read(in, out)
	w.progress.Done()
	if err != nil {
		return err
	}
	ref, cur, err := w.profiles()
	if err != nil {
		return err
	}
	cur.AddTypeErrors(w.mistyped)
	report, err := compare(w.settings, w.explainer, ref, cur, w.judged.now, w.options)
	if err != nil {
		return err
	}
	if report.Run.Level == verdict.Insufficient && w.options.Policy != policy.Evidently {
		if report, err = w.longer(ref, report); err != nil {
			return err
		}
	}
	retrain(&report, &w.truth, w.join, "there are no outcomes: give --outcomes", w.settings.config, w.plan)
	return out.finish(&report.Report, w.quality(report))
}

// work is a log on its way to a report.
type work struct {
	env      *cli.Env
	settings *settings
	judged   judged
	options  drift.Options
	progress *cli.Progress

	given                 table.Spool // the table reference of the input
	log                   table.Spool // rows that wait for the plan or the newest timestamp
	names                 []string
	logs                  bool             // predictions or requests were there
	rows                  bool             // predictions were
	end                   read.LogEnd      // of the log that is spooled
	now                   time.Time        // end of the judged period
	mistyped, refMistyped map[string]int64 // values that ingest left out, by column
	plan                  *plan.Plan
	explainer             *explainer // nil without a model
	truth                 outcome.Truth
	join                  *outcome.Join // nil without outcomes
	ref                   *tally.Profile
	cur                   *tally.Profile // nil while the log is spooled
}

func newWork(ctx *ucli.Context) (*work, error) {
	s, err := settingsOf(ctx)
	if err != nil {
		return nil, err
	}
	w := &work{env: cli.EnvOf(ctx), settings: s}
	// Flags are checked before the input is read.
	if _, err := planOptions(ctx, s.config); err != nil {
		return nil, err
	}
	if _, err = driftOptions(ctx, s.config); err != nil {
		return nil, err
	}
	w.judged, err = judgedOf(ctx, s.config)
	return w, err
}

func (w *work) close() {
	w.given.Close()
	w.log.Close()
}

// read takes all tables of the input: rows are counted or spooled, the rest is
// passed on.
func (w *work) read(in *table.Reader, out *output) error {
	for in.Next() {
		rec, name := in.Batch(), in.Table()
		if !slices.Contains(w.names, name) {
			w.names = append(w.names, name)
		}
		var err error
		switch name {
		case reference:
			if w.rows && !w.settings.ctx.IsSet("reference") {
				return fmt.Errorf("%s: table reference comes after predictions: put it first", in.Input())
			}
			err = w.given.Add(rec)
		case predictions, requests:
			w.progress.Add(rec.NumRows())
			err = w.take(name, rec)
		case rejects:
			to := &w.mistyped
			if !w.rows { // before predictions come they are the reference's
				to = &w.refMistyped
			}
			if *to, err = addTypeErrors(*to, rec); err == nil {
				err = out.write(rec)
			}
		default:
			err = out.write(rec)
		}
		if err != nil {
			return err
		}
	}
	if err := in.Err(); err != nil {
		return err
	}
	if !w.logs && slices.Contains(w.names, "run") {
		return fmt.Errorf("%s: is judged already: give it to render, or to driftcalc gate", in.Input())
	}
	if !w.logs {
		return fmt.Errorf("%s: no table predictions: it has %s", in.Input(), strings.Join(w.names, ", "))
	}
	return nil
}

// addTypeErrors adds the type errors of a batch of rejects, by column.
func addTypeErrors(sum map[string]int64, rec arrow.RecordBatch) (map[string]int64, error) {
	list, err := table.Decode[verdict.Reject](rec)
	if sum == nil {
		sum = make(map[string]int64)
	}
	for name, n := range faults.TypeErrors(list) {
		sum[name] += n
	}
	return sum, err
}

// take counts a batch of the log at once where the plan and the period are
// known, and spools it where not. Requests do not tell that the reference, if
// there is one in the input, is complete.
func (w *work) take(name string, rec arrow.RecordBatch) error {
	w.logs = true
	w.rows = w.rows || name == predictions
	if name == predictions && w.settings.ctx.IsSet("outcomes") {
		if err := w.meet(rec); err != nil {
			return err
		}
	}
	if w.judged.last != 0 {
		if err := w.end.Add(rec); err != nil {
			return fmt.Errorf("table %s: %w", name, err)
		}
		return w.log.Add(rec)
	}
	if w.plan == nil && name == requests {
		return w.log.Add(rec)
	}
	if w.cur == nil {
		if err := w.begin(); err != nil {
			return err
		}
	}
	return count(w.cur, rec)
}

// begin makes the plan and the reference's profile, and counts what was
// spooled.
func (w *work) begin() error {
	if w.plan == nil {
		if err := w.makePlan(); err != nil {
			return err
		}
	}
	if w.now = w.judged.now; w.now.IsZero() {
		var strays int64
		if w.now, strays = w.end.At(); strays > 0 {
			w.env.Notef("rows more than 30 days after all others: %d; --last ends before them, at %s", strays, w.now.Format(time.RFC3339))
		}
	}
	cur, err := w.profile(w.judged.period(w.now))
	w.cur = cur
	return err
}

func (w *work) makePlan() error {
	source, err := findReference(w.settings, &w.given)
	if err != nil {
		return err
	}
	if w.options, err = driftOptions(w.settings.ctx, w.settings.config); err != nil {
		return err
	}
	if err := gate(w.settings.ctx.String("check")).asked(w.settings.config.Retrain); err != nil {
		return err
	}
	if w.plan, err = planOf(source, w.settings); err != nil {
		return err
	}
	if err := segmentsFit(w.settings, w.plan); err != nil {
		return err
	}
	if w.explainer, err = explainerOf(w.settings, w.plan); err != nil {
		return err
	}
	w.truth.Label, w.truth.Target = w.plan.PositiveLabel, w.plan.Target
	if source.given != nil {
		source.mistyped = w.refMistyped
	}
	w.ref, err = profileOf(source, w.plan, &w.truth)
	return err
}

// profile counts the spooled log.
func (w *work) profile(p view.Period) (*tally.Profile, error) {
	cur := tally.New(w.plan, p)
	return cur, w.log.Each(func(rec arrow.RecordBatch) error { return count(cur, rec) })
}

// profiles returns what was counted.
func (w *work) profiles() (ref, cur *tally.Profile, err error) {
	if w.cur == nil {
		if err := w.begin(); err != nil {
			return nil, nil, err
		}
	}
	return w.ref, w.cur, nil
}

// longer judges the last 7, then 28 days where the period asked for has too few
// rows to tell and the log has more.
func (w *work) longer(ref *tally.Profile, report judgement) (judgement, error) {
	now, last := w.now, w.judged.last
	if last == 0 || now.IsZero() {
		return report, nil
	}
	for _, days := range []int{7, 28} {
		length := time.Duration(days) * 24 * time.Hour
		if length <= last {
			continue
		}
		cur, err := w.profile(judged{last: length}.period(now))
		if err != nil {
			return report, err
		}
		cur.AddTypeErrors(w.mistyped)
		o := w.options
		o.Asked = last
		longer, err := compare(w.settings, w.explainer, ref, cur, w.judged.now, o)
		if err != nil {
			return report, err
		}
		if longer.Run.Rows == report.Run.Rows {
			continue
		}
		w.env.Notef("too few rows in the last %s to tell: judged the last %d days", words.Duration(last), days)
		report = longer
		if report.Run.Level != verdict.Insufficient {
			break
		}
	}
	return report, nil
}

// count adds a batch of rows to a profile.
func count(f *tally.Profile, rec arrow.RecordBatch) error {
	name := table.NameOf(rec.Schema())
	var err error
	if name == requests {
		err = f.AddRequests(rec)
	} else {
		err = f.AddRows(rec)
	}
	if err != nil {
		return fmt.Errorf("table %s: %w", name, err)
	}
	return nil
}

// A judgement is a report, and the scores that it is about.
type judgement struct {
	drift.Report
	score   *view.Column // nil without scores
	windows []view.Window
}

// compare judges cur against ref. Nothing may be added to either after it.
func compare(s *settings, x *explainer, ref, cur *tally.Profile, now time.Time, o drift.Options) (judgement, error) {
	p, before, after := ref.Plan(), ref.View(), cur.View()
	o.Threshold, o.PositiveLabel, o.PlanID, o.SampleReference = p.Threshold, p.PositiveLabel, p.ID(), p.Sample
	o.Target = p.Target
	o.Period = cur.Period().Length()
	if o.Now = now; now.IsZero() {
		o.Now = after.Newest
	}
	for _, column := range segmentsOf(s) {
		split, err := tally.Segments(ref, cur, column, o.K)
		if err != nil {
			return judgement{}, err
		}
		o.Segments = append(o.Segments, split)
	}
	if err := x.explain(&o, &before, &after, cli.EnvOf(s.ctx)); err != nil {
		return judgement{}, err
	}
	j := judgement{Report: drift.Compare(before, after, o), windows: after.Windows}
	for i := range after.Columns {
		if c := &after.Columns[i]; c.Role == table.Score && c.Values() > 0 && j.score == nil {
			j.score = c
		}
	}
	return j, nil
}

// retrain judges the reasons to retrain that the config asks for; without a join,
// unlabelled says why.
func retrain(report *judgement, truth *outcome.Truth, join *outcome.Join, unlabelled string, c *config.Config, p *plan.Plan) {
	rules := c.Retrain
	m := drift.Measured{Unlabelled: unlabelled}
	if join != nil {
		m.Labels, m.Unlabelled = join.Labels(rules.Trained), ""
	}
	if rules.EngagementDrop != nil || rules.EstimatedAUCDrop != nil || rules.RealisedAUCDrop != nil {
		d := outcome.FindDrops(truth, report.score, join, qualityOptions(p, report))
		m.EstimatedAUC, m.RealisedAUC, m.PositiveRate = drift.Drop(d.EstimatedAUC), drift.Drop(d.RealisedAUC), drift.Drop(d.PositiveRate)
		m.Expected = d.Expected
	}
	report.Retrain(rules, m)
}

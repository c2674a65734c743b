package monitor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/rejects"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Night is a log on its way to a report: Read it, then Judge it, and Close it.
type Night struct {
	o Options

	given         table.Spool // the table reference of the input
	readable      *leaver     // of the input
	log           table.Spool // rows that wait for the plan or the newest timestamp
	names         []string    // of the input's tables
	logs          bool        // predictions or requests were there
	rows          bool        // predictions were
	end           read.LogEnd // of the log that is spooled
	now           time.Time   // end of the judged period
	left, refLeft rejects.Sum
	judge         *Judge // nil until the reference is known to be complete
	outcomes      meeting
	foreign       frames
	cur           *tally.Profile // nil while the log is spooled
}

// NewNight returns a Night without rows.
func NewNight(o Options) *Night {
	n := &Night{o: o.settled()}
	n.readable, n.outcomes.o, n.foreign = newLeaver(&n.o), &n.o, frames{o: &n.o, left: &n.left}
	return n
}

// Close releases the rows that the Night holds.
func (n *Night) Close() {
	n.given.Close()
	n.log.Close()
}

// Read takes all tables of the input, of which predictions or requests must be
// one: rows are counted at once, or spooled until they can be; what is not known
// goes to rest. A table reference comes before predictions.
func (n *Night) Read(in *table.Reader, rest func(arrow.RecordBatch) error) error {
	if n.o.Reference != "" { // before a batch of the log takes up memory, too
		if err := n.openJudge(); err != nil {
			return err
		}
	}
	if n.o.Config.Last == 0 { // the rows are counted as they come
		in.Indexed = []string{predictions}
	}
	for in.Next() {
		rec, name := in.Batch(), in.Table()
		if !slices.Contains(n.names, name) {
			n.names = append(n.names, name)
		}
		if name == referenceRows && n.rows && n.o.Reference == "" {
			return fmt.Errorf("%s: table reference comes after predictions: put it first", in.Input())
		}
		if n.foreign.mapped(in) {
			p, err := n.openPlan()
			if err == nil {
				err = n.foreign.add(in, p, n.addForeign)
			}
			if err != nil {
				return err
			}
			continue
		}
		if err := n.addBatch(in.Input(), name, rec, rest); err != nil {
			return err
		}
	}
	if err := n.foreign.close(); err != nil {
		return err
	}
	if err := in.Err(); err != nil {
		return err
	}
	if !n.logs && slices.Contains(n.names, "run") {
		return fmt.Errorf("%s: is judged already: give it to render, or to driftcalc gate", in.Input())
	}
	if !n.logs {
		return fmt.Errorf("%s: no table predictions: it has %s", in.Input(), strings.Join(n.names, ", "))
	}
	return nil
}

func (n *Night) addBatch(input, name string, rec arrow.RecordBatch, rest func(arrow.RecordBatch) error) error {
	switch name {
	case referenceRows:
		return n.readable.pass(input, rec, n.given.Add)
	case predictions, requests:
		n.o.Progress(rec.NumRows())
		return n.readable.pass(input, rec, func(rec arrow.RecordBatch) error { return n.addRows(name, rec) })
	case linesRead, rejected:
		return addLeft(rec, func(log string) *rejects.Sum {
			if log == referenceRows || log == "" && !n.rows { // as other programs may write it
				return &n.refLeft
			}
			return &n.left
		})
	}
	return rest(rec)
}

// addForeign is addRows for a batch that does not outlive the call.
func (n *Night) addForeign(rec arrow.RecordBatch) error {
	n.o.Progress(rec.NumRows())
	if n.o.Config.Last != 0 { // it is spooled
		copied, err := table.Copy(rec)
		if err != nil {
			return err
		}
		defer copied.Release()
		rec = copied
	}
	return n.addRows(table.NameOf(rec.Schema()), rec)
}

// addRows counts a batch of the log at once where the plan and the period are
// known, and spools it where not. Requests do not show that the reference, if
// there is one in the input, is complete.
func (n *Night) addRows(name string, rec arrow.RecordBatch) error {
	n.logs = true
	n.rows = n.rows || name == predictions
	if err := n.outcomes.add(rec, n.openPlan); err != nil {
		return err
	}
	if n.o.Config.Last != 0 {
		if err := n.end.Add(rec); err != nil {
			return fmt.Errorf("table %s: %w", name, err)
		}
		return n.log.Add(rec)
	}
	if n.judge == nil && name == requests {
		return n.log.Add(rec)
	}
	if err := n.openLog(); err != nil {
		return err
	}
	return count(n.cur, rec)
}

// openJudge makes the plan and the reference's profile, unless they are there.
func (n *Night) openJudge() (err error) {
	if n.judge == nil {
		n.judge, err = judgeOf(&n.o, &n.given, &n.refLeft)
	}
	return err
}

// openPlan makes the plan, unless it is there.
func (n *Night) openPlan() (*plan.Plan, error) {
	if err := n.openJudge(); err != nil {
		return nil, err
	}
	return n.judge.plan, nil
}

// openLog finds the judged period and counts what was spooled, unless that is
// done.
func (n *Night) openLog() error {
	if n.cur != nil {
		return nil
	}
	if err := n.openJudge(); err != nil {
		return err
	}
	if n.now = n.o.Now; n.now.IsZero() {
		var strays int64
		if n.now, strays = n.end.At(); strays > 0 {
			n.o.Notef("rows far after all others: %d; --last ends before them, at %s", strays, n.now.Format(time.RFC3339))
		}
	}
	last := n.o.Config.Last
	if end, _ := n.end.At(); last != 0 && n.rows && end.IsZero() {
		n.o.Notef("the log has no timestamps: all of it is judged, not the last %s", words.Duration(last))
		n.now, last = time.Time{}, 0
	}
	var err error
	n.cur, err = n.recount(lastOf(last, n.now))
	return err
}

// recount counts the spooled log.
func (n *Night) recount(p view.Period) (*tally.Profile, error) {
	cur := tally.New(n.judge.plan, p)
	return cur, n.log.Each(func(rec arrow.RecordBatch) error { return count(cur, rec) })
}

// Judge judges what was read.
func (n *Night) Judge() (*Report, error) {
	if err := n.openLog(); err != nil {
		return nil, err
	}
	n.cur.AddLeft(&n.left)
	n.outcomes.into(n.cur)
	found, err := n.judge.compare(n.cur, 0)
	if err != nil {
		return nil, err
	}
	if found.tooFew() && n.o.Config.Policy != policy.Evidently {
		if found, err = n.escalate(found); err != nil {
			return nil, err
		}
	}
	return n.judge.report(found), nil
}

// escalate judges the last 7, then 28 days where the period asked for has too few
// rows to tell and the log has more.
func (n *Night) escalate(found judgement) (judgement, error) {
	if n.o.Config.Last == 0 || n.now.IsZero() {
		return found, nil
	}
	for _, days := range []int{7, 28} {
		length := time.Duration(days) * 24 * time.Hour
		if length <= n.o.Config.Last {
			continue
		}
		cur, err := n.recount(lastOf(length, n.now))
		if err != nil {
			return found, err
		}
		cur.AddLeft(&n.left)
		n.outcomes.into(cur)
		longer, err := n.judge.compare(cur, n.o.Config.Last)
		if err != nil {
			return found, err
		}
		if longer.Run.Rows == found.Run.Rows {
			continue
		}
		n.o.Notef("too few rows in the last %s to tell: judged the last %d days", words.Duration(n.o.Config.Last), days)
		found = longer
		if !found.tooFew() {
			break
		}
	}
	return found, nil
}

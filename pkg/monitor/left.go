package monitor

import (
	"maps"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/rejects"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// addLeft adds a batch of the tables of what reading the logs left out, each row to
// the sum of the log that it names.
func addLeft(rec arrow.RecordBatch, to func(log string) *rejects.Sum) error {
	if table.NameOf(rec.Schema()) == linesRead {
		list, err := table.Decode[verdict.Lines](rec)
		for _, l := range list {
			to(l.Log).AddLines([]verdict.Lines{l})
		}
		return err
	}
	list, err := table.Decode[verdict.Reject](rec)
	for _, r := range list {
		if err == nil {
			err = to(r.Log).AddRejects([]verdict.Reject{r})
		}
	}
	return err
}

// tooBad says which log has too many bad lines, of those that were read in parts,
// so that nobody has decided it yet.
func (o *Options) tooBad(left *rejects.Sum) error {
	share, forgiven := faults.MaxBad, int64(faults.Forgiven)
	if o.MaxBad != nil {
		share, forgiven = *o.MaxBad, 0
	}
	for _, l := range left.Lines() {
		if l.Allowed || l.Bad == 0 {
			continue
		}
		var list []verdict.Reject
		for _, r := range left.Rejects() {
			if r.Log == l.Log {
				list = append(list, r)
			}
		}
		if err := faults.TooBad(l, list, share, forgiven); err != nil {
			return err
		}
	}
	return nil
}

// leftOf is what could not be read of each log, for the verdict, but for what is
// forgiven.
func leftOf(left *rejects.Sum) []drift.Left {
	logs := map[string]verdict.Lines{} // some parts may have been allowed, and others not
	for _, l := range left.Lines() {
		all := logs[l.Log]
		all.Lines, all.Rows, all.Bad = all.Lines+l.Lines, all.Rows+l.Rows, all.Bad+l.Bad
		logs[l.Log] = all
	}
	var out []drift.Left
	for _, log := range slices.Sorted(maps.Keys(logs)) {
		l := logs[log]
		if log == string(mapping.References) || faults.Forgives(l, faults.Forgiven) {
			continue
		}
		counts := map[string]int64{}
		for _, r := range left.Rejects() {
			if r.Log == log && r.Kind == verdict.RejectLine {
				counts[r.Reason] += r.Count
			}
		}
		most := drift.Left{Log: log, Lines: l.Lines, Bad: l.Bad}
		for _, reason := range slices.Sorted(maps.Keys(counts)) {
			if counts[reason] > counts[most.Reason] {
				most.Reason = reason
			}
		}
		out = append(out, most)
	}
	return out
}

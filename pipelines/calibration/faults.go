package main

import (
	"bytes"
	"fmt"
	"math"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/verdict"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/predlog/record"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// A fault is done to one column of a night that is sound otherwise.
type fault struct {
	name, column string
	value        func(i, rows int, v record.Value) record.Value // nil: the column vanishes
	must         []finding
	quiet        bool // the run's level stays what it was
}

// A finding is what a fault must lead to: the check's level is one of these.
// No finding at all is the level "".
type finding struct {
	check  string
	levels []string
}

func inTheMiddle(x record.Value) func(i, rows int, v record.Value) record.Value {
	return func(i, rows int, v record.Value) record.Value {
		if i == rows/2 {
			return x
		}
		return v
	}
}

func everywhere(x record.Value) func(i, rows int, v record.Value) record.Value {
	return func(int, int, record.Value) record.Value { return x }
}

func infinite(sign int) record.Value {
	return record.Value{Kind: record.Number, Num: math.Inf(sign)}
}

func halfMissing(i, _ int, v record.Value) record.Value {
	if i%2 == 0 {
		return record.Value{}
	}
	return v
}

// faults are the single faults that a night can have.
func faults() []fault {
	const number, category = "llm_quality", "llm_geography"
	calm := []string{verdict.OK}
	low := []string{verdict.OK, verdict.Insufficient}
	raised := []string{verdict.Warn, verdict.Alert}
	worst := []string{verdict.Alert}
	none := []string{verdict.Insufficient}
	return []fault{
		{"one value of 1e7", number, inTheMiddle(record.NumberValue(1e7)), []finding{{verdict.CheckDistribution, calm}, {verdict.CheckRange, calm}}, true},
		{"one +Inf", number, inTheMiddle(infinite(1)), []finding{{verdict.CheckDistribution, calm}, {verdict.CheckNonfinite, calm}}, true},
		{"one -Inf", number, inTheMiddle(infinite(-1)), []finding{{verdict.CheckDistribution, calm}, {verdict.CheckNonfinite, calm}}, true},
		{"one new category", category, inTheMiddle(record.StringValue("Atlantis")), []finding{{verdict.CheckDistribution, low}, {verdict.CheckUnseen, calm}}, true},
		{"a number turns half missing", number, halfMissing, []finding{{verdict.CheckMissing, worst}, {verdict.CheckDistribution, low}}, false},
		{"a category turns half missing", category, halfMissing, []finding{{verdict.CheckMissing, worst}, {verdict.CheckDistribution, low}}, false},
		{"an empty number", number, everywhere(record.Value{}), []finding{{verdict.CheckMissing, worst}, {verdict.CheckDistribution, none}}, false},
		{"an empty category", category, everywhere(record.Value{}), []finding{{verdict.CheckMissing, worst}, {verdict.CheckDistribution, none}}, false},
		{"a constant number", number, everywhere(record.NumberValue(50)), []finding{{verdict.CheckConstant, worst}, {verdict.CheckDistribution, raised}}, false},
		{"a constant category", category, everywhere(record.StringValue("Europe")), []finding{{verdict.CheckConstant, worst}, {verdict.CheckDistribution, raised}}, false},
		{"a vanished number", number, nil, []finding{{verdict.CheckVanished, worst}, {verdict.CheckMissing, []string{""}}}, false},
		{"a vanished category", category, nil, []finding{{verdict.CheckVanished, worst}, {verdict.CheckMissing, []string{""}}}, false},
		{"a new number", "llm_intent", everywhere(record.NumberValue(0.5)), []finding{{verdict.CheckNew, raised}}, false},
		{"a new category", "llm_intent", everywhere(record.StringValue("high")), []finding{{verdict.CheckNew, raised}}, false},
	}
}

// A faultOutcome is how often a fault was judged rightly.
type faultOutcome struct {
	fault  fault
	right  int
	seeds  int
	misses map[string]int
}

// faults does each fault to nights of 500 rows, and compares the report with
// that of the same night without it.
func (w *world) faults(s sizes) ([]*faultOutcome, error) {
	var outcomes []*faultOutcome
	for _, f := range faults() {
		outcomes = append(outcomes, &faultOutcome{fault: f, seeds: s.seeds, misses: map[string]int{}})
	}
	var mu sync.Mutex
	err := inParallel(s.seeds, func(k int) error {
		ref, err := w.reference(uint64(faultReferences+k), calendarRows, w.forms()[0])
		if err != nil {
			return err
		}
		judged := func(f *fault) (*drift.Report, error) {
			p := tally.New(ref.plan, view.Period{})
			err := w.predictions(uint64(faultNights+k), scenarioRows, nil, day, func(rec arrow.RecordBatch) error {
				if f != nil {
					rec = f.in(rec)
				}
				return p.AddRows(rec)
			})
			report := w.judge(ref, p, policy.Calibrated)
			return &report, err
		}
		sound, err := judged(nil)
		if err != nil {
			return err
		}
		for _, o := range outcomes {
			report, err := judged(&o.fault)
			if err != nil {
				return fmt.Errorf("%s: %w", o.fault.name, err)
			}
			wrong := o.fault.judgedWrongly(sound, report)
			mu.Lock()
			if wrong == "" {
				o.right++
			} else {
				o.misses[wrong]++
			}
			mu.Unlock()
		}
		return nil
	})
	return outcomes, err
}

// in returns rec with the fault.
func (f *fault) in(rec arrow.RecordBatch) arrow.RecordBatch {
	schema := rec.Schema()
	at := schema.FieldIndices(f.column)
	if f.value == nil {
		return without(rec, f.column)
	}
	rows := int(rec.NumRows())
	numeric := f.value(0, rows, record.NumberValue(0)).Kind == record.Number
	old := func(int) record.Value { return record.Value{} }
	if len(at) > 0 {
		col := rec.Column(at[0])
		if x, ok := table.Numbers(col); ok {
			numeric = true
			old = func(i int) record.Value { return record.NumberValue(x(i)) }
		} else if s, ok := table.Strings(col); ok {
			numeric = false
			old = func(i int) record.Value { return record.StringValue(s(i)) }
		}
		whole := old
		old = func(i int) record.Value {
			if col.IsNull(i) {
				return record.Value{}
			}
			return whole(i)
		}
	}
	var built arrow.Array
	if numeric {
		b := array.NewFloat64Builder(memory.DefaultAllocator)
		for i := range rows {
			if v := f.value(i, rows, old(i)); v.Kind == record.Number {
				b.Append(v.Num)
			} else {
				b.AppendNull()
			}
		}
		built = b.NewArray()
	} else {
		b := array.NewStringBuilder(memory.DefaultAllocator)
		for i := range rows {
			if v := f.value(i, rows, old(i)); v.Kind == record.String {
				b.Append(v.Str)
			} else {
				b.AppendNull()
			}
		}
		built = b.NewArray()
	}
	fields := schema.Fields()
	cols := append([]arrow.Array{}, rec.Columns()...)
	field := table.Field(f.column, built.DataType(), table.Feature)
	if len(at) > 0 {
		fields[at[0]], cols[at[0]] = field, built
	} else {
		fields, cols = append(fields, field), append(cols, built)
	}
	meta := schema.Metadata()
	return array.NewRecordBatch(arrow.NewSchema(fields, &meta), cols, rec.NumRows())
}

// judgedWrongly says what is wrong with the report of a night with the fault,
// sound being that of the night without it.
func (f *fault) judgedWrongly(sound, got *drift.Report) string {
	for _, m := range f.must {
		level := ""
		for _, g := range got.Findings {
			if g.Subject == f.column && g.Check == m.check {
				level = g.Level
			}
		}
		found := false
		for _, l := range m.levels {
			found = found || level == l
		}
		if !found {
			return fmt.Sprintf("%s is at %q", m.check, level)
		}
	}
	if f.quiet && got.Run.Level != sound.Run.Level {
		return fmt.Sprintf("the run is at %s", got.Run.Level)
	}
	if others(sound, f.column) != others(got, f.column) {
		return "other columns are judged otherwise"
	}
	return ""
}

// others writes down what was found about all columns but one: everything that
// does not depend on how many tests share a family's alpha, as the line between
// ok and insufficient does.
func others(r *drift.Report, column string) string {
	type key struct{ subject, check string }
	found := map[key]string{}
	for _, f := range r.Findings {
		if f.Role == verdict.RoleFeature && f.Check != verdict.CheckCorrelation || f.Role == verdict.RoleScore {
			found[key{f.Subject, f.Check}] = fmt.Sprint(verdict.Reaches(f.Level, verdict.Warn), f.Test, f.NRef, f.NCur, f.Statistic, f.P, f.Effect, f.Direction)
		}
	}
	for k := range found {
		if k.subject == column {
			delete(found, k)
		}
	}
	var b bytes.Buffer
	fmt.Fprint(&b, found) // maps print in the order of their keys
	for _, bin := range r.Bins {
		if bin.Subject != column {
			fmt.Fprint(&b, bin)
		}
	}
	for _, s := range r.Statistics {
		// Those of all rows, and of the classifier, are about all columns.
		if s.Subject != column && s.Subject != verdict.SubjectRows && s.Name != "domain_importance" {
			fmt.Fprint(&b, s)
		}
	}
	return b.String()
}

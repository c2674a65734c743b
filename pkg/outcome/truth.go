package outcome

import (
	"maps"
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/table"
)

// Truth is what a reference knows: its scores and outcomes. Label is the text of
// a positive outcome; where it is none or no number, 1 and true are as well. The
// result does not depend on the order of the rows.
type Truth struct {
	Kind       Kind // of the outcomes; none: binary
	Label      string
	Classes    []string // of multiclass outcomes
	Target     string   // name of the column with outcomes, besides the one with that role
	ID, Entity string   // names of the columns with the id and with whom a row belongs to, besides those with these roles; without an entity it is the id

	rows, alone pairs // alone are of nobody that is known
	owners      map[uint64]owner
	cut         bool   // there were more than mostOwners
	most        uint64 // greatest hash of an entity that is kept, if cut
	target      bool   // a column with outcomes was there
	score       bool   // a column with scores was there
	inSample    bool   // the scores are of the model's own training rows
	labels      labels
}

// Add takes a batch of reference rows.
func (t *Truth) Add(rec arrow.RecordBatch) {
	target, score := t.columns(rec.Schema())
	if target < 0 || score < 0 {
		return
	}
	scores, ok := table.Numbers(rec.Column(score))
	outcomes, readable := reader(rec.Column(target), reading{t.Kind, t.Label, t.Classes}, &t.labels)
	if !ok || !readable {
		return
	}
	whom, classes := entityOf(rec, t.ID, t.Entity), scoresOf(rec, t.Kind, t.Classes)
	for i := range int(rec.NumRows()) {
		y, known := outcomes(i)
		all, scored := classes(i)
		if s := scores(i); known && scored && !rec.Column(score).IsNull(i) && s-s == 0 {
			t.put(whom(i), pair{s, y, all})
		}
	}
}

// put counts a row; entity is the hash of whom it belongs to, 0 where that is not known.
func (t *Truth) put(entity uint64, row pair) {
	t.rows.sampling, t.alone.sampling = t.samples(), t.samples()
	t.rows.add(row, 1)
	if entity == 0 {
		t.alone.add(row, 1)
		return
	}
	if t.cut && entity > t.most {
		return
	}
	if t.owners == nil {
		t.owners = make(map[uint64]owner)
	}
	one, known := t.owners[entity]
	if hash := hashOf(row.scores, math.Float64frombits(entity), row.score, row.value); !known || hash < one.hash {
		one.hash, one.pair = hash, row
	}
	one.rows++
	if t.owners[entity] = one; len(t.owners) > 2*mostOwners {
		t.settle()
	}
}

// samples says that beyond the limit a sample of rows is kept: those of two kinds are
// told apart by rounded scores instead.
func (t *Truth) samples() bool { return t.Kind == Regression || t.Kind == MultiClass }

// settle leaves the entities of smallest hash. One that was driven out never comes
// back, so that all rows of those that are left were counted.
func (t *Truth) settle() {
	if len(t.owners) <= mostOwners {
		return
	}
	hashes := slices.Sorted(maps.Keys(t.owners))
	for _, h := range hashes[mostOwners:] {
		delete(t.owners, h)
	}
	t.cut, t.most = true, hashes[mostOwners-1]
}

// Sample is the rows, and one of each entity.
func (t *Truth) Sample() Sample {
	out := Sample{Rows: t.rows.sorted(), Spread: 1}
	out.Apart = out.Rows
	if t.owners == nil {
		return out
	}
	apart := pairs{sampling: t.samples()}
	sum, squares := 0.0, 0.0
	for _, p := range t.alone.sorted() {
		apart.add(pair{p.Score, p.Value, p.Scores}, p.N)
		sum, squares = sum+float64(p.N), squares+float64(p.N)
	}
	t.settle()
	rows := sum
	for _, o := range t.owners {
		apart.add(o.pair, 1)
		n := float64(o.rows)
		sum, squares, rows = sum+n, squares+n*n, rows+1 // whole numbers, in whatever order
	}
	if sum == squares {
		return out // each row is of another entity
	}
	out.Apart = apart.sorted()
	out.Spread = math.Sqrt(rows*squares) / sum
	return out
}

// Look takes a batch of reference rows for no more than what its outcomes are.
func (t *Truth) Look(rec arrow.RecordBatch) {
	target, _ := t.columns(rec.Schema())
	if target < 0 || t.labels.beyond {
		return
	}
	if read, ok := reader(rec.Column(target), reading{label: t.Label}, &t.labels); ok {
		for i := range int(rec.NumRows()) {
			read(i)
		}
	}
}

// Shows is what the outcomes are: numbers where there are more than 32 of them and no
// positive label, of classes where these are named, else of two kinds.
func (t *Truth) Shows() Kind {
	if len(t.Classes) > 0 {
		return MultiClass
	}
	if t.Label == "" && t.labels.beyond && t.labels.numbers() {
		return Regression
	}
	return twoKinds
}

// columns finds those of outcomes and scores.
func (t *Truth) columns(s *arrow.Schema) (target, score int) {
	target, score = -1, -1
	for i, f := range s.Fields() {
		switch role := table.RoleOf(f); {
		case role == table.Target || t.Target != "" && f.Name == t.Target:
			target = i
		case role == table.Score:
			score = i
			if sample, _ := f.Metadata.GetValue(table.KeySample); sample == "in_sample" {
				t.inSample = true
			}
		}
	}
	t.score = t.score || score >= 0
	t.target = t.target || target >= 0
	return target, score
}

// Rounded says that there were too many distinct scores to keep each.
func (t *Truth) Rounded() bool { return t.rows.coarse || t.rows.sampled }

// InSample says that the scores are of the model's own training rows.
func (t *Truth) InSample() bool { return t.inSample }

// Known says whether there are both scores and outcomes.
func (t *Truth) Known() bool { return t.target && t.score }

// Lacks says which of the two there is not, or what else makes the scores of no use to
// judge by; "" where nothing does.
func (t *Truth) Lacks() string {
	switch {
	case !t.target:
		return "the reference has no outcomes: name their column with --target or in monitor.yaml"
	case !t.score:
		return "the reference has no scores"
	case t.Fault() != "" && t.Kind == MultiClass:
		return "the reference's outcomes are none of the classes"
	case t.Fault() != "" && t.Kind == Regression:
		return "the reference's outcomes are no numbers"
	case t.Fault() != "":
		return "the reference's outcomes are not known to be of two kinds: name the positive one with positive_label"
	case t.inSample:
		return "the reference's scores are of the model's own training rows, which it scores too well: give scores of rows that it had not seen"
	}
	return ""
}

// Fault says why the reference's outcomes cannot be judged, and what to do about it;
// "" where they can, or where there are none.
func (t *Truth) Fault() string {
	if f := t.labels.fault(reading{t.Kind, t.Label, t.Classes}); f != "" || t.Kind == Regression || t.Kind == MultiClass {
		return f
	}
	return t.labels.lacks(t.Label)
}

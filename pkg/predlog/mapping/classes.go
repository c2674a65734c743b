package mapping

import (
	"fmt"
	"slices"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/table"
)

// scoresName is the field with the scores of all classes.
const scoresName = "scores"

// classes are the columns of a model that scores each of several classes.
type classes struct {
	names        []string
	scores       []*batch.Column
	score, label *batch.Column
}

// addClasses makes the columns of the scores of classes, and the keys that lead to them:
// a field score_CLASS each, or one field with the scores of all, which is a list in the
// order of the classes or an object of their names.
func (t *Table) addClasses() {
	names := t.options.Classes
	if len(names) == 0 || t.Kind == Requests {
		return
	}
	field, said := t.options.Fields[scoresName]
	where := scoresName
	if path := field.at(scoresName); said && path != "" {
		where = path
	}
	of := &t.classes
	of.names = names
	for _, c := range t.Rows.Columns() {
		switch c.Role {
		case table.Score:
			of.score = c
		case table.Label:
			of.label = c
		}
	}
	t.required = slices.DeleteFunc(t.required, func(c *batch.Column) bool { return c == of.score }) // it is the highest
	keys := make([][]*Key, len(names))
	for i, name := range names {
		c := &batch.Column{Name: table.ClassColumn(name), Role: table.ClassScore, Shape: batch.Floats, Pinned: true, Optional: t.Kind == References}
		t.Rows.Add(c)
		of.scores = append(of.scores, c)
		if t.Kind != References {
			t.required = append(t.required, c)
		}
		keys[i] = []*Key{t.classKey(i, c.Name)}
		t.add(keys[i][0])
	}
	t.lead(where, func() *Key {
		k := newKey(where, Inner)
		k.Under = &Object{Path: where + ".", Keys: map[string]*Key{}}
		for i, name := range names {
			item, inside := t.classKey(i, fmt.Sprintf("%s[%d]", where, i)), t.classKey(i, name)
			keys[i] = append(keys[i], item, inside)
			k.Items, k.Under.Keys[name] = append(k.Items, item), inside
		}
		k.Vector = true
		return k
	})
	for _, k := range keys {
		rivals(k)
	}
}

// classKey is a key that leads to the score of a class.
func (t *Table) classKey(i int, name string) *Key {
	k := newKey(name, Measure)
	k.Col, k.Required = t.classes.scores[i], t.Kind != References
	return k
}

// settle gives a row the score and the label that the scores of its classes make: the
// highest, and its class, of several the first. A label of the row's own stays.
func (c *classes) settle(b *batch.Builder) {
	row, best := b.Row(), -1
	for i, col := range c.scores {
		switch {
		case !col.Has(row):
			return
		case best < 0 || col.Float(row) > c.scores[best].Float(row):
			best = i
		}
	}
	if best < 0 {
		return
	}
	if c.score != nil {
		c.score.SetFloat(row, c.scores[best].Float(row))
	}
	if c.label != nil && !c.label.Has(row) {
		b.SetText(c.label, c.names[best])
	}
}

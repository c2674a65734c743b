package read

import (
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/table"
)

// A Fingerprint stands for the values of each column and the number of rows,
// in whatever order they come.
type Fingerprint struct{ sketch.Wide }

// AddRows adds n rows, whatever they hold.
func (p *Fingerprint) AddRows(n int64) { p.Add(n) }

// AddColumn adds the first n rows of a column's chunk. Equal values of columns of
// another name, or another role, add something else.
func (p *Fingerprint) AddColumn(r *Column, name string, role table.Role, n int) {
	if role != table.Feature {
		name = string(role) // which is how a batch's column is found
	}
	seed := sketch.HashString(name)
	for i, h := range r.Hash[:n] {
		if r.State[i] != StateMissing {
			p.AddHash(sketch.Finish(sketch.Mix(seed, h)))
		}
	}
}

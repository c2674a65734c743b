package profile

import "github.com/leadsman/leadsman/pkg/table"

// A fingerprint stands for the values of each column and the number of rows,
// in whatever order they come.
type fingerprint struct{ wide }

// rows adds n rows, whatever they hold.
func (p *fingerprint) rows(n int64) { p.add(n) }

// column adds the first n rows of a column's chunk. Equal values of columns of
// another name, or another role, add something else.
func (p *fingerprint) column(r *reading, name string, role table.Role, n int) {
	if role != table.Feature {
		name = string(role) // which is how a batch's column is found
	}
	seed := hashString(name)
	for i, h := range r.hash[:n] {
		if r.state[i] != stateMissing {
			p.addHash(finish(mix(seed, h)))
		}
	}
}

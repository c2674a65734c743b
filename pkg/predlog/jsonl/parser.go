package jsonl

import (
	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/predlog/timestamp"
)

// A parser reads one line of its buffer into a row of the table. Its functions
// take the position of what they read and return the byte behind it, or -1 and
// leave in fault why the line is bad.
type parser struct {
	table    *mapping.Table
	clock    timestamp.Clock
	overflow *mapping.Key // stands for unknown fields beyond batch.MaxColumns
	nameless *mapping.Key // stands for fields whose name is too long

	buf     []byte
	scratch []byte

	// Of the current line:
	line       int64 // over all sources; 2 is the first, as 1 marks keys that other formats met
	row        int   // its place in the batch
	fault      faults.Fault
	simulated  bool
	newKeys    []newKey
	newColumns []*mapping.Key // known keys whose columns are new
}

type newKey struct {
	in  *mapping.Object
	key *mapping.Key
}

func newParser(t *mapping.Table) parser {
	none := func(name string) *mapping.Key {
		return &mapping.Key{Name: name, Literal: "\n", Lost: faults.Unknown{Name: name}} // a literal that no key matches
	}
	return parser{table: t, line: 1, overflow: none("…"), nameless: none("(a name of more than 1024 bytes)")}
}

func (r *parser) begin() {
	r.line++
	r.row, r.simulated = r.table.Rows.Row(), false
	r.newKeys, r.newColumns = r.newKeys[:0], r.newColumns[:0]
}

// undo forgets the keys that the current line brought.
func (r *parser) undo() {
	for _, k := range r.newColumns {
		k.Col = nil
	}
	if len(r.newKeys) == 0 {
		return
	}
	gone := map[*mapping.Key]bool{}
	for _, n := range r.newKeys {
		delete(n.in.Keys, n.key.Name)
		gone[n.key] = true
	}
	cleared := map[*mapping.Object]bool{}
	for _, n := range r.newKeys {
		o := n.in
		if cleared[o] {
			continue
		}
		cleared[o] = true
		if gone[o.First] {
			o.First = nil
		}
		for _, k := range o.Keys {
			if gone[k.Next] {
				k.Next = nil
			}
		}
	}
}

// mismatch notes the value at p, which is of another kind than its column's; it
// stays null.
func (r *parser) mismatch(c *batch.Column, want string, p, end int) {
	got := ""
	if r.table.Tally.Explains() {
		got = show(r.buf, p, end)
	}
	r.table.Tally.Mismatch(c.Name, want, got)
}

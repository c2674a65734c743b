package plan

import (
	"bufio"
	"cmp"
	"container/heap"
	"encoding/binary"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
)

const (
	leastNamed = 5        // rows of a name that is kept beyond caps.AllNames
	namesBytes = 64 << 20 // memory for the names of all columns while they are counted; beyond, they go to files
)

// names counts a column's names exactly: in memory, and where the planner needs
// that for others in sorted runs on disk.
type names struct {
	count map[string]int64
	bytes int
	runs  []*os.File
}

// add counts a name and returns by how many bytes the memory grew.
func (c *names) add(name string) int {
	if n := c.count[name]; n > 0 {
		c.count[name] = n + 1
		return 0
	}
	if c.count == nil {
		c.count = make(map[string]int64)
	}
	c.count[strings.Clone(name)] = 1
	grown := len(name) + 64
	c.bytes += grown
	return grown
}

// spill writes the names to a run and forgets them.
func (c *names) spill() error {
	f, err := files.Scratch()
	if err != nil {
		return err
	}
	c.runs = append(c.runs, f)
	b := bufio.NewWriter(f)
	for _, name := range slices.Sorted(maps.Keys(c.count)) {
		line := binary.AppendUvarint(nil, uint64(len(name)))
		line = binary.AppendUvarint(append(line, name...), uint64(c.count[name]))
		if _, err := b.Write(line); err != nil {
			return err
		}
	}
	c.count, c.bytes = nil, 0
	return b.Flush()
}

func (c *names) close() {
	for _, f := range c.runs {
		f.Close()
	}
	c.runs = nil
}

// each passes on every name with its count, by name.
func (c *names) each(use func(name string, n int64)) error {
	if len(c.runs) == 0 {
		for _, name := range slices.Sorted(maps.Keys(c.count)) {
			use(name, c.count[name])
		}
		return nil
	}
	if err := c.spill(); err != nil {
		return err
	}
	var open runs
	for _, f := range c.runs {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		r := &run{in: bufio.NewReader(f)}
		if more, err := r.next(); err != nil {
			return err
		} else if more {
			open = append(open, r)
		}
	}
	heap.Init(&open)
	for len(open) > 0 {
		name, n := open[0].name, int64(0)
		for len(open) > 0 && open[0].name == name {
			n += open[0].n
			more, err := open[0].next()
			switch {
			case err != nil:
				return err
			case more:
				heap.Fix(&open, 0)
			default:
				heap.Pop(&open)
			}
		}
		use(name, n)
	}
	return nil
}

// run is a sorted run while it is read.
type run struct {
	in   *bufio.Reader
	name string
	n    int64
}

func (r *run) next() (more bool, err error) {
	size, err := binary.ReadUvarint(r.in)
	if err == io.EOF {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	name := make([]byte, size)
	if _, err := io.ReadFull(r.in, name); err != nil {
		return false, err
	}
	n, err := binary.ReadUvarint(r.in)
	r.name, r.n = string(name), int64(n)
	return err == nil, err
}

// runs is a heap of runs by their names.
type runs []*run

func (h runs) Len() int           { return len(h) }
func (h runs) Less(i, j int) bool { return h[i].name < h[j].name }
func (h runs) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *runs) Push(x any)        { *h = append(*h, x.(*run)) }
func (h *runs) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}

// A counted is a name and how many rows hold it.
type counted struct {
	name string
	n    int64
}

// order puts the more frequent first, then by name.
func (a counted) order(b counted) int {
	return cmp.Or(cmp.Compare(b.n, a.n), strings.Compare(a.name, b.name))
}

// into gives a column the most frequent names and what is known of the others; where
// it is exact, rare names count too.
func (c *names) into(col *Column, exact bool) error {
	var top []counted // unordered; cut to the most frequent when it is twice as long
	trim := func() {
		slices.SortFunc(top, counted.order)
		top = top[:min(len(top), caps.Names.N)]
	}
	var hashes []uint64 // likewise of the smallest ones
	smallest := func() {
		slices.Sort(hashes)
		hashes = hashes[:min(len(hashes), caps.KnownNames.N+caps.Names.N)]
	}
	err := c.each(func(name string, n int64) {
		col.Distinct++
		switch n {
		case 1:
			col.Once++
		case 2:
			col.Twice++
		}
		if hashes = append(hashes, sketch.HashString(name)); len(hashes) >= 2*(caps.KnownNames.N+caps.Names.N) {
			smallest()
		}
		if top = append(top, counted{name, n}); len(top) >= 2*caps.Names.N {
			trim()
		}
	})
	if err != nil {
		return err
	}
	trim()
	smallest()
	keep := len(top)
	if col.Distinct > int64(caps.AllNames.N) && !exact {
		for keep = min(caps.AllNames.N, len(top)); keep < len(top) && top[keep].n >= leastNamed; {
			keep++
		}
	}
	kept := make(map[uint64]bool, keep)
	for _, t := range top[:keep] {
		col.Names = append(col.Names, t.name)
		kept[sketch.HashString(t.name)] = true
	}
	for _, h := range hashes {
		if !kept[h] && len(col.Known) < caps.KnownNames.N {
			col.Known = append(col.Known, h)
		}
	}
	return nil
}

package explain

import (
	"encoding/binary"
	"slices"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// What a leaf adds to a feature depends on a row only through the answers that
// the row gives to the splits on the way, and few answers are possible. So a tree
// is cut into subtrees whose answers fit a byte; for each subtree and feature a
// table holds what every such byte adds; and a subtree costs a row one look-up a
// feature.
const (
	batchRows    = 64      // from here on tables cost less than they save
	blockRows    = 512     // pass the subtrees together; a multiple of 8
	subtreeBits  = 8       // answers that a byte holds
	cutSplits    = 512     // of a tree that is cut, at most
	batchFloats  = 1 << 20 // tables of the subtrees that are filled at once
	columnFloats = 1 << 21 // contributions of a block, where that is 8 rows or more
	everyByte    = 0x0101010101010101
)

// subtree is what is under one node of a tree.
type subtree struct {
	root    int32
	way     []answer // that lead to root
	inner   []int32  // the splits in it
	columns []int    // of tabulator, of the features on the way and in it
	at      int      // of its tables: one for each of columns, 1<<bits values long
	bits    int      // of a row's answers: one for each feature on the way, then one for each inner split, 1 for left
}

// answer is one of those on the way. Answers with the same bit are about the same
// feature, and the bit is set in the rows that give them all.
type answer struct {
	split int32
	left  bool
	bit   uint8
}

// cutTree is a tree that has been cut.
type cutTree struct {
	tree   *tree.Tree
	order  []int   // of the tree's nodes among its splits
	splits []int32 // nodes
	slots  []int   // of tabulator, of each split
	parts  []subtree
}

// tabulator adds the contributions of many rows to out.
type tabulator[K tree.Word] struct {
	model *tree.Ensemble
	rule  [subtreeBits + 1]struct{ points, weights []float64 } // by players

	trees    []cutTree
	size     int // of them, in floats
	slots    []tree.Slot[K]
	slotOf   map[tree.Slot[K]]int
	places   []int // places in a row of out, of each column
	columnOf map[int]int
	tables   []float64
	keys     []K                              // by slot, row of the block
	columns  []float64                        // by column, row of the block
	answers  [cutSplits][blockRows / 8]uint64 // of the block's rows to each split: a byte each, 1 for left
	bytes    [blockRows]byte                  // of the block's rows to the subtree
	leaf     leafTable
}

// tabulate adds the contributions of the trees that can be cut to out, and
// returns the others.
func tabulate[K tree.Word](m *tree.Ensemble, rows []float64, out []float64) (deep []tree.Tree) {
	b := &tabulator[K]{model: m, slotOf: map[tree.Slot[K]]int{}, columnOf: map[int]int{}}
	for u := 1; u < len(b.rule); u++ {
		b.rule[u].points, b.rule[u].weights = gauss((u + 1) / 2)
	}
	for k := range m.Trees {
		if !b.cut(&m.Trees[k]) {
			deep = append(deep, m.Trees[k])
		}
		if b.size >= batchFloats {
			b.run(rows, out)
		}
	}
	b.run(rows, out)
	return deep
}

// cut adds t to the trees, and reports whether it could.
func (b *tabulator[K]) cut(t *tree.Tree) bool {
	if t.Depth == 0 {
		return true // it adds to the bias alone
	}
	s := cutTree{tree: t, order: make([]int, len(t.Nodes))}
	below := make([]int, len(t.Nodes)) // splits in the subtree
	for i := len(t.Nodes) - 1; i >= 0; i-- {
		if n := &t.Nodes[i]; !n.IsLeaf() {
			below[i] = 1 + below[n.Left] + below[n.Right]
		}
	}
	if below[0] > cutSplits {
		return false
	}
	for i := range t.Nodes {
		if !t.Nodes[i].IsLeaf() {
			s.order[i] = len(s.splits)
			s.splits = append(s.splits, int32(i))
		}
	}
	if !s.cut(0, nil, below) {
		return false
	}
	for _, split := range s.splits {
		s.slots = append(s.slots, b.slot(&t.Nodes[split]))
	}
	for i := range s.parts {
		p := &s.parts[i]
		p.at = b.size
		for _, a := range p.way {
			p.addColumn(b.column(t, t.Nodes[a.split].Feature))
		}
		for _, split := range p.inner {
			p.addColumn(b.column(t, t.Nodes[split].Feature))
		}
		b.size += len(p.columns)<<p.bits + 2*len(p.way)
	}
	b.trees = append(b.trees, s)
	return true
}

func (p *subtree) addColumn(column int) {
	if !slices.Contains(p.columns, column) {
		p.columns = append(p.columns, column)
	}
}

// slot returns the number of the split's slot.
func (b *tabulator[K]) slot(n *tree.Node) int {
	s := tree.SlotOf[K](b.model, n)
	k, ok := b.slotOf[s]
	if !ok {
		k = len(b.slots)
		b.slotOf[s] = k
		b.slots = append(b.slots, s)
	}
	return k
}

// column returns the number of the column of what t adds to the feature.
func (b *tabulator[K]) column(t *tree.Tree, feature int32) int {
	place := t.Output*(b.model.NumFeatures+1) + int(feature)
	k, ok := b.columnOf[place]
	if !ok {
		k = len(b.places)
		b.columnOf[place] = k
		b.places = append(b.places, place)
	}
	return k
}

// cut makes subtrees of what is under node i, to which way leads.
func (s *cutTree) cut(i int32, way []answer, below []int) bool {
	n := &s.tree.Nodes[i]
	features := 0
	for _, a := range way {
		features = max(features, int(a.bit)+1)
	}
	if all := features + below[i]; all <= subtreeBits {
		p := subtree{root: i, way: slices.Clone(way), bits: all}
		s.addSplits(&p, i)
		s.parts = append(s.parts, p)
		return true
	}
	if n.IsLeaf() {
		return false
	}
	bit := uint8(features)
	for _, a := range way {
		if s.tree.Nodes[a.split].Feature == n.Feature {
			bit = a.bit
		}
	}
	return s.cut(n.Left, append(way, answer{i, true, bit}), below) && s.cut(n.Right, append(way, answer{i, false, bit}), below)
}

// addSplits adds the splits under node i to the subtree.
func (s *cutTree) addSplits(p *subtree, i int32) {
	if n := &s.tree.Nodes[i]; !n.IsLeaf() {
		p.inner = append(p.inner, i)
		s.addSplits(p, n.Left)
		s.addSplits(p, n.Right)
	}
}

// run adds the contributions of the trees to out, and forgets the trees.
func (b *tabulator[K]) run(rows []float64, out []float64) {
	if len(b.trees) == 0 {
		return
	}
	// A table is read as if it had 256 values, whatever its length.
	b.tables = slices.Grow(b.tables[:0], b.size+1<<subtreeBits)[:b.size+1<<subtreeBits]
	clear(b.tables)
	for i := range b.trees {
		for k := range b.trees[i].parts {
			b.fill(b.trees[i].tree, &b.trees[i].parts[k])
		}
	}
	block := min(blockRows, max(8, columnFloats/len(b.places)&^7))
	b.keys = slices.Grow(b.keys[:0], len(b.slots)*block)[:len(b.slots)*block]
	b.columns = slices.Grow(b.columns[:0], len(b.places)*block)[:len(b.places)*block]
	width, stride := b.model.NumFeatures, b.model.Outputs()*(b.model.NumFeatures+1)
	for len(rows) > 0 {
		n := min(len(rows)/width, block)
		b.add(rows[:n*width], out[:n*stride], block)
		rows, out = rows[n*width:], out[n*stride:]
	}
	b.trees, b.size = nil, 0
	b.slots, b.places = b.slots[:0], b.places[:0]
	clear(b.slotOf)
	clear(b.columnOf)
}

// leafTable is what one leaf adds, by the set of its players that are in.
type leafTable struct {
	products [(subtreeBits + 1) / 2][1 << subtreeBits]float64 // by point
	out      [1 << subtreeBits]float64                        // to each player that is not in: to all the same
	in       [1 << subtreeBits]float64                        // to the player at hand
	set      [1 << subtreeBits]uint8                          // by the subtree's answers
}

// part is a player of a leaf, who is in where the answers are want on mask.
type part struct {
	feature    int32
	share      float64
	mask, want uint8
}

// fill makes the subtree's tables.
func (b *tabulator[K]) fill(t *tree.Tree, p *subtree) {
	var parts []part
	for _, a := range p.way {
		n := &t.Nodes[a.split]
		if int(a.bit) == len(parts) {
			parts = append(parts, part{n.Feature, 1, 1 << a.bit, 1 << a.bit})
		}
		parts[a.bit].share *= share(t, n, child(n, a.left))
	}
	b.leaves(t, p, p.root, parts)
}

func child(n *tree.Node, left bool) int32 {
	if left {
		return n.Left
	}
	return n.Right
}

// leaves adds the leaves under node i, to which the parts lead, to the tables.
func (b *tabulator[K]) leaves(t *tree.Tree, p *subtree, i int32, parts []part) {
	n := &t.Nodes[i]
	if n.IsLeaf() {
		b.spread(t, p, n.Value, parts)
		return
	}
	bit := uint8(1) << (p.bits - len(p.inner) + slices.Index(p.inner, i))
	for _, left := range [2]bool{true, false} {
		own := slices.Clone(parts)
		k := slices.IndexFunc(own, func(x part) bool { return x.feature == n.Feature })
		if k < 0 {
			k = len(own)
			own = append(own, part{feature: n.Feature, share: 1})
		}
		own[k].share *= share(t, n, child(n, left))
		own[k].mask |= bit
		if left {
			own[k].want |= bit
		}
		b.leaves(t, p, child(n, left), own)
	}
}

// spread adds a leaf of that value to the tables: the formula of player, for all
// sets of players.
func (b *tabulator[K]) spread(t *tree.Tree, p *subtree, value float64, parts []part) {
	x, rule := &b.leaf, &b.rule[len(parts)]
	sets, answers := 1<<len(parts), 1<<p.bits
	clear(x.out[:sets])
	for q, at := range rule.points {
		products := x.products[q][:sets]
		products[0] = value * rule.weights[q]
		for k := range parts {
			in, out := player{parts[k].share, true}.factor(at), player{parts[k].share, false}.factor(at)
			for set := range 1 << k {
				products[set|1<<k] = products[set] * in
				products[set] *= out
			}
		}
		weight := player{}.weight(at)
		for set, product := range products {
			x.out[set] += product * weight
		}
	}
	for answer := range answers {
		set := uint8(0)
		for k := range parts {
			if uint8(answer)&parts[k].mask == parts[k].want {
				set |= 1 << k
			}
		}
		x.set[answer] = set
	}
	for k := range parts {
		copy(x.in[:sets], x.out[:sets])
		for set := range sets {
			if set>>k&1 == 1 {
				x.in[set] = 0
			}
		}
		for q, at := range rule.points {
			weight := player{parts[k].share, true}.weight(at)
			for set := range sets {
				if set>>k&1 == 1 {
					x.in[set] += x.products[q][set] * weight
				}
			}
		}
		column := slices.Index(p.columns, b.column(t, parts[k].feature))
		table := b.tables[p.at+column<<p.bits:][:answers]
		for answer := range table {
			table[answer] += x.in[x.set[answer]]
		}
	}
}

// add adds the contributions of the block's rows to out.
func (b *tabulator[K]) add(rows []float64, out []float64, block int) {
	width := b.model.NumFeatures
	n := len(rows) / width
	for k := range b.slots {
		slot, keys := &b.slots[k], b.keys[k*block:][:n]
		for r := range keys {
			keys[r] = slot.Key(rows[r*width+int(slot.Feature)])
		}
	}
	clear(b.columns)
	words := (n + 7) / 8
	for i := range b.trees {
		s := &b.trees[i]
		for k, split := range s.splits {
			b.answer(b.answers[k][:words], b.keys[s.slots[k]*block:][:block], tree.ThresholdOf[K](&s.tree.Nodes[split]))
		}
		for k := range s.parts {
			p := &s.parts[k]
			b.gather(s, p, words)
			for c, column := range p.columns {
				table := (*[1 << subtreeBits]float64)(b.tables[p.at+c<<p.bits:])
				sums := b.columns[column*block:][:n]
				for r, answers := range b.bytes[:n] {
					sums[r] += table[answers]
				}
			}
		}
	}
	stride := len(out) / n
	for c, place := range b.places {
		for r, v := range b.columns[c*block:][:n] {
			out[r*stride+place] += v
		}
	}
}

// answer writes a byte a key: 1 where it is below the threshold.
func (b *tabulator[K]) answer(words []uint64, keys []K, threshold K) {
	for w := range words {
		k := keys[8*w:][:8]
		words[w] = below(k[0], threshold) |
			below(k[1], threshold)<<8 |
			below(k[2], threshold)<<16 |
			below(k[3], threshold)<<24 |
			below(k[4], threshold)<<32 |
			below(k[5], threshold)<<40 |
			below(k[6], threshold)<<48 |
			below(k[7], threshold)<<56
	}
}

// below is 1 where the key is below the threshold, without a branch.
func below[K tree.Word](key, threshold K) uint64 {
	if K(1)<<31 < 0 { // whose difference an int64 holds
		return uint64(int64(key)-int64(threshold)) >> 63
	}
	if key < threshold {
		return 1
	}
	return 0
}

// gather makes bytes of the answers to p, eight rows at a time.
func (b *tabulator[K]) gather(s *cutTree, p *subtree, words int) {
	ways := p.bits - len(p.inner)
	for w := range words {
		all := uint64(1<<ways-1) * everyByte
		for _, a := range p.way {
			word := b.answers[s.order[a.split]][w]
			if a.left {
				word ^= everyByte
			}
			all &^= word << a.bit
		}
		for k, split := range p.inner {
			all |= b.answers[s.order[split]][w] << (ways + k)
		}
		binary.LittleEndian.PutUint64(b.bytes[8*w:], all)
	}
}

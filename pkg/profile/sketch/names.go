package sketch

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// Names counts things by name in bounded memory, whatever the order in which they
// come: each of the k names of smallest hash by itself, and what belongs to the
// others in depth rows of width buckets, where each name has one bucket a row. The
// counts of a name that is driven out go to its buckets whole, so the state depends
// on nothing but how often each name came: it merges as its counts do. What is
// asked of a name that is not kept is the least of its buckets: never less than
// what the name counted, and by more than two width-ths of all that the buckets
// hold with probability 2^-depth at most (the count-min sketch of Cormode and
// Muthukrishnan, 2005).
type Names[C any] struct {
	depth, width int
	merge        func(into, from *C)
	size         func(*C) int64
	kept         Bottom[named[C]]
	rest         []C      // depth times width; nil while every name is kept
	spelled      *Spelled // of names that are not kept; nil: they are not spelled
}

type named[C any] struct {
	name  string
	count *C
}

// A Named is a name with what is counted of it.
type Named[C any] struct {
	Hash  uint64
	Name  string
	Count *C
	Exact bool // else Count is a bound from above
}

// NewNames returns no names, of which k are kept. Merge adds counts to counts;
// size is how often a name came by its counts.
func NewNames[C any](k, depth, width int, merge func(into, from *C), size func(*C) int64) Names[C] {
	return Names[C]{depth: depth, width: width, merge: merge, size: size, kept: NewBottom[named[C]](k)}
}

// Spell lets the frequent ones of the names that are not kept be spelled.
func (s *Names[C]) Spell() { s.spelled = new(Spelled) }

// Spelled is what spells them; nil for nothing.
func (s *Names[C]) Spelled() *Spelled { return s.spelled }

// Add adds counts of the name of hash h; name tells it, and need be good for no longer
// than this.
func (s *Names[C]) Add(h uint64, c *C, name func() string) {
	if !s.kept.Wants(h) {
		s.addRest(h, c, name)
		return
	}
	if e := s.kept.item[h]; e != nil {
		s.merge(e.Value.count, c)
		return
	}
	if len(s.kept.heap) == s.kept.k && s.kept.k > 0 {
		last := s.kept.heap[0]
		out := &s.kept.item[last].Value
		s.addRest(last, out.count, func() string { return out.name })
	}
	own := new(C)
	s.merge(own, c)
	s.kept.Add(h, 1, func() named[C] { return named[C]{strings.Clone(name()), own} })
}

func (s *Names[C]) addRest(h uint64, c *C, name func() string) {
	if s.spelled != nil {
		s.spelled.add(h, name(), s.size(c))
	}
	if s.rest == nil {
		s.rest = make([]C, s.depth*s.width)
	}
	for row := range s.depth {
		s.merge(s.bucket(row, h), c)
	}
}

func (s *Names[C]) bucket(row int, h uint64) *C {
	return &s.rest[row*s.width+int(Finish(h^uint64(row+1)*seedValue)%uint64(s.width))]
}

// Merge adds o, which must not be used afterwards.
func (s *Names[C]) Merge(o *Names[C]) {
	for h, e := range o.kept.All() {
		s.Add(h, e.Value.count, func() string { return e.Value.name })
	}
	if s.spelled != nil && o.spelled != nil {
		s.spelled.merge(o.spelled)
	}
	if o.rest == nil {
		return
	}
	if s.rest == nil {
		s.rest = o.rest
		return
	}
	for i := range s.rest {
		s.merge(&s.rest[i], &o.rest[i])
	}
}

// Whole says whether every name is kept.
func (s *Names[C]) Whole() bool { return s.rest == nil }

// Distinct estimates how many names there are, exactly where all are kept.
func (s *Names[C]) Distinct() int64 {
	if s.Whole() {
		return int64(len(s.kept.heap))
	}
	return max(s.kept.Distinct(), int64(len(s.kept.heap))+1)
}

// Of returns what is counted of the name of hash h: nil where it cannot have come.
func (s *Names[C]) Of(h uint64) (c *C, exact bool) {
	if e := s.kept.item[h]; e != nil {
		return e.Value.count, true
	}
	if s.rest == nil || s.kept.Wants(h) {
		return nil, true
	}
	for row := range s.depth {
		b := s.bucket(row, h)
		if n := s.size(b); n == 0 {
			return nil, true
		} else if c == nil || n < s.size(c) {
			c = b
		}
	}
	return c, false
}

// Kept passes on the names that are kept, by ascending hash.
func (s *Names[C]) Kept() iter.Seq[Named[C]] {
	return func(yield func(Named[C]) bool) {
		for h, e := range s.kept.All() {
			if !yield(Named[C]{h, e.Value.name, e.Value.count, true}) {
				return
			}
		}
	}
}

// Ranked returns the names that are kept and, of those that are not, the
// candidates that hold more than their buckets do by chance: by falling size, then
// name. Their counts are bounds from above, which together may be more than Rest.
func (s *Names[C]) Ranked(candidates iter.Seq2[uint64, string]) []Named[C] {
	out := slices.Collect(s.Kept())
	if s.rest != nil {
		seen := map[uint64]bool{}
		least := s.least()
		look := func(h uint64, name string, from int64) {
			if c, exact := s.Of(h); !seen[h] && c != nil && !exact && s.size(c) >= max(least, from) {
				out = append(out, Named[C]{h, name, c, false})
			}
			seen[h] = true
		}
		for h, name := range candidates {
			look(h, name, 0)
		}
		if s.spelled != nil {
			for name, of := range s.spelled.names() {
				look(HashString(name), name, of/2+1)
			}
		}
	}
	slices.SortFunc(out, func(a, b Named[C]) int {
		return cmp.Or(cmp.Compare(s.size(b.Count), s.size(a.Count)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Hash, b.Hash))
	})
	return out
}

// Likely is the size of a name that is not kept by its counts c, less what the
// other names of its bucket hold on average.
func (s *Names[C]) Likely(c *C) int64 {
	var all int64
	for i := range s.width {
		all += s.size(&s.rest[i])
	}
	n := s.size(c)
	return max(0, n-(all-n)/int64(s.width))
}

// least is the size from which a name that is not kept is told from chance: four
// times what a bucket holds on average.
func (s *Names[C]) least() int64 {
	var all int64
	for i := range s.width {
		all += s.size(&s.rest[i])
	}
	return max(2, 4*all/int64(s.width))
}

// Rest returns the counts of all names that are not kept together; nil without any.
func (s *Names[C]) Rest() *C {
	if s.rest == nil {
		return nil
	}
	all := new(C)
	for i := range s.width {
		s.merge(all, &s.rest[i])
	}
	return all
}

// Buckets are the buckets of names that are not kept, row by row; nil without any.
func (s *Names[C]) Buckets() []C { return s.rest }

// Open returns bucket i for its counts to be set, nil when there is no such
// bucket.
func (s *Names[C]) Open(i int) *C {
	if i < 0 || i >= s.depth*s.width {
		return nil
	}
	if s.rest == nil {
		s.rest = make([]C, s.depth*s.width)
	}
	return &s.rest[i]
}

// Put returns the counts of a name that is kept, for them to be set, nil when it
// would be one too many.
func (s *Names[C]) Put(h uint64) *C {
	if e := s.kept.item[h]; e != nil {
		return e.Value.count
	}
	c := new(C)
	if !s.kept.Put(h, 1, named[C]{count: c}) {
		return nil
	}
	return c
}

// Name sets the name of a hash that Put put, and says whether it did.
func (s *Names[C]) Name(h uint64, name string) bool {
	e := s.kept.item[h]
	if e == nil || e.Value.name != "" {
		return false
	}
	e.Value.name = name
	return true
}

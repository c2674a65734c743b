package profile

import (
	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// scratch is a profile's working memory.
type scratch struct {
	schema  *arrow.Schema
	field   []int // of each of the plan's columns in schema; -1: absent
	unknown []int // fields that the plan lacks
	fixed   fixedFields

	reading []reading
	placed  [][2]*placed // by column; the second of a text's commas
	paired  map[int]*pairColumn
	values  []fingerprint // by column: of the chunk
	hash    [chunkRows]uint64
	at      [chunkRows]int64
	timed   [chunkRows]bool
	recent  []candidate
}

// candidate is a row of the batch that may be among the newest.
type candidate struct {
	at   int64
	hash uint64
	row  int
}

func (f *Profile) newScratch() *scratch {
	s := &scratch{
		reading: make([]reading, len(f.columns)),
		placed:  make([][2]*placed, len(f.columns)),
		paired:  make(map[int]*pairColumn),
		values:  make([]fingerprint, len(f.columns)),
	}
	for i := range f.columns {
		c := &f.plan.columns[i]
		s.reading[i].want(c.kind, c.index)
		s.reading[i].know(c.names)
		if s.placed[i][0] = new(placed); c.kind == view.TextKind {
			s.placed[i][1] = new(placed)
		}
	}
	for _, ab := range f.plan.pairs {
		for _, i := range ab {
			if s.paired[i] == nil {
				s.paired[i] = new(pairColumn)
			}
		}
	}
	return s
}

// bind finds the plan's columns in a schema: score and label by role, features
// by name.
func (s *scratch) bind(p *Plan, schema *arrow.Schema) {
	s.schema = schema
	s.fixed = fixedOf(schema, p.idColumn)
	s.field = make([]int, len(p.columns))
	s.unknown = nil
	known := make([]bool, schema.NumFields())
	for i, c := range p.columns {
		s.field[i] = -1
		for j, f := range schema.Fields() {
			role := roleOf(f)
			fits := role == c.role && c.role != table.Feature
			if c.role == table.Feature {
				fits = f.Name == c.name && (role == table.Feature || role == table.Text || role == "")
			}
			if fits && !known[j] {
				s.field[i], known[j] = j, true
				break
			}
		}
	}
	for j, f := range schema.Fields() {
		if role := roleOf(f); !known[j] && f.Name != p.idColumn && f.Name != p.target && (role == table.Feature || role == table.Text || role == "") {
			s.unknown = append(s.unknown, j)
		}
	}
}

// AddRows counts a batch of predictions or of the reference. The batch may be
// released afterwards.
func (f *Profile) AddRows(rec arrow.RecordBatch) error {
	schema := rec.Schema()
	if v, _ := table.MetaOf(schema, table.KeySimulated); v == "true" {
		f.simulated = true
	}
	if err := f.note(table.NameOf(schema)); err != nil {
		return err
	}
	if f.scratch == nil {
		f.scratch = f.newScratch()
	}
	s := f.scratch
	if s.schema != schema {
		s.bind(f.plan, schema)
	}
	b := rowBatch{f: f, s: s, rec: rec}
	var err error
	if b.time, err = times(rec, s.fixed.at); err != nil {
		return err
	}
	b.ms, b.version, b.id = numbers(rec, s.fixed.ms), texts(rec, s.fixed.version), texts(rec, s.fixed.id)
	b.hasMS = s.fixed.ms >= 0
	for i, at := range s.field {
		if at >= 0 {
			s.reading[i].bind(rec.Column(at))
		} else {
			s.reading[i].bind(nil)
		}
	}
	s.recent = s.recent[:0]
	f.read += rec.NumRows()
	for lo := 0; lo < int(rec.NumRows()); lo += chunkRows {
		b.chunk(lo, min(lo+chunkRows, int(rec.NumRows())))
	}
	for _, c := range s.recent {
		if f.recent.wants(c.at, c.hash) {
			f.recent.add(recentRow{c.at, c.hash, b.row(c.row)})
		}
	}
	return nil
}

// rowBatch is a batch while it is counted.
type rowBatch struct {
	f           *Profile
	s           *scratch
	rec         arrow.RecordBatch
	time        func(i int) (int64, bool)
	ms          func(i int) float64
	hasMS       bool
	version, id func(i int) string
	lo, n       int   // first row and rows of the chunk
	runs        []run // of the chunk
}

// run is rows from to to of the chunk, which lie in one window, nil for none,
// and are all judged or all not.
type run struct {
	from, to int
	judged   bool
	window   *windowCounts
}

// chunk counts rows lo to hi. Columns know nothing of each other, nor do pairs
// of columns once these are read, and all that they add are integers: they are
// counted side by side, in any order.
func (b *rowBatch) chunk(lo, hi int) {
	f, s := b.f, b.s
	b.lo, b.n = lo, hi-lo
	b.rowsOnly()
	inParallel(b.n, len(f.columns), b.column)
	if f.counted == ofReference {
		f.values.rows(int64(b.n))
		for _, v := range s.values {
			f.values.plus(v.wide)
		}
	}
	inParallel(b.n, 1+len(f.plan.pairs), func(i int) {
		if i == 0 {
			b.rows()
			return
		}
		ab := f.plan.pairs[i-1]
		f.pairs.add(i-1, s.paired[ab[0]], s.paired[ab[1]])
	})
}

// rowsOnly reads what does not belong to the plan's columns: times, the part of
// the rows' hashes that is of them, and which rows go where.
func (b *rowBatch) rowsOnly() {
	f, s := b.f, b.s
	for i := range b.n {
		row := b.lo + i
		s.at[i], s.timed[i] = b.time(row)
		// An absent column is one of nulls, here as everywhere.
		h, ms := mix(seedRow, uint64(s.at[i])), uint64(hashMissing)
		if x := b.ms(row); x == x {
			ms = uint64(image(x))
		}
		h = mix(h, ms)
		h = mix(h, hashString(b.version(row)))
		s.hash[i] = mix(h, hashString(b.id(row)))
	}
	b.runs = b.runs[:0]
	for from := 0; from < b.n; {
		window, judged := b.where(from)
		to := from + 1
		for to < b.n {
			if w, j := b.where(to); w != window || j != judged {
				break
			}
			to++
		}
		b.runs = append(b.runs, run{from, to, judged, f.windows.at(window)})
		from = to
	}
}

// where returns the start of the window of row i of the chunk, and whether the
// row is judged.
func (b *rowBatch) where(i int) (window int64, judged bool) {
	f := b.f
	at := b.s.at[i]
	if !b.s.timed[i] {
		return noWindow, true
	}
	return f.windows.start(at), at > f.from && at <= f.until
}

// column reads, places and counts the chunk's values of column i.
func (b *rowBatch) column(i int) {
	f, s := b.f, b.s
	r, c, counts := &s.reading[i], &f.plan.columns[i], &f.columns[i]
	r.load(b.lo, b.lo+b.n)
	if f.counted == ofReference {
		s.values[i] = fingerprint{}
		s.values[i].column(r, c.name, c.role, b.n)
	}
	at := &s.placed[i]
	c.place(r, b.n, at)
	paired := s.paired[i]
	if paired != nil {
		paired.clear()
	}
	for _, run := range b.runs {
		from, to := run.from, run.to
		if run.window != nil {
			run.window.addColumn(i, c, r, at, from, to, b.lo)
		}
		if !run.judged {
			continue
		}
		if s.field[i] < 0 {
			counts.addAbsent(to - from)
		}
		counts.add(r, at, from, to, b.lo)
		if paired != nil {
			paired.fill(at[0], from, to)
		}
	}
	if paired != nil {
		paired.sums(c.kind == view.NumberKind)
	}
}

// rows counts what belongs to the chunk's rows as wholes.
func (b *rowBatch) rows() {
	s := b.s
	for i := range s.reading {
		for j, h := range s.reading[i].hash[:b.n] {
			s.hash[j] = mix(s.hash[j], h)
		}
	}
	for i := range b.n {
		s.hash[i] = finish(s.hash[i])
	}
	for _, run := range b.runs {
		if run.judged {
			b.judge(run.from, run.to)
		}
		if run.window != nil {
			b.count(run.window, run.from, run.to)
		}
	}
}

// judge counts rows from to to of the chunk.
func (b *rowBatch) judge(from, to int) {
	f, s, lo := b.f, b.s, b.lo
	f.rows += int64(to - from)
	for i := from; i < to; i++ {
		at, h := s.at[i], s.hash[i]
		if s.timed[i] {
			f.times.add(at)
			s.offer(f, candidate{at, h, lo + i})
		} else {
			f.untimed++
		}
		if f.sample.wants(h) {
			f.sample.add(h, 1, func() rawRow { return b.row(lo + i) })
		}
		if b.hasMS {
			f.inference.add(b.ms(lo + i))
		}
		if s.fixed.version >= 0 {
			f.sawVersion(b.version(lo+i), at)
		}
	}
	for _, at := range s.unknown {
		col := b.rec.Column(at)
		present := int64(0)
		for i := lo + from; i < lo+to; i++ {
			if !col.IsNull(i) {
				present++
			}
		}
		if present > 0 {
			name := b.rec.ColumnName(at)
			f.unknown.add(hashString(name), present, func() string { return shorten(name, nameLimit) })
		}
	}
}

// offer keeps the batch's candidates for the newest rows, the newest first.
func (s *scratch) offer(f *Profile, c candidate) {
	if !f.recent.wants(c.at, c.hash) {
		return
	}
	newer := func(a, b candidate) bool { return a.at > b.at || a.at == b.at && a.hash > b.hash }
	if len(s.recent) == recentRows && !newer(c, s.recent[recentRows-1]) {
		return
	}
	for i := range s.recent {
		if s.recent[i].at == c.at && s.recent[i].hash == c.hash {
			return
		}
	}
	if len(s.recent) < recentRows {
		s.recent = append(s.recent, c)
	} else {
		s.recent[recentRows-1] = c
	}
	for i := len(s.recent) - 1; i > 0 && newer(s.recent[i], s.recent[i-1]); i-- {
		s.recent[i], s.recent[i-1] = s.recent[i-1], s.recent[i]
	}
}

// row returns row i of the batch.
func (b *rowBatch) row(i int) rawRow {
	at, timed := b.time(i)
	r := rawRow{timed: timed, at: at, ms: b.ms(i), version: shorten(b.version(i), nameLimit), id: shorten(b.id(i), nameLimit), cells: make([]view.Cell, len(b.s.reading))}
	for j := range r.cells {
		r.cells[j] = b.s.reading[j].cell(i)
	}
	return r
}

// count adds rows from to to of the chunk to their window.
func (b *rowBatch) count(w *windowCounts, from, to int) {
	for i := from; i < to; i++ {
		w.addRow(b.s.at[i])
		if b.hasMS {
			w.addInference(b.ms(b.lo + i))
		}
	}
}

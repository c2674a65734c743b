package tally

import (
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/count"
	"github.com/leadsman/leadsman/pkg/profile/parts"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// scratch is a profile's working memory.
type scratch struct {
	schema  *arrow.Schema
	field   []int // of each of the plan's columns in schema; -1: absent
	unknown []int // fields that the plan lacks
	fixed   read.Fixed

	rows     int // of a chunk
	reading  []read.Column
	placed   [][2]*plan.Placed // by column; the second of a text's commas
	paired   map[int]*count.PairColumn
	values   []read.Fingerprint     // by column: of the chunk
	hash     [read.ChunkRows]uint64 // of the rows
	input    [read.ChunkRows]uint64 // of the rows' features alone
	features bool                   // there are some
	entity   [read.ChunkRows]uint64 // hash of whom the row belongs to; of the row itself where it does not say
	bucket   [read.ChunkRows]uint8  // of that
	part     [read.ChunkRows]int8   // of the week
	days     *plan.Calendar
	at       [read.ChunkRows]int64
	timed    [read.ChunkRows]bool
	recent   []candidate
}

// candidate is a row of the batch that may be among the newest.
type candidate struct {
	at   int64
	hash uint64
	row  int
}

// The cells that a chunk has at the most, and the rows at the least.
const (
	chunkCells = 1 << 18
	chunkLeast = 128
)

func (f *Profile) newScratch() *scratch {
	s := &scratch{
		rows:    min(read.ChunkRows, max(chunkLeast, chunkCells/max(1, len(f.columns)))),
		reading: make([]read.Column, len(f.columns)),
		placed:  make([][2]*plan.Placed, len(f.columns)),
		paired:  make(map[int]*count.PairColumn),
		values:  make([]read.Fingerprint, len(f.columns)),
		days:    f.plan.Calendar(),
	}
	for i := range f.columns {
		c := &f.plan.Columns[i]
		s.reading[i].Want(c.Kind, c.Index, c.Rest())
		s.reading[i].Know(c.Names)
		s.reading[i].Without(c.Missing)
		s.reading[i].Chunk = read.NewChunk(s.rows, c.Kind)
		s.placed[i] = plan.NewPlaced(s.rows, c.Kind)
	}
	for _, ab := range f.plan.Pairs {
		for _, i := range ab {
			if s.paired[i] == nil {
				s.paired[i] = new(count.PairColumn)
			}
		}
	}
	return s
}

// bind finds the plan's columns in a schema: score and label by role, features and
// segments by name.
func (s *scratch) bind(p *plan.Plan, schema *arrow.Schema) {
	s.schema = schema
	s.fixed = read.FixedOf(schema, p.IDColumn, p.Entity)
	s.field = make([]int, len(p.Columns))
	s.unknown = nil
	known := make([]bool, schema.NumFields())
	for i, c := range p.Columns {
		s.field[i] = -1
		for j, f := range schema.Fields() {
			role := read.RoleOf(f)
			fits := role == c.Role && c.Role != table.Feature || c.Role == plan.Segment && f.Name == c.Name
			if c.Role == table.Feature {
				fits = f.Name == c.Name && (role == table.Feature || role == table.Text || role == table.Key || role == "")
			}
			if fits && !known[j] {
				s.field[i], known[j] = j, true
				break
			}
		}
	}
	for j, f := range schema.Fields() {
		if role := read.RoleOf(f); !known[j] && f.Name != p.IDColumn && f.Name != p.Entity && f.Name != p.Target && (role == table.Feature || role == table.Text || role == "") {
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
	if b.time, err = read.Times(rec, s.fixed.At); err != nil {
		return err
	}
	b.ms, b.version, b.id = read.Numbers(rec, s.fixed.MS), read.Texts(rec, s.fixed.Version), read.Texts(rec, s.fixed.ID)
	b.hasMS = s.fixed.MS >= 0
	if s.fixed.Entity >= 0 {
		b.entity = read.Texts(rec, s.fixed.Entity)
	}
	for i, at := range s.field {
		if at >= 0 {
			s.reading[i].Bind(rec.Column(at))
		} else {
			s.reading[i].Bind(nil)
		}
	}
	s.recent = s.recent[:0]
	f.read += rec.NumRows()
	for lo := 0; lo < int(rec.NumRows()); lo += s.rows {
		b.chunk(lo, min(lo+s.rows, int(rec.NumRows())))
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
	entity      func(i int) string // nil where the table does not say whom rows belong to
	lo, n       int                // first row and rows of the chunk
	runs        []run              // of the chunk
}

// run is rows from to to of the chunk, which lie in one window, nil for none,
// and are all judged or all not.
type run struct {
	from, to int
	judged   bool
	window   *count.Window
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
		f.values.AddRows(int64(b.n))
		for _, v := range s.values {
			f.values.Plus(v.Wide)
		}
	}
	inParallel(b.n, 1+len(f.plan.Pairs), func(i int) {
		if i == 0 {
			b.rows()
			return
		}
		ab := f.plan.Pairs[i-1]
		f.pairs.Add(i-1, s.paired[ab[0]], s.paired[ab[1]])
	})
	c := &parts.Chunk{Columns: s.reading, Placed: s.placed, Rows: b.n, Version: func(i int) string { return b.version(b.lo + i) }}
	if b.entity != nil {
		c.Buckets = s.bucket[:]
	}
	f.parts.Begin(c)
	for _, run := range b.runs {
		if run.judged {
			f.parts.AddRows(c, run.from, run.to)
		}
	}
	inParallel(b.n, len(f.columns), func(i int) {
		for _, run := range b.runs {
			if !run.judged {
				continue
			}
			if b.entity != nil {
				f.clusters.Add(i, &s.placed[i], s.bucket[:], run.from, run.to)
			}
			f.parts.Add(c, i, run.from, run.to)
		}
	})
}

// rowsOnly reads what does not belong to the plan's columns: times, the part of
// the rows' hashes that is of them, and which rows go where.
func (b *rowBatch) rowsOnly() {
	f, s := b.f, b.s
	for i := range b.n {
		row := b.lo + i
		s.at[i], s.timed[i] = b.time(row)
		if s.part[i] = count.NoPart; s.timed[i] && f.plan.Parts != view.WholeWeek {
			s.part[i] = int8(s.days.Part(s.at[i]))
		}
		// An absent column is one of nulls, here as everywhere.
		s.input[i] = sketch.SeedRow
		h, ms := sketch.Mix(sketch.SeedRow, uint64(s.at[i])), uint64(read.HashMissing)
		if x := b.ms(row); x == x {
			ms = uint64(sketch.Image(x))
		}
		h = sketch.Mix(sketch.Mix(h, ms), sketch.HashString(b.version(row)))
		s.hash[i] = sketch.Mix(h, sketch.HashString(b.id(row)))
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
		b.runs = append(b.runs, run{from, to, judged, f.windows.At(window)})
		from = to
	}
}

// where returns the start of the window of row i of the chunk, and whether the
// row is judged.
func (b *rowBatch) where(i int) (window int64, judged bool) {
	f := b.f
	at := b.s.at[i]
	if !b.s.timed[i] {
		return count.NoWindow, true
	}
	return f.windows.Start(at), at > f.from && at <= f.until
}

// column reads, places and counts the chunk's values of column i.
func (b *rowBatch) column(i int) {
	f, s := b.f, b.s
	r, c, counts := &s.reading[i], &f.plan.Columns[i], &f.columns[i]
	r.Load(b.lo, b.lo+b.n)
	if f.counted == ofReference {
		s.values[i] = read.Fingerprint{}
		s.values[i].AddColumn(r, c.Name, c.Role, b.n)
	}
	at := &s.placed[i]
	c.Place(r, b.n, at)
	paired := s.paired[i]
	if paired != nil {
		paired.Clear()
	}
	for _, run := range b.runs {
		from, to := run.from, run.to
		if run.window != nil {
			run.window.AddColumn(i, c, r, at, from, to)
		}
		if !run.judged {
			continue
		}
		if s.field[i] < 0 {
			counts.AddAbsent(to - from)
		}
		counts.Add(r, at, from, to, b.lo)
		if f.counted == ofReference && f.plan.Parts != view.WholeWeek {
			f.week.Add(i, r, at, s.part[:], from, to)
		}
		if paired != nil {
			paired.Fill(at[0], from, to)
		}
	}
	if paired != nil {
		paired.Sums(c.Kind == view.NumberKind)
	}
}

// rows counts what belongs to the chunk's rows as wholes.
func (b *rowBatch) rows() {
	s := b.s
	s.features = false
	for i := range s.reading {
		to := &s.hash
		if b.f.plan.Columns[i].Role == table.Feature {
			to, s.features = &s.input, true
		}
		for j, h := range s.reading[i].Hash[:b.n] {
			to[j] = sketch.Mix(to[j], h)
		}
	}
	for i := range b.n {
		s.hash[i] = sketch.Finish(sketch.Mix(s.hash[i], s.input[i]))
		s.input[i] = sketch.Finish(s.input[i])
	}
	if b.entity != nil {
		for i := range b.n {
			if s.entity[i] = s.hash[i]; b.entity(b.lo+i) != "" {
				s.entity[i] = sketch.HashString(b.entity(b.lo + i))
			}
			s.bucket[i] = uint8(s.entity[i]) // the lowest bits: which entities are kept goes by the highest
		}
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
		f.week.AddRow(s.part[i])
		if s.timed[i] {
			f.times.Add(at)
		} else {
			f.untimed++
		}
		f.lines.Add(h)
		if s.features {
			f.inputs.Add(s.input[i])
		}
		if f.sample.Wants(h) {
			f.sample.Add(h, 1, func() Row { return b.row(lo + i) })
		}
		if b.entity != nil {
			f.entities.add(s.entity[i], h, 1, func() Row { return b.row(lo + i) })
		}
		if b.hasMS {
			f.inference.Add(b.ms(lo + i))
		}
		if s.fixed.Version >= 0 {
			f.addVersion(b.version(lo+i), at)
		}
		f.versions.Add(b.version(lo + i))
	}
	for i := to - 1; i >= from; i-- { // a log's last rows are its newest
		if s.timed[i] {
			s.offer(f, candidate{s.at[i], s.hash[i], lo + i})
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
			f.unknown.Add(sketch.HashString(name), present, func() string { return read.Shorten(name, caps.NameBytes.N) })
		}
	}
}

// offer keeps the batch's candidates for the newest rows, the newest first.
func (s *scratch) offer(f *Profile, c candidate) {
	if !f.recent.wants(c.at, c.hash) {
		return
	}
	newer := func(a, b candidate) bool { return a.at > b.at || a.at == b.at && a.hash > b.hash }
	if len(s.recent) == caps.Recent.N && !newer(c, s.recent[caps.Recent.N-1]) {
		return
	}
	for i := range s.recent {
		if s.recent[i].at == c.at && s.recent[i].hash == c.hash {
			return
		}
	}
	if len(s.recent) < caps.Recent.N {
		s.recent = append(s.recent, c)
	} else {
		s.recent[caps.Recent.N-1] = c
	}
	for i := len(s.recent) - 1; i > 0 && newer(s.recent[i], s.recent[i-1]); i-- {
		s.recent[i], s.recent[i-1] = s.recent[i-1], s.recent[i]
	}
}

// row returns row i of the batch.
func (b *rowBatch) row(i int) Row {
	at, timed := b.time(i)
	r := Row{Timed: timed, At: at, MS: b.ms(i), Version: strings.Clone(read.Name(b.version(i), caps.NameBytes.N)), ID: read.Shorten(b.id(i), caps.NameBytes.N), Cells: make([]view.Cell, len(b.s.reading))}
	for j := range r.Cells {
		r.Cells[j] = b.s.reading[j].Cell(i)
	}
	return r
}

// count adds rows from to to of the chunk to their window.
func (b *rowBatch) count(w *count.Window, from, to int) {
	for i := from; i < to; i++ {
		w.AddRow(b.s.at[i])
		if b.hasMS {
			w.AddInference(b.ms(b.lo + i))
		}
	}
}

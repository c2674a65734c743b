package profile

import (
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// scratch is a profile's working memory.
type scratch struct {
	schema  *arrow.Schema
	field   []int // of each of the plan's columns in schema; -1: absent
	unknown []int // fields that the plan lacks
	fixed   fixedFields

	reading  []reading
	placed   [][2]*placed // by column; the second of a text's commas
	paired   map[int]*pairColumn
	windowed []int         // by column: its place among a window's
	values   []fingerprint // by column: of the chunk
	hash     [chunkRows]uint64
	at       [chunkRows]int64
	timed    [chunkRows]bool
	recent   []candidate
}

// candidate is a row of the batch that may be among the newest.
type candidate struct {
	at   int64
	hash uint64
	row  int
}

// fixedFields are the places of a log's own columns; -1: absent.
type fixedFields struct{ at, ms, version, id, endpoint, status int }

func fixedOf(s *arrow.Schema, idColumn string) fixedFields {
	f := fixedFields{-1, -1, -1, -1, -1, -1}
	for i, field := range s.Fields() {
		place := map[table.Role]*int{
			table.Timestamp: &f.at, table.Latency: &f.ms, table.ModelID: &f.version,
			table.ID: &f.id, table.Endpoint: &f.endpoint, table.Status: &f.status,
		}[roleOf(field)]
		if idColumn != "" && field.Name == idColumn {
			place = &f.id
		}
		if place != nil && *place < 0 {
			*place = i
		}
	}
	return f
}

func (f *Profile) newScratch() *scratch {
	s := &scratch{
		reading:  make([]reading, len(f.columns)),
		placed:   make([][2]*placed, len(f.columns)),
		paired:   make(map[int]*pairColumn),
		windowed: make([]int, len(f.columns)),
		values:   make([]fingerprint, len(f.columns)),
	}
	next := 0
	for i := range f.columns {
		c := &f.plan.columns[i]
		s.windowed[i] = next
		next++
		if c.kind == view.TextKind {
			next++
		}
		s.reading[i].kind, s.reading[i].index, s.reading[i].known = c.kind, c.index, newKnownNames(c.names)
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

// times reads a batch's timestamps; a missing column is one of nulls.
func times(rec arrow.RecordBatch, at int) (func(i int) (int64, bool), error) {
	if at < 0 {
		return func(int) (int64, bool) { return 0, false }, nil
	}
	col := rec.Column(at)
	read, ok := table.Times(col)
	if !ok {
		return nil, fmt.Errorf("%s: want a timestamp, got %s", rec.Schema().Field(at).Name, col.DataType())
	}
	return func(i int) (int64, bool) {
		if col.IsNull(i) {
			return 0, false
		}
		return read(i), true
	}, nil
}

// texts reads a column of strings; a missing or other one is of nulls. The
// text is valid as long as the batch.
func texts(rec arrow.RecordBatch, at int) func(i int) string {
	none := func(int) string { return "" }
	if at < 0 {
		return none
	}
	col := rec.Column(at)
	text, ok := table.Strings(col)
	if !ok {
		r := reading{kind: view.CategoryKind}
		r.bind(col)
		text = r.text
	}
	dict, _ := col.(*array.Dictionary)
	return func(i int) string {
		if col.IsNull(i) || dict != nil && dict.Dictionary().IsNull(dict.GetValueIndex(i)) {
			return ""
		}
		return text(i)
	}
}

// numbers reads a column of numbers; missing or other values are NaN.
func numbers(rec arrow.RecordBatch, at int) func(i int) float64 {
	none := func(int) float64 { return math.NaN() }
	if at < 0 {
		return none
	}
	col := rec.Column(at)
	read, ok := table.Numbers(col)
	if !ok {
		return none
	}
	return func(i int) float64 {
		if col.IsNull(i) {
			return math.NaN()
		}
		return read(i)
	}
}

// AddRows counts a batch of predictions or of the reference. The batch may be
// released afterwards.
func (f *Profile) AddRows(rec arrow.RecordBatch) error {
	schema := rec.Schema()
	if v, _ := table.MetaOf(schema, table.KeySimulated); v == "true" {
		f.simulated = true
	}
	if err := f.sees(table.NameOf(schema)); err != nil {
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
	if f.counted == OfReference {
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
		f.pairs[i-1].add(s.paired[ab[0]], s.paired[ab[1]])
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
		r := run{from: from, to: to, judged: judged}
		if window != noWindow {
			r.window = f.windows.get(window, f.plan.newWindow)
		}
		b.runs = append(b.runs, r)
		from = to
	}
}

const noWindow = math.MinInt64

// where returns the start of the window of row i of the chunk, and whether the
// row is judged.
func (b *rowBatch) where(i int) (window int64, judged bool) {
	f := b.f
	at := b.s.at[i]
	if !b.s.timed[i] {
		return noWindow, true
	}
	return f.windowOf(at), at > f.from && at <= f.until
}

func (f *Profile) windowOf(at int64) int64 {
	length := f.plan.Window.Microseconds()
	if length == 0 || !dated(at) {
		return noWindow
	}
	return floorDiv(at, length) * length
}

// dated says whether a time lies in the years 1 to 9998: others have no date
// that can be written in four digits, and no window or slot.
func dated(at int64) bool { return at > -62_135_000_000_000_000 && at < 253_370_000_000_000_000 }

// column reads, places and counts the chunk's values of column i.
func (b *rowBatch) column(i int) {
	f, s := b.f, b.s
	r, c, counts := &s.reading[i], &f.plan.columns[i], &f.columns[i]
	r.load(b.lo, b.lo+b.n)
	if f.counted == OfReference {
		s.values[i] = fingerprint{}
		s.values[i].column(r, fingerprintSeed(c.name, c.role), b.n)
	}
	state, at := r.state[:b.n], &s.placed[i]
	switch c.kind {
	case view.NumberKind:
		c.grid.place(r.x[:b.n], state, at[0])
		c.grid.distances(r.x[:b.n], state, at[0])
	case view.CategoryKind:
		placeCategory(r.code[:b.n], state, at[0].class[:], categoryClasses(len(c.names)))
	default:
		c.length.place(r.x[:b.n], state, at[0])
		c.length.distances(r.x[:b.n], state, at[0])
		c.commas.place(r.y[:b.n], state, at[1])
		c.commas.distances(r.y[:b.n], state, at[1])
	}
	paired := s.paired[i]
	if paired != nil {
		paired.n = 0
	}
	for _, run := range b.runs {
		from, to := run.from, run.to
		if run.window != nil {
			b.window(run.window.columns[s.windowed[i]:], i, from, to)
		}
		if !run.judged {
			continue
		}
		if s.field[i] < 0 {
			counts.absent += int64(to - from)
		}
		x, state := r.x[from:to], r.state[from:to]
		switch {
		case counts.number != nil:
			counts.number.add(x, state, at[0].position[from:to])
		case counts.category != nil:
			counts.category.add(r, from, to, b.lo)
		default:
			counts.length.add(x, state, at[0].position[from:to])
			counts.commas.add(r.y[from:to], state, at[1].position[from:to])
		}
		if paired != nil {
			paired.fill(at[0], from, to)
		}
	}
	if paired != nil {
		paired.sums(c.kind == view.NumberKind)
	}
}

// window counts rows from to to of column i in their window, whose counters of
// the column stand first in w.
func (b *rowBatch) window(w []windowColumn, i, from, to int) {
	c, r := &b.f.plan.columns[i], &b.s.reading[i]
	state, at := r.state[from:to], &b.s.placed[i]
	w[0].add(state, at[0].class[from:to])
	switch c.kind {
	case view.NumberKind:
		w[0].addSteps(at[0].distance[from:to])
	case view.CategoryKind:
		w[0].addLabels(r, from, to, b.lo)
	default:
		w[0].addSteps(at[0].distance[from:to])
		w[1].add(state, at[1].class[from:to])
		w[1].addSteps(at[1].distance[from:to])
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
	table := fractions()
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
			f.inference.add(b.ms(lo+i), table)
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
	table := fractions()
	for i := from; i < to; i++ {
		w.rows++
		w.times.add(b.s.at[i])
		if !b.hasMS {
			continue
		}
		if ms := b.ms(b.lo + i); ms >= 0 && !math.IsInf(ms, 1) {
			w.inference.add(coarseOf(bucketOf(ms, table)), 1)
		} else {
			w.inferenceMissing++
		}
	}
}

// addLabels counts the names that the dictionary lacks.
func (w *windowColumn) addLabels(r *reading, from, to, lo int) {
	for i := from; i < to; i++ {
		if h := r.hash[i]; r.state[i] == stateValue && r.code[i] < 0 && w.labels.wants(h) {
			w.labels.add(h, 1, func() string { return shorten(r.text(lo+i), nameLimit) })
		}
	}
}

// AddRequests counts a batch of API requests.
func (f *Profile) AddRequests(rec arrow.RecordBatch) error {
	if v, _ := table.MetaOf(rec.Schema(), table.KeySimulated); v == "true" {
		f.simulated = true
	}
	if err := f.sees(table.NameOf(rec.Schema())); err != nil {
		return err
	}
	fixed := fixedOf(rec.Schema(), "")
	timeOf, err := times(rec, fixed.at)
	if err != nil {
		return err
	}
	ms, endpoint, status := numbers(rec, fixed.ms), texts(rec, fixed.endpoint), numbers(rec, fixed.status)
	table := fractions()
	for i := range int(rec.NumRows()) {
		at, timed := timeOf(i)
		code := int64(noStatus)
		if c := status(i); c >= 0 && c < 1000 {
			code = int64(c)
		}
		took := ms(i)
		bucket := -1
		if took >= 0 && !math.IsInf(took, 1) {
			bucket = bucketOf(took, table)
		}
		if timed {
			if window := f.windowOf(at); window != noWindow {
				if w := f.windows.get(window, f.plan.newWindow); w != nil {
					w.requests.add(code, bucket)
				}
			}
			if at <= f.from || at > f.until {
				continue
			}
			f.requestTimes.add(at)
		}
		f.response.add(took, table)
		f.requests.add(code, bucket)
		name := endpoint(i)
		h := trafficHash(code, hashString(name))
		key := func() string { return trafficKey(code, name) }
		f.endpoints.add(h, 1, key)
		if timed && dated(at) {
			if s := f.slots.get(floorDiv(at, slotMicros)*slotMicros, newSlot); s != nil {
				s.add(code, bucket)
				s.keys.add(h, 1, key)
			}
		}
	}
	return nil
}

package profile

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// The tables of an encoded profile, in the order in which they stand.
const (
	CountersTable = "counters"
	ValuesTable   = "values"
	UnseenTable   = "unseen"
	RowsTable     = "rows"
	NewestTable   = "newest"
	ShardsTable   = "shards"
	SealTable     = "seal"
)

// Tables are the names of a profile's tables.
var Tables = []string{CountersTable, ValuesTable, UnseenTable, RowsTable, NewestTable, ShardsTable, SealTable}

type counterRow struct {
	Window  string `table:"window" doc:"start of the UTC window, RFC 3339; empty for the judged rows"`
	Segment string `table:"segment" doc:"empty: all rows"`
	Column  string `table:"column" doc:"raw column; empty for what belongs to rows"`
	Key     string `table:"key" doc:"what is counted"`
	Op      string `table:"op" doc:"how two profiles' numbers become one: sum, min or max; a sum's limbs of 32 bits are carried afterwards"`
	N       int64  `table:"n" doc:"the number; floats as an integer of the same order, times in microseconds"`
}

type valueRow struct {
	Window  string  `table:"window" doc:"as in counters"`
	Segment string  `table:"segment" doc:"as in counters"`
	Column  string  `table:"column" doc:"as in counters"`
	Key     string  `table:"key" doc:"empty, or length/ or commas/ of a text"`
	Value   float64 `table:"value" doc:"a value that is on no edge of the plan"`
	N       int64   `table:"n" doc:"how often"`
}

type unseenRow struct {
	Window  string `table:"window" doc:"as in counters"`
	Segment string `table:"segment" doc:"as in counters"`
	Column  string `table:"column" doc:"as in counters"`
	Key     string `table:"key" doc:"unseen (categories), columns, endpoints, version, or slot/ and a time"`
	Hash    int64  `table:"hash" doc:"bits of the hash; those of smallest unsigned hash are kept"`
	Name    string `table:"name" doc:"the name"`
	N       int64  `table:"n" doc:"how often"`
}

type sampleRow struct {
	Hash    int64   `table:"hash" doc:"bits of the row's hash"`
	N       int64   `table:"n" doc:"how often the row was seen"`
	Timed   bool    `table:"timed" doc:"the row has a timestamp"`
	At      int64   `table:"at" unit:"us" doc:"its timestamp"`
	MS      float64 `table:"ms,null" unit:"ms" doc:"latency"`
	Version string  `table:"version" doc:"model version"`
	ID      string  `table:"id" doc:"id"`
	Cells   string  `table:"cells" doc:"the plan's columns as a JSON array"`
}

type shardRow struct {
	Shard  string `table:"shard" doc:"name of the leaf"`
	Digest string `table:"digest" doc:"SHA-256 of the leaf"`
	Rows   int64  `table:"rows" doc:"predictions and requests counted in it"`
}

type sealRow struct {
	Version int64  `table:"version" doc:"version of the profile's meaning"`
	PlanID  string `table:"plan_id" doc:"SHA-256 of the plan"`
	Counted string `table:"counted" doc:"what the rows are: log or reference; empty without any table"`
	From    int64  `table:"from" unit:"us" doc:"rows after it are judged"`
	Until   int64  `table:"until" unit:"us" doc:"and up to it"`
	Digest  string `table:"digest" doc:"SHA-256 of the tables counters to newest"`
	Shards  string `table:"shards" doc:"SHA-256 of the table shards"`
}

const (
	opSum = "sum"
	opMin = "min"
	opMax = "max"
)

var stateNames = [states]string{"values", "missing", "nan", "pos_inf", "neg_inf", "type_errors"}

// parts are the rows of an encoded profile, each table sorted.
type parts struct {
	counters []counterRow
	values   []valueRow
	unseen   []unseenRow
	rows     []sampleRow
	newest   []sampleRow
	digest   string // of all of them; empty until it is known
}

// emitter collects rows under a window and a column.
type emitter struct {
	parts
	window, column string
}

func (e *emitter) sum(key string, n int64) {
	if n != 0 {
		e.counters = append(e.counters, counterRow{Window: e.window, Column: e.column, Key: key, Op: opSum, N: n})
	}
}

// list passes on every step-th of n from first, most of which may be 0.
func (e *emitter) list(prefix string, n []int64, first, step int) {
	for i := first; i < len(n); i += step {
		if n[i] != 0 {
			e.sum(index(prefix, i/step), n[i])
		}
	}
}

func (e *emitter) bound(key, op string, n int64) {
	e.counters = append(e.counters, counterRow{Window: e.window, Column: e.column, Key: key, Op: op, N: n})
}

func (e *emitter) span(prefix string, s span) {
	if s.some {
		e.bound(prefix+"first", opMin, s.first)
		e.bound(prefix+"last", opMax, s.last)
	}
}

func (e *emitter) states(prefix string, state *[states]int64) {
	for i, n := range state {
		e.sum(prefix+stateNames[i], n)
	}
}

func (e *emitter) exact(prefix string, s *exactSum) {
	if s.limb != nil {
		s.emit(func(i int, n int64) { e.sum(index(prefix, i), n) })
	}
}

func (e *emitter) wide(prefix string, w wide) {
	for i, n := range w.limbs() {
		e.sum(index(prefix, i), n)
	}
}

func (e *emitter) coarse(prefix string, c *coarse) {
	c.emit(func(b int, n int64) { e.sum(index(prefix, b), n) })
}

func (e *emitter) names(key string, b *bottom[string]) {
	for _, h := range b.hashes() {
		k := b.item[h]
		e.unseen = append(e.unseen, unseenRow{Window: e.window, Column: e.column, Key: key, Hash: int64(h), Name: k.value, N: k.n})
	}
}

func (e *emitter) number(prefix string, c *numberCounts) {
	e.states(prefix, &c.state)
	if c.state[stateValue] > 0 {
		e.bound(prefix+"min", opMin, c.min)
		e.bound(prefix+"max", opMax, c.max)
	}
	e.list(prefix+"cell/", c.fraction, 0, 1)
	e.list(prefix+"on/", c.at, 1, 2)
	e.list(prefix+"open/", c.at, 0, 2)
	for i, s := range c.sums() {
		e.exact(prefix+sumNames[i], s)
	}
	if c.extra.saturated {
		e.bound(prefix+"saturated", opMax, 1)
	}
	for _, v := range c.extra.sorted() {
		e.values = append(e.values, valueRow{Column: e.column, Key: prefix, Value: v.x, N: v.n})
	}
}

var sumNames = [4]string{"below/", "inside/", "above/", "square/"}

func (c *numberCounts) sums() [4]*exactSum {
	return [4]*exactSum{&c.below, &c.inside, &c.above, &c.square}
}

func (e *emitter) durations(prefix string, d *durations) {
	e.sum(prefix+"missing", d.missing)
	if d.n == 0 {
		return
	}
	e.bound(prefix+"min", opMin, d.min)
	e.bound(prefix+"max", opMax, d.max)
	e.exact(prefix+"sum/", &d.sum)
	for b, n := range d.bucket {
		e.sum(index(prefix+"bucket/", b), n)
	}
}

func (e *emitter) requests(prefix string, r *requestCounts) {
	e.sum(prefix+"n", r.total.n)
	e.sum(prefix+"succeeded", r.total.succeeded)
	e.sum(prefix+"missing", r.missing)
	e.coarse(prefix+"bucket/", &r.latency)
}

func (e *emitter) pair(prefix string, p *pairCounts) {
	if p.table != nil {
		for i := range pairedClasses {
			for j := range pairedClasses {
				e.sum(index(index(prefix+"class/", i)+"/", j), p.table[i*pairStride+j])
			}
		}
	}
	for i, s := range p.sums() {
		e.sum(index(prefix+"score/", i), *s)
	}
	for i, w := range p.wides() {
		e.wide(index(prefix+"steps/", i)+"/", *w)
	}
}

func (e *emitter) windowCounts(p *Plan, w *windowCounts) {
	e.column = ""
	e.sum("rows", w.rows)
	e.span("", w.times)
	e.sum("inference/missing", w.inferenceMissing)
	e.coarse("inference/bucket/", &w.inference)
	e.requests("requests/", &w.requests)
	next := 0
	for i := range p.columns {
		c := &p.columns[i]
		e.column = c.name
		prefixes := []string{""}
		if c.kind == view.TextKind {
			prefixes = textParts[:]
		}
		for _, prefix := range prefixes {
			wc := &w.columns[next]
			next++
			e.states(prefix, &wc.state)
			for k, n := range wc.class {
				e.sum(index(prefix+"class/", k), n)
			}
			e.wide(prefix+"steps/", wc.steps)
			e.names("unseen", &wc.labels)
		}
	}
}

var textParts = [2]string{"length/", "commas/"}

// index writes i so that keys sort as numbers do.
func index(prefix string, i int) string {
	var digits, key [64]byte
	s := strconv.AppendInt(digits[:0], int64(i), 10)
	b := append(append(key[:0], prefix...), "000000"[min(6, len(s)):]...)
	return string(append(b, s...))
}

func stamp(at int64) string { return time.UnixMicro(at).UTC().Format(stampLayout) }

// stampLayout sorts as times do.
const stampLayout = "2006-01-02T15:04:05.000000Z"

// encode returns the canonical rows of the profile.
func (f *Profile) encode() *parts {
	e := &emitter{}
	e.sum("rows", f.rows)
	e.sum("read", f.read)
	e.sum("untimed", f.untimed)
	e.wide("reference/", f.values.wide)
	e.span("", f.times)
	if f.simulated {
		e.bound("simulated", opMax, 1)
	}
	if f.version != "" {
		e.unseen = append(e.unseen, unseenRow{Key: "version", Hash: f.versionAt, Name: f.version, N: 1})
	}
	e.durations("inference/", &f.inference)
	e.durations("response/", &f.response)
	e.requests("requests/", &f.requests)
	e.span("requests/", f.requestTimes)
	e.names("columns", &f.unknown)
	e.names("endpoints", &f.endpoints)
	for _, t := range f.slots.times() {
		s := f.slots.at[t]
		key := "slot/" + stamp(t)
		e.requests(key+"/", &s.requestCounts)
		e.names(key, &s.keys)
	}
	columns := make([]*emitter, len(f.columns))
	inParallel(chunkRows, len(columns), func(i int) {
		columns[i] = f.encodeColumn(i)
	})
	slices.SortFunc(columns, func(a, b *emitter) int { return strings.Compare(a.column, b.column) })
	e.join(columns)
	for _, t := range f.windows.times() {
		e.window = stamp(t)
		e.windowCounts(f.plan, f.windows.at[t])
	}
	for _, h := range f.sample.hashes() {
		k := f.sample.item[h]
		e.rows = append(e.rows, k.value.encode(h, k.n))
	}
	for i := range f.recent {
		e.newest = append(e.newest, f.recent[i].row.encode(f.recent[i].hash, 1))
	}
	e.sort()
	return &e.parts
}

// encodeColumn returns the rows of a column, and of the pairs that it is first
// of, sorted.
func (f *Profile) encodeColumn(i int) *emitter {
	c := &f.columns[i]
	e := &emitter{column: f.plan.columns[i].name}
	e.sum("absent", c.absent)
	e.sum("rejected", c.rejected)
	switch {
	case c.number != nil:
		e.number("", c.number)
	case c.category != nil:
		e.states("", &c.category.state)
		e.sum("other", c.category.other)
		for k, n := range c.category.counts {
			e.sum(index("name/", k), n)
		}
		e.names("unseen", &c.category.unseen)
	default:
		e.number(textParts[0], c.length)
		e.number(textParts[1], c.commas)
	}
	for j, ab := range f.plan.pairs {
		if ab[0] == i {
			e.pair(index("pair/", ab[1])+"/", &f.pairs[j])
		}
	}
	e.sort()
	return e
}

// join appends the rows of columns.
func (e *emitter) join(columns []*emitter) {
	n := len(e.counters)
	for _, c := range columns {
		n += len(c.counters)
	}
	e.counters = slices.Grow(e.counters, n-len(e.counters))
	for _, c := range columns {
		e.counters = append(e.counters, c.counters...)
		e.values = append(e.values, c.values...)
		e.unseen = append(e.unseen, c.unseen...)
	}
}

// sort puts the rows into their canonical order. Rows that stand in it take one
// pass.
func (e *emitter) sort() {
	slices.SortFunc(e.counters, func(a, b counterRow) int { return a.order(&b) })
	slices.SortFunc(e.values, valueRow.order)
	slices.SortFunc(e.unseen, unseenRow.order)
}

func (r *rawRow) encode(h uint64, n int64) sampleRow {
	return sampleRow{Hash: int64(h), N: n, Timed: r.timed, At: r.at, MS: r.ms, Version: r.version, ID: r.id, Cells: string(appendCells(nil, r.cells))}
}

func (r *counterRow) order(o *counterRow) int {
	for _, pair := range [...][2]string{{r.Window, o.Window}, {r.Segment, o.Segment}, {r.Column, o.Column}} {
		if pair[0] != pair[1] {
			return strings.Compare(pair[0], pair[1])
		}
	}
	return strings.Compare(r.Key, o.Key)
}

func (r valueRow) order(o valueRow) int {
	return cmp.Or(strings.Compare(r.Window, o.Window), strings.Compare(r.Segment, o.Segment), strings.Compare(r.Column, o.Column), strings.Compare(r.Key, o.Key), cmp.Compare(r.Value, o.Value))
}

func (r unseenRow) order(o unseenRow) int {
	return cmp.Or(strings.Compare(r.Window, o.Window), strings.Compare(r.Segment, o.Segment), strings.Compare(r.Column, o.Column), strings.Compare(r.Key, o.Key), cmp.Compare(uint64(r.Hash), uint64(o.Hash)))
}

// A digest hashes rows as they stand in an encoded profile: strings after their
// lengths, numbers as eight bytes.
type digest struct {
	h   hash.Hash
	buf []byte
}

func newDigest() *digest { return &digest{h: sha256.New()} }

func (d *digest) text(s string) {
	d.buf = binary.LittleEndian.AppendUint64(d.buf, uint64(len(s)))
	d.buf = append(d.buf, s...)
}

func (d *digest) number(n int64) { d.buf = binary.LittleEndian.AppendUint64(d.buf, uint64(n)) }

func (d *digest) end() {
	d.h.Write(d.buf)
	d.buf = d.buf[:0]
}

func (d *digest) sum() string { return hex.EncodeToString(d.h.Sum(nil)) }

func (r *counterRow) digest(d *digest) {
	d.text(CountersTable)
	for _, s := range []string{r.Window, r.Segment, r.Column, r.Key, r.Op} {
		d.text(s)
	}
	d.number(r.N)
	d.end()
}

func (r *valueRow) digest(d *digest) {
	d.text(ValuesTable)
	for _, s := range []string{r.Window, r.Segment, r.Column, r.Key} {
		d.text(s)
	}
	d.number(int64(math.Float64bits(r.Value)))
	d.number(r.N)
	d.end()
}

func (r *unseenRow) digest(d *digest) {
	d.text(UnseenTable)
	for _, s := range []string{r.Window, r.Segment, r.Column, r.Key, r.Name} {
		d.text(s)
	}
	d.number(r.Hash)
	d.number(r.N)
	d.end()
}

func (r *sampleRow) digest(d *digest, tableName string) {
	d.text(tableName)
	d.number(r.Hash)
	d.number(r.N)
	d.text(strconv.FormatBool(r.Timed))
	d.number(r.At)
	ms := r.MS
	if ms != ms {
		ms = math.NaN()
	}
	d.number(int64(math.Float64bits(ms)))
	for _, s := range []string{r.Version, r.ID, r.Cells} {
		d.text(s)
	}
	d.end()
}

func (s Shard) digest(d *digest) {
	d.text(s.Name)
	d.text(s.Digest)
	d.number(s.Rows)
	d.end()
}

// digestOf returns the digest of canonical rows under a plan and period.
func (f *Profile) digestOf(p *parts) string {
	d := newDigest()
	f.header(d)
	for i := range p.counters {
		p.counters[i].digest(d)
	}
	for i := range p.values {
		p.values[i].digest(d)
	}
	for i := range p.unseen {
		p.unseen[i].digest(d)
	}
	for i := range p.rows {
		p.rows[i].digest(d, RowsTable)
	}
	for i := range p.newest {
		p.newest[i].digest(d, NewestTable)
	}
	return d.sum()
}

func (f *Profile) header(d *digest) {
	d.text("leadsman profile")
	d.number(Version)
	d.text(f.plan.id)
	d.end()
}

// Digest returns the SHA-256 of all that the profile counted: equal for the
// same rows under the same plan, however they were sharded and merged.
func (f *Profile) Digest() string { return f.digestOf(f.encode()) }

// Seal names an unsealed profile as one shard of a larger whole. An empty name
// stands for the profile's own digest.
func (f *Profile) Seal(shard string) {
	f.sealed = f.encode()
	f.sealed.digest = f.digestOf(f.sealed)
	if shard == "" {
		shard = f.sealed.digest
	}
	f.shards = []Shard{{Name: shard, Digest: f.sealed.digest, Rows: f.rows + f.requests.total.n}}
}

// Shards returns the leaves that the profile is made of, by name.
func (f *Profile) Shards() []Shard { return f.shards }

const encodeBatch = 1 << 15

// Encode writes the profile's tables, each with at least one batch, the seal
// last.
func (f *Profile) Encode(write func(arrow.RecordBatch) error) error {
	if len(f.shards) == 0 {
		return errors.New("profile: has no seal")
	}
	p := f.sealed
	if p == nil {
		p = f.encode()
		p.digest = f.digestOf(p)
	}
	shards := newDigest()
	var list []shardRow
	for _, s := range f.shards {
		s.digest(shards)
		list = append(list, shardRow{s.Name, s.Digest, s.Rows})
	}
	seal := []sealRow{{Version: Version, PlanID: f.plan.id, Counted: string(f.counted), From: f.from, Until: f.until, Digest: p.digest, Shards: shards.sum()}}
	for _, step := range []func() error{
		func() error { return writeRows(CountersTable, p.counters, write) },
		func() error { return writeRows(ValuesTable, p.values, write) },
		func() error { return writeRows(UnseenTable, p.unseen, write) },
		func() error { return writeRows(RowsTable, p.rows, write) },
		func() error { return writeRows(NewestTable, p.newest, write) },
		func() error { return writeRows(ShardsTable, list, write) },
		func() error { return writeRows(SealTable, seal, write) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func writeRows[T any](name string, rows []T, write func(arrow.RecordBatch) error) error {
	for first := true; first || len(rows) > 0; first = false {
		n := min(len(rows), encodeBatch)
		rec := table.Encode(name, rows[:n])
		err := write(rec)
		rec.Release()
		if err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// Schemas returns the schemas of the tables of profiles and plans, for their
// documentation.
func Schemas() []*arrow.Schema {
	return []*arrow.Schema{
		table.Schema[counterRow](CountersTable), table.Schema[valueRow](ValuesTable), table.Schema[unseenRow](UnseenTable),
		table.Schema[sampleRow](RowsTable), table.Schema[sampleRow](NewestTable), table.Schema[shardRow](ShardsTable), table.Schema[sealRow](SealTable),
		table.Schema[planRow](PlanTable), table.Schema[planColumnRow](PlanColumnsTable), table.Schema[planEdgeRow](PlanEdgesTable), table.Schema[planCategoryRow](PlanCategoriesTable),
	}
}

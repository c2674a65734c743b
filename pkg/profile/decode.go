package profile

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// A decoder reads one encoded profile, table by table, row by row in canonical
// order, and believes it when its seal fits.
type decoder struct {
	f       *Profile
	digest  *digest
	shards  *digest
	stage   int // index in Tables of the table that is read
	counter counterRow
	value   valueRow
	unseen  unseenRow
	row     sampleRow
	column  map[string]int
	window  *windowCounts
}

func newDecoder(p *Plan) *decoder {
	d := &decoder{f: New(p, view.Period{}), digest: newDigest(), shards: newDigest(), column: make(map[string]int)}
	d.f.header(d.digest)
	for i, c := range p.columns {
		d.column[c.name] = i
	}
	return d
}

var (
	errOrder = errors.New("rows are not in canonical order")
	errKey   = errors.New("is not what this plan counts")
)

// add reads a batch of a profile's table and returns the profile when it was
// the seal.
func (d *decoder) add(rec arrow.RecordBatch) (*Profile, error) {
	name := table.NameOf(rec.Schema())
	stage := slices.Index(Tables, name)
	if stage != d.stage && stage != d.stage+1 {
		return nil, fmt.Errorf("profile: table %s stands after %s: a table is missing", name, Tables[d.stage])
	}
	d.stage = stage
	var err error
	switch name {
	case CountersTable:
		err = each(rec, func(r *counterRow, first bool) error {
			r.digest(d.digest)
			if !first && d.counter.order(r) >= 0 {
				return errOrder
			}
			if err := d.set(r, first || d.counter.Window != r.Window); err != nil {
				return fmt.Errorf("%s %s %s: %w", r.Window, r.Column, r.Key, err)
			}
			d.counter = *r
			return nil
		}, d.counter == counterRow{})
	case ValuesTable:
		err = each(rec, func(r *valueRow, first bool) error {
			r.digest(d.digest)
			if !first && d.value.order(*r) >= 0 {
				return errOrder
			}
			d.value = *r
			c := d.number(r.Column, &r.Key)
			if c == nil || r.Key != "" || !finite(r.Value) || r.N <= 0 || c.extra.saturated {
				return errKey
			}
			c.extra.add(r.Value+0, r.N)
			return nil
		}, d.value == valueRow{})
	case UnseenTable:
		err = each(rec, func(r *unseenRow, first bool) error {
			r.digest(d.digest)
			if !first && d.unseen.order(*r) >= 0 {
				return errOrder
			}
			d.unseen = *r
			return d.setName(r)
		}, d.unseen == unseenRow{})
	case RowsTable:
		err = each(rec, func(r *sampleRow, first bool) error {
			r.digest(d.digest, RowsTable)
			if !first && uint64(d.row.Hash) >= uint64(r.Hash) {
				return errOrder
			}
			d.row = *r
			row, err := d.rawRow(r)
			d.f.sample.add(uint64(r.Hash), r.N, func() rawRow { return row })
			return err
		}, len(d.f.sample.heap) == 0)
	case NewestTable:
		err = each(rec, func(r *sampleRow, _ bool) error {
			r.digest(d.digest, NewestTable)
			row, err := d.rawRow(r)
			d.f.recent.add(recentRow{r.At, uint64(r.Hash), row})
			return err
		}, false)
	case ShardsTable:
		err = each(rec, func(r *shardRow, _ bool) error {
			s := Shard{r.Shard, r.Digest, r.Rows}
			s.digest(d.shards)
			if n := len(d.f.shards); n > 0 && d.f.shards[n-1].Name >= s.Name {
				return errOrder
			}
			d.f.shards = append(d.f.shards, s)
			return nil
		}, false)
	case SealTable:
		if rec.NumRows() == 0 {
			return nil, errors.New("profile: table seal: is empty")
		}
		err = each(rec, d.unseal, false)
		if err == nil {
			return d.f, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("profile: table %s: %w", name, err)
	}
	return nil, nil
}

// each passes the rows of a batch on; first is given for the first of them.
func each[T any](rec arrow.RecordBatch, use func(r *T, first bool) error, first bool) error {
	rows, err := table.Decode[T](rec)
	if err != nil {
		return err
	}
	for i := range rows {
		if err := use(&rows[i], first && i == 0); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) unseal(r *sealRow, _ bool) error {
	switch {
	case r.Version != Version:
		return fmt.Errorf("has version %d, this leadsman reads %d", r.Version, Version)
	case r.PlanID != d.f.plan.id:
		return fmt.Errorf("is of plan %.12s, want plan %.12s", r.PlanID, d.f.plan.id)
	case r.Digest != d.digest.sum() || r.Shards != d.shards.sum():
		return errors.New("does not fit the tables before it: rows are missing or changed")
	case !slices.Contains([]Counted{"", OfLog, OfReference}, Counted(r.Counted)):
		return fmt.Errorf("counts %q, want log or reference", r.Counted)
	case len(d.f.shards) == 0:
		return errors.New("names no shard")
	}
	for i, c := range d.f.columns {
		for _, n := range []*numberCounts{c.number, c.length, c.commas} {
			if n != nil && !n.check() {
				return fmt.Errorf("column %s: its counters do not fit together", d.f.plan.columns[i].name)
			}
		}
	}
	d.f.from, d.f.until, d.f.counted = r.From, r.Until, Counted(r.Counted)
	return nil
}

func (d *decoder) rawRow(r *sampleRow) (rawRow, error) {
	cells, err := parseCells(r.Cells, len(d.f.plan.columns))
	if err != nil {
		return rawRow{}, err
	}
	if r.N <= 0 {
		return rawRow{}, errKey
	}
	return rawRow{timed: r.Timed, at: r.At, ms: r.MS, version: r.Version, id: r.ID, cells: cells}, nil
}

// number returns a column's number and strips its prefix from the key.
func (d *decoder) number(column string, key *string) *numberCounts {
	i, ok := d.column[column]
	if !ok {
		return nil
	}
	c := &d.f.columns[i]
	if c.number != nil {
		return c.number
	}
	for j, n := range []*numberCounts{c.length, c.commas} {
		if rest, ok := strings.CutPrefix(*key, textParts[j]); ok && n != nil {
			*key = rest
			return n
		}
	}
	return nil
}

// take strips prefix from key.
func take(key *string, prefix string) bool {
	rest, ok := strings.CutPrefix(*key, prefix)
	if ok {
		*key = rest
	}
	return ok
}

// place reads the number that index wrote at the front of key; it is -1 unless
// below n.
func place(key *string, n int) int {
	text, rest, _ := strings.Cut(*key, "/")
	*key = rest
	i, err := strconv.Atoi(text)
	if err != nil || i < 0 || i >= n {
		return -1
	}
	return i
}

// set sets one counter; fresh says that it is the first of its window.
func (d *decoder) set(r *counterRow, fresh bool) error {
	ok := false
	switch {
	case r.Segment != "":
	case r.Window != "":
		if fresh {
			d.window = nil
			if t, err := time.Parse(stampLayout, r.Window); err == nil && len(d.f.windows.at) < maxWindows {
				d.window = d.f.windows.get(t.UnixMicro(), d.f.plan.newWindow)
			}
		}
		ok = d.window != nil && d.setWindow(r.Column, r.Key, r.N)
	case r.Column == "":
		ok = d.setRun(r.Key, r.N)
	default:
		ok = d.setColumn(r.Column, r.Key, r.N)
	}
	if !ok {
		return errKey
	}
	return nil
}

func (d *decoder) setRun(key string, n int64) bool {
	f := d.f
	switch {
	case key == "rows":
		return setCount(&f.rows, n)
	case key == "read":
		return setCount(&f.read, n)
	case key == "untimed":
		return setCount(&f.untimed, n)
	case take(&key, "reference/"):
		return setWide(&f.values.wide, key, n)
	case key == "simulated":
		f.simulated = true
		return true
	case take(&key, "inference/"):
		return setDurations(&f.inference, key, n)
	case take(&key, "response/"):
		return setDurations(&f.response, key, n)
	case key == "requests/first" || key == "requests/last":
		return setSpan(&f.requestTimes, strings.TrimPrefix(key, "requests/"), n)
	case take(&key, "requests/"):
		return setRequests(&f.requests, key, n)
	case take(&key, "slot/"):
		s := d.slotOf(&key)
		return s != nil && setRequests(&s.requestCounts, key, n)
	}
	return setSpan(&f.times, key, n)
}

// slotOf returns the slot that the front of key names.
func (d *decoder) slotOf(key *string) *slot {
	text, rest, _ := strings.Cut(*key, "/")
	*key = rest
	t, err := time.Parse(stampLayout, text)
	if err != nil {
		return nil
	}
	at := t.UnixMicro()
	if len(d.f.slots.at) == maxSlots && d.f.slots.at[at] == nil {
		return nil
	}
	return d.f.slots.get(at, newSlot)
}

func setCount(to *int64, n int64) bool {
	*to = n
	return n > 0
}

func setSpan(s *span, key string, n int64) bool {
	switch key {
	case "first":
		*s = span{true, n, n}
		return true
	case "last":
		if !s.some || n < s.first {
			return false
		}
		s.last = n
		return true
	}
	return false
}

func setState(state *[states]int64, key string, n int64) bool {
	i := slices.Index(stateNames[:], key)
	return i >= 0 && setCount(&state[i], n)
}

func setAt(list []int64, key string, n int64) bool {
	i := place(&key, len(list))
	return i >= 0 && key == "" && setCount(&list[i], n)
}

func setLimb(s *exactSum, key string, n int64) bool {
	i := place(&key, squareLimbs)
	return i >= 0 && key == "" && s.set(i, n)
}

func setWide(w *wide, key string, n int64) bool {
	i := place(&key, 4)
	return i >= 0 && key == "" && w.setLimb(i, n)
}

func setCoarse(c *coarse, key string, n int64) bool {
	b := place(&key, coarseCount)
	if b < 0 || key != "" || n <= 0 {
		return false
	}
	c.add(b, n)
	return true
}

func setDurations(d *durations, key string, n int64) bool {
	switch {
	case key == "missing":
		return setCount(&d.missing, n)
	case key == "min":
		d.min = n
		return true
	case key == "max":
		d.max = n
		return true
	case take(&key, "sum/"):
		return setLimb(&d.sum, key, n)
	case take(&key, "bucket/"):
		if d.bucket == nil {
			d.bucket = make([]int64, bucketCount)
		}
		d.n += n
		return setAt(d.bucket, key, n)
	}
	return false
}

func setRequests(r *requestCounts, key string, n int64) bool {
	switch {
	case key == "n":
		return setCount(&r.total.n, n)
	case key == "succeeded":
		return setCount(&r.total.succeeded, n)
	case key == "missing":
		return setCount(&r.missing, n)
	case take(&key, "bucket/"):
		return setCoarse(&r.latency, key, n)
	}
	return false
}

func (d *decoder) setColumn(column, key string, n int64) bool {
	i, ok := d.column[column]
	if !ok {
		return false
	}
	c := &d.f.columns[i]
	if key == "absent" {
		return setCount(&c.absent, n)
	}
	if key == "rejected" {
		return setCount(&c.rejected, n)
	}
	if take(&key, "pair/") {
		b := place(&key, len(d.f.columns))
		at := slices.Index(d.f.plan.pairs, [2]int{i, b})
		return at >= 0 && setPair(&d.f.pairs[at], key, n)
	}
	if c.category == nil {
		number := d.number(column, &key)
		return number != nil && setNumber(number, key, n)
	}
	switch {
	case key == "other":
		return setCount(&c.category.other, n)
	case take(&key, "name/"):
		return setAt(c.category.counts, key, n)
	}
	return setState(&c.category.state, key, n)
}

func setNumber(c *numberCounts, key string, n int64) bool {
	for i, name := range sumNames {
		if take(&key, name) {
			return setLimb(c.sums()[i], key, n)
		}
	}
	switch {
	case key == "min":
		c.min = n
		return finite(fromImage(n))
	case key == "max":
		c.max = n
		return finite(fromImage(n))
	case key == "saturated":
		c.extra.saturate()
		return true
	case take(&key, "on/"):
		i := place(&key, len(c.grid.edges))
		return i >= 0 && setCount(&c.at[2*i+1], n)
	case take(&key, "open/"):
		i := place(&key, len(c.grid.edges)+1)
		return i >= 0 && setCount(&c.at[2*i], n)
	case take(&key, "cell/"):
		return setAt(c.fraction, key, n)
	}
	return setState(&c.state, key, n)
}

func setPair(p *pairCounts, key string, n int64) bool {
	switch {
	case take(&key, "class/"):
		i, j := place(&key, pairedClasses), place(&key, pairedClasses)
		return i >= 0 && j >= 0 && p.table != nil && setCount(&p.table[i*pairStride+j], n)
	case take(&key, "score/"):
		i := place(&key, len(p.sums()))
		if i < 0 {
			return false
		}
		*p.sums()[i] = n
		return p.numbers
	case take(&key, "steps/"):
		i := place(&key, len(p.wides()))
		return i >= 0 && p.numbers && setWide(p.wides()[i], key, n)
	}
	return false
}

// setWindow sets a counter of the current window.
func (d *decoder) setWindow(column, key string, n int64) bool {
	w := d.window
	if column != "" {
		c := w.column(d.f.plan, column, &key)
		switch {
		case c == nil:
			return false
		case take(&key, "class/"):
			return setAt(c.class, key, n)
		case take(&key, "steps/"):
			return setWide(&c.steps, key, n)
		}
		return setState(&c.state, key, n)
	}
	switch {
	case key == "rows":
		return setCount(&w.rows, n)
	case key == "inference/missing":
		return setCount(&w.inferenceMissing, n)
	case take(&key, "inference/bucket/"):
		return setCoarse(&w.inference, key, n)
	case take(&key, "requests/"):
		return setRequests(&w.requests, key, n)
	}
	return setSpan(&w.times, key, n)
}

// column finds a column's counters in a window and strips its prefix from the
// key.
func (w *windowCounts) column(p *Plan, name string, key *string) *windowColumn {
	next := 0
	for i := range p.columns {
		c := &p.columns[i]
		if c.name != name {
			next++
			if c.kind == view.TextKind {
				next++
			}
			continue
		}
		if c.kind != view.TextKind {
			return &w.columns[next]
		}
		for j, prefix := range textParts {
			if take(key, prefix) {
				return &w.columns[next+j]
			}
		}
	}
	return nil
}

func (d *decoder) setName(r *unseenRow) error {
	var b *bottom[string]
	f := d.f
	key := r.Key
	switch {
	case r.N <= 0 || r.Segment != "":
	case r.Window != "":
		t, err := time.Parse(stampLayout, r.Window)
		if err != nil || r.Key != "unseen" {
			return errKey
		}
		if w := f.windows.at[t.UnixMicro()]; w != nil {
			none := ""
			if c := w.column(f.plan, r.Column, &none); c != nil {
				b = &c.labels
			}
		}
	case r.Column != "":
		if i, ok := d.column[r.Column]; ok && f.columns[i].category != nil && key == "unseen" {
			b = &f.columns[i].category.unseen
		}
	case key == "version":
		f.sawVersion(r.Name, r.Hash)
		return nil
	case key == "columns":
		b = &f.unknown
	case key == "endpoints":
		b = &f.endpoints
	case take(&key, "slot/"):
		if s := d.slotOf(&key); s != nil {
			b = &s.keys
		}
	}
	if b == nil || len(b.heap) == b.k {
		return fmt.Errorf("%s %s %s: %w", r.Window, r.Column, r.Key, errKey)
	}
	b.add(uint64(r.Hash), r.N, func() string { return shorten(r.Name, math.MaxInt) })
	return nil
}

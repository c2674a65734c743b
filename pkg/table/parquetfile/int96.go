package parquetfile

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// An int96 column holds times as old writers have them, a day and the nanoseconds in
// it. They are read as microseconds: nanoseconds since 1970 end in 2262, and Spark
// writes the year 9999 for never.
type int96 struct {
	*field
	file  *file.Reader
	group int // the next one
	in    *file.Int96ColumnChunkReader

	raw []parquet.Int96
	def []int16
	n   int // values of def
	got int // values of raw
}

// load reads the values of so many rows, or of as many as are left.
func (c *int96) load(rows int64) error {
	if int64(len(c.raw)) < rows {
		c.raw, c.def = make([]parquet.Int96, rows), make([]int16, rows)
	}
	c.n, c.got = 0, 0
	for int64(c.n) < rows {
		if c.in == nil || !c.in.HasNext() {
			if c.in != nil && c.in.Err() != nil {
				return c.in.Err()
			}
			if c.group == c.file.NumRowGroups() {
				break
			}
			in, err := c.file.RowGroup(c.group).Column(c.column)
			if err != nil {
				return err
			}
			c.in, c.group = in.(*file.Int96ColumnChunkReader), c.group+1
			continue
		}
		n, got, err := c.in.ReadBatch(rows-int64(c.n), c.raw[c.got:], c.def[c.n:], nil)
		if err != nil {
			return err
		}
		if c.defined() == 0 {
			n = int64(got)
		}
		if n == 0 {
			return fmt.Errorf("column %s: has fewer values than rows", c.Name)
		}
		c.n, c.got = c.n+int(n), c.got+got
	}
	return nil
}

// defined is the definition level of a value that is there.
func (c *int96) defined() int16 { return c.field.levels.DefLevel }

func (c *int96) build(int64) (arrow.Array, error) {
	b := array.NewTimestampBuilder(mem, c.Type.(*arrow.TimestampType))
	defer b.Release()
	b.Reserve(c.n)
	next := 0
	for i := range c.n {
		if c.defined() > 0 && c.def[i] < c.defined() {
			b.UnsafeAppendBoolToBitmap(false)
			continue
		}
		if next == c.got {
			return nil, fmt.Errorf("column %s: has fewer values than its levels say", c.Name)
		}
		b.UnsafeAppend(microseconds(c.raw[next]))
		next++
	}
	return b.NewArray(), nil
}

// microseconds returns the moment since 1970, rounded down. Damaged ones, beyond what
// int64 holds or the day's end, are moved to there.
func microseconds(v parquet.Int96) arrow.Timestamp {
	const epoch, perDay = 2440588, 24 * 60 * 60 * 1000 * 1000 // Julian day of 1970-01-01
	day := min(int64(binary.LittleEndian.Uint32(v[8:]))-epoch, math.MaxInt64/perDay-1)
	within := min(binary.LittleEndian.Uint64(v[:])/1000, perDay-1)
	return arrow.Timestamp(day*perDay + int64(within))
}

func (c *int96) levels() (def, rep []int16) { return c.def[:c.n], nil }

func (c *int96) repeats() bool { return false }

func (c *int96) release() { c.in = nil }

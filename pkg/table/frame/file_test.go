package frame

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// arrowFile is a file of two batches of 100 rows, and a dictionary.
func arrowFile(t testing.TB, o ...ipc.Option) []byte {
	t.Helper()
	word := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	schema := arrow.NewSchema([]arrow.Field{{Name: "w", Type: word}, {Name: "n", Type: arrow.PrimitiveTypes.Int64}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for i := range 100 {
		if err := b.Field(0).(*array.BinaryDictionaryBuilder).AppendString("a word"); err != nil {
			t.Fatal(err)
		}
		b.Field(1).(*array.Int64Builder).Append(int64(i))
	}
	rec := b.NewRecordBatch()
	var out bytes.Buffer
	w, err := ipc.NewFileWriter(&out, append(o, ipc.WithSchema(schema))...)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(rec), w.Write(rec), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// fileRows reads a file as the package table does.
func fileRows(b []byte) (rows int64, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("panic")
		}
	}()
	messages, err := NewFileReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return 0, err
	}
	r, err := ipc.NewReaderFromMessageReader(messages)
	if err != nil {
		return 0, err
	}
	defer r.Release()
	for r.Next() {
		if err := array.ValidateRecordFull(r.RecordBatch()); err != nil {
			return rows, err
		}
		rows += r.RecordBatch().NumRows()
	}
	return rows, r.Err()
}

// The footer's schema counts: without the message at the start the file is the
// same. Cut anywhere it is none.
func TestFile(t *testing.T) {
	for _, o := range [][]ipc.Option{nil, {ipc.WithLZ4()}} {
		whole := arrowFile(t, o...)
		if n, err := fileRows(whole); n != 200 || err != nil {
			t.Errorf("%d rows, %v", n, err)
		}
		footerOnly := bytes.Clone(whole)
		first := 16 + int(binary.LittleEndian.Uint32(whole[12:]))
		clear(footerOnly[8:first])
		if n, err := fileRows(footerOnly); n != 200 || err != nil {
			t.Errorf("a schema in the footer alone: %d rows, %v", n, err)
		}
		for at := range whole {
			if _, err := NewFileReader(bytes.NewReader(whole[:at]), int64(at)); !errors.Is(err, ErrCut) {
				t.Fatalf("cut at %d: %v", at, err)
			}
		}
	}
}

// Blocks may not lie outside the file, nor be longer together than it is.
func TestFooterClaims(t *testing.T) {
	whole := arrowFile(t)
	length := int(binary.LittleEndian.Uint32(whole[len(whole)-10:]))
	footer := len(whole) - 10 - length
	for name, damage := range map[string]func(b []byte){
		"a long footer": func(b []byte) { binary.LittleEndian.PutUint32(b[len(b)-10:], uint32(len(b))) },
		"a long block": func(b []byte) {
			at := footer + int(binary.LittleEndian.Uint32(b[footer:]))
			h := &flat{b: b[footer : footer+length], visits: 100}
			blocks, n := h.vector(at-footer, 3, 24)
			if n != 2 {
				t.Fatalf("%d blocks", n)
			}
			binary.LittleEndian.PutUint64(b[footer+blocks+16:], uint64(len(b)))
		},
	} {
		b := bytes.Clone(whole)
		damage(b)
		if _, err := fileRows(b); !errors.Is(err, errFooter) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzFile(f *testing.F) {
	f.Add(arrowFile(f))
	f.Add(arrowFile(f, ipc.WithZstd()))
	f.Fuzz(func(_ *testing.T, b []byte) { _, _ = fileRows(b) })
}

func TestIsLegacy(t *testing.T) {
	whole := stream(t)
	legacy := whole[4:] // without the marker
	if !IsLegacy(legacy) || IsLegacy(whole) || IsLegacy(legacy[:31]) {
		t.Error("a stream without a marker is legacy, one with it or cut short is not")
	}
	for _, text := range []string{`{"timestamp":"2026-01-05T00:00:00Z","score":1}`, "timestamp,score,a_long_name,another\n1,2,3,4\n", "PAR1\x15\x04\x15\x80\x15\x4c\x15\x02\x15\x00\x12\x00\x00PAR1PAR1PAR1"} {
		if IsLegacy([]byte(text)) {
			t.Errorf("%q", text)
		}
	}
	if n, err := messages(NewReader(bytes.NewReader(legacy))); n != 3 || err != io.EOF {
		t.Errorf("%d messages, %v", n, err)
	}
}

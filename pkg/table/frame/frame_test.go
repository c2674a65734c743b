package frame

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// stream is a schema, a dictionary and a batch, written by arrow-go.
func stream(t testing.TB, o ...ipc.Option) []byte {
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
	var out bytes.Buffer
	w := ipc.NewWriter(&out, append(o, ipc.WithSchema(schema))...)
	if err := errors.Join(w.Write(b.NewRecordBatch()), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// messages reads to the first error and counts what came before it.
func messages(r *Reader) (n int, err error) {
	defer r.Release()
	for ; ; n++ {
		if _, err = r.Message(); err != nil {
			return n, err
		}
	}
}

func TestMessages(t *testing.T) {
	for _, o := range [][]ipc.Option{nil, {ipc.WithZstd()}} {
		whole := stream(t, o...)
		r := NewReader(bytes.NewReader(whole))
		if n, err := messages(r); n != 3 || err != io.EOF || r.Cut() {
			t.Errorf("%d messages, %v, cut %v", n, err, r.Cut())
		}
		for at := range whole {
			r := NewReader(bytes.NewReader(whole[:at]))
			if _, err := messages(r); !errors.Is(err, ErrCut) || !r.Cut() {
				t.Fatalf("cut at %d: %v", at, err)
			}
		}
	}
}

// Counts and lengths that a header claims are refused before anything is made of
// them; a torn reader's error stays its own.
func TestClaims(t *testing.T) {
	whole := stream(t)
	refused := func(what string, b []byte) {
		t.Helper()
		if _, err := messages(NewReader(bytes.NewReader(b))); err == nil || !strings.HasPrefix(err.Error(), "damaged stream: ") {
			t.Errorf("%s: %v", what, err)
		}
	}
	long := bytes.Clone(whole)
	binary.LittleEndian.PutUint32(long[4:], maxHeader+1)
	refused("a long header", long)
	outside := bytes.Clone(whole)
	binary.LittleEndian.PutUint32(outside[8:], 1<<30)
	refused("a table outside the header", outside)
	// Wherever a row count of 100 stands in the header of the batch, as 8 bytes.
	hundred := binary.LittleEndian.AppendUint64(nil, 100)
	counts := 0
	for at := bytes.LastIndex(whole, hundred); at > 0; at = bytes.LastIndex(whole[:at], hundred) {
		many := bytes.Clone(whole)
		binary.LittleEndian.PutUint64(many[at:], maxRows+1)
		if _, err := messages(NewReader(bytes.NewReader(many))); errors.Is(err, errHeader) {
			counts++
		}
	}
	if counts != 3 { // of the batch and of its two columns
		t.Errorf("%d counts of rows are checked, want 3", counts)
	}
	torn := errors.New("torn")
	if _, err := NewReader(io.MultiReader(bytes.NewReader(whole[:20]), tornReader{torn})).Message(); !errors.Is(err, torn) {
		t.Errorf("a torn reader: %v", err)
	}
}

type tornReader struct{ err error }

func (r tornReader) Read([]byte) (int, error) { return 0, r.err }

package parquetfile_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"

	"github.com/leadsman/leadsman/pkg/table/parquetfile"
)

// verified opens a file and holds it to its digests.
func verified(raw []byte) (sealed bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p) // arrow-go's, of a damaged footer
		}
	}()
	f, err := file.NewParquetReader(bytes.NewReader(raw))
	if err != nil {
		return false, err
	}
	defer f.Close()
	return parquetfile.Verify(bytes.NewReader(raw), int64(len(raw)))
}

func sealedFile(t *testing.T, parts int, props *parquet.WriterProperties) []byte {
	t.Helper()
	var out bytes.Buffer
	schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: arrow.PrimitiveTypes.Float64, Nullable: true}, {Name: "s", Type: arrow.BinaryTypes.String, Nullable: true}}, nil)
	w, err := parquetfile.NewWriter(&out, schema, props)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(2, 3))
	for range parts {
		if err := w.Write(batch(rng, schema, 200)); err != nil {
			t.Fatal(err)
		}
	}
	body, err := w.Body()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := parquetfile.Body(bytes.NewReader(out.Bytes()), int64(out.Len())); len(body) != 64 || got != body && props.CreatedBy() == parquetfile.Creator {
		t.Errorf("carries %q, was told %q", got, body)
	}
	return out.Bytes()
}

// Whatever single bit of a file flips: it is refused, or it is one that no value of it can
// depend on, since the file then carries no digest at all and its pages are whole.
func TestEveryBitIsHeldToTheDigests(t *testing.T) {
	raw := sealedFile(t, 2, parquet.NewWriterProperties(parquet.WithCreatedBy(parquetfile.Creator), parquet.WithCompression(compress.Codecs.Snappy)))
	if sealed, err := verified(raw); !sealed || err != nil {
		t.Fatalf("as it was written: %v, %v", sealed, err)
	}
	// Of the footer only the name of the key, that of the creator, and their lengths can
	// take the seal away; the rest of it is under the seal.
	key := bytes.LastIndex(raw, []byte(parquetfile.SealKey))
	harmless := func(at int) bool {
		value := key + len(parquetfile.SealKey) + 3
		return at >= key && at < value || at >= value+128 && at < value+128+3+len(parquetfile.Creator)
	}
	unsealed := 0
	for at := range raw {
		for bit := range 8 {
			if at < key-600 && bit != at%8 {
				continue // one bit of each byte of the pages
			}
			damaged := bytes.Clone(raw)
			damaged[at] ^= 1 << bit
			sealed, err := verified(damaged)
			switch {
			case err != nil:
			case sealed:
				t.Fatalf("byte %d bit %d of %d: taken", at, bit, len(raw))
			case harmless(at):
				unsealed++
			default:
				t.Errorf("byte %d bit %d of %d (key at %d): carries no digest", at, bit, len(raw), key)
			}
		}
	}
	if unsealed == 0 {
		t.Error("no bit takes the seal away: the test looks at the wrong bytes")
	}
}

// Files that others wrote are not sealed, also where they carry our metadata along.
func TestOthersAreNotSealed(t *testing.T) {
	raw := sealedFile(t, 1, parquet.NewWriterProperties(parquet.WithCreatedBy("pyarrow")))
	if sealed, err := verified(raw); sealed || err != nil {
		t.Errorf("%v, %v", sealed, err)
	}
	cut := raw[:len(raw)/2]
	if _, err := verified(cut); err == nil {
		t.Error("half a file is taken")
	}
	if sealed, err := verified(bytes.ReplaceAll(raw, []byte("pyarrow"), []byte("leadsma"))); sealed || err != nil {
		t.Errorf("a creator of another name: %v, %v", sealed, err)
	}
}

// Pages with checksums, of files that pyarrow wrote, are held to them, whatever their
// version and compression.
func TestPageChecksums(t *testing.T) {
	paths, err := filepath.Glob("testdata/checksums-*.parquet")
	if err != nil || len(paths) != 3 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := file.NewParquetReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		check := func(raw []byte) error {
			return parquetfile.CheckPages(bytes.NewReader(raw), int64(len(raw)), f)
		}
		if err := check(raw); err != nil {
			t.Errorf("%s: as it was written: %v", path, err)
		}
		for g := range f.NumRowGroups() {
			for c, name := range []string{"x", "s"} {
				chunk, err := f.MetaData().RowGroup(g).ColumnChunk(c)
				if err != nil {
					t.Fatal(err)
				}
				start := chunk.DataPageOffset()
				if chunk.HasDictionaryPage() {
					start = chunk.DictionaryPageOffset()
				}
				// The first page's header is shorter than 100 bytes, and the last bytes are values.
				for _, at := range []int64{start + 100, start + chunk.TotalCompressedSize()/2, start + chunk.TotalCompressedSize() - 1} {
					damaged := bytes.Clone(raw)
					damaged[at] ^= 1
					if err := check(damaged); at == start+chunk.TotalCompressedSize()-1 && (err == nil || err.Error() != "column "+name+": the checksum of a page is not that of its contents") {
						t.Errorf("%s: byte %d of column %s: %v", path, at, name, err)
					}
				}
			}
		}
	}
	// A file without checksums is left alone.
	raw := sealedFile(t, 1, props())
	f, err := file.NewParquetReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	damaged := bytes.Clone(raw)
	damaged[len(raw)/3] ^= 1
	if err := parquetfile.CheckPages(bytes.NewReader(damaged), int64(len(raw)), f); err != nil {
		t.Error(err)
	}
}

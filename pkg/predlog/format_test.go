package predlog_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/klauspost/compress/gzip"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/logtest"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

func TestNoLog(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(logtest.Line("{}"))); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		packed.String() + "this is no gzip at all": "log: behind the compressed data is something else",
		"\xff\xfe{\x00":    "log: is UTF-16: want UTF-8",
		"\xfe\xff\x00{":    "log: is UTF-16: want UTF-8",
		"PK\x03\x04\x14":   "log: is a zip archive or a spreadsheet: want what is in it, as CSV, JSON lines, Parquet or Arrow",
		"ORC\x11\x00":      "log: is ORC: want Parquet, as pyarrow.orc.read_table and pyarrow.parquet.write_table make it",
		"\x80\x05\x95\x00": "log: is a pickle of Python: want Parquet, as to_parquet writes it",
		"Obj\x01\x04\x14":  "log: is Avro: want JSON lines or Parquet",
	} {
		d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions}}, func(arrow.RecordBatch) error { return nil })
		if err := d.From("log", strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("%.20q: %v, want %s", text, err, want)
		}
	}
}

// A name of letters is a file's only where the file is no text.
func TestTextLikeAMagic(t *testing.T) {
	for _, text := range []string{"ORCID,score\nA,0.5\n", "FEA1,score\n1,0.5\n"} {
		if rows, _, s := logtest.Reference(t, "ref.csv", text, predlog.Options{}); len(rows) != 1 || s.Bad != 0 {
			t.Errorf("%q: %v, %+v", text, rows, s)
		}
	}
}

// An error of emit comes back as it is, without the name of the source.
func TestEmitError(t *testing.T) {
	for _, text := range []string{strings.Repeat(logtest.Line(`{"n":1}`), 1<<16+1), "score\n" + strings.Repeat("1\n", 1<<16+1)} {
		want := fmt.Errorf("disk full")
		d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.References}}, func(arrow.RecordBatch) error { return want })
		if err := d.From("x", strings.NewReader(text)); err == nil || err.Error() != "disk full" {
			t.Errorf("got %v", err)
		}
	}
}

// Whatever the bytes of a file, there are rows or an error, and no panic.
func FuzzFile(f *testing.F) {
	f.Add([]byte("a,b\n1,\"x\"\n"), uint8(2))
	f.Add([]byte("timestamp,score\n2026-03-01T12:00:00Z,1\n"), uint8(0))
	f.Add([]byte(logtest.Line(`{"n":1}`)), uint8(0))
	f.Add([]byte("0\n\"0"), uint8(2))
	f.Add([]byte("\x1f\x8b\x08\x00"), uint8(1))
	f.Add([]byte("PAR1PAR1"), uint8(2))
	f.Add([]byte("\x28\xb5\x2f\xfd"), uint8(1))
	f.Add([]byte("\xff\xff\xff\xff\x10\x00\x00\x00"), uint8(0))
	others, err := filepath.Glob("../table/testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for i, path := range others {
		whole, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(whole, uint8(i))
	}
	f.Fuzz(func(t *testing.T, data []byte, which uint8) {
		kind := []mapping.Kind{mapping.Predictions, mapping.Requests, mapping.References}[which%3]
		rows := int64(0)
		d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: kind, ID: "id", Target: "y"}}, func(rec arrow.RecordBatch) error {
			rows += rec.NumRows()
			return array.ValidateRecordFull(rec)
		})
		err := d.From("x", bytes.NewReader(data))
		if err != nil {
			return
		}
		s, err := d.Close()
		if err != nil {
			t.Fatal(err)
		}
		if s.Rows != rows || s.Rows+s.Bad != s.Lines {
			t.Fatalf("%d rows out, %+v", rows, s)
		}
	})
}

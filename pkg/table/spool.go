package table

import (
	"bytes"
	"io"
	"os"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/files"
)

// spoolMemory is how many bytes of batches a Spool keeps before it turns to a
// temporary file.
const spoolMemory = 64 << 20

// A Spool holds batches that have to be read again: in memory, and when they are
// many in a temporary file. The zero Spool is empty.
type Spool struct {
	kept  []arrow.RecordBatch
	bytes int64
	file  *os.File // nil while all is kept
	out   *Writer
	ended bool
}

// Empty reports whether no batch was added.
func (s *Spool) Empty() bool { return s.file == nil && len(s.kept) == 0 }

// Add takes a batch; the caller may release it.
func (s *Spool) Add(rec arrow.RecordBatch) error {
	if s.file == nil {
		rec.Retain()
		s.kept = append(s.kept, rec)
		if s.bytes += sizeOf(rec); s.bytes <= spoolMemory {
			return nil
		}
		return s.spill()
	}
	return s.out.Write(rec)
}

// Copy returns a batch of the same rows in memory of its own.
func Copy(rec arrow.RecordBatch) (arrow.RecordBatch, error) {
	var buf bytes.Buffer
	w := NewWriter(&buf)
	if err := w.Write(rec); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	r := NewReader("copy", &buf)
	defer r.Close()
	if !r.Next() {
		return nil, r.Err()
	}
	out := r.Batch()
	out.Retain()
	return out, nil
}

func sizeOf(rec arrow.RecordBatch) (bytes int64) {
	for _, col := range rec.Columns() {
		bytes += int64(col.Data().SizeInBytes())
	}
	return bytes
}

func (s *Spool) spill() error {
	f, err := files.Scratch()
	if err != nil {
		return err
	}
	s.file, s.out = f, NewWriter(f)
	for _, rec := range s.kept {
		if err := s.out.Write(rec); err != nil {
			return err
		}
		rec.Release()
	}
	s.kept = nil
	return nil
}

// Each passes on the batches in the order in which they came; a batch is good
// until use returns. It may be called again, but nothing can be added
// afterwards.
func (s *Spool) Each(use func(arrow.RecordBatch) error) error {
	if s.file == nil {
		for _, rec := range s.kept {
			if err := use(rec); err != nil {
				return err
			}
		}
		return nil
	}
	if !s.ended {
		if err := s.out.Close(); err != nil {
			return err
		}
		s.ended = true
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r := NewReader("spool", s.file)
	for r.Next() {
		if err := use(r.Batch()); err != nil {
			return err
		}
	}
	return r.Err()
}

// Close releases the batches.
func (s *Spool) Close() {
	for _, rec := range s.kept {
		rec.Release()
	}
	s.kept = nil
	if s.file != nil {
		s.file.Close() // it has no name: closing removes it
	}
}

package main

import (
	"io"
	"os"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/util"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/table"
)

// spoolMemory is how many bytes of batches a spool keeps before it turns to a
// temporary file.
const spoolMemory = 64 << 20

// A spool holds batches that have to be read again.
type spool struct {
	any   bool // a batch was added
	kept  []arrow.RecordBatch
	bytes int64
	file  *os.File // nil while all is kept
	out   *table.Writer
	ended bool
}

// add takes a batch; the caller may release it.
func (s *spool) add(rec arrow.RecordBatch) error {
	s.any = true
	if s.file == nil {
		rec.Retain()
		s.kept = append(s.kept, rec)
		if s.bytes += util.TotalRecordSize(rec); s.bytes <= spoolMemory {
			return nil
		}
		return s.spill()
	}
	return s.out.Write(rec)
}

func (s *spool) spill() error {
	f, err := files.Scratch()
	if err != nil {
		return err
	}
	s.file, s.out = f, table.NewWriter(f)
	for _, rec := range s.kept {
		if err := s.out.Write(rec); err != nil {
			return err
		}
		rec.Release()
	}
	s.kept = nil
	return nil
}

// each passes on the batches in the order in which they came. Nothing can be
// added afterwards.
func (s *spool) each(use func(arrow.RecordBatch) error) error {
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
	r := table.NewReader("spool", s.file)
	for r.Next() {
		if err := use(r.Batch()); err != nil {
			return err
		}
	}
	return r.Err()
}

func (s *spool) close() {
	for _, rec := range s.kept {
		rec.Release()
	}
	s.kept = nil
	if s.file != nil {
		s.file.Close() // it has no name: closing removes it
	}
}

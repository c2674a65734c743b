package render

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// RunOf is the run of the tables in dir; nil where there is none that can be read.
func RunOf(dir string) *verdict.Run {
	path := filepath.Join(dir, "run.parquet")
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	in := table.Open(table.Input{Name: path})
	in.Plain = "run"
	defer in.Close()
	var runs []verdict.Run
	for in.Next() {
		more, err := table.Decode[verdict.Run](in.Batch())
		if err != nil {
			return nil
		}
		runs = append(runs, more...)
	}
	if in.Err() != nil || len(runs) != 1 {
		return nil
	}
	return &runs[0]
}

// newest is the report that the overview of the site in dir shows: that of the night
// given, unless the site shows a later night of the history, which it then goes on to
// show.
func newest(dir string, given *report.Tables, nights []verdict.Night) (*report.Tables, error) {
	shown := RunOf(filepath.Join(dir, "data"))
	if shown == nil {
		return given, nil
	}
	if err := history.OwnerOfSite(shown, &given.Run); err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	end := history.EndOf(shown)
	if !end.After(history.EndOf(&given.Run)) || !kept(nights, shown.Site, end.UnixMicro()) {
		return given, nil
	}
	in := table.Open(table.Input{Name: filepath.Join(dir, "data")})
	defer in.Close()
	later, err := report.Read(in)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: shows a later night, which cannot be read again", dir), err)
	}
	return later, nil
}

// kept tells whether a night is in the history.
func kept(nights []verdict.Night, site string, end int64) bool {
	for i := range nights {
		if nights[i].Site == site && nights[i].PeriodEnd.UnixMicro() == end {
			return true
		}
	}
	return false
}

package report

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/driftcalc"
	"github.com/leadsman/leadsman/pkg/commands/ingest"
	"github.com/leadsman/leadsman/pkg/commands/render"
	"github.com/leadsman/leadsman/pkg/files"
)

// backfill judges the nights before tonight one after another, each as it would have
// been, and then tonight.
func (n *night) backfill() error {
	if slices.ContainsFunc(n.predictions, files.IsStream) || slices.Contains(n.predictions, "-") {
		return cli.Usagef("--backfill: reads the log more than once: want a file or a directory")
	}
	now, err := time.Parse(time.RFC3339, n.now[1])
	if err != nil {
		return cli.Usagef("--now: want a time such as 2025-03-01T00:00:00Z, got %q", n.now[1])
	}
	// The nights wait in a file beside the site, which may not be there yet: nobody else
	// may add one until they are in.
	if err := os.MkdirAll(filepath.Dir(filepath.Clean(n.site)), 0o777); err != nil {
		return err
	}
	locked := []string{n.site}
	if !files.Below(n.history, n.site) {
		locked = append(locked, n.history)
	}
	for _, path := range locked {
		unlock, err := files.Lock(path)
		if err != nil {
			return err
		}
		defer unlock()
	}
	kept := filepath.Join(n.work, "history.parquet")
	if err := copyFile(n.history, kept); err != nil {
		return err
	}
	var logs []string
	for kind, log := range map[string][]string{"predictions": n.predictions, "requests": n.requests} {
		if len(log) == 0 {
			continue
		}
		if kind == "predictions" {
			log = slices.Concat(n.reference, log)
		}
		path := filepath.Join(n.work, kind+".arrows")
		if err := n.env.Step(ingest.App(), args(n.config, append([]string{"--kind", kind, "-o", path}, log...)...)...); err != nil {
			return err
		}
		logs = append(logs, path)
	}
	slices.Sort(logs)
	judge := func(at time.Time, tables string) (newest time.Time, err error) {
		err = n.env.Step(driftcalc.App(), args(n.config, slices.Concat(n.reference, n.outcomes, []string{"--now", at.Format(time.RFC3339), "-o", tables}, logs)...)...)
		if run := render.RunOf(tables); err == nil && run != nil {
			newest = run.Newest
		}
		return newest, err
	}
	end, err := n.end(now, judge)
	if err != nil {
		return err
	}
	made := 0
	for back := n.nights; back > 0; back-- {
		tables := filepath.Join(n.work, fmt.Sprintf("night-%d", back)) + "/"
		newest, err := judge(end.AddDate(0, 0, -back), tables)
		if err != nil {
			return err
		}
		if newest.IsZero() {
			continue // the log begins later
		}
		if err := n.env.Step(render.App(), args(n.config, "--history", kept, "--history-only", tables)...); err != nil {
			return err
		}
		made++
		if err := os.RemoveAll(tables); err != nil {
			return err
		}
	}
	n.env.Notef("%d nights before this one are in the history", made)
	own := n.history
	n.history = kept
	if render.InSite(own, n.site) {
		return n.run()
	}
	// A night that the history lacks would be lost, so it gets them before the site; only
	// one in a site that is not there yet has to wait.
	if _, err := os.Stat(filepath.Dir(own)); err == nil {
		if err := copyFile(kept, own); err != nil {
			return err
		}
		n.history = own
		return n.run()
	}
	if err := n.run(); err != nil {
		return err
	}
	return copyFile(kept, own)
}

// end is the night behind the last that is judged beforehand: tonight, or where the log
// ended days ago the one behind its end, for the nights between have heard nothing.
func (n *night) end(now time.Time, judge func(at time.Time, tables string) (newest time.Time, err error)) (time.Time, error) {
	newest, err := judge(now, filepath.Join(n.work, "newest")+"/")
	if err != nil || newest.IsZero() {
		return now, err
	}
	silent := int(now.Sub(newest)/(24*time.Hour)) - 1
	return now.AddDate(0, 0, -max(silent, 0)), nil
}

// copyFile copies a file that may not be there.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer in.Close()
	return files.Write(to, func(w io.Writer) error {
		_, err := io.Copy(w, in)
		return err
	})
}

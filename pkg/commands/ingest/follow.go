package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/predlog/tail"
	"github.com/leadsman/leadsman/pkg/table"
)

// A follower writes a log that grows as parts: bundles of so many lines, or of so much of
// the log's own time. Where a part ends does not depend on when it is read.
type follower struct {
	env    *cli.Env
	o      options
	dir    string
	lines  int64         // of a part
	every  time.Duration // of a part, aligned to UTC; 0 for no bound
	moment []string      // where a line has its time: names from the line inwards
	log    *tail.Log
	stop   <-chan struct{}
	told   bool   // to finish: what is there is read to its end
	done   bool   // it was
	next   []byte // the line that the next part begins with, nil for none
}

// A diary is what the next process has to know. It is written before a part gets its
// name, so that a part that stands there was read up to Then, and else up to Now.
type diary struct {
	Log  string     `json:"log"`
	Part int        `json:"part"` // the next one
	Now  tail.Place `json:"now"`
	Then tail.Place `json:"then"` // when part is there
}

const (
	diaryName = ".follow.json"
	lookAgain = 200 * time.Millisecond
)

// follow runs until it is told to finish, or for as long as the log grows no further
// where once is set.
func follow(ctx *ucli.Context, env *cli.Env, o options) error {
	f := &follower{env: env, o: o, dir: ctx.String("follow"), lines: ctx.Int64("part-rows"), every: ctx.Duration("part-time")}
	switch {
	case len(o.files) != 1 || o.files[0] == "-":
		return cli.Usagef("--follow: want one log, the file that the service writes")
	case f.lines < 1:
		return cli.Usagef("--part-rows: want more than 0, got %d", f.lines)
	case f.every < 0 || f.every%time.Second != 0:
		return cli.Usagef("--part-time: want whole seconds, got %v", f.every)
	case ctx.IsSet("output") || ctx.IsSet("format") || ctx.IsSet("health"):
		return cli.Usagef("--follow: writes parts into its directory: leave out --output, --format and --health")
	case o.kind == mapping.References:
		return cli.Usagef("--follow: a reference does not grow")
	case o.kind == mapping.Predictions && o.reference == "" && len(o.pins) == 0:
		return cli.Usagef("--follow: say with --plan, --reference or --config which types the columns have, else those of one part are not those of the next")
	}
	f.moment = strings.Split(timestampPath(o), ".")
	f.o.files, f.o.judges = nil, false // the whole log is judged, by driftcalc
	f.stop = files.Finish()
	unlock, err := files.Lock(filepath.Join(f.dir, "parts"))
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(f.dir, 0o777); err != nil {
			return err
		}
		unlock, err = files.Lock(filepath.Join(f.dir, "parts"))
	}
	if err != nil {
		return err
	}
	defer unlock()
	return f.run(o.files[0])
}

// timestampPath is where a line has its time.
func timestampPath(o options) string {
	if f, ok := o.fields.Of(o.kind)["timestamp"]; ok && f.Path != "" {
		return f.Path
	}
	return "timestamp"
}

func (f *follower) run(path string) error {
	d, err := f.readDiary(path)
	if err != nil {
		return err
	}
	if f.log, err = tail.Open(path, d.Now, func(s string) { f.env.Notef("%s", s) }); err != nil {
		return err
	}
	defer f.log.Close()
	for {
		done, err := f.part(path, &d)
		if done || err != nil {
			return err
		}
	}
}

// readDiary reads where an earlier process stopped.
func (f *follower) readDiary(path string) (diary, error) {
	name := filepath.Join(f.dir, diaryName)
	d := diary{Log: path, Part: 1}
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		if old, _ := filepath.Glob(filepath.Join(f.dir, "part-*.arrows")); len(old) > 0 {
			return d, fmt.Errorf("%s: holds parts and no %s that says up to where the log was read: name a new directory", f.dir, diaryName)
		}
		return d, nil
	}
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal(text, &d); err != nil || d.Part < 1 {
		return d, fmt.Errorf("%s: is damaged", name)
	}
	if d.Log != path {
		return d, fmt.Errorf("%s: has the parts of %s: name another directory for %s", f.dir, d.Log, path)
	}
	if _, err := os.Stat(f.partName(d.Part)); err == nil {
		d.Part, d.Now = d.Part+1, d.Then
	}
	return d, nil
}

func (f *follower) partName(n int) string {
	return filepath.Join(f.dir, fmt.Sprintf("part-%06d.arrows", n))
}

// part writes one part and tells whether it was the last one.
func (f *follower) part(path string, d *diary) (last bool, err error) {
	in := &partReader{f: f, until: f.lines}
	if first, err := in.wait(); err != nil || first == nil {
		return true, err // told to finish before there was a line
	}
	out, err := files.Create(f.partName(d.Part))
	if err != nil {
		return true, err
	}
	defer out.Abort()
	sink := table.NewWriter(out)
	env := *f.env
	env.Stdin, env.StderrTerminal = in, false
	if err := rows(&env, f.o, sink); err != nil {
		return true, fmt.Errorf("%s: %w", path, err)
	}
	if err := sink.Close(); err != nil {
		return true, err
	}
	d.Then = in.end
	text, err := json.Marshal(d)
	if err != nil {
		return true, err
	}
	err = files.Write(filepath.Join(f.dir, diaryName), func(w io.Writer) error {
		_, err := w.Write(append(text, '\n'))
		return err
	})
	if err != nil {
		return true, err
	}
	if err := out.Commit(); err != nil {
		return true, err
	}
	d.Part, d.Now = d.Part+1, d.Then
	return f.done, nil
}

// A partReader reads the lines of one part.
type partReader struct {
	f     *follower
	until int64 // lines that are left of it
	line  []byte
	slice time.Time // that the part's lines lie in; zero before the first that has a time
	end   tail.Place
	over  bool
}

// wait returns the first line, as soon as there is one; nil when it is told to finish.
func (r *partReader) wait() ([]byte, error) {
	err := r.advance()
	return r.line, err
}

// advance moves to the next line of the part; none at its end.
func (r *partReader) advance() error {
	r.line = nil
	if r.over {
		return nil
	}
	if r.until == 0 {
		r.over = true
		return nil
	}
	line, before := r.f.next, r.f.log.Place
	r.f.next = nil
	for nothing := 0; line == nil; nothing++ {
		next, err := r.f.log.Next()
		if err != nil {
			return err
		}
		if next != nil {
			line = next
			break
		}
		// The first time the file may have been rotated away, and another one is next.
		if r.f.told && nothing > 0 {
			r.over, r.f.done = true, true
			return nil
		}
		r.f.pause()
	}
	if at, ok := r.f.timeOf(line); ok {
		switch {
		case r.slice.IsZero():
			r.slice = at
		case at.After(r.slice): // a row that comes late stays in the part that is open
			r.f.next, r.over = line, true
			return nil
		}
	}
	r.line, r.end = line, before()
	r.until--
	return nil
}

// pause waits for the log to grow.
func (f *follower) pause() {
	if f.told {
		time.Sleep(lookAgain)
		return
	}
	select {
	case <-f.stop:
		f.told = true
	case <-time.After(lookAgain):
	}
}

// timeOf returns the beginning of the slice of time that a line lies in; false where parts
// have no bound of time, or the line no time that can be read.
func (f *follower) timeOf(line []byte) (time.Time, bool) {
	if f.every == 0 {
		return time.Time{}, false
	}
	var v any
	if json.Unmarshal(line, &v) != nil {
		return time.Time{}, false
	}
	for _, name := range f.moment {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	switch v := v.(type) {
	case string:
		at, err := time.Parse(time.RFC3339Nano, v)
		return at.UTC().Truncate(f.every), err == nil
	case float64:
		for _, perSecond := range []float64{1, 1e3, 1e6, 1e9} {
			if s := v / perSecond; s > 1e8 && s < 1e10 { // of the years 1973 to 2286
				return time.Unix(int64(s), 0).UTC().Truncate(f.every), true
			}
		}
	}
	return time.Time{}, false
}

// Read implements io.Reader, for the decoder.
func (r *partReader) Read(b []byte) (int, error) {
	if len(r.line) == 0 {
		if err := r.advance(); err != nil {
			return 0, err
		}
		if r.line == nil {
			return 0, io.EOF
		}
	}
	n := copy(b, r.line)
	r.line = r.line[n:]
	return n, nil
}

// Package tail reads a log that grows, line by line, over its rotations by rename, from
// where an earlier process stopped.
package tail

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Place is where a line begins: in the file that has this identity and beginning,
// wherever it was renamed to. The zero Place is the beginning of whatever file has the
// log's name.
type Place struct {
	File   string `json:"file"`   // device and number of the file, which another one may have later
	Head   string `json:"head"`   // SHA-256 of its first bytes, of those before Offset
	Offset int64  `json:"offset"` // bytes
}

// A Log is a log that grows. It is used by one goroutine.
type Log struct {
	path  string
	say   func(sentence string)
	file  *os.File
	buf   *bufio.Reader
	place Place
	half  []byte // a line whose end has not come
	left  bool   // the open file has lost its name: another one is next
	begun string // head of the open file, once that is as long as it gets
}

// headLength is how many bytes of a file tell it from another of its number.
const headLength = 1024

// maxLine is the longest line that is waited for.
const maxLine = 16 << 20

// Open opens the log called path at a place. What the log has lost of it (a file that was
// rotated away and removed, or cut) is told by say.
func Open(path string, at Place, say func(sentence string)) (*Log, error) {
	l := &Log{path: path, say: say}
	if at.File == "" {
		return l, nil
	}
	for range tries {
		all, err := l.files()
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(r rotated) bool {
			return identity(r.info) == at.File && headOf(r.name, at.Offset) == at.Head
		})
		if i < 0 {
			break
		}
		if err := l.open(all[i], at.Offset); !errors.Is(err, errMoved) {
			return l, err
		}
	}
	say(fmt.Sprintf("%s: the file that was read last is gone: what came behind byte %d of it is lost", path, at.Offset))
	return l, nil
}

// headOf is the digest of the first bytes of a file, at most so many; "" where it has fewer.
func headOf(name string, before int64) string {
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, min(before, headLength))
	if _, err := io.ReadFull(f, head); err != nil {
		return ""
	}
	return fmt.Sprintf("%x", sha256.Sum256(head))
}

type rotated struct {
	name string
	info fs.FileInfo
}

// files returns the log and what it was renamed to, the oldest first, as they stood at one
// moment: a rotation in the middle of looking would hide a file. Files that were compressed
// keep no place.
func (l *Log) files() ([]rotated, error) {
	before, err := l.look()
	for range tries {
		if err != nil {
			return nil, err
		}
		var after []rotated
		if after, err = l.look(); err == nil && slices.EqualFunc(before, after, func(a, b rotated) bool {
			return a.name == b.name && os.SameFile(a.info, b.info)
		}) {
			return after, nil
		}
		before = after
		time.Sleep(time.Millisecond)
	}
	return nil, fmt.Errorf("%s: is renamed faster than it can be read", l.path)
}

// tries is how often a look is repeated that a rotation came between.
const tries = 1000

var errMoved = errors.New("renamed in between")

func (l *Log) look() ([]rotated, error) {
	entries, err := os.ReadDir(filepath.Dir(l.path))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var all []rotated
	for _, e := range entries {
		ending, ok := strings.CutPrefix(e.Name(), filepath.Base(l.path))
		if !ok || ending != "" && !strings.ContainsAny(ending[:1], ".-") {
			continue
		}
		name := l.path + ending
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && !packed(name) {
			all = append(all, rotated{name, info})
		}
	}
	slices.SortFunc(all, func(a, b rotated) int { return l.older(a, b) })
	return all, nil
}

// older orders files by their age, the oldest first: by the number that rotation counts
// up where they have one, else by their last change.
func (l *Log) older(a, b rotated) int {
	if a.name == l.path || b.name == l.path {
		return map[bool]int{true: 1, false: -1}[a.name == l.path]
	}
	if x, y := l.count(a.name), l.count(b.name); x > 0 && y > 0 {
		return y - x
	}
	return cmp.Or(a.info.ModTime().Compare(b.info.ModTime()), strings.Compare(a.name, b.name))
}

// count is the number that a rotated file ends in, 0 for a date or another name.
func (l *Log) count(name string) int {
	const mostFiles = 9999
	n, err := strconv.Atoi(name[len(l.path)+1:])
	if err != nil || n > mostFiles {
		return 0
	}
	return n
}

// packed tells a rotated file that was compressed, which keeps no place.
func packed(name string) bool {
	return slices.Contains([]string{".gz", ".zst", ".bz2", ".xz", ".lz4"}, filepath.Ext(name))
}

// open goes on with a file; errMoved says that its name is another one's by now.
func (l *Log) open(r rotated, offset int64) error {
	name := r.name
	f, err := os.Open(name)
	if err != nil {
		if r.info != nil && errors.Is(err, fs.ErrNotExist) {
			return errMoved
		}
		return err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return err
	}
	if r.info != nil && !os.SameFile(r.info, info) {
		f.Close()
		return errMoved
	}
	if offset > info.Size() {
		l.say(fmt.Sprintf("%s: has %d bytes and was read to byte %d: it was cut, what stood there is lost (rotate by renaming)", name, info.Size(), offset))
		offset = 0
	}
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		f.Close()
		return err
	}
	if l.file != nil {
		l.file.Close()
	}
	l.file, l.buf, l.left = f, bufio.NewReaderSize(f, 1<<16), false
	l.place, l.half = Place{File: identity(info), Offset: offset}, nil
	l.begun = ""
	return nil
}

// Place is where the next line begins.
func (l *Log) Place() Place {
	at := l.place
	if l.file != nil {
		at.Head = l.head()
	}
	return at
}

// head is headOf of the open file, whatever its name is now.
func (l *Log) head() string {
	if l.begun != "" {
		return l.begun
	}
	head := make([]byte, min(l.place.Offset, headLength))
	if _, err := l.file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return ""
	}
	sum := fmt.Sprintf("%x", sha256.Sum256(head))
	if len(head) == headLength {
		l.begun = sum
	}
	return sum
}

// Next returns the next line with its end, good until the next call, or nil where there is
// none yet: ask again after a while. The last line of a file that was rotated away needs no end.
func (l *Log) Next() ([]byte, error) {
	for {
		if l.file == nil {
			if err := l.open(rotated{name: l.path}, 0); err != nil {
				if errors.Is(err, fs.ErrNotExist) {
					return nil, nil
				}
				return nil, err
			}
		}
		part, err := l.buf.ReadSlice('\n')
		l.half = append(l.half, part...)
		switch {
		case err == nil:
			return l.take(), nil
		case errors.Is(err, bufio.ErrBufferFull):
			if len(l.half) > maxLine {
				return nil, fmt.Errorf("%s: a line of more than %d bytes at byte %d", l.path, maxLine, l.place.Offset)
			}
			continue
		case !errors.Is(err, io.EOF):
			return nil, err
		}
		if cut, err := l.cut(); cut || err != nil {
			if err != nil {
				return nil, err
			}
			continue
		}
		// Whoever writes may not have noticed the new name yet: the end is believed
		// when it is met again after that.
		if !l.left {
			l.left = l.renamed()
			return nil, nil
		}
		if len(l.half) > 0 {
			return l.take(), nil
		}
		if opened, err := l.following(); !opened || err != nil {
			return nil, err
		}
	}
}

func (l *Log) take() []byte {
	line := l.half
	l.place.Offset += int64(len(line))
	l.half = nil
	return line
}

// cut notices a file that has become shorter than what was read of it.
func (l *Log) cut() (bool, error) {
	info, err := l.file.Stat()
	if err != nil {
		return false, err
	}
	if info.Size() >= l.place.Offset+int64(len(l.half)) {
		return false, nil
	}
	l.say(fmt.Sprintf("%s: was cut while it was read: lines may be lost (rotate by renaming)", l.path))
	l.place.Offset, l.half, l.begun = 0, nil, ""
	if _, err := l.file.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	l.buf.Reset(l.file)
	return true, nil
}

// renamed tells whether another file has the log's name, or will have.
func (l *Log) renamed() bool {
	info, err := os.Stat(l.path)
	if err != nil {
		return false // nothing to go on with yet
	}
	return identity(info) != l.place.File
}

// following opens the file that comes after the open one: the oldest that is newer. It
// tells whether there is one: for a moment none may have the log's name.
func (l *Log) following() (opened bool, err error) {
	info, err := l.file.Stat()
	if err != nil {
		return false, err
	}
	for range tries {
		all, err := l.files()
		if err != nil {
			return false, err
		}
		next := slices.IndexFunc(all, func(r rotated) bool { return os.SameFile(r.info, info) }) + 1
		if next == 0 { // it was removed
			l.say(fmt.Sprintf("%s: the file that was read last was removed before the next one was begun: files between them may be lost", l.path))
			next = slices.IndexFunc(all, func(r rotated) bool {
				return r.name == l.path || r.info.ModTime().After(info.ModTime())
			})
		}
		if next < 0 || next >= len(all) {
			return false, nil
		}
		if err := l.open(all[next], 0); !errors.Is(err, errMoved) {
			return err == nil, err
		}
	}
	return false, fmt.Errorf("%s: is renamed faster than it can be read", l.path)
}

// Close closes the log.
func (l *Log) Close() {
	if l.file != nil {
		l.file.Close()
	}
}

package files

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// inside is what the files of a directory that is written in place are named after.
const inside = "leadsman"

// inPlace tells a file or directory beside which nothing can be put, or nothing that
// could take its place: something is mounted on it, or its parent cannot be written.
// Tests have it otherwise.
var inPlace = func(path string) bool {
	return exists(path) && (mounted(path) || !writable(filepath.Dir(path)))
}

// A journal is what is to be done to make a directory new whose new files stand in Temp.
// Once it is there it is done to its end, by the next process if need be.
type journal struct {
	Temp   string   `json:"temp"`   // a directory below
	Move   []string `json:"move"`   // files that are renamed out of Temp, in this order
	Remove []string `json:"remove"` // files and directories that go, the inner ones first
}

func insideJournal(dir string) string { return filepath.Join(dir, "."+inside+".journal") }

// promised tells whether a journal in dir says that what is there of the new directory
// will be used.
func promised(dir string) bool { return exists(insideJournal(dir)) }

// putInside makes dir what temp, which stands in it, and what is kept are: file by file,
// index.html last. A reader may meet files of both on the way.
func putInside(temp, dir string, replaced map[string]bool) error {
	if err := syncDirs(temp); err != nil {
		return err
	}
	j := journal{Temp: filepath.Base(temp)}
	fresh := map[string]bool{}
	err := filepath.WalkDir(temp, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == temp {
			return err
		}
		rel, err := filepath.Rel(temp, path)
		fresh[filepath.ToSlash(rel)] = true
		if !e.IsDir() {
			j.Move = append(j.Move, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		return err
	}
	const last = "index.html"
	slices.SortFunc(j.Move, func(a, b string) int {
		if (a == last) != (b == last) {
			return map[bool]int{true: 1, false: -1}[a == last]
		}
		return strings.Compare(a, b)
	})
	for name := range replaced {
		if !fresh[name] {
			j.Remove = append(j.Remove, name)
		}
	}
	slices.SortFunc(j.Remove, func(a, b string) int { return strings.Compare(b, a) })
	text, err := json.Marshal(j)
	if err != nil {
		return err
	}
	// The name is the promise, so the text comes first.
	draft := insideJournal(dir) + ".new"
	if err := writeNote(draft, text); err != nil {
		return err
	}
	if err := rename(draft, insideJournal(dir)); err != nil {
		return err
	}
	return recoverInside(dir)
}

// recoverInside does what a journal in dir says, as often as it takes, and removes what
// is left of directories that were never promised.
func recoverInside(dir string) error {
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return nil
	}
	text, err := os.ReadFile(insideJournal(dir))
	if err == nil {
		var j journal
		if err := json.Unmarshal(text, &j); err != nil || !ofTemporary(inside).MatchString(j.Temp) {
			return &os.PathError{Op: "read", Path: insideJournal(dir), Err: errors.New("is damaged: remove it, and write the directory anew")}
		}
		if err := carryOut(dir, j); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == filepath.Base(insideJournal(dir))+".new" || e.IsDir() && ofTemporary(inside).MatchString(e.Name()) {
			if err := removeAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func carryOut(dir string, j journal) error {
	if err := syncDir(dir); err != nil { // the journal's name
		return err
	}
	temp := filepath.Join(dir, j.Temp)
	for _, name := range j.Move {
		from, to := filepath.Join(temp, filepath.FromSlash(name)), filepath.Join(dir, filepath.FromSlash(name))
		if !exists(from) {
			continue // it was moved before
		}
		if err := makeWay(dir, to); err != nil {
			return err
		}
		if err := rename(from, to); err != nil {
			return err
		}
	}
	for _, name := range j.Remove {
		path := filepath.Join(dir, filepath.FromSlash(name))
		err := gone(remove(path))
		if info, e := os.Lstat(path); err != nil && e == nil && info.IsDir() {
			continue // it holds what others put there
		}
		if err != nil {
			return err
		}
	}
	if err := syncDirs(dir); err != nil {
		return err
	}
	if err := removeAll(temp); err != nil {
		return err
	}
	return remove(insideJournal(dir))
}

// makeWay makes the directories above a file, in the place of files, and removes a
// directory in the file's own place.
func makeWay(dir, to string) error {
	if info, err := os.Lstat(to); err == nil && info.IsDir() {
		if err := removeAll(to); err != nil {
			return err
		}
	}
	parent := filepath.Dir(to)
	if info, err := os.Lstat(parent); parent != dir && err == nil && !info.IsDir() {
		if err := remove(parent); err != nil {
			return err
		}
	}
	return mkdirAll(parent)
}

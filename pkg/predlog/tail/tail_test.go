package tail

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A service writes and rotates, and readers come and go in the middle: every line is read
// once, in order, whatever was renamed between two looks.
func TestEveryLineOnce(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 1))
		dir := t.TempDir()
		path := filepath.Join(dir, "log.jsonl")
		var file *os.File
		var want, got []string
		rotations := 0
		open := func() {
			var err error
			if file, err = os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		open()
		say := func(s string) { t.Errorf("seed %d: %s", seed, s) }
		log, err := Open(path, Place{}, say)
		if err != nil {
			t.Fatal(err)
		}
		look := func() {
			for {
				line, err := log.Next()
				if err != nil {
					t.Fatal(err)
				}
				if line == nil {
					return
				}
				got = append(got, string(line))
			}
		}
		look() // the file that has the name now is the first
		for n := range 400 {
			line := fmt.Sprintf("line %d of seed %d\n", n, seed)
			want = append(want, line)
			cut := rng.IntN(len(line))
			fmt.Fprint(file, line[:cut])
			if rng.IntN(3) == 0 {
				look() // in the middle of a line
			}
			fmt.Fprint(file, line[cut:])
			switch rng.IntN(12) {
			case 0: // rotation: the service writes on for a while
				for i := rotations; i > 0; i-- {
					if err := os.Rename(fmt.Sprintf("%s.%d", path, i), fmt.Sprintf("%s.%d", path, i+1)); err != nil {
						t.Fatal(err)
					}
				}
				if err := os.Rename(path, path+".1"); err != nil {
					t.Fatal(err)
				}
				rotations++
				if rng.IntN(2) == 0 {
					look()
				}
				late := fmt.Sprintf("late line %d\n", n)
				want = append(want, late)
				fmt.Fprint(file, late)
				file.Close()
				open()
			case 1: // another reader takes over
				at := log.Place()
				log.Close()
				if log, err = Open(path, at, say); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 3 * rotations {
			look()
		}
		look()
		if !slices.Equal(got, want) {
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					t.Errorf("seed %d: line %d is %q, want %q", seed, i, got[i], want[i])
					break
				}
			}
			t.Errorf("seed %d: %d lines, want %d", seed, len(got), len(want))
		}
		file.Close()
		log.Close()
	}
}

// What is lost is told: a file that was cut, or is gone. One that took the number of the
// old one has another beginning.
func TestLossIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var said []string
	say := func(s string) { said = append(said, s) }
	write("one\ntwo\n")
	log, err := Open(path, Place{}, say)
	if err != nil {
		t.Fatal(err)
	}
	next := func(want string) {
		t.Helper()
		if line, err := log.Next(); err != nil || string(line) != want {
			t.Errorf("%q, %v, want %q", line, err, want)
		}
	}
	next("one\n")
	next("two\n")
	next("")
	write("new\n") // cut and written anew
	next("new\n")
	if len(said) != 1 {
		t.Errorf("a cut file: said %q", said)
	}
	at := log.Place()
	log.Close()
	write("another file of the same number, and longer\n")
	if log, err = Open(path, at, say); err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	if len(said) != 2 {
		t.Errorf("a file that is gone: said %q", said)
	}
	next("another file of the same number, and longer\n")
}

// While it is read, a log is rotated as fast as it goes, by many names at once.
func TestRotatedAllTheTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	const files, lines = 300, 20
	done := make(chan error, 1)
	go func() {
		for n := range files {
			f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
			for i := range lines {
				if err == nil {
					_, err = fmt.Fprintf(f, "%d\n", n*lines+i)
				}
			}
			if err != nil {
				done <- err
				return
			}
			f.Close()
			time.Sleep(time.Millisecond)
			for i := n; i > 0 && n < files-1; i-- {
				_ = os.Rename(fmt.Sprintf("%s.%d", path, i), fmt.Sprintf("%s.%d", path, i+1))
			}
			if n < files-1 {
				_ = os.Rename(path, path+".1")
			}
		}
		done <- nil
	}()
	log, err := Open(path, Place{}, func(s string) { t.Error(s) })
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	first := -1
	for next, idle, over := 0, 0, false; idle < 3 || !over; {
		line, err := log.Next()
		if err != nil {
			t.Fatal(err)
		}
		if line == nil {
			idle++
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
				over, idle = true, 0
			case <-time.After(time.Millisecond):
			}
			continue
		}
		idle = 0
		n, err := strconv.Atoi(strings.TrimSpace(string(line)))
		if err != nil {
			t.Fatal(err)
		}
		if first < 0 {
			first, next = n, n // whichever file had the name at the first look
		}
		if n != next {
			t.Fatalf("line %d, want %d", n, next)
		}
		if next++; next == files*lines {
			return
		}
	}
	t.Error("the last line never came")
}

package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// At says of faults of the file that were found after it was read where they
// stand, in its order, one a line:
//
//	monitor.yaml:12: levels.alert: want …
//
// A fault is an error with a method Key() string, a key with those above it; a
// key that the file has not stands where the nearest one above it does. Other
// errors, and those of a Config that was read from no file, stay as they are.
func (c *Config) At(err error) error {
	if c.file.name == "" {
		return err
	}
	var found faults
	for _, e := range split(err) {
		var k keyed
		if !errors.As(e, &k) {
			return err
		}
		found = append(found, c.file.fault(k, e.Error()))
	}
	return found.inOrder()
}

// Errorf returns a fault of a key, for At.
func Errorf(key, format string, args ...any) error {
	return &keyError{key, fmt.Sprintf(format, args...)}
}

type keyed interface{ Key() string }

type keyError struct{ key, what string }

func (e *keyError) Error() string { return e.key + ": " + e.what }

func (e *keyError) Key() string { return e.key }

// split takes an error that errors.Join made apart.
func split(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		if err == nil {
			return nil
		}
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, split(e)...)
	}
	return all
}

// A file is where the keys of a monitor.yaml stand.
type file struct {
	name   string
	places map[string]place // by keys such as levels.warn and segments.country
	blocks map[string]int   // by key, the first line of a text of several lines
}

type place struct{ line, column int }

// A fault is what is wrong at a place.
type fault struct {
	file string
	place
	key  string
	text string
}

func (f *fault) Error() string {
	return fmt.Sprintf("%s:%d: %s", f.file, f.line, oneLine.Replace(f.text))
}

var oneLine = strings.NewReplacer("\n", `\n`, "\r", `\r`)

// fault is a fault of a key; text begins with it.
func (f *file) fault(of keyed, text string) *fault {
	key := of.Key()
	if within, ok := of.(interface{ Line() int }); ok && within.Line() > 0 && f.blocks[key] > 0 {
		return &fault{f.name, place{f.blocks[key] + within.Line() - 1, 1}, key, text}
	}
	for at := key; ; {
		if p, ok := f.places[at]; ok {
			return &fault{f.name, p, key, text}
		}
		dot := strings.LastIndexByte(at, '.')
		if dot < 0 {
			return &fault{f.name, place{1, 1}, key, text}
		}
		at = at[:dot]
	}
}

type faults []*fault

// inOrder is the faults in the order of the file as one error, nil for none.
func (f faults) inOrder() error {
	slices.SortStableFunc(f, func(a, b *fault) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	list := make([]error, len(f))
	for i := range f {
		list[i] = f[i]
	}
	return errors.Join(list...)
}

// Beyond so many lines a file that is no YAML is not searched for its fault.
const mostLines = 500

var yamlError = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^yaml: (?:line (\d+): )?`)
})

// noYAML is the fault of a text that is no YAML: it stands behind the longest
// part that is. The parser's own line is where the structure around it begins, or
// one line before.
func noYAML(name string, text []byte, err error) error {
	lines := bytes.SplitAfter(text, []byte("\n"))
	line, readable := len(lines), len(text)
	if line > mostLines {
		line, _ = strconv.Atoi(yamlError().FindStringSubmatch(err.Error())[1])
		readable = 0
	}
	for ; line > 1 && readable > 0; line-- {
		readable -= len(lines[line-1])
		if yaml.Unmarshal(text[:readable], new(yaml.Node)) == nil {
			break
		}
	}
	return &fault{file: name, place: place{line: max(line, 1)}, text: yamlError().ReplaceAllString(err.Error(), "")}
}

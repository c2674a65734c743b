// Package known holds the programs that are shipped for the logs of other systems,
// one file of jq each; the comment at its head says what writes the log, for which
// kind it is, and how one of its records is told.
package known

import (
	"embed"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/leadsman/leadsman/pkg/predlog/jq"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/words"
)

//go:embed programs
var programs embed.FS

// A Format is a log that a program is shipped for.
type Format struct {
	Name  string
	Kind  mapping.Kind
	Wrote string // what writes such a log
	Is    string // a jq condition that holds for its records and for no other format's
	text  string
}

// shared is the module that programs include.
const shared = "payload"

// All returns the formats by name.
var All = sync.OnceValue(func() []Format {
	entries, err := programs.ReadDir("programs")
	if err != nil {
		panic(err) // it is embedded
	}
	var all []Format
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".jq")
		if name == shared {
			continue
		}
		text := read(name)
		f := Format{Name: name, text: text}
		for line := range strings.Lines(text) {
			comment, ok := strings.CutPrefix(strings.TrimSpace(line), "# ")
			if !ok {
				break
			}
			if wrote, ok := strings.CutPrefix(comment, name+": "); ok {
				f.Wrote = wrote
			} else if kind, ok := strings.CutPrefix(comment, "kind: "); ok {
				f.Kind = mapping.Kind(kind)
			} else if is, ok := strings.CutPrefix(comment, "is: "); ok {
				f.Is = is
			}
		}
		all = append(all, f)
	}
	return all
})

// Names are those of the formats.
func Names() []string {
	var names []string
	for _, f := range All() {
		names = append(names, f.Name)
	}
	return names
}

func read(name string) string {
	text, err := programs.ReadFile("programs/" + name + ".jq")
	if err != nil {
		return ""
	}
	return string(text)
}

// Find returns the format of that name. The error names the nearest one.
func Find(name string) (Format, error) {
	for _, f := range All() {
		if f.Name == name {
			return f, nil
		}
	}
	return Format{}, errors.New(words.NotOneOf(name, Names()))
}

// Program returns the program of that name for a kind of log.
func Program(name string, kind mapping.Kind) (*jq.Program, error) {
	f, err := Find(name)
	if err != nil {
		return nil, err
	}
	if f.Kind != kind {
		return nil, fmt.Errorf("%s is a log of %s", name, f.Kind)
	}
	return jq.Compile(f.text, func(module string) (string, bool) {
		return read(module), module == shared
	})
}

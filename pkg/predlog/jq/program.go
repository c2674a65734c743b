package jq

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/itchyny/gojq"
)

// A Program is one that can be run.
type Program struct {
	code *gojq.Code
	text string // with the modules that it may include
}

// maxText bounds a program, in bytes.
const maxText = 64 << 10

// Compile makes a program of its text. Modules that it includes are looked up by
// name; nil when there are none to include. The error is a *Fault.
func Compile(text string, modules func(name string) (string, bool)) (*Program, error) {
	return compile(text, modules, false)
}

// CompileCondition is Compile for a condition on the records that other programs
// yielded: in it $raw is the record that they were made of.
func CompileCondition(text string) (*Program, error) { return compile(text, nil, true) }

func compile(text string, modules func(string) (string, bool), raw bool) (*Program, error) {
	switch {
	case strings.TrimSpace(text) == "":
		return nil, &Fault{What: "is empty"}
	case len(text) > maxText:
		return nil, &Fault{What: fmt.Sprintf("is longer than %d KiB", maxText>>10)}
	}
	query, err := gojq.Parse(text)
	if err != nil {
		return nil, faultOf(text, err)
	}
	if name, why := outside(query); name != "" {
		return nil, at(text, name, name+" is not for records: "+why)
	}
	var options []gojq.CompilerOption
	included := &library{find: modules}
	if modules != nil {
		options = append(options, gojq.WithModuleLoader(included))
	}
	if raw {
		options = append(options, gojq.WithVariables([]string{"$raw"}))
	}
	code, err := gojq.Compile(query, options...)
	if err != nil {
		return nil, faultOf(text, err)
	}
	return &Program{code, text + included.text}, nil
}

// A library finds modules by name.
type library struct {
	find func(name string) (string, bool)
	text string // of those that were found
}

// LoadModule is asked by gojq.
func (l *library) LoadModule(name string) (*gojq.Query, error) {
	text, ok := l.find(name)
	if !ok {
		return nil, fmt.Errorf("no module %q", name)
	}
	l.text += "\n" + text
	return gojq.Parse(text)
}

// A Fault is what is wrong with the text of a program, and where: lines and columns
// count from 1, and Line is 0 where the place is not known.
type Fault struct {
	Line, Column int
	What         string
	lines        int // of the program
}

func (f *Fault) Error() string {
	switch {
	case f.Line == 0:
		return f.What
	case f.lines == 1:
		return fmt.Sprintf("column %d: %s", f.Column, f.What)
	}
	return fmt.Sprintf("line %d, column %d: %s", f.Line, f.Column, f.What)
}

// faultOf puts an error of the parser or the compiler at its place in the text.
func faultOf(text string, err error) *Fault {
	var parse *gojq.ParseError
	if errors.As(err, &parse) {
		return place(text, parse.Offset-len(parse.Token), err.Error())
	}
	// The compiler names what it does not know, and not where it stands.
	what := strings.TrimPrefix(err.Error(), "invalid query: ")
	for _, prefix := range []string{"function not defined: ", "variable not defined: ", "format not defined: "} {
		if name, ok := strings.CutPrefix(what, prefix); ok {
			name, _, _ = strings.Cut(name, "/")
			return at(text, name, what)
		}
	}
	return &Fault{What: what}
}

// at is a fault where name first stands as a word.
func at(text, name, what string) *Fault {
	word := regexp.MustCompile(`(^|[^\w.$@])(` + regexp.QuoteMeta(name) + `)($|\W)`).FindStringSubmatchIndex(text)
	if word == nil {
		return &Fault{What: what}
	}
	return place(text, word[4], what)
}

func place(text string, offset int, what string) *Fault {
	// What is missing at the end is missing behind the last word.
	before := text[:min(max(offset, 0), len(strings.TrimRight(text, " \t\r\n")))]
	last := strings.LastIndexByte(before, '\n')
	return &Fault{1 + strings.Count(before, "\n"), len([]rune(before[last+1:])) + 1, what, 1 + strings.Count(strings.TrimSpace(text), "\n")}
}

// beyond are the functions that reach beyond the record.
var beyond = map[string]string{
	"now": "the same log would give other rows tomorrow", "localtime": "it depends on the machine", "strflocaltime": "it depends on the machine",
	"input": "a program sees one record at a time", "inputs": "a program sees one record at a time",
	"input_filename": "a program sees its record alone", "input_line_number": "a program sees its record alone",
	"env": "a program sees its record alone", "$ENV": "a program sees its record alone",
	"debug": "there is nobody to read it", "stderr": "there is nobody to read it",
	"halt": "use empty to leave a record out", "halt_error": "use error to refuse a record",
}

// outside names a function that a query uses, does not define, and that reaches
// beyond the record, and says what is wrong with it.
func outside(query *gojq.Query) (name, why string) {
	own := map[string]bool{}
	var used []string
	walk(reflect.ValueOf(query), func(node any) {
		switch n := node.(type) {
		case *gojq.FuncDef:
			own[n.Name] = true
		case *gojq.Func:
			used = append(used, n.Name)
		}
	})
	for _, name := range used {
		if why := beyond[name]; why != "" && !own[name] {
			return name, why
		}
	}
	return "", ""
}

// walk visits the nodes of a query.
func walk(v reflect.Value, visit func(node any)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			visit(v.Interface())
			walk(v.Elem(), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), visit)
			}
		}
	}
}

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// Every condition of the list is where the list says, so that the list cannot
// fall behind the code unnoticed.
func TestPlaces(t *testing.T) {
	for _, p := range places {
		src, err := os.ReadFile(filepath.Join("../..", p.file))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.negate(src); err != nil {
			t.Error(err)
		}
	}
}

func TestNegate(t *testing.T) {
	const src = `package p

type t struct{}

func (x *t) f(a, b int) int {
	switch {
	case a < b && b > 0:
		return 1
	}
	if a == b || a == b {
		return 2
	}
	return 0
}
`
	m, err := place{file: "p.go", function: "t.f", condition: "a < b && b > 0"}.negate([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	if m.line != 7 || m.where() != "p.go:7" {
		t.Errorf("found at %s, want p.go:7", m.where())
	}
	want := `package p

type t struct{}

func (x *t) f(a, b int) int {
	switch {
	case !(a < b && b > 0):
		return 1
	}
	if a == b || a == b {
		return 2
	}
	return 0
}
`
	if string(m.source) != want {
		t.Errorf("negated source:\n%s", m.source)
	}
	for _, c := range []struct{ function, condition, want string }{
		{"g", "a < b", "p.go: no function g"},
		{"f", "a < b", "p.go: no function f"},
		{"t.f", "a == b", "p.go: t.f: the condition a == b stands there 2 times, want once"},
		{"t.f", "a > b", "p.go: t.f: the condition a > b stands there 0 times, want once"},
	} {
		if _, err := (place{file: "p.go", function: c.function, condition: c.condition}).negate([]byte(src)); err == nil || err.Error() != c.want {
			t.Errorf("%s, %s: error %v, want %s", c.function, c.condition, err, c.want)
		}
	}
}

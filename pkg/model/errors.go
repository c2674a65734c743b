package model

import (
	"fmt"
	"strconv"
	"strings"
)

// refusal is an error that says where in the model what is wrong, and of which
// kind that is.
type refusal struct {
	kind  error
	where string // a path such as learner.objective.name, or empty
	what  string
}

func refuse(kind error, where, what string, args ...any) error {
	return &refusal{kind, where, fmt.Sprintf(what, args...)}
}

func (e *refusal) Error() string {
	if e.where == "" {
		return e.what
	}
	return e.where + ": " + e.what
}

func (e *refusal) Unwrap() error { return e.kind }

// under puts an outer step in front of an error's path.
func under(step string, err error) error {
	e, ok := err.(*refusal)
	if !ok {
		return err
	}
	where := step
	switch {
	case e.where == "":
	case e.where[0] == '[':
		where += e.where
	default:
		where += "." + e.where
	}
	return &refusal{e.kind, where, e.what}
}

// within names the part of the model that a check was about.
func within(part string, err error) error {
	e, ok := err.(*refusal)
	if !ok {
		return err
	}
	if e.where != "" {
		part += ": " + e.where
	}
	return &refusal{e.kind, part, e.what}
}

// clip shortens a word of the input for a message.
func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// step is a member's name as a step of a path, quoted where it is not a plain
// word.
func step(key string) string {
	plain := func(r rune) bool {
		return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	key = clip(key)
	if key == "" || strings.ContainsFunc(key, func(r rune) bool { return !plain(r) }) {
		return strconv.Quote(key)
	}
	return key
}

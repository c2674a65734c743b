package tree

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Errors that callers may branch on. They are matched with errors.Is; the
// message of the error that is returned says where and what.
var (
	ErrFormat    = errors.New("not a readable model")
	ErrObjective = errors.New("unsupported objective")
	ErrBooster   = errors.New("unsupported booster")
	ErrFeatures  = errors.New("features do not fit")
)

// refusal is an error that says where in the model what is wrong, and of which
// kind that is.
type refusal struct {
	kind  error
	where string // a path such as learner.objective.name, or empty
	what  string
}

// Refuse returns an error of that kind, one of the above. where is a path in
// the model, such as learner.objective.name, or empty; what is a format for
// args.
func Refuse(kind error, where, what string, args ...any) error {
	return &refusal{kind, where, fmt.Sprintf(what, args...)}
}

func (e *refusal) Error() string {
	if e.where == "" {
		return e.what
	}
	return e.where + ": " + e.what
}

func (e *refusal) Unwrap() error { return e.kind }

// Under puts an outer step in front of the path of an error of Refuse: a.b under
// x is x.a.b. Other errors stay as they are.
func Under(step string, err error) error {
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

// Within names the part of the model that an error of Refuse is about: a.b
// within tree 7 is tree 7: a.b. Other errors stay as they are.
func Within(part string, err error) error {
	e, ok := err.(*refusal)
	if !ok {
		return err
	}
	if e.where != "" {
		part += ": " + e.where
	}
	return &refusal{e.kind, part, e.what}
}

// Clip shortens a word of the input for a message, to 40 bytes.
func Clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// Step is a member's name as a step of a path: clipped, and quoted where it is
// not a plain word.
func Step(key string) string {
	plain := func(r rune) bool {
		return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	key = Clip(key)
	if key == "" || strings.ContainsFunc(key, func(r rune) bool { return !plain(r) }) {
		return strconv.Quote(key)
	}
	return key
}

// Count parses a count that a file holds as text; an empty one is absent, the
// value that such a file implies. Anything else than 0 to 2³¹-1 is ErrFormat.
func Count(where, s string, absent int) (int, error) {
	if s == "" {
		return absent, nil
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 0 {
		return 0, Refuse(ErrFormat, where, "want a count, got %q", Clip(s))
	}
	return int(n), nil
}

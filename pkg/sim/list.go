package sim

import (
	"fmt"
	"io"
	"strings"
)

// Write writes the scenarios to w with the verdicts that they must produce, for
// people.
func (list Scenarios) Write(w io.Writer) error {
	var b strings.Builder
	for _, s := range list {
		fmt.Fprintf(&b, "%s\n  %s\n", s.Name, s.About)
		if s.Run != "" {
			fmt.Fprintf(&b, "  run: %s\n", s.Run)
		}
		for _, e := range s.Must {
			fmt.Fprintf(&b, "  must: %s\n", e)
		}
		for _, e := range s.Never {
			fmt.Fprintf(&b, "  never: %s\n", e)
		}
		if s.Needs != "" {
			fmt.Fprintf(&b, "  needs: %s\n", s.Needs)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// String is the expectation in words.
func (e Expectation) String() string {
	s := fmt.Sprintf("%s %s at %s or worse", e.Subject, e.Check, e.Level)
	if e.Segment != "" {
		s += " in " + e.Segment
	}
	return s
}

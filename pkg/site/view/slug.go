package view

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// slugs gives every name a file name of its own: lower case letters, digits and
// hyphens only, whatever the name holds.
type slugs struct {
	byName map[string]string
	taken  map[string]bool
}

func newSlugs(names []string) *slugs {
	s := &slugs{map[string]string{}, map[string]bool{}}
	for _, n := range names {
		s.of(n)
	}
	return s
}

// of returns the file name of name, without directory and extension. A name
// that is not already a fit file name gets a part of its hash, so that names
// which look alike stay apart.
func (s *slugs) of(name string) string {
	if slug, ok := s.byName[name]; ok {
		return slug
	}
	slug := Plain(name)
	if slug != name || name == "" {
		sum := sha256.Sum256([]byte(name))
		slug = strings.Trim(slug, "-") + "-" + hex.EncodeToString(sum[:4])
		slug = strings.TrimLeft(slug, "-")
	}
	for s.taken[slug] {
		slug += "-x"
	}
	s.taken[slug] = true
	s.byName[name] = slug
	return slug
}

// Plain returns a name in lower case letters, digits, _ and hyphens, at most 40 of
// them: a name that is so already stands for itself in a path and on a command line.
func Plain(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case b.Len() == 40:
			return b.String()
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return b.String()
}

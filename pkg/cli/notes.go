package cli

import (
	"io"
	"regexp"
	"strings"
	"sync"

	"github.com/leadsman/leadsman/pkg/words"
)

// Plain returns text as it may stand on a terminal and in the logs of a CI: nothing in
// it steers the one, as words.Plain has it, and no secret of an address gets into the
// other.
func Plain(text string) string { return words.Plain(withoutSecrets(text)) }

// plain is where every byte to stderr goes through, but for a progress bar.
type plain struct {
	to       io.Writer
	terminal bool // where another command of a pipe may have drawn a bar
}

func (p plain) Write(b []byte) (int, error) {
	text := Plain(string(b))
	if p.terminal {
		text = eraseLine + text
	}
	if _, err := io.WriteString(p.to, text); err != nil {
		return 0, err
	}
	return len(b), nil
}

// hidden stands for what is secret.
const hidden = "…"

// addresses finds addresses, in quotes with all that is in them; secrets finds values
// of a query whose names say that they are secret, in an address or not.
var (
	addresses = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`"[A-Za-z][A-Za-z0-9+.-]*://(?:[^"\\\n]|\\.)*|[A-Za-z][A-Za-z0-9+.-]*://[^\s"'<>` + "`" + `]*`)
	})
	secrets = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)([?&;][a-z0-9_.-]*(?:token|key|secret|pass|pwd|sig|auth|code|jwt|session|credential)[a-z0-9_.-]*=)[^&;\s"'<>]*`)
	})
	values = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`=[^&;]*`) })
)

// withoutSecrets takes user and password out of the addresses in text, and what is
// behind every = of their queries; of queries without an address what is behind names
// such as token and api_key.
func withoutSecrets(text string) string {
	if strings.Contains(text, "://") {
		text = addresses().ReplaceAllStringFunc(text, withoutSecretParts)
	}
	if strings.Contains(text, "=") {
		text = secrets().ReplaceAllString(text, "${1}"+hidden)
	}
	return text
}

func withoutSecretParts(address string) string {
	sentence := address[len(strings.TrimRight(address, ":.,)")):] // its marks
	scheme, rest, _ := strings.Cut(strings.TrimSuffix(address, sentence), "://")
	host := rest
	if at := strings.IndexAny(rest, "/?#"); at >= 0 {
		host = rest[:at]
	}
	_, port, _ := strings.Cut(host, ":")
	switch {
	case strings.Contains(host, "@"):
		rest = rest[strings.LastIndex(host, "@")+1:]
	case !strings.HasPrefix(host, "[") && strings.Trim(port, "0123456789") != "": // the beginning of a password with a / in it
		rest = hidden + rest[max(len(host), strings.LastIndex(rest, "@")+1):]
	}
	path, query := rest, ""
	if at := strings.IndexAny(rest, "?#"); at >= 0 {
		path, query = rest[:at], rest[at:]
		if !strings.Contains(query, "=") && len(query) > 1 && query != "?"+hidden {
			query = query[:1] + hidden
		}
	}
	return scheme + "://" + path + values().ReplaceAllString(query, "="+hidden) + sentence
}

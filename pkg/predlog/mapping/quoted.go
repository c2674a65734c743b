package mapping

import (
	"strings"

	"github.com/leadsman/leadsman/pkg/spelling"
)

// ParseQuoted reads the number of a Measure or a Code that stands as text: a decimal,
// and for a Code three digits before a space too, as in "200 OK".
func (k *Key) ParseQuoted(text string) (x float64, ok bool) {
	if k.Action == Code {
		if code, _, more := strings.Cut(strings.TrimSpace(text), " "); more && len(code) == 3 {
			text = code
		}
	}
	return spelling.ParseDecimal(text)
}

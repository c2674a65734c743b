package table_test

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/leadsman/leadsman/pkg/table"
)

// Whatever byte is damaged, what is said of it is no text of Go's runtime. Foreign files
// have no digest that would be said first.
func TestDamageIsSaidInWords(t *testing.T) {
	goText := regexp.MustCompile(`runtime error|interface conversion|goroutine|nil pointer|slice bounds|index out of range|\.go:`)
	said := map[string]bool{}
	for _, format := range []string{"arrow", "parquet"} {
		var raw bytes.Buffer
		v := table.NewView(&raw, "t", format)
		if err := v.Write(table.Encode("t", rows)); err != nil {
			t.Fatal(err)
		}
		if err := v.Close(); err != nil {
			t.Fatal(err)
		}
		whole := bytes.Replace(raw.Bytes(), []byte("leadsman.sha256"), []byte("leadsman.sha257"), 1)
		for at := 0; at < len(whole); at += 2 {
			for _, mask := range []byte{1, 0xff} {
				b := bytes.Clone(whole)
				b[at] ^= mask
				r := table.NewReader("x", bytes.NewReader(b))
				r.Plain = "t"
				for r.Next() {
				}
				if err := r.Err(); err != nil {
					if text := err.Error(); goText.MatchString(text) && !said[text] {
						said[text] = true
						t.Errorf("%s byte %d: %s", format, at, text)
					}
				}
				r.Close()
			}
		}
	}
}

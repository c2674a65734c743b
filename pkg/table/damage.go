package table

import (
	"fmt"
	"regexp"
)

// goText are words that only a Go programmer can use.
var goText = regexp.MustCompile(`runtime error|interface conversion|goroutine |slice bounds|nil pointer|makeslice|reflect[:.]|unsafe\.|\.go:\d|\*?(arrow|array|ipc|flatbuf|thrift)\.[A-Z]`)

// damaged is the error of an input that cannot be taken apart: a library's error, or what
// it panicked with. A library's own words stand as they are; those of Go's runtime say
// nothing of the input.
func damaged(what string, cause any) error {
	if goText.MatchString(fmt.Sprint(cause)) {
		return fmt.Errorf("damaged %s: its parts contradict each other", what)
	}
	if err, ok := cause.(error); ok {
		return fmt.Errorf("damaged %s: %w", what, err)
	}
	return fmt.Errorf("damaged %s: %v", what, cause)
}

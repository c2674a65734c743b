package bench

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/leadsman/leadsman/pkg/words"
)

// machine says in one line what measures.
func machine() string {
	text := fmt.Sprintf("%s/%s, %s", runtime.GOOS, runtime.GOARCH, words.Count(int64(runtime.NumCPU()), "CPU", "CPUs"))
	if name := processor(); name != "" {
		text += " (" + name + ")"
	}
	return text + ", " + runtime.Version()
}

// moduleVersion returns the version of a module that this program was built
// with, or "".
func moduleVersion(path string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == path {
				return m.Version
			}
		}
	}
	return ""
}

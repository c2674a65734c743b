//go:build !windows

package tail

import (
	"fmt"
	"io/fs"
	"syscall"
)

// identity is what a file keeps when it is renamed.
func identity(info fs.FileInfo) string {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%d:%d", s.Dev, s.Ino)
}

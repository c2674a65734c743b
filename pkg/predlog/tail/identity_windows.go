package tail

import (
	"fmt"
	"io/fs"
	"syscall"
)

// identity is what a file keeps when it is renamed: the moment of its creation.
func identity(info fs.FileInfo) string {
	s, ok := info.Sys().(*syscall.Win32FileAttributeData)
	if !ok {
		return ""
	}
	return fmt.Sprint(s.CreationTime.Nanoseconds())
}

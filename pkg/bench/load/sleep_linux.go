package load

import (
	"time"

	"golang.org/x/sys/unix"
)

// sleep is time.Sleep that wakes within a tenth of a millisecond, where Go's own
// may take a whole one: it would be counted as the API's.
func sleep(d time.Duration) {
	rest := unix.NsecToTimespec(int64(d))
	for unix.Nanosleep(&rest, &rest) == unix.EINTR {
	}
}

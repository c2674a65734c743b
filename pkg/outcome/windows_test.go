package outcome

import (
	"testing"
	"time"
)

// Beyond the limit the newest windows stay, in whatever order their rows come.
func TestNewestWindowsStay(t *testing.T) {
	const more = 7
	hour := time.Hour.Microseconds()
	for name, at := range map[string]func(i int64) int64{
		"forwards":  func(i int64) int64 { return i },
		"backwards": func(i int64) int64 { return windowLimit + more - 1 - i },
	} {
		j := Join{Window: time.Hour}
		for i := range int64(windowLimit + more) {
			j.count(at(i)*hour, 0.5)
		}
		if len(j.windows) != windowLimit {
			t.Errorf("%s: %d windows, want %d", name, len(j.windows), windowLimit)
		}
		for i := range int64(windowLimit + more) {
			if _, ok := j.windows[i*hour]; ok != (i >= more) {
				t.Errorf("%s: window %d: kept %t", name, i, ok)
			}
		}
	}
}

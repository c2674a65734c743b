package cli

import (
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"github.com/leadsman/leadsman/pkg/words"
)

// eraseLine empties a terminal's line and goes to its beginning.
const eraseLine = "\r\x1b[K"

// A Progress is a bar on stderr for work of more than a moment. A nil Progress
// is silent, which is what a stderr that is no terminal gets.
type Progress struct {
	w     io.Writer
	what  string
	total int64 // 0 when it is not known
	done  atomic.Int64
	stop  chan struct{}
	ended chan struct{}
}

// Progress starts a bar over total steps of what, such as "rows"; 0 when the
// total is not known.
func (e *Env) Progress(what string, total int64) *Progress {
	if !e.StderrTerminal {
		return nil
	}
	p := &Progress{w: e.raw, what: what, total: total, stop: make(chan struct{}), ended: make(chan struct{})}
	go p.run()
	return p
}

// Add says that n more steps are done.
func (p *Progress) Add(n int64) {
	if p != nil {
		p.done.Add(n)
	}
}

// Done removes the bar.
func (p *Progress) Done() {
	if p == nil {
		return
	}
	close(p.stop)
	<-p.ended
}

func (p *Progress) run() {
	defer close(p.ended)
	start := time.Now()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	drawn := false
	for {
		select {
		case <-p.stop:
			if drawn {
				fmt.Fprint(p.w, eraseLine)
			}
			return
		case <-tick.C:
			fmt.Fprint(p.w, eraseLine, p.line(time.Since(start)))
			drawn = true
		}
	}
}

func (p *Progress) line(elapsed time.Duration) string {
	done := p.done.Load()
	rate := float64(done) / elapsed.Seconds()
	if p.total <= 0 {
		return fmt.Sprintf("%s %s, %s/s", words.Scaled(float64(done)), p.what, words.Scaled(rate))
	}
	const width = 30
	share := min(float64(done)/float64(p.total), 1)
	full := int(share * width)
	bar := strings.Repeat("#", full) + strings.Repeat("-", width-full)
	return fmt.Sprintf("[%s] %3.0f%% %s %s, %s/s", bar, 100*share, words.Scaled(float64(done)), p.what, words.Scaled(rate))
}

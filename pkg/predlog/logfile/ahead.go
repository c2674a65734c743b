package logfile

import "io"

// blockSize is how much is unpacked at once.
const blockSize = 1 << 18

// ahead unpacks on a goroutine of its own while its reader is busy.
type ahead struct {
	blocks chan []byte
	free   chan []byte
	quit   chan struct{}
	done   chan struct{}
	block  []byte // being read
	rest   []byte // of block
	err    error  // why blocks was closed
}

func readAhead(r io.Reader) *ahead {
	a := &ahead{blocks: make(chan []byte, 2), free: make(chan []byte, 4), quit: make(chan struct{}), done: make(chan struct{})}
	for range 4 {
		a.free <- make([]byte, blockSize)
	}
	go func() {
		defer close(a.done)
		defer close(a.blocks)
		for {
			var b []byte
			select {
			case b = <-a.free:
			case <-a.quit:
				return
			}
			// Not io.ReadFull: it would call a short last block cut.
			n := 0
			var err error
			for n < blockSize && err == nil {
				var m int
				m, err = r.Read(b[n:blockSize])
				n += m
			}
			if n > 0 {
				select {
				case a.blocks <- b[:n]:
				case <-a.quit:
					return
				}
			}
			if err != nil {
				a.err = err
				return
			}
		}
	}()
	return a
}

func (a *ahead) Read(p []byte) (int, error) {
	if len(a.rest) == 0 {
		if a.block != nil {
			a.free <- a.block[:blockSize]
			a.block = nil
		}
		b, ok := <-a.blocks
		if !ok {
			return 0, a.err
		}
		a.block, a.rest = b, b
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// stop ends the goroutine.
func (a *ahead) stop() {
	close(a.quit)
	<-a.done
}

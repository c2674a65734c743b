package site

import (
	"fmt"
	"math"
	"os"
	"sync"
	"testing"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
)

var nan = math.NaN()

var drawn sync.Map // pictures, by what they show

// The tests draw the same pictures over and over, and a picture takes longer than
// its page.
func TestMain(m *testing.M) {
	draw = func(d gallery.Drawing, s chart.Size) ([]byte, error) {
		key := fmt.Sprintf("%T%+v%+v", d, d, s)
		if l, ok := d.(chart.Lines); ok && l.Lo != nil {
			lo := *l.Lo
			l.Lo = nil
			key = fmt.Sprintf("%T%+v%+v from %v", l, l, s, lo)
		}
		if raw, ok := drawn.Load(key); ok {
			return raw.([]byte), nil
		}
		raw, err := d.PNG(s)
		if err == nil {
			drawn.Store(key, raw)
		}
		return raw, err
	}
	os.Exit(m.Run())
}

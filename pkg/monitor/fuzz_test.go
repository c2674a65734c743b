package monitor

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/wire"
)

// Whatever the bytes of a file of outcomes, it is refused, or a part of the log that
// met it is counted, and read back as it was.
func FuzzOutcomes(f *testing.F) {
	f.Add([]byte("lead,won\nL1,1\nL2,0\nL3,\nL1,0\n"), uint8(0))
	f.Add([]byte(`{"lead": "L1", "won": true}`+"\n"+`{"lead": "L2", "won": "hot", "timestamp": 1767571200}`+"\n"), uint8(0))
	f.Add([]byte("timestamp,outcome\n2026-01-05T00:00:00Z,1\n"), uint8(0))
	f.Add([]byte("lead;won\nL1;1e400\nL2;nan\nL3;-7.5\n"), uint8(1))
	f.Add([]byte("lead,won\nL1,x\nL2,0\n,1\n"), uint8(2))
	type sample struct {
		o     Options
		p     *plan.Plan
		files [][2]string
	}
	var samples []sample
	for _, i := range []int{2, 4, 5} { // two kinds, numbers, classes
		l := lawLogs[i]
		r := rand.New(rand.NewPCG(uint64(i), 2))
		files, _ := l.files(r)
		c, err := config.Parse("test", []byte(l.config))
		if err != nil {
			f.Fatal(err)
		}
		o := Options{Config: c, Reference: filepath.Join(f.TempDir(), "reference.csv"), Notef: func(string, ...any) {}}
		if err := os.WriteFile(o.Reference, []byte(lawReference(r, l.name == "classes")), 0o600); err != nil {
			f.Fatal(err)
		}
		p, err := MakePlan(o, nil, drop)
		if err != nil {
			f.Fatal(err)
		}
		samples = append(samples, sample{o, p, files})
	}
	f.Fuzz(func(t *testing.T, raw []byte, which uint8) {
		l := samples[int(which)%len(samples)]
		o := l.o
		o.Outcomes = filepath.Join(t.TempDir(), "outcomes")
		if err := os.WriteFile(o.Outcomes, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		part, err := CountLog(o, l.p, lawBundle(t, &o, l.p, l.files, []int{0, 1}), drop)
		if err != nil {
			return
		}
		lawSum(t, l.p, lawTables(t, wire.Seal(part, "part")))
	})
}

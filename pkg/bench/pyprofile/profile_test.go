package pyprofile

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A program that spends its time in spin, called by work, as testdata/make.py has it;
// what its two profilers say of it stands in testdata.
func TestProfiles(t *testing.T) {
	for _, file := range []string{"spin.pstats", "spin.speedscope.json"} {
		f, err := os.Open("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		spots, err := Read("/home/somebody/"+file, f)
		if err != nil {
			t.Fatal(err)
		}
		spin, work := -1, -1
		for i, s := range spots {
			if s.Program != file || s.Engine != "Python" || s.FlatShare > s.CumShare+1e-9 || strings.Contains(s.Function, "/home/") {
				t.Errorf("%s: %+v", file, s)
			}
			switch {
			case strings.HasSuffix(s.Function, "(spin)") && (spin < 0 || s.FlatShare > spots[spin].FlatShare):
				spin = i
			case strings.HasSuffix(s.Function, "(work)"):
				work = i
			}
		}
		if spin != 0 || spots[0].FlatShare < 0.5 {
			t.Errorf("%s: the function that spins is at %d", file, spin)
		}
		if work < 0 || spots[work].CumShare < 0.5 || spots[work].FlatShare > 0.2 {
			t.Errorf("%s: the function that calls it: %+v", file, spots[max(work, 0)])
		}
	}
}

// Read by hand: (file, line, name) is ("a/b/c.py", 7, "f"), 2 s of its own and 3 s with
// what it calls; a reference stands for the same tuple's text.
func TestMarshal(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("{")                                 // dict
	b.WriteString(")\x03")                             // of a tuple of 3
	b.WriteString("\xda\x08a/b/c.py")                  // 'Z' with a reference
	b.WriteString("i\x07\x00\x00\x00")                 // 7
	b.WriteString("z\x01f")                            // f
	b.WriteString("(\x05\x00\x00\x00")                 // to a tuple of 5
	b.WriteString("i\x01\x00\x00\x00")                 // primitive calls
	b.WriteString("l\x01\x00\x00\x00\x02\x00")         // calls, as a long number
	b.WriteString("g\x00\x00\x00\x00\x00\x00\x00\x40") // 2.0
	b.WriteString("g\x00\x00\x00\x00\x00\x00\x08\x40") // 3.0
	b.WriteString("{0")                                // no callers
	b.WriteString("0")
	spots, err := Read("x.pstats", bytes.NewReader(b.Bytes()))
	if err != nil || len(spots) != 1 || spots[0].Function != "b/c.py:7(f)" || spots[0].FlatMS != 2000 || spots[0].CumMS != 3000 || spots[0].TotalMS != 2000 || math.Abs(spots[0].CumShare-1) > 0 {
		t.Fatalf("%+v, %v", spots, err)
	}
	for n := range b.Len() {
		if _, err := Read("x.pstats", bytes.NewReader(b.Bytes()[:n])); err == nil {
			t.Errorf("%d bytes are a profile", n)
		}
	}
}

// A thread that waits is not at work: half the samples of this profile.
func TestWaiting(t *testing.T) {
	spots, err := Read("x", strings.NewReader(`{"shared":{"frames":[{"name":"run","file":"a.py"},{"name":"Condition.wait","file":"/usr/threading.py"},{"name":"work","file":"a.py"}]},
		"profiles":[{"type":"sampled","unit":"seconds","samples":[[0,1],[0,2],[0,2],[0,1]],"weights":[1,1,1,1]}]}`))
	if err != nil || len(spots) != 2 || spots[0].Function != "a.py(work)" || spots[0].FlatShare != 1 || spots[1].CumShare != 1 || spots[0].TotalMS != 2000 {
		t.Errorf("%+v, %v", spots, err)
	}
}

func TestNoProfile(t *testing.T) {
	for in, want := range map[string]string{
		"":                                  "x: neither cProfile's statistics",
		"hello":                             "x: neither cProfile's statistics",
		"{0":                                "x: no time was measured",
		`{"a":1}`:                           "x: neither cProfile's statistics",
		`{"profiles":[{"type":"evented"}]}`: `x: a profile of type "evented", want sampled`,
		`{"profiles":[{"type":"sampled","unit":"bytes"}]}`:                                 `x: a profile in "bytes", want one in seconds`,
		`{"profiles":[{"type":"sampled","unit":"seconds","samples":[[0]]}]}`:               "x: 1 samples and 0 weights",
		`{"profiles":[{"type":"sampled","unit":"seconds","samples":[[3]],"weights":[1]}]}`: "x: sample 0: frame 3 of 0",
	} {
		if _, err := Read("x", strings.NewReader(in)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", in, err, want)
		}
	}
}

// Whatever the bytes: functions, or an error.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/spin.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		spots, err := Read("x", bytes.NewReader(data))
		if (err == nil) == (len(spots) == 0) {
			t.Fatal(spots, err)
		}
	})
}

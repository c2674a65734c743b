package sim

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
)

func read2(t *testing.T, text string, without ...string) *File {
	t.Helper()
	f, err := ReadFile(strings.NewReader(text), without)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

const heights = "\ufeffheight,town,code,score,label,engaged\n1.5,Ulm,1,0.25,no,0\n,Bonn,x,0.75,yes,1\n2.5,,3,0.5,yes,0\n"

func resampled(t *testing.T, f *File, s *Scorer, scenario *Scenario, rows int64) []prediction {
	t.Helper()
	o := options(t, "none", 3, rows)
	if scenario != nil {
		o.Scenario = scenario
	}
	var b bytes.Buffer
	if err := Predictions(&b, f, s, o); err != nil {
		t.Fatal(err)
	}
	return decode[prediction](t, b.Bytes())
}

func TestFromCSV(t *testing.T) {
	f := read2(t, heights, "engaged")
	if got := strings.Join(f.Names(), " "); got != "height town code" || f.Rows != 3 || !f.Scored() {
		t.Fatalf("%s, %d rows, scored %v", got, f.Rows, f.Scored())
	}
	log := resampled(t, f, nil, nil, 3000)
	count := map[float64]int{}
	for _, p := range log {
		count[p.Score]++
		if !p.Simulated {
			t.Fatal("not marked as simulated")
		}
		if p.Score == 0.75 && (p.Label != "yes" || p.Input["height"] != nil || p.Input["town"] != "Bonn" || p.Input["code"] != "x") {
			t.Fatalf("%+v", p)
		}
		// A number in a column with text is text.
		if p.Score == 0.25 && (p.Input["height"] != 1.5 || p.Input["code"] != "1") {
			t.Fatalf("%+v", p)
		}
		if p.Score == 0.5 && p.Input["town"] != nil {
			t.Fatalf("%+v", p)
		}
	}
	for _, score := range []float64{0.25, 0.5, 0.75} {
		near(t, "score", float64(count[score])/3000, 1./3, 3000)
	}
}

// A file is the same whatever separates its fields, and missing is what pandas
// takes for it, in columns of numbers and of text.
func TestFromCSVAsIngestReadsIt(t *testing.T) {
	_, s := sample()
	for _, comma := range []string{",", ";", "\t"} {
		f := read2(t, strings.ReplaceAll("|height|town|code\n0|1.5|NA|1\n1|NaN|Bonn|9007199254740993\n2|null|None|3\n", "|", comma))
		if got := strings.Join(f.Names(), " "); got != "height town code" || f.Rows != 3 {
			t.Fatalf("separated by %q: %s, %d rows", comma, got, f.Rows)
		}
		seen := map[string]int{}
		for _, p := range resampled(t, f, s, nil, 300) {
			seen[fmt.Sprint(p.Input["height"], " ", p.Input["town"], " ", p.Input["code"])]++
		}
		// A whole number beyond 2^53 has digits that a float64 has not: its column is of text.
		for _, row := range []string{"1.5 <nil> 1", "<nil> Bonn 9007199254740993", "<nil> <nil> 3"} {
			if seen[row] == 0 {
				t.Errorf("separated by %q: no row %q: %v", comma, row, seen)
			}
		}
		if len(seen) != 3 {
			t.Errorf("separated by %q: %v", comma, seen)
		}
	}
}

func TestFromLines(t *testing.T) {
	flat := read2(t, `{"a": 1, "b": "x", "score": 0.5}`+"\n\n"+`{"b": null, "c": true}`+"\n")
	if got := strings.Join(flat.Names(), " "); got != "a b c" || flat.Scored() {
		t.Errorf("%s, scored %v", got, flat.Scored())
	}
	// In a prediction log the input may have a field named score.
	log := read2(t, `{"timestamp": "t", "input": {"a": 1, "score": 7}, "score": 0.5, "label": "no", "model_version": "v1", "simulated": true}`+"\n")
	if got := strings.Join(log.Names(), " "); got != "a score" || !log.Scored() {
		t.Errorf("%s, scored %v", got, log.Scored())
	}
	if p := resampled(t, log, nil, nil, 1)[0]; p.Score != 0.5 || p.Label != "no" || p.Version != "v1" || p.Input["score"] != 7. {
		t.Errorf("%+v", p)
	}
}

func TestFromOwnLog(t *testing.T) {
	_, s := sample()
	f, err := ReadFile(bytes.NewReader(predictionLog(t, options(t, "none", 1, 50))), nil)
	if err != nil {
		t.Fatal(err)
	}
	kept, scored := resampled(t, f, nil, nil, 30), resampled(t, f, s, nil, 30)
	for i := range kept {
		if kept[i].Score != scored[i].Score {
			t.Errorf("line %d: the file says %v, the model %v", i+1, kept[i].Score, scored[i].Score)
		}
	}
}

func TestFromWithDrift(t *testing.T) {
	_, s := sample()
	f := read2(t, heights)
	shift, _ := scenarios().Named("mean-shift")
	now, _ := numbersOf(resampled(t, f, s, shift.On("height"), 300), "height")
	for _, x := range now {
		// Mean 2, standard deviation 0.5, moved by 1.2 of them.
		if math.Abs(x-2.1) > 1e-12 && math.Abs(x-3.1) > 1e-12 {
			t.Fatalf("%v", x)
		}
	}
	burst, _ := scenarios().Named("missing-burst")
	o := options(t, "none", 3, 2000)
	late := o.between(resampled(t, f, s, burst.On("code"), 2000), 0.5, 1)
	near(t, "missing", shareOf(late, "code", nil), 0.8, len(late))
	// Height and town are drawn apart: each of the nine pairs is as likely.
	broken, _ := scenarios().Named("correlation-only")
	pairs := map[bool]int{}
	for _, p := range resampled(t, f, s, broken.On("town"), 3000) {
		pairs[p.Input["height"] == 1.5 && p.Input["town"] == "Bonn"]++
	}
	near(t, "mixed rows", float64(pairs[true])/3000, 1./9, 3000)
	f.Noise = 0.1
	noisy, _ := numbersOf(resampled(t, f, s, nil, 300), "height")
	for i, x := range noisy {
		if d := math.Min(math.Abs(x-1.5), math.Abs(x-2.5)); d == 0 || d > 0.3 {
			t.Fatalf("value %d: %v", i, x)
		}
	}
}

func TestFromNeedsAnOutcome(t *testing.T) {
	f := read2(t, heights)
	err := Predictions(&bytes.Buffer{}, f, nil, options(t, "label-shift", 1, 5))
	if want := "scenario label-shift: needs rows with a known outcome, drawn from a population"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestReadFileRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "no rows"},
		{"a,b\n", "no rows"},
		{"a,a\n1,2\n", `header: column "a" is there twice`},
		{"a,b\n1\n", "record on line 2: wrong number of fields"},
		{"score\n0.5\n", "no rows"},
		{`{"a": 1}` + "\n" + `{"a": `, "line 2: not JSON: it is cut short"},
		{`{"a": 1}` + "\n[1]\n", "line 2: want a JSON object"},
		{`{"a": {"b": 1}}`, "line 1: a: want a number, a string or null"},
		{`{"input": {"b": [1]}}`, "line 1: b: want a number, a string or null"},
		{`{}`, "no rows"},
	} {
		if _, err := ReadFile(strings.NewReader(c.text), nil); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
}

// No bytes of a lead or a file may do harm.
func FuzzMembers(f *testing.F) {
	for _, s := range []string{lead, `{"a":{"b":[1,"\ud800"]},"c":-0e5}`, `{"a":"\x`, "{", `{"a":1}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fields, err := members(data)
		if err != nil && fields != nil {
			t.Error("fields beside an error")
		}
		ReadFile(bytes.NewReader(data), nil)
	})
}

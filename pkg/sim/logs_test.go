package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
)

// sample returns the sample case's population and model.
var sample = sync.OnceValues(func() (*Population, *Scorer) {
	p, err := OpenPopulation(populationFile)
	if err != nil {
		panic(err)
	}
	f, err := feature.Open("../../testdata/features.json")
	if err != nil {
		panic(err)
	}
	m, err := model.Open("../../testdata/model.ubj")
	if err != nil {
		panic(err)
	}
	e, err := model.Native(m)
	if err != nil {
		panic(err)
	}
	return p, &Scorer{Pipeline: f, Engine: e, Version: "test", Threshold: 0.5, Labels: [2]string{"no", "yes"}}
})

var monday = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

func options(t testing.TB, scenario string, seed uint64, rows int64) Options {
	t.Helper()
	s, err := scenarios().Named(scenario)
	if err != nil {
		t.Fatal(err)
	}
	return Options{Seed: seed, Rows: rows, Start: monday, Period: 24 * time.Hour, Scenario: s}
}

// prediction is a line of the log as another program reads it.
type prediction struct {
	Timestamp time.Time
	Input     map[string]any
	Score     float64
	Label     string
	Inference float64 `json:"inference_ms"`
	Version   string  `json:"model_version"`
	Simulated bool
}

type request struct {
	Timestamp time.Time
	Endpoint  string
	Method    string
	Status    int     `json:"status_code"`
	Response  float64 `json:"response_ms"`
	Simulated bool
}

func predictionLog(t testing.TB, o Options) []byte {
	t.Helper()
	p, s := sample()
	var b bytes.Buffer
	if err := Predictions(&b, p, s, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func requestLog(t testing.TB, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Requests(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decode[T any](t testing.TB, log []byte) []T {
	t.Helper()
	var out []T
	for line := range bytes.Lines(log) {
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		out = append(out, v)
	}
	return out
}

func TestSameSeedSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("many logs take seconds")
	}
	const rows = chunkRows + 7
	for _, scenario := range []string{"none", "label-shift", "error-burst"} {
		o := options(t, scenario, 4, rows)
		one := predictionLog(t, o)
		before := runtime.GOMAXPROCS(1)
		again, calls := predictionLog(t, o), requestLog(t, o)
		runtime.GOMAXPROCS(before)
		if !bytes.Equal(one, again) || !bytes.Equal(calls, requestLog(t, o)) {
			t.Errorf("%s: the same options gave other bytes", scenario)
		}
		o.Seed = 5
		if bytes.Equal(one, predictionLog(t, o)) || bytes.Equal(calls, requestLog(t, o)) {
			t.Errorf("%s: another seed gave the same bytes", scenario)
		}
	}
}

func TestPredictionLines(t *testing.T) {
	p, s := sample()
	const rows = 2*chunkRows + 100
	log := decode[prediction](t, predictionLog(t, options(t, "none", 8, rows)))
	if len(log) != rows {
		t.Fatalf("%d lines, want %d", len(log), rows)
	}
	last := monday
	for i, line := range log {
		if line.Timestamp.Before(last) || !line.Timestamp.Before(monday.Add(24*time.Hour)) {
			t.Fatalf("line %d: %v after %v", i+1, line.Timestamp, last)
		}
		last = line.Timestamp
		if !line.Simulated || line.Version != "test" || len(line.Input) != len(p.Names()) || line.Inference <= 0 {
			t.Fatalf("line %d: %+v", i+1, line)
		}
		if want := map[bool]string{true: "yes", false: "no"}[line.Score >= s.Threshold]; line.Label != want {
			t.Fatalf("line %d: score %v and label %s", i+1, line.Score, line.Label)
		}
	}
}

// Every row's score is what the model says about the values in its line.
func TestScoresAreTheModels(t *testing.T) {
	_, s := sample()
	for _, scenario := range []string{"none", "vanished-column", "unit-change"} {
		var lines []string
		for line := range strings.Lines(string(predictionLog(t, options(t, scenario, 2, 50)))) {
			lines = append(lines, line)
		}
		for i, line := range decode[prediction](t, []byte(strings.Join(lines, ""))) {
			lead, err := json.Marshal(line.Input)
			if err != nil {
				t.Fatal(err)
			}
			got, err := NewService(s, nil, nil).score([]json.RawMessage{lead}, "")
			if err != nil {
				t.Fatal(err)
			}
			if got[0].Score != line.Score {
				t.Errorf("%s: line %d has %v, the model says %v", scenario, i+1, line.Score, got[0].Score)
			}
		}
	}
}

// Production must not repeat the reference, whatever the seeds.
func TestRowsAreNotTheReferences(t *testing.T) {
	p, _ := sample()
	skills := reference(t, p, 1, 2000).column("skills")
	known := map[string]bool{}
	for i, s := range reference(t, p, 1, 2000).column("summary") {
		if len(s) > 300 {
			known[s+skills[i]] = true
		}
	}
	if len(known) < 500 {
		t.Fatalf("only %d summaries to compare", len(known))
	}
	for _, line := range decode[prediction](t, predictionLog(t, options(t, "none", 1, 2000))) {
		summary, _ := line.Input["summary"].(string)
		if known[summary+line.Input["skills"].(string)] {
			t.Fatalf("a row of the reference in the log: %.80s", summary)
		}
	}
}

// Both logs tell of the same requests: each prediction has an answered request
// of its moment, and each answered request at least one prediction.
func TestRequestsCarryThePredictions(t *testing.T) {
	if testing.Short() {
		t.Skip("a log of seconds")
	}
	for _, scenario := range []string{"none", "error-burst"} {
		o := options(t, scenario, 3, 2*chunkRows+900)
		leads := map[time.Time]int{}
		inference := map[time.Time]float64{}
		for _, p := range decode[prediction](t, predictionLog(t, o)) {
			leads[p.Timestamp]++
			inference[p.Timestamp] += p.Inference
		}
		last := time.Time{}
		health, failed, answered, batches, most := 0, 0, 0, 0, 0
		for _, q := range decode[request](t, requestLog(t, o)) {
			if q.Timestamp.Before(last) {
				t.Fatalf("%v after %v", q.Timestamp, last)
			}
			last = q.Timestamp
			if !q.Simulated || q.Response <= 0 {
				t.Fatalf("%+v", q)
			}
			switch {
			case q.Endpoint == "/health":
				health++
				continue
			case q.Status == 200:
				answered++
				n := leads[q.Timestamp]
				delete(leads, q.Timestamp)
				if most = max(most, n); n > 1 {
					batches++
				}
				if n == 0 || (q.Endpoint == "/predict/batch") != (n > 1) {
					t.Fatalf("%+v carried %d leads", q, n)
				}
				if q.Response < inference[q.Timestamp] {
					t.Fatalf("%+v took less than its inference, %v", q, inference[q.Timestamp])
				}
			case slices.Contains([]int{422, 500, 503}, q.Status):
				failed++
			default:
				t.Fatalf("%+v", q)
			}
		}
		if len(leads) > 0 {
			t.Errorf("%s: %d predictions without a request", scenario, len(leads))
		}
		near(t, "batches", float64(batches)/float64(answered), batchShare, answered)
		if most < batchMost-2 || most > batchMost {
			t.Errorf("%s: the largest batch holds %d leads, want up to %d", scenario, most, batchMost)
		}
		if health != 96 { // one in a quarter of an hour
			t.Errorf("%s: %d health checks in a day, want 96", scenario, health)
		}
		if share := float64(failed) / float64(failed+answered); scenario == "none" && (share < 0.005 || share > 0.03) {
			t.Errorf("%.4f of the requests failed, want about 0.015", share)
		}
	}
}

func TestRhythm(t *testing.T) {
	o := options(t, "none", 1, 30000)
	o.Period = 14 * 24 * time.Hour
	var hours [24]int
	weekend := 0
	for _, q := range decode[request](t, requestLog(t, o)) {
		if q.Endpoint == "/health" {
			continue
		}
		hours[q.Timestamp.Hour()]++
		if day := q.Timestamp.Weekday(); day == time.Saturday || day == time.Sunday {
			weekend++
		}
	}
	if hours[10] < 4*hours[3] {
		t.Errorf("%d requests from ten to eleven, %d at three at night", hours[10], hours[3])
	}
	// Two days of seven at 0.35 of the others: 0.7 of 5.7.
	all := 0
	for _, n := range hours {
		all += n
	}
	near(t, "weekend", float64(weekend)/float64(all), 0.7/5.7, all)
}

func TestLatencyTail(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	var ms []float64
	for _, p := range decode[prediction](t, predictionLog(t, options(t, "none", 1, 20000))) {
		ms = append(ms, p.Inference)
	}
	slices.Sort(ms)
	at := func(q float64) float64 { return ms[int(q*float64(len(ms)))] }
	if at(0.5) < 1 || at(0.5) > 3 || at(0.999) < 4*at(0.5) || ms[len(ms)-1] < 100 {
		t.Errorf("p50 %v, p99.9 %v, largest %v", at(0.5), at(0.999), ms[len(ms)-1])
	}
}

type failing struct{ after int }

func (w *failing) Write(p []byte) (int, error) {
	if w.after--; w.after < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

var errDisk = errors.New("disk full")

func TestWriteError(t *testing.T) {
	p, s := sample()
	o := options(t, "none", 1, 10*chunkRows)
	if err := Predictions(&failing{2}, p, s, o); err != errDisk {
		t.Error(err)
	}
	if err := Requests(&failing{0}, o); err != errDisk {
		t.Error(err)
	}
	if err := Reference(&failing{1}, p, nil, nil, 1, 3000, nil); err != errDisk {
		t.Error(err)
	}
}

func TestProgressCountsRows(t *testing.T) {
	o := options(t, "none", 1, 2*chunkRows+5)
	sum := int64(0)
	o.Progress = func(n int64) { sum += n }
	predictionLog(t, o)
	if sum != o.Rows {
		t.Errorf("%d, want %d", sum, o.Rows)
	}
}

func TestNoRows(t *testing.T) {
	o := options(t, "none", 1, 0)
	if n := len(predictionLog(t, o)) + len(requestLog(t, o)); n != 0 {
		t.Errorf("%d bytes", n)
	}
}

func TestClockRefuses(t *testing.T) {
	p, s := sample()
	for _, period := range []time.Duration{0, -time.Hour, math.MaxInt64} {
		o := options(t, "none", 1, 1)
		o.Period = period
		if Predictions(&bytes.Buffer{}, p, s, o) == nil || Requests(&bytes.Buffer{}, o) == nil {
			t.Errorf("%v: no error", period)
		}
	}
}

func BenchmarkPredictions(b *testing.B) {
	b.ReportAllocs()
	p, s := sample()
	for b.Loop() {
		if err := Predictions(discard{}, p, s, options(b, "none", 1, 4*chunkRows)); err != nil {
			b.Fatal(err)
		}
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

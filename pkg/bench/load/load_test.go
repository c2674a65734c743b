package load

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/sim"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/testdata"
	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// serve answers on loopback until the test ends.
func serve(t *testing.T, h http.Handler) *url.URL {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func some(u *url.URL) Options {
	return Options{URL: u, Bodies: [][]byte{[]byte(`{}`)}, Burst: 10, Timeout: 5 * time.Second}
}

// The scoring service bears a burst and a second of requests, and its own log
// says how many it had.
func TestService(t *testing.T) {
	m, err := model.Read(bytes.NewReader(testdata.Model))
	if err != nil {
		t.Fatal(err)
	}
	engine, err := model.Native(m)
	if err != nil {
		t.Fatal(err)
	}
	p, err := feature.Parse(bytes.NewReader(testdata.Features))
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer // the service writes one line at a time, and ends before it is read
	service := sim.NewService(&sim.Scorer{Pipeline: p, Engine: engine, Version: "test", Threshold: 0.5, Labels: [2]string{"low", "high"}}, io.Discard, &log)
	server := httptest.NewServer(service.Handler())
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	progress := int64(0)
	rep, err := Run(Options{
		URL: u, Bodies: [][]byte{[]byte(`{"llm_quality": 90}`), []byte(`{"llm_quality": []}`)}, // the second is refused
		Burst: 100, Rate: 100, Duration: time.Second, Timeout: 10 * time.Second, Progress: func(n int64) { progress += n },
	})
	server.Close()
	if err != nil {
		t.Fatal(err)
	}
	if progress != 200 || len(rep.Loads) != 2 {
		t.Fatalf("%d requests of 200, %+v", progress, rep)
	}
	for i, l := range rep.Loads {
		if want := []string{"burst", "rate"}[i]; l.Run != want || l.Planned != 100 || l.Sent != 100 || l.OK != 50 {
			t.Errorf("want %s of 100, 50 of them good: %+v", want, l)
		}
		if !(0 < l.P50MS && l.P50MS <= l.P95MS && l.P95MS <= l.P99MS && l.P99MS <= l.P999MS && l.P999MS <= l.MaxMS) || !(l.SentP50MS <= l.P50MS*1.01) {
			t.Errorf("latencies %+v", l)
		}
		if l.HealthBefore != 200 || l.HealthAfter != 200 || l.BytesOut != 50*19*2 || l.BytesIn == 0 {
			t.Errorf("%+v", l)
		}
		// The last of 100 requests at 100 a second is due after 0.99 s.
		if l.Run == "rate" && (l.Seconds < 0.99 || l.Rate != 100 || l.Throughput > 50/0.99) {
			t.Errorf("%+v", l)
		}
		if l.Run == "burst" && !math.IsNaN(l.Rate) {
			t.Errorf("a burst has rate %v", l.Rate)
		}
	}
	want := []verdict.LoadStatus{
		{Run: "burst", Status: 200, Count: 50}, {Run: "burst", Status: 422, Error: "422 Unprocessable Entity", Count: 50},
		{Run: "rate", Status: 200, Count: 50}, {Run: "rate", Status: 422, Error: "422 Unprocessable Entity", Count: 50},
	}
	for i, s := range rep.Statuses {
		if i >= len(want) || s != want[i] {
			t.Errorf("status %+v", s)
		}
	}
	logged := map[string]int{}
	for line := range strings.Lines(log.String()) {
		var q struct {
			Endpoint string `json:"endpoint"`
		}
		if err := json.Unmarshal([]byte(line), &q); err != nil {
			t.Fatal(err)
		}
		logged[q.Endpoint]++
	}
	if logged["/predict"] != 200 || logged["/health"] != 3 {
		t.Errorf("the service had %v", logged)
	}
}

// A burst is at once: none is answered before all are there.
func TestBurstIsAtOnce(t *testing.T) {
	const n = 40
	var waiting sync.WaitGroup
	waiting.Add(n)
	o := some(serve(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Method == http.MethodPost {
			waiting.Done()
			waiting.Wait()
		}
	})))
	o.Burst = n
	rep, err := Run(o)
	if err != nil || rep.Loads[0].OK != n {
		t.Errorf("%+v, %v", rep, err)
	}
}

// An API that stops for a while shows it in the latencies of all that were due
// meanwhile, because they are sent all the same.
func TestStall(t *testing.T) {
	var stalled atomic.Bool
	const pause = 500 * time.Millisecond
	var once sync.Once
	var until time.Time
	o := some(serve(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Method != http.MethodPost {
			return
		}
		once.Do(func() { until = time.Now().Add(pause); stalled.Store(true) })
		time.Sleep(time.Until(until))
	})))
	o.Burst, o.Rate, o.Duration = 0, 100, time.Second
	rep, err := Run(o)
	if err != nil {
		t.Fatal(err)
	}
	// Half of the requests fall due in the pause, waiting from 500 ms down to
	// none: the quarter point of all is 250 ms.
	l := rep.Loads[0]
	if l.OK != 100 || l.MaxMS < 480 || l.P95MS < 400 || !stalled.Load() {
		t.Errorf("%+v", l)
	}
}

// The latency of a request that was sent late runs from when it was due.
func TestLatenessCounts(t *testing.T) {
	began := time.Now()
	r := newRun(&plan{n: 3, rate: 10, began: began})
	for seq, sent := range []time.Duration{0, 100 * time.Millisecond, 500 * time.Millisecond} { // the third is due at 200 ms
		r.add(&vegeta.Result{Seq: uint64(seq), Timestamp: began.Add(sent), Latency: 50 * time.Millisecond, Code: 200, BytesIn: 2, BytesOut: 3})
	}
	l := r.load()
	near := func(got, want float64) bool { return math.Abs(got-want) <= want/1000 } // three digits
	// 50, 50 and 300 + 50 ms after due; 50 ms after sending
	if !near(l.P50MS, 50) || !near(l.MaxMS, 350) || !near(l.P99MS, 350) || !near(l.MeanMS, 150) || !near(l.LateMS, 300) || !near(l.SentP99MS, 50) {
		t.Errorf("%+v", l)
	}
	if !near(l.Seconds, 0.55) || !near(l.Throughput, 3/0.55) || l.BytesIn != 6 || l.BytesOut != 9 {
		t.Errorf("%+v", l)
	}
	if l := newRun(&plan{n: 1}).load(); !math.IsNaN(l.P50MS) || !math.IsNaN(l.MaxMS) || l.Throughput != 0 {
		t.Errorf("of no requests: %+v", l)
	}
}

func TestManyKindsOfErrors(t *testing.T) {
	r := newRun(&plan{})
	for i := range 300 {
		r.add(&vegeta.Result{Error: "Post: " + string(rune('a'+i%250))})
	}
	if got := r.statuses("burst"); len(got) > mostEnds+1 {
		t.Errorf("%d kinds", len(got))
	}
}

func TestRefusals(t *testing.T) {
	ok := some(&url.URL{Scheme: "http", Host: "127.0.0.1:1"})
	for _, c := range []struct {
		change func(*Options)
		want   string
	}{
		{func(o *Options) { o.URL = &url.URL{Scheme: "ftp", Host: "127.0.0.1"} }, "want an address such as http://127.0.0.1:8080"},
		{func(o *Options) { o.URL = &url.URL{Scheme: "http", Host: "192.0.2.1:80"} }, "192.0.2.1:80: not an address of this machine"},
		{func(o *Options) { o.URL = &url.URL{Scheme: "http", Host: "example.com"} }, "example.com: not an address of this machine"},
		{func(o *Options) { o.URL = &url.URL{Scheme: "http", Host: "localhost.example.com"} }, "localhost.example.com: not an address of this machine"},
		{func(o *Options) { o.URL = &url.URL{Scheme: "http", Host: "[::ffff:192.0.2.1]:80"} }, "[::ffff:192.0.2.1]:80: not an address of this machine"},
		{func(o *Options) { o.Bodies = nil }, "no bodies to send"},
		{func(o *Options) { o.Burst = maxBurst + 1 }, "want a burst of 0 to 10000 requests, got 10001"},
		{func(o *Options) { o.Burst = -1 }, "want a burst of 0 to 10000 requests, got -1"},
		{func(o *Options) { o.Rate = maxRate + 1 }, "want 0 to 100000 requests a second, got 100001"},
		{func(o *Options) { o.Duration = time.Hour }, "want a duration up to 10m0s, got 1h0m0s"},
		{func(o *Options) { o.Timeout = 0 }, "want a timeout up to 1m0s, got 0s"},
		{func(o *Options) { o.Burst = 0 }, "neither a burst nor a rate"},
		{func(o *Options) { o.Rate, o.Duration = maxRate, MaxDuration }, "60000010 requests are more than 10000000"},
	} {
		o := ok
		c.change(&o)
		if _, err := Run(o); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	for _, host := range []string{"localhost:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"} {
		o := ok
		if o.URL = (&url.URL{Scheme: "http", Host: host}); o.Check() != nil {
			t.Errorf("%s: %v", host, o.Check())
		}
	}
}

// Whatever a name is found to mean, only loopback is dialled.
func TestOnlyLoopbackIsDialled(t *testing.T) {
	o := some(nil)
	if _, err := o.client().Get("http://192.0.2.1:9/"); !errors.Is(err, ErrRemote) {
		t.Errorf("got %v", err)
	}
}

// A redirect is an answer, and is not followed.
func TestRedirect(t *testing.T) {
	elsewhere := atomic.Int64{}
	o := some(serve(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		switch q.URL.Path {
		case "/predict":
			http.Redirect(w, q, "/elsewhere", http.StatusTemporaryRedirect)
		case "/elsewhere":
			elsewhere.Add(1)
		}
	})))
	rep, err := Run(o)
	if err != nil || rep.Loads[0].OK != 0 || rep.Statuses[0].Status != 307 || rep.Statuses[0].Error == "" || elsewhere.Load() != 0 {
		t.Errorf("%+v, %v, %d followed", rep, err, elsewhere.Load())
	}
}

// Tables are published: nothing secret of the address is in them.
func TestAddressIsPublic(t *testing.T) {
	asked := atomic.Int64{}
	o := some(serve(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if name, word, ok := q.BasicAuth(); ok && name == "user" && word == "word" && q.URL.Query().Get("key") == "secret" {
			asked.Add(1)
		}
	})))
	o.URL.User, o.URL.RawQuery, o.URL.Fragment = url.UserPassword("user", "word"), "key=secret", "part"
	rep, err := Run(o)
	if err != nil || rep.Loads[0].URL != "http://"+o.URL.Host+"/predict" || asked.Load() != 10 {
		t.Errorf("%+v, %v, %d asked", rep, err, asked.Load())
	}
}

func TestTimeout(t *testing.T) {
	end := make(chan struct{})
	o := some(serve(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Method == http.MethodPost {
			select {
			case <-end:
			case <-q.Context().Done():
			}
		}
	})))
	defer close(end)
	o.Timeout = 100 * time.Millisecond
	rep, err := Run(o)
	if err != nil {
		t.Fatal(err)
	}
	if want := (verdict.LoadStatus{Run: "burst", Error: "timeout", Count: 10}); len(rep.Statuses) != 1 || rep.Statuses[0] != want {
		t.Errorf("got %+v", rep.Statuses)
	}
	if rep.Loads[0].MaxMS < 100 {
		t.Errorf("a timeout after 100 ms took %v ms", rep.Loads[0].MaxMS)
	}
}

// Nothing is sent to what is not there.
func TestDead(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	server.Close()
	_, err = Run(some(u))
	if err == nil || !strings.HasSuffix(err.Error(), "/health: connection refused") {
		t.Errorf("got %v", err)
	}
}

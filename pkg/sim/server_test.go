package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// post sends a body and returns the status and the answer.
func post(t *testing.T, h http.Handler, method, path, body string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w.Code, strings.TrimSpace(w.Body.String())
}

// safe is a buffer that the service and a test may use at once.
type safe struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *safe) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

const lead = `{"llm_quality": 90, "llm_seniority": "Executive", "llm_engagement": 0.9, "llm_decision_maker": 0.9, "industry": null}`

func TestServiceScores(t *testing.T) {
	_, s := sample()
	var predictions, requests safe
	h := NewService(s, &predictions, &requests).Handler()

	status, body := post(t, h, "POST", "/predict", lead)
	var one scoreJSON
	if err := json.Unmarshal([]byte(body), &one); err != nil || status != 200 || one.Version != "test" || one.Label != s.label(one.Score) {
		t.Fatalf("%d %s", status, body)
	}
	status, body = post(t, h, "POST", "/predict/batch", "["+lead+`,{"llm_quality": 1}]`)
	var two []scoreJSON
	if err := json.Unmarshal([]byte(body), &two); err != nil || status != 200 || len(two) != 2 || two[0] != one {
		t.Fatalf("%d %s, want first %+v", status, body, one)
	}
	if two[1].Score >= two[0].Score {
		t.Errorf("a poor lead scores %v, a good one %v", two[1].Score, two[0].Score)
	}
	// A lead says nothing about the next one.
	if _, alone := post(t, NewService(s, io.Discard, io.Discard).Handler(), "POST", "/predict", `{"llm_quality": 1}`); !strings.Contains(body, alone) {
		t.Errorf("the second lead scores otherwise alone: %s", alone)
	}
	log := decode[prediction](t, predictions.Bytes())
	if len(log) != 3 || log[0].Score != one.Score || !log[2].Simulated || len(log[0].Input) != 5 || log[0].Input["llm_seniority"] != "Executive" {
		t.Errorf("%s", predictions.Bytes())
	}
	if v, ok := log[0].Input["industry"]; !ok || v != nil {
		t.Error("a null that was sent is not logged as one")
	}
	calls := decode[request](t, requests.Bytes())
	if len(calls) != 2 || calls[0].Endpoint != "/predict" || calls[1].Endpoint != "/predict/batch" || calls[0].Status != 200 || calls[0].Method != "POST" {
		t.Errorf("%s", requests.Bytes())
	}
}

func TestServiceRefuses(t *testing.T) {
	_, s := sample()
	var predictions, requests safe
	h := NewService(s, &predictions, &requests).Handler()
	many := "[" + strings.Repeat("{},", maxRows) + "{}]"
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/predict", "", 422, "want a JSON object"},
		{"POST", "/predict", "[1]", 422, "want a JSON object"},
		{"POST", "/predict", `{"llm_quality": 1`, 422, "not JSON: it is cut short"},
		{"POST", "/predict", `{"llm_quality": 1} {}`, 422, "more after the object"},
		{"POST", "/predict", `{"llm_quality": 1, "llm_quality": 2}`, 422, "llm_quality: repeated"},
		{"POST", "/predict", `{"llm_quality": [1]}`, 422, "llm_quality: want a number, a string or null"},
		{"POST", "/predict", `{"llm_quality": 1e999}`, 422, "llm_quality: want a number that float64 holds, got 1e999"},
		{"POST", "/predict", `{"llm_quality": 1e300}`, 422, ""}, // no float32 holds it
		{"POST", "/predict", `{"a": "` + strings.Repeat("x", maxBody) + `"}`, 413, "want at most 1048576 bytes"},
		{"GET", "/predict", "", 405, "want POST"},
		{"BREW", "/predict", "", 405, "want POST"},
		{"POST", "/predict/batch", `{}`, 422, "want a JSON array of rows"},
		{"POST", "/predict/batch", `null`, 422, "want a JSON array of rows"},
		{"POST", "/predict/batch", `[{}, 7]`, 422, "row 2: want a JSON object"},
		{"POST", "/predict/batch", many, 413, "want at most 1000 rows, got 1001"},
		{"POST", "/health", "", 405, "want GET"},
	} {
		status, body := post(t, h, c.method, c.path, c.body)
		var e struct{ Error string }
		if err := json.Unmarshal([]byte(body), &e); err != nil || status != c.status || !strings.Contains(e.Error, c.want) {
			t.Errorf("%s %s %.40s: %d %.100s, want %d %s", c.method, c.path, c.body, status, body, c.status, c.want)
		}
	}
	if predictions.Len() > 0 {
		t.Errorf("refused leads are logged as predictions: %s", predictions.Bytes())
	}
	for _, q := range decode[request](t, requests.Bytes()) {
		if q.Status == 200 || q.Method == "BREW" {
			t.Errorf("%+v", q)
		}
	}
	if status, _ := post(t, h, "GET", "/nothing", ""); status != 404 {
		t.Errorf("/nothing: %d", status)
	}
	all := decode[request](t, requests.Bytes())
	if q := all[len(all)-1]; q.Status != 404 || q.Endpoint != "other" || q.Method != "GET" || strings.Contains(requests.String(), "nothing") {
		t.Errorf("a path that there is not is logged as %+v", q)
	}
}

func TestServiceEmptyBatch(t *testing.T) {
	_, s := sample()
	if status, body := post(t, NewService(s, io.Discard, io.Discard).Handler(), "POST", "/predict/batch", "[]"); status != 200 || body != "[]" {
		t.Errorf("%d %s", status, body)
	}
}

func TestHealth(t *testing.T) {
	_, s := sample()
	status, body := post(t, NewService(s, io.Discard, io.Discard).Handler(), "GET", "/health", "")
	if status != 200 || !strings.HasPrefix(body, `{"status":"ok","model_loaded":true,"model_version":"test","uptime_seconds":`) {
		t.Errorf("%d %s", status, body)
	}
}

// A real server under concurrent clients, ended while it runs: every answer of
// 200 has its line in the log.
func TestServe(t *testing.T) {
	_, s := sample()
	var predictions, requests safe
	l, err := Listen("127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	service := NewService(s, &predictions, &requests)
	ended := make(chan error)
	go func() { ended <- service.Serve(ctx, l) }()
	// As many idle connections as clients: one that was dialled and never used
	// would hold the end up for five seconds.
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4, MaxConnsPerHost: 4}}
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for i := range 50 {
				r, err := client.Post("http://"+l.Addr().String()+"/predict", "application/json", strings.NewReader(fmt.Sprintf(`{"llm_quality": %d}`, i)))
				if err != nil {
					t.Error(err)
					return
				}
				io.Copy(io.Discard, r.Body)
				r.Body.Close()
				if r.StatusCode != 200 {
					t.Errorf("status %d", r.StatusCode)
				}
			}
		})
	}
	clients.Wait()
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the server does not end")
	}
	if n := len(decode[prediction](t, predictions.Bytes())); n != 200 {
		t.Errorf("%d predictions logged, want 200", n)
	}
	if n := len(decode[request](t, requests.Bytes())); n != 200 {
		t.Errorf("%d requests logged, want 200", n)
	}
}

func TestServiceKeepsTheErrorOfItsLog(t *testing.T) {
	_, s := sample()
	service := NewService(s, &failing{0}, io.Discard)
	if status, _ := post(t, service.Handler(), "POST", "/predict", lead); status != 200 {
		t.Errorf("status %d", status)
	}
	if err := service.Err(); err != errDisk {
		t.Error(err)
	}
}

func TestListen(t *testing.T) {
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.org:0"} {
		if _, err := Listen(addr, false); !errors.Is(err, ErrRemote) {
			t.Errorf("%s: %v", addr, err)
		}
	}
	if _, err := Listen("8080", false); err == nil || err.Error() != `address "8080": want host:port` {
		t.Error(err)
	}
	for _, addr := range []string{"localhost:0", "127.0.0.2:0"} {
		l, err := Listen(addr, false)
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
	}
}

func BenchmarkService(b *testing.B) {
	b.ReportAllocs()
	_, s := sample()
	h := NewService(s, io.Discard, io.Discard).Handler()
	for b.Loop() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "/predict", strings.NewReader(lead)))
		if w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
}

package health

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestAsk(t *testing.T) {
	over := make(chan bool)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/well":
			if user, _, _ := r.BasicAuth(); user != "u" || r.URL.RawQuery != "key=1" {
				w.WriteHeader(http.StatusUnauthorized)
			}
		case "/unhealthy":
			_, _ = w.Write([]byte(`{"status": "unhealthy"}`))
		case "/unloaded":
			_, _ = w.Write([]byte(`{"status": "ok", "model_loaded": false}`))
		case "/loaded":
			_, _ = w.Write([]byte(`{"status": "UP", "model_loaded": true}`))
		case "/false":
			_, _ = w.Write([]byte(`{"status": false}`))
		case "/text":
			_, _ = w.Write([]byte("all well"))
		case "/moved":
			http.Redirect(w, r, "/loaded", http.StatusFound)
		case "/elsewhere":
			http.Redirect(w, r, "http://127.0.0.2:1/health", http.StatusFound)
		case "/slow":
			<-over
		default:
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	defer close(over)
	gone := httptest.NewServer(nil)
	gone.Close()
	secret := strings.Replace(server.URL, "http://", "http://u:p@", 1) + "/well?key=1#top"
	for _, test := range []struct {
		address, shown string
		ok             bool
		status         int64
		err            string
	}{
		{secret, server.URL + "/well", true, 200, ""},
		{server.URL + "/ill", server.URL + "/ill", false, 503, ""},
		{server.URL + "/unhealthy", server.URL + "/unhealthy", false, 200, ""},
		{server.URL + "/unloaded", server.URL + "/unloaded", false, 200, ""},
		{server.URL + "/loaded", server.URL + "/loaded", true, 200, ""},
		{server.URL + "/false", server.URL + "/false", false, 200, ""},
		{server.URL + "/text", server.URL + "/text", true, 200, ""},
		{server.URL + "/moved", server.URL + "/moved", true, 200, ""},
		{server.URL + "/elsewhere", server.URL + "/elsewhere", false, 302, "redirects to another host"},
		{server.URL + "/slow", server.URL + "/slow", false, 0, "no answer within 50ms"},
		{gone.URL, gone.URL, false, 0, "refused"},
	} {
		u, err := Address(test.address)
		if err != nil {
			t.Fatal(err)
		}
		timeout := 10 * time.Second
		if strings.HasSuffix(test.address, "/slow") {
			timeout = 50 * time.Millisecond
		}
		begun := time.Now()
		a := Ask(u, timeout)
		if a.URL != test.shown || a.OK != test.ok || a.StatusCode != test.status || !strings.Contains(a.Error, test.err) || (a.Error == "") != (test.err == "") {
			t.Errorf("%s: %+v", test.address, a)
		}
		if a.CheckedAt.Before(begun.Add(-time.Second)) || a.CheckedAt.After(time.Now()) || !(a.ResponseMS >= 0) {
			t.Errorf("%s: asked at %v for %v ms", test.address, a.CheckedAt, a.ResponseMS)
		}
	}
}

func TestAddress(t *testing.T) {
	for _, text := range []string{"", "localhost:8000", "ftp://host/x", "http://", "http://a b"} {
		if u, err := Address(text); err == nil || !strings.HasPrefix(err.Error(), "want an http or https URL, got ") {
			t.Errorf("%q: %v, %v", text, u, err)
		}
	}
}

// What the API says of itself is kept as it is, unless it is no plain word.
func TestSaid(t *testing.T) {
	for body, want := range map[string][2]string{
		`{"status": "unhealthy", "model_loaded": false}`: {"unhealthy", "false"},
		`{"status": "Ada Lovelace, 1815"}`:               {"another word", ""},
		`{"status": 7}`:                                  {"", ""},
		`[]`:                                             {"", ""},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }))
		u, err := Address(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		if a := Ask(u, 10*time.Second); a.Status != want[0] || a.ModelLoaded != want[1] {
			t.Errorf("%s: %q, %q", body, a.Status, a.ModelLoaded)
		}
		server.Close()
	}
}

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

package health

import (
	"bytes"
	"io"
	"net/http"
	"testing"
)

// Whatever an API answers, what is kept of it is a plain word.
func FuzzBody(f *testing.F) {
	for _, body := range []string{`{"status": "ok", "model_loaded": true}`, `{"status": false}`, `{"status": {"code": 1}}`, `up`, "", `{"status": "a\u001b[31m"}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var a asked
		a.read(&http.Response{Body: io.NopCloser(bytes.NewReader(body))})
		if a.Status != "" && !plain.MatchString(a.Status) {
			t.Errorf("status %q", a.Status)
		}
	})
}

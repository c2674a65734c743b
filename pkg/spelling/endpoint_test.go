package spelling_test

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/spelling"
)

// What a path is called stays, byte for byte.
func TestEndpointsThatStay(t *testing.T) {
	for _, s := range []string{
		"", "/", "*", "predict", "/predict", "/v2/predict/batch", "/predict_batch", "/model-3", "/predict/", "//predict",
		"/api/1.0/predict", "/v1beta1/models", "/v1p1beta1/images:annotate", "/models/churn_2024_v2:predict", "/fp16/int8", "/resnet50/infer", "/resnet-152",
		"/pkg.v1.Scoring/PredictLead", "/getBatchPredictionForCustomer", "/getABTestIDsForUsers", "/users/{user_id}/predict", "/users/:id/predict", "/users/{id}", "/users/<int:id>",
		"GET /predict", "/métier/prédire", "/healthz", "/openapi.json", "/favicon.ico", "/scoring/lead scoring", "/predict_batch_with_explanations", "/internationalization",
		"/distinguishability", "/characteristically", "/feedback", "/2fa", "/facade",
	} {
		if got := spelling.Endpoint(s); got != s {
			t.Errorf("%s becomes %s", s, got)
		}
	}
}

func TestEndpointsAreWhere(t *testing.T) {
	for in, want := range map[string]string{
		"/predict?email=someone@example.org":                         "/predict",
		"/predict#someone":                                           "/predict",
		"/predict;jsessionid=8A3F;x=1/batch;v=2":                     "/predict/batch",
		"?q=1":                                                       "/",
		"http://svc:s3cr3tpw@scoring.internal/predict":               "/predict",
		"HTTPS://scoring.internal:8080":                              "/",
		"//svc:pw@host/predict":                                      "//{id}/predict",
		"http://u:p@[::1]:80?x":                                      "/",
		"GET /predict?user=7 HTTP/1.1":                               "GET /predict",
		"POST http://u:p@h/score/7 HTTP/2.0":                         "POST /score/{id}",
		"svc:pw@host/predict":                                        "{id}/predict",
		"/users/3f2b8c1e-94d7-4a6b-8e21-7d5f0c9b6a13/predict":        "/users/{id}/predict",
		"/users/3F2B8C1E94D74A6B8E217D5F0C9B6A13":                    "/users/{id}",
		"/users/{3f2b8c1e-94d7-4a6b-8e21-7d5f0c9b6a13}":              "/users/{id}",
		"/users/7/predict":                                           "/users/{id}/predict",
		"/users/-12.5e":                                              "/users/-12.5e",
		"/users/+49-171-555":                                         "/users/{id}",
		"/users/123-45-6789":                                         "/users/{id}",
		"/users/١٢٣":                                                 "/users/{id}",
		"/users/jane@example.org":                                    "/users/{id}",
		"/users/jane%40example.org":                                  "/users/{id}",
		"/users/jane%2540example.org/x":                              "/users/{id}/x",
		"/users%2f12345%3Fq=1":                                       "/users/{id}",
		"/users/%33%66%32%62%38%63%31%65":                            "/users/{id}",
		"/users/100%":                                                "/users/{id}",
		"/pr%C3%A9dire":                                              "/prédire",
		"/order-83912/predict":                                       "/{id}/predict",
		"/user_4711":                                                 "/{id}",
		"/v1/projects/123456/endpoints/7890:predict":                 "/v1/projects/{id}/endpoints/{id}:predict",
		"/users/01ARZ3NDEKTSV4RRFFQ69G5FAV":                          "/users/{id}",
		"/commit/a1b2c3d":                                            "/commit/{id}",
		"/cus_9s6XKzkNRiz8i3":                                        "/{id}",
		"/t/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJlXw": "/t/{id}",
		"/t/ZGVhckphbmVEb2VIb3c=":                                    "/t/{id}",
		"/t/QmFzZVNpeHRZZm91clRva2Vu":                                "/t/{id}",
		"/t/d41d8cd98f00b204e9800998ecf8427e.json":                   "/t/{id}",
		"/t/sha256:deadbeefdeadbeef":                                 "/t/sha256:{id}",
		"/users(42)":                                                 "/users(42)",
		"/users('12345')":                                            "/{id}",
		"/x/a\x1b[31m":                                               "/x/{id}",
		"/x/a\u202eb":                                                "/x/{id}",
		"/x/\xff":                                                    "/x/{id}",
		" /predict ":                                                 "/predict",
	} {
		if got := spelling.Endpoint(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// Random tokens of the usual alphabets are found, and found again through
// percent-encoding. A few in a hundred of those with many letters read like words; k is
// for them.
func TestTokensAreFound(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	alphabets := map[string]func() string{
		"hex":       func() string { b := make([]byte, 8); fill(r, b); return hex.EncodeToString(b) },
		"base64url": func() string { b := make([]byte, 18); fill(r, b); return base64.RawURLEncoding.EncodeToString(b) },
		"base36":    func() string { return pick(r, "0123456789abcdefghijklmnopqrstuvwxyz", 16) },
		"ULID":      func() string { return "01" + pick(r, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 24) },
		"number":    func() string { return pick(r, "123456789", 1+r.IntN(12)) },
	}
	for name, token := range alphabets {
		kept := 0
		for range 2000 {
			s := token()
			var encoded strings.Builder
			for _, b := range []byte(s) {
				encoded.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{b})))
			}
			plain, again := spelling.Endpoint("/users/"+s+"/predict"), spelling.Endpoint("/users/"+encoded.String()+"/predict")
			if plain != again {
				t.Fatalf("%s: %s, encoded %s", s, plain, again)
			}
			if strings.Contains(plain, s) {
				kept++
			}
		}
		if limit := map[string]int{"base64url": 60, "base36": 60}[name]; kept > limit {
			t.Errorf("%s: %d of 2000 are kept, at most %d", name, kept, limit)
		} else {
			t.Logf("%s: %d of 2000 are kept", name, kept)
		}
	}
}

func fill(r *rand.Rand, b []byte) {
	for i := range b {
		b[i] = byte(r.Uint32())
	}
}

func pick(r *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

// An endpoint is read twice: by ingest and by whoever counts it.
func FuzzEndpoint(f *testing.F) {
	for _, s := range []string{"/a?b", "GET GET /x HTTP/1.1", "/%2525252541", "http://a@b//c;d", "http://http://x", ":/ /", "x:/;/y", "/x: :7", "\xff%", "/ ;/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := spelling.Endpoint(s)
		if twice := spelling.Endpoint(once); twice != once {
			t.Errorf("%q becomes %q, and then %q", s, once, twice)
		}
		if (once == "") != (s == "") || strings.ContainsAny(once, "?#@%;") {
			t.Errorf("%q becomes %q", s, once)
		}
	})
}

func BenchmarkEndpoint(b *testing.B) {
	for _, s := range []string{"/predict_batch", "/v2/users/3f2b8c1e-94d7-4a6b-8e21-7d5f0c9b6a13/predict?x=1"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				spelling.Endpoint(s)
			}
		})
	}
}

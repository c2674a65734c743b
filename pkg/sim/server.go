package sim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// What one request to a [Service] may hold.
const (
	maxBody   = 1 << 20  // bytes of one row
	maxBatch  = 16 << 20 // bytes of a batch
	maxRows   = 1000     // in a batch
	maxFields = 1000     // of a row
)

// A Service is a scoring API that logs as production does. Its lines say that
// they are simulated: it is nobody's production.
//
//	POST /predict        one row, a flat JSON object → {"score":…,"label":…,"model_version":…}
//	POST /predict/batch  an array of rows → an array of the same
//	GET  /health         → {"status":"ok","model_loaded":true,"model_version":…,"uptime_seconds":…}
//
// A row may lack fields and may have others than the model knows. What cannot
// be scored is answered 422 (413 when it is too large) with {"error":…}.
type Service struct {
	scorer  *Scorer
	started time.Time

	mu          sync.Mutex
	predictions io.Writer
	requests    io.Writer
	line        []byte
	err         error
}

// NewService returns a service that scores with s and writes one line a
// prediction and one line a request, each with one Write.
func NewService(s *Scorer, predictions, requests io.Writer) *Service {
	return &Service{scorer: s, started: time.Now(), predictions: predictions, requests: requests}
}

// Err returns the first error of writing a log.
func (s *Service) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Handler returns the API.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/predict", s.endpoint("/predict", http.MethodPost, s.predict))
	mux.HandleFunc("/predict/batch", s.endpoint("/predict/batch", http.MethodPost, s.batch))
	mux.HandleFunc("/health", s.endpoint("/health", http.MethodGet, s.health))
	mux.HandleFunc("/", s.endpoint(elsewhere, "", func(http.ResponseWriter, *http.Request) (answer, error) {
		return answer{}, &refusal{http.StatusNotFound, "want /predict, /predict/batch or /health"}
	}))
	return mux
}

// elsewhere stands in the log for every path that there is not: paths are the
// client's, and may be anything.
const elsewhere = "other"

// refusal is an answer other than 200.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

func unprocessable(format string, args ...any) error {
	return &refusal{http.StatusUnprocessableEntity, fmt.Sprintf(format, args...)}
}

// answer is what an endpoint returns beside its error.
type answer struct {
	body        any
	predictions []record.Prediction
}

// endpoint answers requests of a method, or of any when it is "", and logs them.
func (s *Service) endpoint(path, method string, do func(w http.ResponseWriter, q *http.Request) (answer, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		at := time.Now()
		var a answer
		err := error(&refusal{http.StatusMethodNotAllowed, "want " + method})
		if method == "" || q.Method == method {
			a, err = do(w, q)
		} else {
			w.Header().Set("Allow", method)
		}
		status := http.StatusOK
		if err != nil {
			status = http.StatusInternalServerError
			var r *refusal
			if errors.As(err, &r) {
				status = r.status
			}
			a.body = map[string]string{"error": err.Error()}
		}
		body, err := json.Marshal(a.body)
		if err != nil {
			status, body = http.StatusInternalServerError, []byte(`{"error":"the answer is no JSON"}`)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		w.Write(append(body, '\n')) // a client that left gets no answer; the request is logged all the same
		logged := q.Method
		if logged != http.MethodGet && logged != http.MethodPost {
			logged = "OTHER" // the name is the client's, and may be anything
		}
		s.log(at, a.predictions, record.Request{
			At: at, Endpoint: path, Method: logged, Status: status,
			ResponseMS: milliseconds(time.Since(at)), Simulated: true,
		})
	}
}

func milliseconds(d time.Duration) float64 { return round(float64(d) / 1e6) }

func (s *Service) log(at time.Time, predictions []record.Prediction, q record.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.line = s.line[:0]
	for _, p := range predictions {
		p.At = at
		s.line = record.AppendPrediction(s.line, p)
	}
	if len(s.line) > 0 {
		s.write(s.predictions)
	}
	s.line = record.AppendRequest(s.line[:0], q)
	s.write(s.requests)
}

func (s *Service) write(w io.Writer) {
	if _, err := w.Write(s.line); err != nil && s.err == nil {
		s.err = err
	}
}

// read reads a body of at most limit bytes.
func read(w http.ResponseWriter, q *http.Request, limit int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, q.Body, limit))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("want at most %d bytes", limit)}
	case err != nil:
		return nil, &refusal{http.StatusBadRequest, "the body did not arrive whole"}
	}
	return body, nil
}

func (s *Service) predict(w http.ResponseWriter, q *http.Request) (answer, error) {
	body, err := read(w, q, maxBody)
	if err != nil {
		return answer{}, err
	}
	made, err := s.score([]json.RawMessage{body}, "")
	if err != nil {
		return answer{}, err
	}
	return answer{scoreOf(made[0]), made}, nil
}

func (s *Service) batch(w http.ResponseWriter, q *http.Request) (answer, error) {
	body, err := read(w, q, maxBatch)
	if err != nil {
		return answer{}, err
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(body, &rows); err != nil || rows == nil {
		return answer{}, unprocessable("want a JSON array of rows")
	}
	if len(rows) > maxRows {
		return answer{}, &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("want at most %d rows, got %d", maxRows, len(rows))}
	}
	made, err := s.score(rows, "row %d: ")
	if err != nil {
		return answer{}, err
	}
	scores := make([]scoreJSON, len(made))
	for i, p := range made {
		scores[i] = scoreOf(p)
	}
	return answer{scores, made}, nil
}

type scoreJSON struct {
	Score   float64 `json:"score"`
	Label   string  `json:"label"`
	Version string  `json:"model_version"`
}

func scoreOf(p record.Prediction) scoreJSON { return scoreJSON{p.Score, p.Label, p.Version} }

// score scores the rows. where, with a row's number, begins an error.
func (s *Service) score(rows []json.RawMessage, where string) ([]record.Prediction, error) {
	out := make([]record.Prediction, len(rows))
	raw := s.scorer.Pipeline.Raw()
	names := make([]string, len(raw))
	for i, r := range raw {
		names[i] = r.Name
	}
	b := s.scorer.scoring(names)
	values := make([]record.Value, len(names))
	began := time.Now()
	for i, row := range rows {
		place := ""
		if where != "" {
			place = fmt.Sprintf(where, i+1)
		}
		fields, err := members(row)
		if err != nil {
			return nil, unprocessable("%s%s", place, err)
		}
		if len(fields) > maxFields {
			return nil, unprocessable("%swant at most %d fields, got %d", place, maxFields, len(fields))
		}
		clear(values)
		for _, f := range fields {
			if f.raw != nil {
				return nil, unprocessable("%s%s: want a number, a string or null", place, f.Name)
			}
			out[i].Input = append(out[i].Input, f.Field)
			for k, name := range names {
				if name == f.Name {
					values[k] = f.Value
				}
			}
		}
		if err := b.add(values); err != nil {
			return nil, err
		}
	}
	scores, err := b.scores()
	if err != nil {
		return nil, unprocessable("%s", err)
	}
	each := milliseconds(time.Since(began) / time.Duration(max(1, len(rows))))
	for i := range out {
		p := &out[i]
		p.Score = float64(scores[i])
		p.Label, p.Version = s.scorer.label(p.Score), s.scorer.Version
		p.InferenceMS, p.Simulated = each, true
	}
	return out, nil
}

func (s *Service) health(http.ResponseWriter, *http.Request) (answer, error) {
	return answer{body: struct {
		Status  string  `json:"status"`
		Loaded  bool    `json:"model_loaded"`
		Version string  `json:"model_version"`
		Uptime  float64 `json:"uptime_seconds"`
	}{"ok", true, s.scorer.Version, time.Since(s.started).Round(time.Millisecond).Seconds()}}, nil
}

// ErrRemote is the error of [Listen] for an address that is not this machine's
// own.
var ErrRemote = errors.New("other machines can reach this address")

// Listen listens on addr, whose host must be this machine's own loopback
// unless remote is true.
func Listen(addr string, remote bool) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("address %q: want host:port", addr)
	}
	if ip := net.ParseIP(host); !remote && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, ErrRemote
	}
	return net.Listen("tcp", addr)
}

// Serve answers requests until ctx is done, then finishes those that have
// begun, for at most five seconds.
func (s *Service) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	wait, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(wait); err != nil {
		server.Close()
	}
	<-ended
	return s.Err()
}

// Package load puts an HTTP API under load and says how it bore it: a burst of
// requests all at once, then requests at a constant rate, which are sent when
// they are due whether or not earlier ones have been answered.
package load

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/leadsman/leadsman/pkg/bench"
	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// ErrRemote says that an address is not this machine's own.
var ErrRemote = errors.New("not an address of this machine")

// Options say what is sent, and where.
type Options struct {
	URL      *url.URL // http or https; without a path, /predict
	Bodies   [][]byte // JSON, posted in turn; at least one
	Burst    int      // requests at once; 0 for no burst
	Rate     int      // requests a second; 0 for no such run
	Duration time.Duration
	Timeout  time.Duration        // of one request
	Remote   bool                 // other machines may be loaded
	Progress func(requests int64) // told of requests as they end; may be nil
}

// Limits of what one run may hold.
const (
	maxBurst    = 10_000
	maxRate     = 100_000
	MaxDuration = 10 * time.Minute
	maxRequests = 10_000_000
	MaxTimeout  = time.Minute

	maxInFlight = 2_000    // requests at a constant rate that wait for their answer
	maxAnswer   = 64 << 10 // bytes of an answer that are counted
)

// Requests is how many requests are planned.
func (o Options) Requests() int64 {
	return int64(o.Burst) + int64(math.Round(float64(o.Rate)*o.Duration.Seconds()))
}

// Check refuses what is out of bounds, and with ErrRemote an address that is not
// to be loaded.
func (o Options) Check() error {
	switch {
	case o.URL == nil || o.URL.Scheme != "http" && o.URL.Scheme != "https" || o.URL.Hostname() == "":
		return errors.New("want an address such as http://127.0.0.1:8080")
	case len(o.Bodies) == 0:
		return errors.New("no bodies to send")
	case o.Burst < 0 || o.Burst > maxBurst:
		return fmt.Errorf("want a burst of 0 to %d requests, got %d", maxBurst, o.Burst)
	case o.Rate < 0 || o.Rate > maxRate:
		return fmt.Errorf("want 0 to %d requests a second, got %d", maxRate, o.Rate)
	case o.Duration < 0 || o.Duration > MaxDuration:
		return fmt.Errorf("want a duration up to %s, got %s", MaxDuration, o.Duration)
	case o.Timeout <= 0 || o.Timeout > MaxTimeout:
		return fmt.Errorf("want a timeout up to %s, got %s", MaxTimeout, o.Timeout)
	case o.Requests() == 0:
		return errors.New("neither a burst nor a rate")
	case o.Requests() > maxRequests:
		return fmt.Errorf("%d requests are more than %d", o.Requests(), maxRequests)
	case !o.Remote && !own(o.URL.Hostname()):
		return fmt.Errorf("%s: %w", o.URL.Host, ErrRemote)
	}
	return nil
}

// own reports whether a host is this machine's loopback by its name; what the
// name turns out to be is checked when it is dialled.
func own(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// client makes connections that lead nowhere else: no proxy, no redirects, and
// unless remote no address but loopback.
func (o Options) client() *http.Client {
	dialer := net.Dialer{Timeout: o.Timeout}
	if !o.Remote {
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			if at, err := netip.ParseAddrPort(address); err != nil || !at.Addr().Unmap().IsLoopback() {
				return fmt.Errorf("%s: %w", address, ErrRemote)
			}
			return nil
		}
	}
	return &http.Client{
		Timeout:       o.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, MaxIdleConnsPerHost: maxInFlight, DisableCompression: true,
		},
	}
}

// Run asks for the health, sends the burst, asks again, sends at the rate, and
// asks a last time. It is an error when the first question has no answer;
// requests that fail are counted. It takes no longer than the duration and a few
// timeouts.
func Run(o Options) (*bench.LoadReport, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	address, health := *o.URL, *o.URL
	if address.Path == "" || address.Path == "/" {
		address.Path = "/predict"
	}
	health.Path, health.RawPath, health.RawQuery = "/health", "", ""
	client := o.client()
	defer client.CloseIdleConnections()

	before := ask(client, health)
	if before.err != nil {
		return nil, before.err
	}
	report := &bench.LoadReport{}
	run := func(name string, p *plan, workers, most uint64, patience time.Duration) {
		r := newRun(p)
		attacker := vegeta.NewAttacker(vegeta.Client(client), vegeta.Workers(workers), vegeta.MaxWorkers(most), vegeta.MaxBody(maxAnswer))
		for result := range attacker.Attack(o.targets(address.String()), p, patience, "") {
			r.add(result)
			if o.Progress != nil {
				o.Progress(1)
			}
		}
		after := ask(client, health)
		row := r.load()
		row.Run, row.URL = name, public(address)
		row.HealthBefore, row.HealthMS = before.status, before.took
		row.HealthAfter, row.HealthAfterMS = after.status, after.took
		report.Loads = append(report.Loads, row)
		report.Statuses = append(report.Statuses, r.statuses(name)...)
		before = after
	}
	if n := uint64(o.Burst); n > 0 {
		run("burst", &plan{n: n}, n, n, o.Timeout)
	}
	if n := uint64(o.Requests()) - uint64(o.Burst); n > 0 {
		run("rate", &plan{n: n, rate: float64(o.Rate)}, min(n, 10), maxInFlight, o.Duration+o.Timeout)
	}
	return report, nil
}

// public is an address without what may be secret.
func public(u url.URL) string {
	u.User, u.RawQuery, u.Fragment, u.RawFragment = nil, "", "", ""
	return u.String()
}

// targets gives the requests in turn.
func (o Options) targets(address string) vegeta.Targeter {
	header := http.Header{"Content-Type": {"application/json"}}
	targets := make([]vegeta.Target, len(o.Bodies))
	for i, body := range o.Bodies {
		targets[i] = vegeta.Target{Method: http.MethodPost, URL: address, Body: body, Header: header}
	}
	return vegeta.NewStaticTargeter(targets...)
}

// condition is what /health said.
type condition struct {
	status int64
	took   float64 // milliseconds
	err    error   // why there is no answer
}

func ask(client *http.Client, address url.URL) condition {
	start := time.Now()
	answer, err := client.Get(address.String())
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		return condition{took: math.NaN(), err: fmt.Errorf("%s: %s", public(address), reason(err.Error()))}
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer)) // the status has been given
	return condition{status: int64(answer.StatusCode), took: milliseconds(time.Since(start))}
}

// reason shortens the text of a network error to its cause: no addresses and
// port numbers, which would make each one another.
func reason(text string) string {
	if strings.Contains(text, "Client.Timeout") || strings.Contains(text, "i/o timeout") {
		return "timeout"
	}
	if at := strings.LastIndex(text, ": "); at >= 0 {
		return text[at+2:]
	}
	return text
}

func milliseconds(d time.Duration) float64 { return float64(d) / 1e6 }

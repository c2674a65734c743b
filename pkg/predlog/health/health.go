// Package health asks the API whose logs are read whether it is well.
package health

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// Address reads the address of an API: an http or https URL with a host.
func Address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("want an http or https URL, got %q", text)
	}
	return u, nil
}

// Ask asks the API at address once whether it is well: it is when it answers with
// a status below 400. It waits for no longer than timeout.
func Ask(address *url.URL, timeout time.Duration) verdict.Health {
	shown := *address
	shown.User, shown.RawQuery, shown.Fragment = nil, "", "" // which may hold secrets
	start := time.Now()
	a := verdict.Health{URL: shown.String(), CheckedAt: start.UTC()}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err == nil {
		var response *http.Response
		if response, err = http.DefaultClient.Do(request); err == nil {
			response.Body.Close()
			a.StatusCode = int64(response.StatusCode)
			a.OK = response.StatusCode < 400
		}
	}
	a.ResponseMS = float64(time.Since(start).Microseconds()) / 1000
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		if errors.Is(err, context.DeadlineExceeded) {
			err = fmt.Errorf("no answer within %v", timeout)
		}
		a.Error = err.Error()
	}
	return a
}

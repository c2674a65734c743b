// Package health asks the API whose logs are read whether it is well.
package health

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
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

// Ask asks the API at address once whether it is well: it is when it answers itself
// with a status below 400, and its answer does not say otherwise. It waits for no
// longer than timeout, and goes to no other host.
func Ask(address *url.URL, timeout time.Duration) verdict.Health {
	shown := *address
	shown.User, shown.RawQuery, shown.Fragment = nil, "", "" // which may hold secrets
	start := time.Now()
	a := asked{verdict.Health{URL: shown.String(), CheckedAt: start.UTC()}}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err == nil {
		var response *http.Response
		client := http.Client{CheckRedirect: func(to *http.Request, via []*http.Request) error {
			switch {
			case to.URL.Host != address.Host:
				return http.ErrUseLastResponse
			case len(via) == mostRedirects:
				return fmt.Errorf("more than %d redirects", mostRedirects)
			}
			return nil
		}}
		if response, err = client.Do(request); err == nil {
			a.StatusCode = int64(response.StatusCode)
			well := a.read(response)
			response.Body.Close()
			a.OK = response.StatusCode < 300 && well
			if response.StatusCode >= 300 && response.StatusCode < 400 {
				a.Error = "redirects to another host"
			}
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
	return a.Health
}

const (
	mostRedirects = 10
	mostBody      = 64 << 10 // bytes of an answer that are read
)

// wellWords are what APIs say of themselves when they are well.
var wellWords = []string{"ok", "okay", "healthy", "up", "pass", "passing", "alive", "live", "ready", "green", "running", "available", "serving", "success", "true"}

// plain is a word that may be shown: what an API says may be anything.
var plain = regexp.MustCompile(`^[A-Za-z][A-Za-z _-]{0,39}$`)

type asked struct{ verdict.Health }

// read notes what a JSON answer says of the API's state, and returns whether that is
// well: an answer that says nothing does not say otherwise.
func (a *asked) read(response *http.Response) bool {
	var said struct {
		Status any   `json:"status"`
		Loaded *bool `json:"model_loaded"`
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, mostBody))
	if err != nil || json.Unmarshal(body, &said) != nil {
		return true
	}
	well := true
	switch status := said.Status.(type) {
	case string:
		well = slices.Contains(wellWords, strings.ToLower(strings.TrimSpace(status)))
		a.Status = "another word"
		if plain.MatchString(status) {
			a.Status = status
		}
	case bool:
		well, a.Status = status, fmt.Sprint(status)
	}
	if said.Loaded != nil {
		well = well && *said.Loaded
		a.ModelLoaded = fmt.Sprint(*said.Loaded)
	}
	return well
}

package monitor

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/config"
)

// TestSettled: defaults are put in beside the caller's config, not into it.
func TestSettled(t *testing.T) {
	o, _ := options(t)
	s := o.settled()
	if s.Config.Plan.Window != 24*time.Hour || s.Config.Site.Name != "default" {
		t.Errorf("window %s, site %q", s.Config.Plan.Window, s.Config.Site.Name)
	}
	if o.Config.Plan.Window != 0 || o.Config.Site.Name != "" {
		t.Error("the caller's config is another now")
	}
	o.Config.Plan.Window, o.Config.Site.Name = time.Hour, "leads"
	if s := o.settled(); s.Config.Plan.Window != time.Hour || s.Config.Site.Name != "leads" {
		t.Errorf("window %s, site %q", s.Config.Plan.Window, s.Config.Site.Name)
	}
}

// TestAt: a fault names its line in the config unless the key was given by other
// means.
func TestAt(t *testing.T) {
	c, err := config.Parse("monitor.yaml", []byte("version: 1\ntarget: sold\n"))
	if err != nil {
		t.Fatal(err)
	}
	fault := config.Errorf("target", "no such column")
	o := Options{Config: c}
	if got := o.at("target", fault).Error(); !strings.HasPrefix(got, "monitor.yaml:2: ") {
		t.Errorf("got %q", got)
	}
	o.Given = []string{"target"}
	if got := o.at("target", fault); !errors.Is(got, fault) {
		t.Errorf("got %q", got)
	}
}

// TestLastOf: without a length all rows up to now are in, on a log without a time all.
func TestLastOf(t *testing.T) {
	now := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	if p := lastOf(time.Hour, now); p.From != now.Add(-time.Hour) || p.Until != now {
		t.Errorf("from %s until %s", p.From, p.Until)
	}
	for _, p := range []struct {
		last time.Duration
		now  time.Time
	}{{0, now}, {time.Hour, time.Time{}}} {
		if got := lastOf(p.last, p.now); !got.From.IsZero() || !got.Until.Equal(p.now) && p.last == 0 || p.last != 0 && !got.Until.IsZero() {
			t.Errorf("%s, %s: %v", p.last, p.now, got)
		}
	}
}

package config

import (
	"math"
	"testing"
)

// Below the limits of all, a 0 takes one of them away; of an error rate it is a limit.
func TestLimitsOfNothing(t *testing.T) {
	c, err := Parse("m.yaml", []byte("limits: {p95_ms: 50, inference: {p95_ms: 0}, response: {p99_ms: 70}, endpoints: {/export: {p50_ms: 0, success_rate: 0, error_rate: 0}}}"))
	if err != nil {
		t.Fatal(err)
	}
	l := c.Limits
	if e := l.Endpoints["/export"]; !math.IsInf(l.Inference.P95MS, 1) || l.Response.P99MS != 70 || l.Response.P95MS != 0 || !math.IsInf(e.P50MS, 1) || !math.IsInf(e.SuccessRate, 1) || e.ErrorRate == nil || *e.ErrorRate != 0 || e.P95MS != 0 {
		t.Errorf("%+v", l)
	}
	if least, key := l.Success("/export"); least != 1 || key != "limits.endpoints./export.error_rate" {
		t.Errorf("%v by %s", least, key)
	}
}

package drift

import (
	"math"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// α and the floors belong to what they begin: evidence at α is significant, an
// effect at a floor has reached it, and an MDE at the alert floor is enough to
// have seen an alert.
func TestLevelAtItsBounds(t *testing.T) {
	const alpha, warn, alert = 0.01, 0.1, 0.25
	above := func(x float64) float64 { return math.Nextafter(x, 1) }
	below := func(x float64) float64 { return math.Nextafter(x, 0) }
	for _, c := range []struct {
		by                    policy.Policy
		check                 string
		evidence, effect, mde float64
		bothWays              bool
		want, what            string
	}{
		{policy.Calibrated, "", alpha, alert, 0, false, verdict.Alert, "at α"},
		{policy.Calibrated, "", alpha, below(alert), 0, false, verdict.Warn, "at α"},
		{policy.Calibrated, "", alpha, warn, 0, false, verdict.Warn, "at α"},
		{policy.Calibrated, "", alpha, below(warn), 0, false, verdict.OK, "at α"},
		{policy.Calibrated, "", alpha, below(warn), 1, false, verdict.OK, "at α, although an alert would not be seen"},
		{policy.Calibrated, "", above(alpha), alert, alert, false, verdict.OK, "above α"},
		{policy.Calibrated, "", above(alpha), alert, above(alert), false, verdict.Insufficient, "above α"},
		{policy.Calibrated, "", above(alpha), 0, math.NaN(), false, verdict.OK, "above α, without an MDE"},
		{policy.Calibrated, "", alpha, -alert, 0, false, verdict.OK, "at α, the other way"},
		{policy.Calibrated, "", alpha, -alert, 0, true, verdict.Alert, "at α, either way"},
		{policy.Calibrated, "", alpha, -below(alert), 0, true, verdict.Warn, "at α, either way"},
		{policy.Classic, "", alpha, alert, 0, false, verdict.Alert, "at α"},
		{policy.Classic, "", above(alpha), alert, 1, false, verdict.OK, "above α"},
		{policy.Classic, verdict.CheckDistribution, 1, alert, 0, false, verdict.Alert, "not significant"},
		{policy.Classic, verdict.CheckDistribution, 1, below(alert), 0, false, verdict.Warn, "not significant"},
		{policy.Classic, verdict.CheckDistribution, 1, warn, 0, false, verdict.Warn, "not significant"},
		{policy.Classic, verdict.CheckDistribution, above(alpha), below(warn), 0, false, verdict.OK, "above α"},
		{policy.Classic, verdict.CheckDistribution, alpha, 0, 0, false, verdict.Warn, "at α"},
	} {
		checked := newCheck("x", verdict.RoleFeature, "", c.check)
		checked.family, checked.floors = policy.FeatureFamily, policy.Floors{Warn: warn, Alert: alert}
		checked.Alpha, checked.Effect, checked.MDE, checked.bothWays = alpha, c.effect, c.mde, c.bothWays
		// The other policy's evidence is of no account.
		checked.Q, checked.P = c.evidence, 0
		if c.by == policy.Classic {
			checked.Q, checked.P = 0, c.evidence
		}
		if got := checked.level(c.by); got != c.want {
			t.Errorf("%v %s, %s, effect %v, MDE %v: %s, want %s", c.by, c.check, c.what, c.effect, c.mde, got, c.want)
		}
	}
}

// Of the p-values 0.02, 0.012 and 0.02 of one family each has q = 0.02·3/3, and
// its MDE is at α/3. The one of another family, those without a family or a p, and
// the unjudged one are none of theirs.
func TestJudgeWithinFamilies(t *testing.T) {
	var asked []float64
	of := func(fam policy.Family, p float64, unjudged string) *check {
		c := newCheck("x", verdict.RoleFeature, "", "")
		c.family, c.P, c.unjudged = fam, p, unjudged
		c.mde = func(alpha float64) float64 { asked = append(asked, alpha); return 0 }
		return c
	}
	judged := []*check{
		of(policy.FeatureFamily, 0.02, ""), of(policy.FeatureFamily, 0.012, ""), of(policy.FeatureFamily, 0.02, ""),
	}
	alone := of(policy.QualityFamily, 0.02, "")
	none := []*check{of(policy.FeatureFamily, 0.001, verdict.ReasonTooFewRows), of(policy.FeatureFamily, math.NaN(), ""), of(policy.NoFamily, 0.001, "")}
	judge(append(append(none, alone), judged...), policy.Calibrated)
	for _, c := range judged {
		if math.Abs(c.Q-0.02) > 1e-15 || c.Alpha != 0.02 {
			t.Errorf("p %v: q %v at α %v, want 0.02 at 0.02", c.P, c.Q, c.Alpha)
		}
	}
	if alone.Q != 0.02 || alone.Alpha != 0.005 {
		t.Errorf("alone: q %v at α %v, want 0.02 at 0.005", alone.Q, alone.Alpha)
	}
	for _, c := range none {
		if !math.IsNaN(c.Q) {
			t.Errorf("%q, p %v: q %v, want none", c.unjudged, c.P, c.Q)
		}
	}
	if len(asked) != 4 || asked[0] != 0.02/3 || asked[3] != 0.005 {
		t.Errorf("MDE at %v, want three at 0.02/3 and one at 0.005", asked)
	}
}

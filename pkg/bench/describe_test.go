package bench

import (
	"math"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/explain"
)

func TestDescribe(t *testing.T) {
	d, err := Describe(File("../model/testdata/names.ubj"))
	if err != nil {
		t.Fatal(err)
	}
	m := sample(t, "names.ubj")
	if d.Name != "names.ubj" || d.Trees != len(m.Trees) || d.Nodes != m.Nodes() || d.Depth != m.Depth() || !d.Named || d.Score != "probability" {
		t.Errorf("got %+v", d)
	}
	share := 0.0
	for i, f := range d.Features {
		if f.Column != i || f.Name != m.Features[i] || float64(f.Gain) != explain.MeanGain(m.Ensemble)[i] || f.Thresholds != len(m.Thresholds()[i]) {
			t.Errorf("feature %d: %+v", i, f)
		}
		share += float64(f.Share)
	}
	if math.Abs(share-1) > 1e-12 {
		t.Errorf("shares sum to %v", share)
	}
}

func TestDescribeWithoutNames(t *testing.T) {
	d, err := Describe(File("../model/testdata/logistic.ubj"))
	if err != nil {
		t.Fatal(err)
	}
	if d.Named || d.Features[3].Name != "f3" {
		t.Errorf("got %+v", d)
	}
}

// A model of leaves alone leans on nothing.
func TestDescribeConstant(t *testing.T) {
	d, err := Describe(File("../model/testdata/constant.ubj"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range d.Features {
		if f.Share != 0 {
			t.Errorf("%s has a share of %v", f.Name, f.Share)
		}
	}
	b := &strings.Builder{}
	if err := d.WriteText(b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "Importance") || strings.Contains(b.String(), "NaN") {
		t.Errorf("got\n%s", b)
	}
}

func TestDescriptionIsSortedByGain(t *testing.T) {
	d := &Description{Name: "m", Features: []Feature{
		{0, "low", 1, 0.25, 3}, {1, "idle", 0, 0, 0}, {2, "high\x1b", 3, 0.75, 1},
	}}
	b := &strings.Builder{}
	if err := d.WriteText(b); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	high, low := strings.Index(got, "\n"+`"high\x1b"`), strings.Index(got, "\nlow ")
	if high < 0 || low < high || strings.Contains(got, "idle") || !strings.Contains(got, "3 columns, 1 of them in no split, without names") {
		t.Errorf("got\n%s", got)
	}
}

package export

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"testing"
)

// The rules and the dashboard ask for metrics that metrics.prom has; the dashboard is a
// document of JSON whose panels all ask for something.
func TestExamplesAskForMetricsThatAreThere(t *testing.T) {
	source, err := os.ReadFile("prometheus.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`family\("(\w+)"`).FindAllSubmatch(source, -1) {
		names = append(names, "leadsman_"+string(m[1]))
	}
	asked := 0
	for _, file := range []string{"alerts.yml", "alerts_test.yml", "grafana.json"} {
		raw, err := os.ReadFile("../../../docs/examples/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`leadsman_\w+`).FindAllString(string(raw), -1) {
			if asked++; !slices.Contains(names, name) {
				t.Errorf("%s asks for %s, which metrics.prom lacks", file, name)
			}
		}
	}
	if asked < 30 {
		t.Errorf("the examples ask for %d metrics", asked)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	raw, err := os.ReadFile("../../../docs/examples/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &board); err != nil {
		t.Fatal(err)
	}
	for _, p := range board.Panels {
		if p.Title == "" || len(p.Targets) == 0 || p.Targets[0].Expr == "" {
			t.Errorf("a panel without a question: %+v", p)
		}
	}
}

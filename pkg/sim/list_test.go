package sim

import (
	"strings"
	"testing"
)

func TestScenariosWrite(t *testing.T) {
	var b strings.Builder
	if err := scenarios().Write(&b); err != nil {
		t.Fatal(err)
	}
	for _, name := range scenarios().Names() {
		if !strings.Contains("\n"+b.String(), "\n"+name+"\n  ") {
			t.Errorf("%s is not listed", name)
		}
	}
	// By hand, from the scenario.
	if want := "new-category\n  a quarter of llm_business_type is Marketplace, which the reference does not know\n  run: warn\n  must: llm_business_type unseen at warn or worse\n"; !strings.Contains(b.String(), want) {
		t.Errorf("%s\nlacks %s", b.String(), want)
	}
	if got, want := (Expectation{"a", "missing", "alert", "plan=pro"}).String(), "a missing at alert or worse in plan=pro"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

package verdict

import "testing"

// What cannot be judged is worse than ok
// and never hides a warning.
func TestWorst(t *testing.T) {
	order := append([]string{""}, Levels...)
	for i, a := range order {
		for j, b := range order {
			if got, want := Worst(a, b), order[max(i, j)]; got != want {
				t.Errorf("Worst(%q, %q) = %q, want %q", a, b, got, want)
			}
			if got, want := Reaches(a, b), i >= j; got != want {
				t.Errorf("Reaches(%q, %q) = %t, want %t", a, b, got, want)
			}
		}
	}
	if got := Worst(); got != "" {
		t.Errorf("Worst() = %q, want none", got)
	}
	if got := WorstJudged(Insufficient, OK, Insufficient); got != OK {
		t.Errorf("what could not be judged lifts ok to %s", got)
	}
	if got := WorstJudged("", Insufficient); got != Insufficient {
		t.Errorf("nothing was judged, and the level is %q", got)
	}
	if Severity("no level") != 0 {
		t.Error("a word that is no level has a severity")
	}
}

package words_test

import (
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/words"
)

// A name is near when fewer than a third of its bytes, and two, are wrong; of
// two that are as near the first in the alphabet is taken.
func TestDidYouMean(t *testing.T) {
	names := []string{"threshold", "beta", "bets", "columns"}
	for name, want := range map[string]string{
		"treshold": ` (did you mean "threshold"?)`,
		"column":   ` (did you mean "columns"?)`,
		"bet":      ` (did you mean "beta"?)`,
		"xyz":      "",
		"":         "",
	} {
		if got := words.DidYouMean(name, names); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	if names[1] != "beta" || names[2] != "bets" || names[3] != "columns" {
		t.Errorf("the names were put in another order: %q", names)
	}
}

func TestNames(t *testing.T) {
	names := []string{"warn", "alert"}
	for got, want := range map[string]string{
		words.NotOneOf("wran", names):   `want one of warn, alert, got "wran" (did you mean "warn"?)`,
		words.NotOneOf("xyz", names):    `want one of warn, alert, got "xyz"`,
		words.UnknownKey("wran", names): `unknown key (did you mean "warn"?)`,
		words.UnknownKey("xyz", names):  "unknown key: want one of warn, alert",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"24h": 24 * time.Hour, "7d": 7 * 24 * time.Hour, "0.5d": 12 * time.Hour, "1h30m": 90 * time.Minute,
	} {
		if got, err := words.ParseDuration(text); err != nil || got != want {
			t.Errorf("%q: %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "d", "0d", "0s", "-1h", "-1d", "36500d", "NaNd", "soon", "7 days"} {
		if got, err := words.ParseDuration(text); err == nil || err.Error() != "want a duration such as 24h or 7d, got \""+text+`"` {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
}

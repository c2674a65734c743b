package words

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseDuration reads a positive duration, with d for days of 24 hours.
func ParseDuration(s string) (time.Duration, error) {
	wrong := fmt.Errorf("want a duration such as 24h or 7d, got %q", s)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseFloat(days, 64)
		if err != nil || !(n > 0 && n < 36500) {
			return 0, wrong
		}
		return time.Duration(n * 24 * float64(time.Hour)), nil
	}
	v, err := time.ParseDuration(s)
	if err != nil || v <= 0 {
		return 0, wrong
	}
	return v, nil
}

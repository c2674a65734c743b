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

var units = []struct {
	length time.Duration
	name   string
}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}}

// Duration writes a length of time in the largest unit that it is a whole number
// of: "day", "7 days", "36 hours".
func Duration(d time.Duration) string {
	for _, u := range units {
		if n := d / u.length; n > 1 && d%u.length == 0 {
			return Count(int64(n), u.name, u.name+"s")
		} else if n == 1 && d == u.length {
			return u.name
		}
	}
	return d.String()
}

// Age writes a length of time in whole units of which it has two or more.
func Age(d time.Duration) string {
	for _, u := range units[:3] {
		if n := d / u.length; n >= 2 {
			return Count(int64(n), u.name, u.name+"s")
		}
	}
	return Count(int64(d.Round(time.Second)/time.Second), "second", "seconds")
}

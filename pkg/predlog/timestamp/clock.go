// Package timestamp reads the moments that logs hold.
package timestamp

// A Clock reads timestamps. Lines of a log mostly share their date, so the last
// one is kept; the zero Clock is ready.
type Clock struct {
	date  [10]byte
	day   int64 // days from 1970-01-01 to date
	known bool
}

const dayMicros = 24 * 60 * 60 * 1e6

// Parse reads an RFC 3339 timestamp, in which a space may stand for the T and
// the zone may be missing (UTC then), as microseconds since 1970. Further
// digits of the second are dropped. zone says that it names a zone, ok that it is
// one.
func (c *Clock) Parse(s []byte) (micros int64, zone, ok bool) {
	if len(s) < 19 || s[4] != '-' || s[7] != '-' || s[13] != ':' || s[16] != ':' {
		return 0, false, false
	}
	switch s[10] {
	case 'T', 't', ' ':
	default:
		return 0, false, false
	}
	if date := [10]byte(s); !c.known || date != c.date {
		y1, ok1 := two(s)
		y2, ok2 := two(s[2:])
		m, ok3 := two(s[5:])
		d, ok4 := two(s[8:])
		y := y1*100 + y2
		if !ok1 || !ok2 || !ok3 || !ok4 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
			return 0, false, false
		}
		c.date, c.day, c.known = date, daysFrom1970(y, m, d), true
	}
	h, ok1 := two(s[11:])
	m, ok2 := two(s[14:])
	sec, ok3 := two(s[17:])
	if !ok1 || !ok2 || !ok3 || h > 23 || m > 59 || sec > 59 {
		return 0, false, false
	}
	micros = c.day*dayMicros + int64((h*60+m)*60+sec)*1e6
	s = s[19:]
	if len(s) > 0 && (s[0] == '.' || s[0] == ',') {
		i, unit := 1, int64(100_000)
		for i < len(s) && s[i]-'0' <= 9 {
			micros += int64(s[i]-'0') * unit
			unit /= 10
			i++
		}
		if i == 1 {
			return 0, false, false
		}
		s = s[i:]
	}
	switch {
	case len(s) == 0:
		return micros, false, true
	case len(s) == 1 && s[0]|0x20 == 'z':
		return micros, true, true
	case len(s) == 6 && s[3] == ':':
		s = []byte{s[0], s[1], s[2], s[4], s[5]}
	case len(s) != 5 && len(s) != 3:
		return 0, false, false
	}
	// ±hh, ±hhmm, ±hh:mm
	h, ok1 = two(s[1:])
	m, ok2 = 0, true
	if len(s) == 5 {
		m, ok2 = two(s[3:])
	}
	offset := int64(h*60+m) * 60e6
	switch {
	case !ok1 || !ok2 || h > 23 || m > 59:
		return 0, false, false
	case s[0] == '+':
		return micros - offset, true, true
	case s[0] == '-':
		return micros + offset, true, true
	}
	return 0, false, false
}

func two(s []byte) (n int, ok bool) {
	a, b := s[0]-'0', s[1]-'0'
	return int(a)*10 + int(b), a <= 9 && b <= 9
}

func daysIn(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// daysFrom1970 counts in years that begin in March, so that the leap day is
// their last; a day count of month m of such a year is (153m+2)/5.
func daysFrom1970(y, m, d int) int64 {
	if m <= 2 {
		y--
		m += 12
	}
	const marchOfYear0To1970 = 719468
	return int64(365*y + floor(y, 4) - floor(y, 100) + floor(y, 400) + (153*(m-3)+2)/5 + d - 1 - marchOfYear0To1970)
}

func floor(a, b int) int {
	if a < 0 {
		return -((b - 1 - a) / b)
	}
	return a / b
}

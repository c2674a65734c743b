package timestamp

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A Format is how a log writes its moments, by [ParseFormat]. A nil Format is
// RFC 3339, or a number that is a moment from 2000 to 2100 in seconds,
// milliseconds, microseconds or nanoseconds since 1970: the four ranges do not
// meet.
type Format struct {
	name  string
	unit  float64 // microseconds a unit of an epoch; 0 for text
	parts []part  // of a strftime format; none for RFC 3339
}

// A part of a strftime format: a directive, or 0 and text that stands there as it is.
type part struct {
	directive byte
	text      string
}

// epochs are the formats of numbers: what they are called, and their microseconds.
var epochs = []struct {
	name, words string
	unit        float64
}{{"epoch_s", "seconds", 1e6}, {"epoch_ms", "milliseconds", 1e3}, {"epoch_us", "microseconds", 1}, {"epoch_ns", "nanoseconds", 1e-3}}

// The moments from and until which a number without a format is taken for one, in
// seconds: the years 2000 to 2100.
const (
	firstEpoch = 946684800
	lastEpoch  = 4102444800
)

// The first and the last moment that a timestamp can be, in microseconds: the years
// 1 to 9999, as RFC 3339 has them.
const (
	firstMoment = -62135596800e6
	lastMoment  = 253402300800e6
)

// ParseFormat reads the name of a format: rfc3339, epoch_s, epoch_ms, epoch_us,
// epoch_ns, or a strftime format that gives at least a date.
func ParseFormat(name string) (*Format, error) {
	f := &Format{name: name}
	if name == "rfc3339" {
		return f, nil
	}
	for _, e := range epochs {
		if e.name == name {
			f.unit = e.unit
			return f, nil
		}
	}
	if !strings.Contains(name, "%") {
		return nil, fmt.Errorf("want rfc3339, epoch_s, epoch_ms, epoch_us, epoch_ns or a strftime format such as %%d/%%b/%%Y:%%H:%%M:%%S %%z, got %q", name)
	}
	if err := f.split(name); err != nil {
		return nil, err
	}
	return f, f.check()
}

// whole are the directives that stand for several.
var whole = map[byte]string{'T': "%H:%M:%S", 'D': "%m/%d/%y", 'F': "%Y-%m-%d", 'R': "%H:%M", 'c': "%a %b %e %H:%M:%S %Y", 'r': "%I:%M:%S %p"}

func (f *Format) split(layout string) error {
	for i := 0; i < len(layout); i++ {
		if layout[i] != '%' {
			if n := len(f.parts); n > 0 && f.parts[n-1].directive == 0 {
				f.parts[n-1].text += layout[i : i+1]
			} else {
				f.parts = append(f.parts, part{text: layout[i : i+1]})
			}
			continue
		}
		if i++; i < len(layout) && layout[i] == '-' { // %-d: without a leading zero, which is read anyway
			i++
		}
		if i == len(layout) {
			return errors.New("the strftime format ends with %")
		}
		switch c := layout[i]; {
		case whole[c] != "":
			if err := f.split(whole[c]); err != nil {
				return err
			}
		case c == '%', c == 'n', c == 't':
			f.parts = append(f.parts, part{text: map[byte]string{'%': "%", 'n': "\n", 't': "\t"}[c]})
		case strings.IndexByte("YymdeHIMSfLNjbBhaApzZsk", c) >= 0:
			f.parts = append(f.parts, part{directive: c})
		default:
			return fmt.Errorf("%%%c is not read in a strftime format: want %%Y %%m %%d %%H %%M %%S %%f %%z and their like", c)
		}
	}
	return nil
}

// check says what a strftime format lacks for a moment.
func (f *Format) check() error {
	has := func(letters string) bool {
		for _, p := range f.parts {
			if p.directive != 0 && strings.IndexByte(letters, p.directive) >= 0 {
				return true
			}
		}
		return false
	}
	switch {
	case has("s"):
		return nil
	case !has("Yy"):
		return errors.New("the strftime format has no year: want %Y")
	case !has("j") && !(has("mbBh") && has("de")):
		return errors.New("the strftime format has no day: want %m and %d, or %j")
	case has("I") && !has("p"):
		return errors.New("the strftime format has %I without %p: want %H")
	}
	return nil
}

// Want puts in words what a moment of the format looks like.
func (f *Format) Want() string {
	if f == nil || f.unit == 0 && f.parts == nil {
		return "an RFC 3339 timestamp"
	}
	return "a timestamp as " + f.name
}

// WantFor is Want for a field of that name which holds the text: where a format that
// programs write reads it, it says the mapping.
func (f *Format) WantFor(field string, text []byte) string {
	want := f.Want()
	if f == nil || f.unit == 0 && f.parts == nil {
		if names := Guess(string(text)); len(names) > 0 {
			want += fmt.Sprintf(` (this one is read as {field: %s, format: %q}`, field, names[0])
			if len(names) > 1 {
				want += fmt.Sprintf(", or by %q", names[1])
			}
			want += ")"
		}
	}
	return want
}

// A Reading is how a moment was written.
type Reading uint8

// The readings. Only those that a log should be told of are apart: a moment of a
// format that was asked for is Zoned, unless it names no zone.
const (
	None     Reading = iota // it is no moment
	Zoned                   // with its zone
	Zoneless                // without one: taken as UTC
	Seconds                 // a number that was taken for seconds since 1970
	Milliseconds
	Microseconds
	Nanoseconds
)

// Unit is what a number was taken for; "" for other readings.
func (r Reading) Unit() string {
	if r < Seconds {
		return ""
	}
	return epochs[r-Seconds].words
}

// Text reads the moment that a field holds as text, in microseconds since 1970.
func (c *Clock) Text(f *Format, s []byte) (micros int64, r Reading) {
	if f == nil || f.unit == 0 && f.parts == nil {
		micros, zone, ok := c.Parse(s)
		switch {
		case ok && zone:
			return micros, Zoned
		case ok:
			return micros, Zoneless
		case f != nil:
			return 0, None
		}
	}
	if f != nil && f.parts != nil {
		return f.text(s)
	}
	return f.digits(string(bytes.TrimSpace(s)))
}

// digits reads a number that stands as text.
func (f *Format) digits(s string) (micros int64, r Reading) {
	if len(s) < 1 || len(s) > 40 || s[0] != '-' && s[0]-'0' > 9 {
		return 0, None
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return f.Integer(n)
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, None
	}
	return f.Number(x)
}

// Number reads the moment that a field holds as a number.
func (f *Format) Number(x float64) (micros int64, r Reading) {
	if f != nil {
		if f.unit == 0 && !f.counts() {
			return 0, None
		}
		unit := f.unit
		if unit == 0 {
			unit = 1e6
		}
		if x *= unit; !(x >= firstMoment && x < lastMoment) {
			return 0, None
		}
		return int64(math.Round(x)), Zoned
	}
	for i, e := range epochs {
		if per := 1e6 / e.unit; x >= firstEpoch*per && x < lastEpoch*per {
			return int64(math.Round(x * e.unit)), Seconds + Reading(i)
		}
	}
	return 0, None
}

// counts tells that the whole of a strftime format is %s.
func (f *Format) counts() bool { return len(f.parts) == 1 && f.parts[0].directive == 's' }

// Integer is Number for a whole number, whose every digit counts.
func (f *Format) Integer(n int64) (micros int64, r Reading) {
	if n < 1<<53 {
		return f.Number(float64(n))
	}
	if micros, r = f.Number(float64(n)); r != None && (f == nil || f.unit == 1e-3) {
		micros = n / 1e3 // of this size are only nanoseconds
	}
	return micros, r
}

// text reads a moment by a strftime format.
func (f *Format) text(s []byte) (micros int64, r Reading) {
	var m moment
	m.month, m.day = 1, 1
	p := 0
	for _, part := range f.parts {
		if part.directive != 0 {
			if p = m.read(part.directive, s, p); p < 0 {
				return 0, None
			}
			continue
		}
		for i := range len(part.text) {
			if part.text[i] == ' ' { // as in strptime, any white space and none
				for p < len(s) && s[p] == ' ' {
					p++
				}
			} else if p < len(s) && s[p] == part.text[i] {
				p++
			} else {
				return 0, None
			}
		}
	}
	if p != len(s) {
		return 0, None
	}
	at, read := m.micros()
	if !InRange(at) {
		return 0, None
	}
	return at, read
}

// A moment is what a strftime format has read.
type moment struct {
	year, month, day, ofYear int
	hour, minute, second     int
	fraction                 int64 // microseconds
	offset                   int64 // of the zone, seconds east
	since                    int64 // seconds since 1970, where counted
	zone, afternoon, half    bool
	counted                  bool
}

var (
	months = [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
	days   = [...]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
)

// read reads what a directive stands for at s[p:] and returns the byte behind it, or
// -1.
func (m *moment) read(directive byte, s []byte, p int) int {
	number := func(to *int, least, most, digits int) int {
		for digits > 1 && p < len(s) && s[p] == ' ' && digits == 2 { // %e
			p++
		}
		n, from := 0, p
		for p < len(s) && p-from < digits && s[p]-'0' <= 9 {
			n = 10*n + int(s[p]-'0')
			p++
		}
		if p == from || n < least || n > most {
			return -1
		}
		*to = n
		return p
	}
	name := func(to *int, names []string, short bool) int {
		word := strings.ToLower(string(s[p:min(len(s), p+9)]))
		for i, full := range names {
			if !short && strings.HasPrefix(word, full) {
				*to = i + 1
				return p + len(full)
			}
			if short && strings.HasPrefix(word, full[:3]) {
				*to = i + 1
				return p + 3
			}
		}
		return -1
	}
	var skipped int
	switch directive {
	case 'Y':
		return number(&m.year, 1, 9999, 4)
	case 'y':
		if p = number(&m.year, 0, 99, 2); p >= 0 {
			if m.year += 1900; m.year < 1969 { // POSIX: 69 to 99 are of the last century
				m.year += 100
			}
		}
		return p
	case 'm':
		return number(&m.month, 1, 12, 2)
	case 'd', 'e':
		return number(&m.day, 1, 31, 2)
	case 'j':
		return number(&m.ofYear, 1, 366, 3)
	case 'H', 'k':
		return number(&m.hour, 0, 23, 2)
	case 'I':
		m.half = true
		return number(&m.hour, 1, 12, 2)
	case 'M':
		return number(&m.minute, 0, 59, 2)
	case 'S':
		return number(&m.second, 0, 59, 2)
	case 'b', 'h':
		return name(&m.month, months[:], true)
	case 'B':
		return name(&m.month, months[:], false)
	case 'a':
		return name(&skipped, days[:], true)
	case 'A':
		return name(&skipped, days[:], false)
	case 'f', 'L', 'N':
		return m.readFraction(s, p)
	case 'p':
		word := strings.ToLower(string(s[p:min(len(s), p+2)]))
		m.afternoon = word == "pm"
		if word != "am" && word != "pm" {
			return -1
		}
		return p + 2
	case 's':
		from := p
		for p < len(s) && s[p]-'0' <= 9 && p-from < 12 {
			m.since = 10*m.since + int64(s[p]-'0')
			p++
		}
		if m.counted = p > from; !m.counted {
			return -1
		}
		return p
	}
	return m.readZone(directive, s, p)
}

// readFraction reads the digits of a part of a second.
func (m *moment) readFraction(s []byte, p int) int {
	from, unit := p, int64(100_000)
	for p < len(s) && s[p]-'0' <= 9 && p-from < 9 {
		m.fraction += int64(s[p]-'0') * unit
		unit /= 10
		p++
	}
	if p == from {
		return -1
	}
	return p
}

// readZone reads a zone: Z or ±hh, ±hhmm, ±hh:mm, ±hh:mm:ss; by its name only UTC,
// since other names stand for several.
func (m *moment) readZone(directive byte, s []byte, p int) int {
	m.zone = true
	for _, utc := range []string{"UTC", "GMT", "Z"} {
		if bytes.HasPrefix(s[p:], []byte(utc)) && (directive == 'Z' || utc == "Z") {
			return p + len(utc)
		}
	}
	if directive == 'Z' || p >= len(s) || s[p] != '+' && s[p] != '-' {
		return -1
	}
	sign := int64(1)
	if s[p] == '-' {
		sign = -1
	}
	p++
	for i, seconds := range [...]int64{3600, 60, 1} {
		q := p
		if i > 0 && q < len(s) && s[q] == ':' {
			q++
		}
		if q+2 > len(s) || s[q]-'0' > 9 || s[q+1]-'0' > 9 {
			if i == 0 {
				return -1
			}
			break
		}
		n, _ := two(s[q:])
		if n > 59 || i == 0 && n > 23 {
			return -1
		}
		m.offset += sign * int64(n) * seconds
		p = q + 2
	}
	return p
}

// InRange tells whether a moment, in microseconds since 1970, is of the years 1 to
// 9999, which every format can write.
func InRange(micros int64) bool { return micros >= firstMoment && micros < lastMoment }

func (m *moment) micros() (int64, Reading) {
	if m.counted {
		return m.since*1e6 + m.fraction, Zoned
	}
	if m.half {
		if m.hour %= 12; m.afternoon {
			m.hour += 12
		}
	}
	if m.ofYear > 0 {
		t := time.Date(m.year, 1, m.ofYear, 0, 0, 0, 0, time.UTC)
		if t.Year() != m.year {
			return 0, None
		}
		m.month, m.day = int(t.Month()), t.Day()
	}
	if m.day > daysIn(m.year, m.month) {
		return 0, None
	}
	at := (daysFrom1970(m.year, m.month, m.day)*86400+int64((m.hour*60+m.minute)*60+m.second)-m.offset)*1e6 + m.fraction
	if m.zone {
		return at, Zoned
	}
	return at, Zoneless
}

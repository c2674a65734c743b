package timestamp

import "sync"

// written are the strftime formats in which programs write moments, besides those that
// are read without one. Of two that read the same text the days come first in one and
// the months in the other.
var written = sync.OnceValue(func() []*Format {
	var list []*Format
	for _, name := range []string{
		"%d/%b/%Y:%H:%M:%S %z",                                  // NGINX, Apache
		"%a, %d %b %Y %H:%M:%S %Z",                              // RFC 9110, HTTP
		"%a, %d %b %Y %H:%M:%S %z",                              // RFC 5322, mail
		"%a %b %d %H:%M:%S %Y",                                  // C's asctime
		"%a %b %d %H:%M:%S %Z %Y",                               // date
		"%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M:%S.%f", "%Y/%m/%d", // Go's log
		"%Y%m%dT%H%M%S", "%Y%m%dT%H%M%S%z", "%Y%m%d %H%M%S", // ISO 8601, basic
		"%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S %z",
		"%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y",
		"%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p",
		"%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M %p",
		"%d-%b-%Y %H:%M:%S", "%d %b %Y %H:%M:%S", "%b %d, %Y %I:%M:%S %p", "%b %d %Y %H:%M:%S",
	} {
		f, err := ParseFormat(name)
		if err != nil {
			panic(err)
		}
		list = append(list, f)
	}
	return list
})

// Guess returns the names of the formats by which every one of the texts is a moment,
// for [ParseFormat]; none where the texts are read without a format, or by none that
// is known. Of several it is their owner's to say which is meant.
func Guess(texts ...string) []string {
	if len(texts) == 0 {
		return nil
	}
	all := func(f *Format) bool {
		var c Clock
		for _, text := range texts {
			if _, reading := c.Text(f, []byte(text)); reading == None {
				return false
			}
		}
		return true
	}
	if all(nil) {
		return nil
	}
	var names []string
	for _, f := range written() {
		if all(f) {
			names = append(names, f.name)
		}
	}
	return names
}

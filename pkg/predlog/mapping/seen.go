package mapping

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Seen is a field of a line as it was met, for what is said of lines and for the
// columns that a log may lack.
type Seen struct {
	Path  string
	Value any  // text, a json.Number or a float64, a bool; nil for null and for what holds other fields
	Top   bool // it stands in the line itself
}

// Limits of what is looked at in a line.
const (
	seenFields = 256
	seenDepth  = 4
	seenBytes  = 1 << 20
)

// SeenIn lists the fields of a line of JSON in their order, those of nested objects
// behind them. Of a line that is none it lists what stands before the fault.
func SeenIn(line []byte) []Seen {
	if len(line) > seenBytes {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var list []Seen
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil
	}
	seenObject(d, "", 1, &list)
	return list
}

// seenObject lists the fields of an object whose brace was read.
func seenObject(d *json.Decoder, path string, depth int, list *[]Seen) bool {
	for d.More() {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok || len(*list) >= seenFields || len(name) > MaxName || !seenValue(d, path+name, depth, list) {
			return false
		}
	}
	_, err := d.Token()
	return err == nil
}

// seenValue lists a field, and the fields in its value.
func seenValue(d *json.Decoder, path string, depth int, list *[]Seen) bool {
	value, err := d.Token()
	if err != nil || len(*list) >= seenFields {
		return false
	}
	at := len(*list)
	*list = append(*list, Seen{Path: path, Value: value, Top: depth == 1})
	switch value {
	case json.Delim('{'):
		(*list)[at].Value = nil
		return depth < seenDepth && seenObject(d, path+".", depth+1, list)
	case json.Delim('['):
		(*list)[at].Value = nil
		for i := 0; d.More(); i++ {
			if depth >= seenDepth || !seenValue(d, fmt.Sprintf("%s[%d]", path, i), depth+1, list) {
				return false
			}
		}
		_, err := d.Token()
		return err == nil
	}
	return true
}

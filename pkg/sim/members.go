package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/leadsman/leadsman/pkg/predlog/record"
	"github.com/leadsman/leadsman/pkg/spelling"
)

// member is one member of a JSON object. In raw is the text of what is neither
// a number, a string, a bool nor null.
type member struct {
	record.Field
	raw json.RawMessage
}

// members returns the members of a JSON object in order. A repeated name is an
// error, as is a number that float64 cannot hold.
func members(object []byte) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("want a JSON object")
	}
	var out []member
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, notJSON(err)
		}
		name, _ := t.(string)
		if seen[name] {
			return nil, fmt.Errorf("%s: repeated", name)
		}
		seen[name] = true
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, notJSON(err)
		}
		f := member{Field: record.Field{Name: name}}
		switch raw[0] {
		case '{', '[':
			f.raw = raw
		case '"':
			var s string
			if err := json.Unmarshal(raw, &s); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			f.Value = record.StringValue(s)
		case 't', 'f':
			f.Value = record.StringValue(string(raw))
		case 'n':
		default:
			x, ok := spelling.ParseDecimal(string(raw))
			if !ok || math.IsInf(x, 0) {
				return nil, fmt.Errorf("%s: want a number that float64 holds, got %.40s", name, raw)
			}
			f.Value = record.NumberValue(x)
		}
		out = append(out, f)
	}
	if _, err := d.Token(); err != nil {
		return nil, notJSON(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more after the object")
	}
	return out, nil
}

func notJSON(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errors.New("not JSON: it is cut short")
	}
	return fmt.Errorf("not JSON: %w", err)
}

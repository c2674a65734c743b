package mapping

import (
	"bytes"
	"fmt"

	"github.com/leadsman/leadsman/pkg/predlog/jsontext"
)

// WantNumber is what a field that holds a number wants, for one that holds none; of a
// list it says how an item of it is read.
func (k *Key) WantNumber(list bool) string {
	if !list || !plainYAML.MatchString(k.Name) {
		return "a number"
	}
	return fmt.Sprintf(`a number (of a list one item is read, as "%s[1]")`, k.Name)
}

// WantInput is what an input wants, for one that holds the JSON that was got: it says
// what takes apart that.
func (k *Key) WantInput(got []byte) string {
	switch {
	case k.Vector:
		return "a list"
	case got[0] == '[':
		return `an object (a batch is taken apart by a jq program)`
	case got[0] == '"' && bytes.IndexByte(got, '{') == jsontext.Space(got, 1) && plainYAML.MatchString(k.Name):
		return fmt.Sprintf(`an object (JSON in a text is read by jq: ".%s |= fromjson")`, k.Name)
	}
	return "an object"
}

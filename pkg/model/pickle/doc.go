// Package pickle reads what a Python pickle says without doing it: a call becomes
// an Object that names what would be called. Nothing of the file is run, so that a
// file of anybody may be read. Arrays that joblib writes into the stream are
// skipped.
package pickle

import "errors"

// errFormat says that the bytes are no pickle that is understood. The error that
// is returned says where and why.
var errFormat = errors.New("not a readable pickle")

// A Value is what a pickle holds: nil, bool, int64, float64, string, []byte,
// *List, *Dict, *Object, or Class. A whole number beyond int64 is nil.
type Value any

// Class is a class or function by its module and name, "sklearn.pipeline.Pipeline".
type Class string

// List is a list, tuple or set.
type List struct{ Values []Value }

// Dict is a dict, in the file's order.
type Dict struct{ Keys, Values []Value }

// Object is what a call of Class would give.
type Object struct {
	Class Class
	Args  Value // of the call
	State Value // that it would be given then: mostly a Dict of its attributes
	Items List  // appended to it, or set in it, keys before values
}

// get returns the value of a key, nil where the dict has none.
func (d *Dict) get(key string) Value {
	for i, k := range d.Keys {
		if k == key {
			return d.Values[i]
		}
	}
	return nil
}

// Attribute returns an attribute of o, nil where it has none.
func (o *Object) Attribute(name string) Value {
	if d, ok := o.State.(*Dict); ok {
		return d.get(name)
	}
	return nil
}

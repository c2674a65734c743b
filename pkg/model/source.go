package model

// source reads one document value by value, in the order of the file. The
// caller asks for the kind it wants and gets an error where the document holds
// another; a callback must read exactly one value. Errors match ErrFormat.
type source interface {
	object(member func(key string) error) error
	array(element func(i int) error) error
	text() (string, error)
	integer() (int64, error)
	float() (float32, error) // may be NaN or infinite
	flag() (bool, error)     // false, true, 0 or 1
	skip() error             // one value of any kind
	end() error              // nothing follows
}

// maxNesting bounds how deep arrays and objects stand in each other; XGBoost
// needs eight levels.
const maxNesting = 64

package policy

// BadOption is the error of an option: its key in monitor.yaml, such as
// levels.alert, which method Key returns, and what is wrong with it.
func BadOption(key, what string) error { return &optionError{key, what} }

type optionError struct{ key, what string }

func (e *optionError) Error() string { return e.key + ": " + e.what }

func (e *optionError) Key() string { return e.key }

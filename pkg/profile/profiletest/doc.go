// Package profiletest has what the tests of several rooms of profile need: a log
// with every kind of column, and its plan, profile and bytes.
package profiletest

// Package config reads monitor.yaml into the options of those who go by them, and
// says of all that is wrong with it where it stands.
//
// A key stands in a tag of the option that it sets, and so does what its number
// may be; what else an option may be is said by a method Check beside it, and a
// default stands where it is used.
package config

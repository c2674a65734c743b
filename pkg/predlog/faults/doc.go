// Package faults counts what is wrong with the lines of a log: each fault with its
// reason and the numbers of the first lines, nothing of their content; and for
// people the first few in words.
package faults

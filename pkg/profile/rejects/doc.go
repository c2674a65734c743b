// Package rejects adds up what reading the parts of a log left out: how many lines
// were read and how many of them were bad, and for which reasons. A Sum is a
// commutative monoid like every other part of a profile.
package rejects

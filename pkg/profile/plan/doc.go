// Package plan says what is counted: which columns there are, the grid of each
// number, each category's dictionary, which pairs are counted, how long a window
// is. A Plan is made once, of the reference, and its ID is the SHA-256 of all
// that: profiles of different plans do not mix. The package places values on the
// grid and counts none.
package plan

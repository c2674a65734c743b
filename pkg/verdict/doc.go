// Package verdict is the vocabulary of a run: its levels, what is asked of which
// subject, why a finding says what it says, what to do about it, and the rows of
// every table that a site is made from. It is plain data and judges nothing.
package verdict

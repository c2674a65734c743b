// Package say has the sentences of findings, one function for each reason, made of what
// the wings found; and what is to be done about a finding. It judges nothing, and
// nobody reads a sentence.
package say

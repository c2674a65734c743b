// Package joined holds what a profile keeps of predictions that met their outcome,
// so that the parts of a log tell together how good the model still is. A Set is a
// commutative monoid like every other part of a profile.
package joined

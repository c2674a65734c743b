// Package sketch holds what a profile is made of: whole numbers and sets that
// merge in any order to the same state. There are sums without rounding, the k
// items of smallest hash, the newest k, the distinct values until there are too
// many, and the hashes that choose among them. Each is a commutative monoid with
// its empty value as identity. None knows of columns, plans or keys.
package sketch

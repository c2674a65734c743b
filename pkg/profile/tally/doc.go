// Package tally reduces rows to integers on a reference's grid, such that
// profiles of any shards of a log, merged in any order, are the profile of the
// whole, byte for byte.
//
// A Profile counts rows by a plan with the counters of package count; the
// reference goes through the same plan, so a comparison reads two profiles, as
// views, and no row. A Snapshot is all that was counted as rows of numbers under
// keys, and a Restorer makes the profile of them again: package wire writes and
// reads those. Segments takes the rows that a profile keeps apart.
//
// Every part of a profile is a commutative monoid with the empty profile as its
// identity: integers under addition, least and greatest values, the k smallest
// (or newest) of a set, and the two-state flag "too many distinct values". No
// float is ever added: sums are whole numbers of 2^-1074 or of a step of the
// plan's. So merging is associative as well, and with Merge(a, b) written a·b
// and P(rows) for the profile of rows,
//
//	P(rows₁ ++ rows₂) = P(rows₁)·P(rows₂)
//
// holds of the encoded bytes. The memory of a profile is bounded by its plan,
// whatever the number of rows.
package tally

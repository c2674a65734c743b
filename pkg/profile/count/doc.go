// Package count holds the counters of a profile, each in a file: columns (of
// numbers, of categories, of texts), pairs of columns, windows, traffic,
// durations. A counter has four sides. Its Add counts rows that were read and
// placed on the plan's grid; Merge adds another counter of the same plan; View is
// what a reader sees of it; Put writes it into a Ledger as whole numbers under
// keys, and Set takes them back. All it keeps are integers and sets that merge in
// any order, so a ledger's rows depend on the rows that were counted and on
// nothing else.
package count

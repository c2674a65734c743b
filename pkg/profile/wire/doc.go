// Package wire writes plans and profiles as Arrow tables and reads them back. It
// knows the tables, their order, digests, seals and shards, and refuses what is
// incomplete, changed, or of another plan or version; what a counter means it does
// not know. A profile's digest is that of its rows, and not of the bytes that
// carry them. Merging many encoded profiles, with each shard counted once, is here
// as well.
package wire

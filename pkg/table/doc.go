// Package table is the stream that leadsman's commands pass to each other.
//
// A bundle is a run of Arrow IPC streams, each one table, named in its schema
// metadata. Every bundle that leadsman writes closes with a stream named
// `end`, which lists the tables and rows since the previous one: a stream cut
// anywhere, between two batches or between two tables, is an error and never a
// shorter table. Two bundles written one after another are a bundle.
//
// A table's small fixed schema is a Go struct (Encode, Decode); rows with
// columns of the user's own are plain Arrow batches with roles (Field, RoleOf).
// Which Arrow types are read, and as what, stands in kind.go alone; docs/formats.md lists them.
package table

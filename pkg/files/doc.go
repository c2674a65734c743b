// Package files makes files and directories that appear whole or not at all,
// and temporary files that leave nothing behind:
//
//   - [File]: a file of a known name, written beside it, synced and renamed
//     (file.go); [Partial] is the same for a name that is known only at the end
//     (partial.go);
//   - [Dir]: a directory written beside its place and exchanged with what stands
//     there (dir.go, exchange.go);
//   - [Spool] and [Scratch]: bytes that are to be read again; [TempDir]: files that
//     one step leaves for the next (spool.go);
//   - signals: while something is not complete, SIGINT and SIGTERM remove it and
//     then end the process as they do by default (signal.go). No other package
//     handles them for an output's sake, and a process that writes to its
//     standard output alone handles none.
package files

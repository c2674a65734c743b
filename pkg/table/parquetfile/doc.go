// Package parquetfile turns Parquet files into Arrow record batches and back. It stands
// where arrow-go has pqarrow, which links gRPC and protocol buffers into every program.
//
// Types go over as pqarrow's do: every number, decimal, date, time, timestamp and text;
// lists, maps and structs of them; and, where a file carries an Arrow schema under the key
// ARROW:schema, what Parquet has no word for: dictionaries, time zones, large text,
// durations and metadata.
//
// Readers of damaged files may panic, as arrow-go's do; the caller recovers.
package parquetfile

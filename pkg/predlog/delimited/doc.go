// Package delimited reads CSV into a table, with the conventions of pandas'
// read_csv for what is missing and those of spreadsheets for what separates
// fields.
package delimited

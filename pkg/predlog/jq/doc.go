// Package jq runs programs of the language jq over the records of a log: a record
// goes in as the log holds it, and none, one or many come out as lines of JSON,
// which are then read like any others.
//
// A program sees nothing but its record: no clock, no environment, no file and no
// other record, so that the same log gives the same rows wherever and whenever it is
// read. What it may do for one record is bounded by steps and by what it yields.
package jq

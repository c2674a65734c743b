// Package predlog reads the two logs of a deployed model, the predictions it made
// and the requests it answered, and the reference rows that they are compared
// with, into Arrow tables named predictions, requests and reference. What was
// wrong with a line is counted, with its number and the reason, and never silently
// changed.
//
// A log's way: logfile finds, opens and unpacks it; File sees what it holds and
// hands it to jsonl, delimited or arrowlog (rows that are Arrow already); each of them
// asks mapping which column a field leads to, sets the columns of batch, and tells
// faults what it could not take. Below them jsontext and timestamp read tokens.
// record is the other direction: values, and the lines that leadsman writes.
package predlog

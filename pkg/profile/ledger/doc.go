// Package ledger holds counters as rows of numbers under keys: what they are
// called, how they are ordered, and how each kind of number is put under a key and
// set again. Counters write themselves into a Ledger, and the wire writes its rows.
package ledger

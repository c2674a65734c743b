// Package spelling knows the one spelling of a value: how numbers, truth values,
// words for a missing value and texts are read and written, the same in every
// reader of logs, references, outcomes and profiles, so that True, 1.0 and "1"
// meet their equals; whether a column of texts is one of numbers; and what of an
// endpoint may be kept.
package spelling

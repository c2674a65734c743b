// Package layers holds the tests of the repository's layout: which room stands
// on which floor and imports what, and what lies at the top level.
package layers

package view

// K is how many rows of either side a value needs to be shown by itself, unless
// somebody asks for another number.
const K = 5

// VersionColumn is the column of the split of Versions.
const VersionColumn = "model_version"

// Names of parts that are no value of the column. A value that reads so is the
// name of its part in quotes, and one that reads like that in one pair more.
const (
	MissingPart = "(missing)" // rows without a value
	OtherPart   = "(other)"   // values that are too rare, too many, or no numbers
)

// A PartKind says what the rows of a part have in common.
type PartKind uint8

// The kinds of parts.
const (
	ValueRows   PartKind = iota // one value, Part.Name
	MissingRows                 // no value
	OtherRows                   // every other value
)

// A Split is the rows of two profiles, taken apart by the value that they hold in one
// column.
type Split struct {
	Column           string
	RefRows, CurRows int64  // all rows
	Whole            bool   // the reference has no value of the column: each part is compared with all of it
	Values, Together int    // of k rows or more; those of them that have no part of their own, since they are too many
	Parts            []Part // by falling number of all rows; the values that are too rare last
}

// Versions are the judged rows by the version of the model that scored them: each
// version's against all of the reference, and every other version's against those of
// the version that scored most, which stand in the place of the reference. Neither has
// parts where fewer than two versions have k rows.
type Versions struct {
	Against, Between Split
	Most             string // name of the part that the others are held against
}

// A Part is the rows with one value of the column.
//
// Its views count all rows, on a coarser grid, where these were counted by value. Else
// they count the sampled rows, each as often as it was seen: only so does a sample of the distinct rows tell the shares that all rows have, since every
// distinct row has the same chance to be in it. Where the sample holds all rows,
// the parts' counts add up to those of the profile. Where it does not, a row
// that came often is in it whole or not at all, and then fewer draws were made
// than rows are counted: see Clustered.
type Part struct {
	Name             string // unique
	Kind             PartKind
	RefRows, CurRows int64 // of all rows, by the column's own counters
	Ref, Cur         View  // Rows, Read, Names and Columns, of all rows where they were counted or the sample holds them, else of the sampled rows

	// Buckets are each side's rows by the bucket of their entity; nil of sampled rows, and
	// where they do not say whom they belong to.
	Buckets [2][]int64

	// Clustered says that a side's rows are no sample for tests of independent
	// rows: it does not hold all rows, and those that it holds came so often that
	// a share's variance is more than 1.5 times that of single rows, which is
	// Σn² > 1.5 Σn over the distinct rows' counts n.
	Clustered bool
}

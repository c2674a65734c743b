// Package caps says how many of each thing are kept, and what happens beyond. A cap
// may change the method, never the answer. docs/caps.md is made of it.
package caps

// A Cap is how many of a thing are kept at most.
type Cap struct {
	N      int    // which tests lower; nothing else sets it
	What   string // the things, and of what
	Beyond string // what happens to more of them
}

var all []*Cap

// EntityBuckets is how many buckets the hashes of entities fall into: a byte tells.
const EntityBuckets = 256

func of(n int, what, beyond string) *Cap {
	c := &Cap{n, what, beyond}
	all = append(all, c)
	return c
}

// Of the reference's and the log's categories.
var (
	Names      = of(1<<16, "categories of a column of the reference with counters of their own", "the most frequent have them, counted exactly; of the others it is known that the reference has them, and they are compared as one bin, `rare`")
	AllNames   = of(1<<12, "categories of a column up to which all have counters of their own", "beyond, those of five reference rows or more have: a rarer one is too few to compare, unless the log has many, and then it is named")
	KnownNames = of(1<<20, "other categories of a column of the reference that are known by a hash of 64 bits", "those of smallest hash are; whether the reference has one of the others is estimated from these, and the test for new categories counts as many rows less")
	NewNames   = of(1024, "categories of a column of the log outside the reference's counters that are counted by themselves", "the others are counted in three rows of 2,048 buckets; those that hold many rows are found by the row sample, and spelled, up to 32 bytes, by counts of each bit of the names in 64 buckets; their counts are less what chance adds to a bucket; totals stay exact")
	NameBytes  = of(256, "bytes of a category, a version or another name", "a longer one is known by its beginning and a hash of the whole: two that differ at the end stay two")
)

// Of numbers.
var (
	Values        = of(2048, "distinct values of a number of the reference, each an edge of its grid", "512 quantiles of 8,192 to 16,384 of its rows are, and its extremes: statistics carry the bounds between which they are; of the log no values are kept off the grid")
	Cells         = of(512, "quantiles that are edges where a number has more distinct values", "what lies between two is counted with its exact sum")
	Extremes      = of(64, "least and greatest values that are edges then, a side", "what lies beyond is out of range, and counted")
	ExactValues   = of(1<<16, "distinct values of a score, and of every number with `exact: true` or the policy evidently", "2,048 quantiles of 65,536 to 131,072 of its rows are, and 512 extremes a side")
	ExactCells    = of(2048, "quantiles that are edges of such a number with more", "as above")
	ExactExtremes = of(512, "extremes that are edges of such a number, a side", "as above")
)

// Of requests.
var (
	Endpoints        = of(1024, "endpoints of the judged requests that are counted by themselves, each with all its statuses and times", "the others are counted in three rows of 512 buckets with all statuses and times; busy ones are found by a sample of 512 requests, with at most two in a thousand too many requests; the rest is one row, `other`")
	WindowEndpoints  = of(32, "endpoints of a window that are counted by themselves", "the others are counted in two rows of 64 buckets")
	SampledEndpoints = of(512, "requests whose endpoints are candidates for the busiest", "the sample is uniform, by the hash of the request")
	ListedEndpoints  = of(200, "endpoints in the table traffic", "the busiest are listed, all others are one row, `other`: the rows add up to all requests")
	Slots            = of(7*24*12, "slots of five minutes", "the newest are kept; totals are of all")
)

// Of rows.
var (
	SampleRows = of(2048, "distinct rows of a side that are kept whole, fewer beyond 512 columns so that they hold a million values, for explanations, the segments of values that are not counted by themselves, the classifier and correlations of many columns", "a uniform sample by the hash of the row is; `--rows N` or `--rows all` keeps more")
	Followed   = of(4096, "different rows that are followed through all their repeats", "the number of different rows is estimated from a uniform sample of so many, to 2 %; a row that comes very often is told by the counts of 1,024 groups")
	Entities   = of(1024, "entities of a side of which a row is kept whole, for the classifier", "those of smallest hash are; how many there are is then an estimate")
	_          = of(EntityBuckets, "buckets of entities by their hash, in which the rows of each class of a column are counted, with `entity` or `id`", "no list of entities is kept: sums of squares over entities follow from those over buckets, on average exactly")
	Classes    = of(32, "classes of a column in each bucket: thirty, all others, and rows without a value that can be compared", "tenths of a number, and of a category the most frequent of the reference: rarer ones are counted together")
	Versions   = of(256, "versions of the model that are counted by themselves", "the others are counted in three rows of 512 buckets, and found by the row sample")
	SkewRows   = of(20, "sampled rows of which the logged score is not that of the model at hand, in the table `skew_rows` of the bundle, which is never published", "the first by time are; the finding counts all, and says what they have in common")
	Recent     = of(20, "newest rows", "older ones are not shown")
)

// Of columns.
var (
	Columns       = of(4096, "columns of a plan", "the reference is refused")
	Pairs         = of(32, "columns whose pairs are counted over all rows", "those of most importance to the model, without one those in which most rows hold another value than the commonest; pairs of the next columns are looked at in the row sample")
	SampledPairs  = of(128, "columns whose pairs are looked at at all", "the finding says how many columns were looked at; `looked_at` and `of` count pairs")
	SegmentValues = of(254, "values of a column that make segments of their own", "those with the most rows do; the others are `(other)`, which is no segment and has no level")
	SegmentCells  = of(1<<18, "counters of the reference's values of a column of `segments`, over all columns, of which each value takes some twenty a column", "the values with the most rows in the reference are counted exactly, the others, like those that only the log has, in two rows of 32 by their hash; what shares its place there is looked at in the row sample, and its finding says so")
)

// Of what is published.
var (
	Bins       = of(50, "classes of a column that are published", "the smallest are one class, `all others`")
	NewColumns = of(20, "columns that the reference lacks and that are named, each of k rows at the least", "those that most rows have are; the others are a number")
)

// Of files.
var CSVTexts = of(1<<14, "different texts of a CSV column that are counted to tell free text from categories", "their number is estimated from the least hashes of all rows, so that the order of rows does not matter")

// Of time.
var (
	Windows    = of(400, "windows before the judged period, and in it", "the newest of each are kept, so that the windows before a long period stay")
	TrendRows  = of(200_000, "rows of the table trend", "columns are left out, those whose findings stand last, and a note says how many; rows, scores, latency and requests stay")
	RenderRows = of(500_000, "rows of a table that render reads", "the bundle is refused: driftcalc writes fewer")
)

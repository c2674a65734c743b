package view

import "time"

// A View is what a comparison reads of a profile. It is made of the profile's
// integers alone, so that two profiles with the same bytes give the same view.
type View struct {
	Rows          int64      // predictions judged, or rows of the reference
	Read          int64      // rows of the log, judged or not
	First, Last   time.Time  // oldest and newest timestamp of the judged rows; zero without timestamps
	Newest        time.Time  // newest timestamp of the judged predictions and requests
	Requests      int64      // requests judged
	Columns       []Column   // score, label, then features, in plan order; after them columns that the plan does not know
	Pairs         []Pair     // in plan order; those that are Sampled come last
	Pairable      int        // columns that can be paired; those that are in no pair were not looked at
	Windows       []Window   // oldest first, over the whole log and not only the judged rows; none without a window length
	Inference     Latency    // of the judged predictions
	Response      Latency    // of the judged requests
	Traffic       []Traffic  // all judged requests, then those of each slot
	Endpoints     []Endpoint // of the judged requests, the busiest first, 200 at most; of a window those of the judged requests that it has
	Others        Endpoint   // the judged requests of all other endpoints
	Recent        []Row      // the newest rows, newest first
	Sample        []Row      // a uniform sample of the distinct judged rows, by row hash; Plan.SampleRows at most
	SampleRows    int64      // rows in Sample, each as often as it came
	Lines         Repeats    // the judged rows as they are
	Inputs        Repeats    // the features of the judged rows alone: what both sides have
	Week          []WeekPart // the judged rows by part of the week, of those with a timestamp; none where the plan has no parts
	Entities      []Row      // one judged row of each of at most 1,024 entities, by the entity's hash: the row of smallest hash, N all rows of the entity; none where no row names one
	EntityCount   int64      // entities of the judged rows; an estimate above 1,024
	Names         []string   // raw columns, in the order of Row.Cells
	Versions      []Version  // of the judged rows, the most frequent first
	OtherVersions int64      // judged rows with other versions
	ModelVersion  string     // of the newest row; empty without one
	Simulated     bool       // the log says that it was simulated
	Untimed       int64      // rows without a timestamp: judged, but in no window
}

// Window is one UTC-aligned window of the log. Its view is a small one: numbers
// on the deciles alone (Edges are the reference's least value, the deciles'
// inner edges and its greatest value; counts that belong to (a, b] stand in the
// open cell below b), at most 254 categories, of the text columns the derived
// ones, the means to the precision of Pair.Pearson, latencies in buckets of 2 %,
// and the total of the traffic. It has no pairs, rows, quantiles or values.
type Window struct {
	Start  time.Time
	Length time.Duration
	View   View
}

// Version is how many rows a version of the model scored; the empty one is that of
// rows without one.
type Version struct {
	Name string
	Rows int64
}

// Traffic counts the requests of one slot.
type Traffic struct {
	Start     time.Time // zero: all judged requests
	Slot      time.Duration
	Requests  int64
	Succeeded int64
	P50, P95  float64 // milliseconds
}

// Endpoint counts the requests of one endpoint, or of all that are not listed:
// these add up to all requests, by status too.
type Endpoint struct {
	Name      string // empty: all others
	Endpoints int64  // of all others: how many there are, an estimate where not Exact
	Requests  int64
	Succeeded int64
	Statuses  []Status // by code
	Latency   Latency  // in buckets of 2 %; of all others none
	Exact     bool     // else the counts are bounds from above: the name is one of too many to keep
}

// Status is how many requests ended in a status.
type Status struct {
	Code     int64 // -1: none
	Requests int64
}

// Succeeded says whether a status is neither missing nor an error.
func Succeeded(code int64) bool { return code >= 100 && code < 400 }

// Column returns the first column of that name, nil without one.
func (v *View) Column(name string) *Column {
	for i := range v.Columns {
		if v.Columns[i].Name == name {
			return &v.Columns[i]
		}
	}
	return nil
}

// Answered returns the requests and how many of them succeeded: by their total,
// or summed over the slots where the traffic has none.
func (v *View) Answered() (requests, succeeded int64) {
	for _, t := range v.Traffic {
		if t.Start.IsZero() {
			return t.Requests, t.Succeeded
		}
	}
	for _, t := range v.Slots() {
		requests += t.Requests
		succeeded += t.Succeeded
	}
	return requests, succeeded
}

// Slots returns the totals of the slots with traffic.
func (v *View) Slots() []Traffic {
	var out []Traffic
	for _, t := range v.Traffic {
		if !t.Start.IsZero() && t.Requests > 0 {
			out = append(out, t)
		}
	}
	return out
}

// Row is one prediction or reference row.
type Row struct {
	At      time.Time
	Score   float64 // NaN: none
	Label   string
	MS      float64 // NaN: none
	Version string
	ID      string
	Cells   []Cell // as View.Names
	N       int64  // how often the same row was seen
	Week    int    // part of the week, -1 without a timestamp
	Entity  uint64 // hash of the entity, of one of View.Entities
}

// Cell is one raw value: null, a number, or a string.
type Cell struct {
	Null   bool
	String bool
	Num    float64
	Str    string
}

// Period bounds the rows that are judged: those after From up to and with
// Until. A zero time is no bound. Rows outside are counted in their windows
// only; rows without a timestamp are always judged.
type Period struct{ From, Until time.Time }

// Length returns the time between the bounds; 0 when one is missing.
func (p Period) Length() time.Duration {
	if p.From.IsZero() || p.Until.IsZero() {
		return 0
	}
	return p.Until.Sub(p.From)
}

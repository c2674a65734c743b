package outcome

import (
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Alpha is the p-value of the test of concept drift below which estimates, which
// lean on there being none, are said to be doubtful.
const Alpha = 0.01

// Fewest is how many rows of the rarer outcome must be expected, or have come, for
// a figure to be judged.
const Fewest = 10

// MostLeft is the share of judged rows with scores where the reference has none
// beyond which nothing is said of what a score means.
const MostLeft = 0.2

// SmallReference is below how many rows an estimate says that it leans on few.
const SmallReference = 1000

// BaselineRows is how many outcomes stand in for a reference without figures, and
// BaselineRarer how many each of two kinds has at the least.
const (
	BaselineRows  = 300
	BaselineRarer = 30
)

// Z95 is the normal quantile of a 95 % interval.
const Z95 = 1.959963984540054

// LogFloor keeps a certain and wrong score from an infinite loss, as in scikit-learn.
const LogFloor = 2.220446049250313e-16

// Settings are those of outcomes in monitor.yaml.
type Settings struct {
	Kind              Kind          `yaml:"kind"`                // of outcomes; none: the one that the reference's show
	Mature            time.Duration `yaml:"mature"`              // age of a prediction from which its outcome counts; 0: every outcome counts, but for predictions that still wait for many
	Last              time.Duration `yaml:"last"`                // length of the period whose outcomes are judged, which ends with the newest predictions that have theirs; 0: that of the judged period
	By                []string      `yaml:"by" one:"true"`       // columns that rows meet by, timestamp and inputs among them; none: id, else timestamp, else inputs
	Resolution        time.Duration `yaml:"resolution"`          // to which timestamps meet; 0: a second or a millisecond where all outcomes have whole ones
	ErrorModel        string        `yaml:"error_model"`         // LightGBM file that predicts the absolute error of a predicted number; without it nothing is estimated
	SquaredErrorModel string        `yaml:"squared_error_model"` // the same of the squared error
	ErrorFeatures     string        `yaml:"error_features"`      // features.json of both
	Join              Choice        `yaml:"join"`                // which predictions of an entity count; none: the newest
}

// Columns are the names in By that are columns.
func (s *Settings) Columns() []string {
	return slices.DeleteFunc(slices.Clone(s.By), func(name string) bool { return name == byID || name == byTime || name == byInputs })
}

// Options say what is called positive, and which rows are judged.
type Options struct {
	Classes     []string      // of multiclass outcomes
	Threshold   float64       // scores from it on are called positive; NaN: no confusion
	From, Until time.Time     // timestamps of the oldest and the newest judged row
	Length      time.Duration // of the judged period; 0: the whole log
	Now         time.Time     // by which predictions have their age; zero: Until
	K           int64         // a version of the model with fewer outcomes is not told
	Together    float64       // of the judged rows: how many times the variance of a figure is that of rows of as many entities, Σn²/Σn over entities of n rows; 0 is 1
	Settings

	// Scored are sampled judged rows with the scores of their classes; their Value
	// says nothing.
	Scored []ScoredRow

	// Errors are what models of the error make of the judged rows, of a predicted number.
	Errors []PredictedError

	// Windows are the profile's, which estimates by window are made of where
	// outcomes are missing.
	Windows []view.Window
}

// A ScoredRow is sampled rows of one time.
type ScoredRow struct {
	At time.Time // zero: not known
	Pair
}

// A PredictedError is the mean of what a model of the error predicts of sampled rows.
type PredictedError struct {
	Squared bool    // it is of the squared error; else of the absolute one
	Mean    float64 // of the predictions, none below 0
	N       int64   // rows that it rests on
}

// A Report is the rows of the two tables. Outcomes is nil without outcomes.
type Report struct {
	Estimates []verdict.Estimate
	Outcomes  []verdict.Outcome
	Compared  []Comparison // of the judged rows; none without outcomes
	Declined  string       // why there is nothing to compare with; "" where there is
	InSample  bool         // it is that the reference's scores are of training rows
	Young     string       // which predictions' outcomes do not count, and why; "" where all do
	Unjoined  string       // why no known outcome met a prediction; "" where some did
	Others    string       // where the known outcomes are that met none, where these are many; "" else
	Early     bool         // none did, since all predictions are too young to have one
	Unmet     []verdict.Unmet
}

// mostUnmet is how many keys of a side are shown.
const mostUnmet = 3

// Meet puts in what is to be said of the join. Where figures are held against something
// else than the reference, that declines nothing.
func (r *Report) Meet(m *Met, o *Options, against string) {
	if against != "" {
		r.Declined, r.InSample = "", false
	}
	p := o.Period(m)
	r.Young = p.Young
	r.Unjoined, r.Early = m.unjoined(p, o.Mature)
	met, ambiguous := m.keysMet()
	r.Others = m.others(met + ambiguous)
	r.Unmet = m.unmet(mostUnmet)
}

// Blank is a row without numbers.
func Blank(window, kind, metric string, n int64) verdict.Outcome {
	nan := math.NaN()
	return verdict.Outcome{Window: window, Kind: kind, Metric: metric, N: n, Score: nan, Value: nan, Lo: nan, Hi: nan, Reference: nan, Expected: nan, P: nan, Q: nan}
}

// Take puts what was judged of a comparison into its row of the table.
func (r *Report) Take(metric, class string, q float64, level, sentence string) {
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Window != "" || o.Metric != metric || o.Class != class || o.Kind != "metric" && o.Kind != "test" {
			continue
		}
		o.Q, o.Level = q, level
		if o.Kind == "test" {
			o.Note = sentence
		}
	}
}

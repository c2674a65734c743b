package view

// WeekParts is how a plan parts the week.
type WeekParts int

// The ways.
const (
	WholeWeek WeekParts = iota // not at all
	Weekends                   // weekdays, then weekends
	EachDay                    // Monday to Sunday
)

// Count returns how many parts the week has; 0 where it is whole.
func (w WeekParts) Count() int { return [...]int{0, 2, 7}[w] }

// A WeekPart is the judged rows of a part of the week.
type WeekPart struct {
	Rows int64
	// Columns are those of the view, of a reference alone: numbers on their grid and
	// categories by their dictionary, without sums, quantiles or values.
	Columns []Column
	// Scores are the mean and the mean square of each column's normal scores; NaN
	// without any.
	Scores [][2]float64
}

package binary

import (
	"cmp"
	"slices"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// versionFigures are those by which each version of the model is held against the
// reference.
var versionFigures = []string{"roc_auc", "brier", "positive_rate", "recalibration"}

// versions are the figures of each version of the model and their comparisons, where
// several scored.
func (e *evaluation) versions(m *outcome.Met) (figures []verdict.Outcome, compared []outcome.Comparison) {
	concept := e.concept // is of all rows
	defer func() { e.concept = concept }()
	for _, v := range m.Versions(e.period.From, e.period.Until, e.K) {
		s, _ := sampled(v.Sample)
		name := cmp.Or(v.Name, view.MissingPart)
		var of []outcome.Comparison
		if len(e.learned.rows) > 0 {
			for _, c := range e.compared(e.learned, s) {
				if slices.Contains(versionFigures, c.Metric) {
					c.Version = name
					of = append(of, c)
				}
			}
		}
		compared = append(compared, of...)
		for _, f := range e.metrics(s, of) {
			f.Kind, f.Version = "version", name
			figures = append(figures, f)
		}
	}
	return figures, compared
}

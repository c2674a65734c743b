package history

import (
	"fmt"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Owner says why the night of a run does not belong to what was judged before under the
// same name, if it seems not to. Where it may, a note says what a person should know.
// Before holds the nights of any site.
func Owner(before []verdict.Night, run *verdict.Run) (note string, err error) {
	var newest *verdict.Night
	others := map[string]int{}
	for i := range before {
		n := &before[i]
		if n.Site == run.Site {
			newest = n
		} else if i == 0 || before[i-1].Site != n.Site || !before[i-1].PeriodEnd.Equal(n.PeriodEnd) {
			others[n.Site]++
		}
	}
	if newest == nil {
		if len(others) != 1 {
			return "", nil
		}
		for name, nights := range others {
			note = fmt.Sprintf("the history has %s of the site %s, which that of %s does not show: if it is the same model, leadsman history mv gives them the new name",
				words.Count(int64(nights), "night", "nights"), words.Plain(name), words.Plain(run.Site))
		}
		return note, nil
	}
	return belongs(newest.Title, newest.PlanID, run)
}

// belongs tells by title and plan whether a run is of a model that was judged before.
func belongs(title, plan string, run *verdict.Run) (note string, err error) {
	retitled := title != run.Title && title != "" && run.Title != ""
	replanned := plan != run.PlanID && plan != ""
	switch {
	case retitled && replanned:
		return "", fmt.Errorf("holds nights of %q under the name %s, and this night, by another reference, is of %q: give each model a site.name of its own in monitor.yaml; if it is the same model, change title and reference on different nights",
			title, words.Plain(run.Site), run.Title)
	case retitled:
		return fmt.Sprintf("the title was %q and is %q: the nights before stay", title, run.Title), nil
	case replanned:
		return "the reference or its settings are not those of the night before: if this is another model, give each a site.name of its own in monitor.yaml", nil
	}
	return "", nil
}

// OwnerOfSite is Owner for a site that was written before.
func OwnerOfSite(before, run *verdict.Run) error {
	if before.Site != run.Site {
		return fmt.Errorf("is the site of %s, and this night is of %s: name another directory; if the model has another name now, keep its data/history.parquet elsewhere and remove this one", words.Plain(before.Site), words.Plain(run.Site))
	}
	_, err := belongs(before.Title, before.PlanID, run)
	return err
}

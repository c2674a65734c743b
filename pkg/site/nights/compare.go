package nights

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Comparison is the page that holds the newest night against earlier ones.
type Comparison struct {
	Day     string // of the newest night
	Level   string
	Against []against
}

// against is the newest night beside one earlier night.
type against struct {
	ID, Name  string // as "the night before"
	Day, Href string
	Level     string
	Events    []string // what was changed since: such numbers are of another kind
	Facts     []fact
	Rows      []compared // what differs in level, the worse first
	Same      int64      // findings at notice or above of the same level in both
	More      int64
}

// A fact is one number of both nights.
type fact struct{ Name, Then, Now string }

// compared is one finding on both nights.
type compared struct {
	Subject, Segment, Check string
	Href                    string // page of the subject
	Then, Now               string // levels; "" where it was not asked
	ThenEffect, NowEffect   string
}

// shownCompared bounds the rows beside one night.
const shownCompared = 40

// Compare is nil with fewer than two nights.
func Compare(from *view.View) *Comparison {
	all := from.Course.Nights
	if len(all) < 2 {
		return nil
	}
	last := &all[len(all)-1]
	files := filesOf(from)
	v := &Comparison{Day: dayOf(last.Night()), Level: last.Night().Level}
	for _, c := range []struct {
		id, name string
		at       int
	}{{"before", "The night before", len(all) - 2}, {"week", "A week before", weekBefore(all)}, {"ok", "The newest night that was OK", okBefore(all)}} {
		if c.at < 0 || slices.ContainsFunc(v.Against, func(a against) bool { return a.Day == dayOf(all[c.at].Night()) }) {
			continue
		}
		a := beside(&all[c.at], last)
		for i := range a.Rows {
			a.Rows[i].Href = from.HrefOf(a.Rows[i].Subject)
		}
		a.ID, a.Name, a.Href = c.id, c.name, files[all[c.at].Night().PeriodEnd.UnixMicro()]
		for _, told := range all[c.at+1:] {
			for _, e := range told.News.Events {
				if mark := e.Mark(); e.Breaks && mark != "" && !slices.Contains(a.Events, mark) {
					a.Events = append(a.Events, mark)
				}
			}
		}
		v.Against = append(v.Against, a)
	}
	return v
}

// weekBefore is the night seven days before the newest, or -1.
func weekBefore(all []history.Told) int {
	day := history.DayOf(all[len(all)-1].Night()).Add(-7 * 24 * time.Hour)
	for i := len(all) - 2; i >= 0; i-- {
		if history.DayOf(all[i].Night()).Equal(day) {
			return i
		}
	}
	return -1
}

// okBefore is the newest earlier night at level ok, or -1.
func okBefore(all []history.Told) int {
	for i := len(all) - 2; i >= 0; i-- {
		if all[i].Night().Level == verdict.OK {
			return i
		}
	}
	return -1
}

// beside compares two nights.
func beside(then, now *history.Told) against {
	a, b := then.Night(), now.Night()
	out := against{Day: dayOf(a), Level: a.Level, Facts: []fact{
		{"predictions", words.Whole(a.Rows), words.Whole(b.Rows)},
		{"drifted features", words.Percent(a.DriftShare), words.Percent(b.DriftShare)},
		{"score PSI", words.PSI(a.ScorePSI), words.PSI(b.ScorePSI)},
	}}
	for _, f := range []struct {
		name      string
		then, now float64
	}{{"ROC AUC by outcomes", a.AUC, b.AUC}, {"ROC AUC, estimated", a.EstimatedAUC, b.EstimatedAUC}, {"mean absolute error by outcomes", a.MAE, b.MAE}} {
		if words.Number(f.then) != words.None || words.Number(f.now) != words.None {
			out.Facts = append(out.Facts, fact{f.name, words.Number(f.then), words.Number(f.now)})
		}
	}
	at := map[history.Asked]int{}
	var rows []compared
	for side, told := range []*history.Told{then, now} {
		for _, n := range told.Rows {
			if n.Check == "" {
				continue
			}
			asked := history.AskedOf(&n)
			i, ok := at[asked]
			if !ok {
				i = len(rows)
				at[asked] = i
				check := verdict.TraitsOf(n.Check).Title
				if n.Check == verdict.CheckPerformance {
					check += ": " + strings.ReplaceAll(n.Test, "_", " ") // one of several figures
				}
				rows = append(rows, compared{Subject: n.Subject, Segment: n.Segment, Check: check})
			}
			r := &rows[i]
			effect := words.Effect(n.Effect, n.EffectUnit)
			if n.EffectUnit == "PSI" && effect != words.None {
				effect = "PSI " + effect
			}
			if side == 0 {
				r.Then, r.ThenEffect = n.FindingLevel, effect
			} else {
				r.Now, r.NowEffect = n.FindingLevel, effect
			}
		}
	}
	loud := verdict.Severity(verdict.Notice)
	rows = slices.DeleteFunc(rows, func(r compared) bool {
		if verdict.Severity(r.Now) < loud && verdict.Severity(r.Then) < loud {
			return true
		}
		if r.Then == r.Now {
			out.Same++
			return true
		}
		return false
	})
	slices.SortStableFunc(rows, func(x, y compared) int {
		return cmp.Or(cmp.Compare(verdict.Severity(y.Now), verdict.Severity(x.Now)), cmp.Compare(verdict.Severity(x.Then), verdict.Severity(y.Then)))
	})
	out.More = int64(max(0, len(rows)-shownCompared))
	out.Rows = rows[:min(len(rows), shownCompared)]
	return out
}

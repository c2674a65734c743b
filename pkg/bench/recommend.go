package bench

import (
	"fmt"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// What makes a difference worth a recommendation.
const (
	faster     = 1.1  // times as fast
	slower     = 1.1  // times the time
	worthwhile = 1.5  // times as fast by rows in batches
	small      = 0.25 // share of a request that scoring is, below which it is not the place to start
	stretched  = 2    // p99 of all requests against that of sending alone
	justEnough = 0.95 // of the planned rate, in good answers
)

// recommendations are what follows from the numbers, in sentences with them.
func (p *Performance) recommendations() []string {
	var out []string
	say := func(format string, a ...any) { out = append(out, fmt.Sprintf(format, a...)) }
	sizes := p.batches()
	if len(sizes) == 0 {
		return append(p.aboutProfile(), p.aboutAPI()...)
	}
	first, last := sizes[0], sizes[len(sizes)-1]

	for _, n := range slices.Compact([]int64{first, last}) {
		same := p.measured(n)
		base, known := p.base(n)
		if len(same) < 2 || !known {
			continue
		}
		best := p.best(n)
		if x := p.effort(base) / p.effort(best); x >= faster {
			say("Score calls of %s with `%s`: %s by %s.", words.Count(n, "row", "rows"), best.Engine, improvement(p.effort(base), p.effort(best)), p.basis())
		} else {
			say("For calls of %s keep `%s`: no engine is %.0f %% faster.", words.Count(n, "row", "rows"), base.Engine, 100*(faster-1))
		}
		for _, r := range same[1:] {
			if p.effort(r) > slower*p.effort(base) {
				say("Do not change to `%s` for calls of %s: it takes %.0f %% more time than `%s`.", r.Engine, words.Count(n, "row", "rows"), 100*(p.effort(r)/p.effort(base)-1), base.Engine)
			}
		}
	}

	best := p.best(first)
	if last > first {
		for _, r := range p.measured(last) {
			if r.Engine != best.Engine {
				continue
			}
			alone, together := p.effort(best)/float64(first), p.effort(r)/float64(last)
			if x := alone / together; x >= worthwhile {
				say("Score rows that wait together in one call: with `%s`, calls of %s take %.0f %% less time a row than calls of %s.", r.Engine, words.Whole(last), 100*(1-1/x), words.Whole(first))
			} else {
				say("Rows need not wait for each other: with `%s` a row in calls of %s takes %s than in calls of %s.", r.Engine, words.Whole(last), difference(alone, together), words.Whole(first))
			}
		}
	}
	if calls := best.LoadMS / best.P50MS; calls >= 10 && calls < 1e15 {
		say("Load the model once and keep it: with `%s` loading takes as long as %s calls.", best.Engine, words.Whole(int64(math.Round(calls))))
	}
	if len(p.Baseline) == 0 {
		say("These ratios are among leadsman's engines. What changing from your own costs or saves, `perfbench report --baseline` tells: time it with docs/export/time_python.py.")
	}
	out = append(out, p.aboutProfile()...)
	out = append(out, p.aboutRequests(best)...)
	return append(out, p.aboutAPI()...)
}

// aboutProfile says where the owner's own time goes.
func (p *Performance) aboutProfile() (out []string) {
	_, owners := p.profiles()
	for spots := range programSpots(owners) {
		most := spots[0]
		out = append(out, fmt.Sprintf("In %s most time goes into `%s`: %s of it in the function itself, %s with what it calls.", marked(most.Program), codeInTable(short(most.Function)), words.Percent(most.FlatShare), words.Percent(most.CumShare)))
	}
	return out
}

// aboutRequests says what scoring is of a request to leadsman's own server, with the
// engine that scores fastest.
func (p *Performance) aboutRequests(best verdict.Timing) (out []string) {
	own, _ := p.profiles()
	for spots := range engineSpots(own) {
		if spots[0].Engine != best.Engine {
			continue
		}
		name, most := "", 0.0
		for _, h := range spots {
			if h.Stage != "" && h.Stage != "score" && h.CumShare > most {
				name, most = h.Stage, h.CumShare
			}
		}
		score := stageShare(spots, "score")
		switch {
		case name == "":
		case score < small && most > score:
			out = append(out, fmt.Sprintf("In %s a faster engine no longer makes requests faster: with `%s` scoring is %s of a request's CPU time, and the largest step is `%s` with %s.",
				verdict.OwnServer, best.Engine, words.Percent(score), name, words.Percent(most)))
		case score < most:
			out = append(out, fmt.Sprintf("In %s `%s` is %s of a request's CPU time, scoring with `%s` %s.", verdict.OwnServer, name, words.Percent(most), best.Engine, words.Percent(score)))
		default:
			out = append(out, fmt.Sprintf("In %s scoring is the largest step of a request, %s of its CPU time with `%s`: fewer or shallower trees would pay.", verdict.OwnServer, words.Percent(score), best.Engine))
		}
	}
	return out
}

// aboutAPI says what the load showed.
func (p *Performance) aboutAPI() (out []string) {
	for _, l := range p.Loads {
		switch {
		case l.Sent == 0:
			continue
		case l.OK < l.Sent:
			out = append(out, fmt.Sprintf("Find out why %s of %s in the run `%s` had no good answer; see the statuses above.", words.Whole(l.Sent-l.OK), words.Whole(l.Sent), loadName(l)))
		case l.Sent < l.Planned || !math.IsNaN(l.Rate) && l.Throughput < justEnough*l.Rate:
			out = append(out, fmt.Sprintf("The API does not bear %s: %s good answers a second.", loadName(l), words.Scaled(l.Throughput)))
		case math.IsNaN(l.Rate):
			out = append(out, fmt.Sprintf("The API bears %s at once: all were answered, the last after %s.", words.Count(l.Sent, "request", "requests"), words.Milliseconds(l.MaxMS)))
		case l.P99MS > stretched*l.SentP99MS:
			out = append(out, fmt.Sprintf("At %s requests wait before they are sent: 99 %% are answered within %s of being due, but %s of being sent. The sender or the machine is at its limit.", loadName(l), words.Milliseconds(l.P99MS), words.Milliseconds(l.SentP99MS)))
		default:
			out = append(out, fmt.Sprintf("The API bears %s: 99 %% of requests are answered within %s, and every answer is good.", loadName(l), words.Milliseconds(l.P99MS)))
		}
	}
	return out
}

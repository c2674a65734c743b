package say

import (
	"cmp"
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

func TooFewDurations(s *serving.Speed, percent int) string {
	return fmt.Sprintf("%s: %s: too few for a %s", cmp.Or(words.Name(s.Endpoint), verdict.SubjectLatency), words.Count(s.N, "duration", "durations"), Percentile(percent))
}

func FastEnough(s *serving.Speed, l *serving.Limit) string {
	return fmt.Sprintf("%s, within the limit of %s ms", took(s, l), words.Number(l.MS))
}

func TooSlow(s *serving.Speed, l *serving.Limit) string {
	return fmt.Sprintf("%s, above the limit of %s ms", took(s, l), words.Number(l.MS))
}

func SlowByChance(s *serving.Speed, l *serving.Limit) string {
	return fmt.Sprintf("%s; with %s that can be chance", TooSlow(s, l), words.Count(s.N, "duration", "durations"))
}

func SpeedBefore(s *serving.Speed) string {
	return fmt.Sprintf("%s; %s ms in the %d windows before", P95(s), words.Number(s.Usual.Median), s.Usual.Windows)
}

func Speed(s *serving.Speed) string {
	return P95(s) + "; no limit and too few earlier windows to judge it by"
}

func P95(s *serving.Speed) string { return took(s, &serving.Limit{Percent: 95, Value: s.P95}) }

// took says how long a percentile of the durations is.
func took(s *serving.Speed, l *serving.Limit) string {
	of := s.Subject
	if s.Endpoint != "" {
		of = words.Name(s.Endpoint) + ", " + of
	}
	return fmt.Sprintf("%s: %s %s ms%s", of, Percentile(l.Percent), words.Number(l.Value), without(s.Probes))
}

func Percentile(percent int) string {
	if percent == 50 {
		return "median"
	}
	return fmt.Sprintf("%dth percentile", percent)
}

// without names the probes that are left out.
func without(probes []string) string {
	if len(probes) == 0 {
		return ""
	}
	named := make([]string, len(probes))
	for i, p := range probes {
		named[i] = words.Name(p)
	}
	return " without " + words.List(named)
}

func EnoughSucceed(a *serving.Answers) string {
	rate, limit := words.Percents(bins.Share(a.Succeeded, a.Requests), a.Limit)
	return fmt.Sprintf("%s, at or above the limit of %s", succeeded(rate, a), limit)
}

func TooFewSucceed(a *serving.Answers) string {
	rate, limit := words.Percents(bins.Share(a.Succeeded, a.Requests), a.Limit)
	return fmt.Sprintf("%s, below the limit of %s", succeeded(rate, a), limit)
}

func SuccessBefore(a *serving.Answers) string {
	rate, before := words.Percents(bins.Share(a.Succeeded, a.Requests), bins.Share(a.Before.Succeeded, a.Before.Requests))
	return fmt.Sprintf("%s; %s in the %d windows before", succeeded(rate, a), before, a.Before.Windows)
}

func Success(a *serving.Answers) string {
	return succeeded(words.Percent(bins.Share(a.Succeeded, a.Requests)), a) + "; no limit and too few earlier windows to judge it by"
}

func succeeded(rate string, a *serving.Answers) string {
	to := ""
	if a.Endpoint != "" {
		to = " to " + words.Name(a.Endpoint)
	}
	return fmt.Sprintf("%s of %s%s succeeded%s", rate, words.Count(a.Requests, "request", "requests"), to, without(a.Probes))
}

func EnoughCame(v *serving.Volume) string {
	return fmt.Sprintf("%s, at least the %d of the limit", came(v), v.Limit)
}

func TooFewCame(v *serving.Volume) string {
	return fmt.Sprintf("%s, fewer than the %d of the limit", came(v), v.Limit)
}

func VolumeBefore(v *serving.Volume) string {
	return fmt.Sprintf("%s; %s in as long a time of the %d windows before", came(v), words.Number(math.Round(v.Usual.Median)), v.Usual.Windows)
}

func Volume(v *serving.Volume) string {
	return came(v) + "; no limit and too few earlier windows to judge their number by"
}

func NoneCame(v *serving.Volume) string {
	if v.Requests > 0 {
		return "no predictions in the judged period, though " + words.Count(v.Requests, "request", "requests") + " came"
	}
	return "no predictions in the judged period, though predictions came before"
}

func came(v *serving.Volume) string {
	return words.Count(v.Rows, "prediction", "predictions") + " judged"
}

package main

import (
	"fmt"
	"strings"
)

// document writes docs/calibration.md, or the section that only names.
func (r *results) document(only string) string {
	var b strings.Builder
	switch only {
	case "":
	case "estimates":
		r.estimationSection(&b)
		return b.String()
	case "meaning":
		r.meaningSection(&b)
		return b.String()
	case "outcomes":
		r.ownedSection(&b)
		return b.String()
	case "traffic":
		r.traffic.Document(&b)
		return b.String()
	case "performance":
		r.performanceSection(&b)
		return b.String()
	case "scenarios":
		r.scenarioSection(&b)
		return b.String()
	case "faults":
		r.faultSection(&b)
		return b.String()
	case "segments":
		r.segmentSection(&b)
		return b.String()
	default:
		return ""
	}
	b.WriteString(`# Calibration of the default policy

What the policy ` + "`calibrated`" + ` does where nothing has drifted, and where something has. All rows are drawn
from ` + "`testdata/population.json`" + ` by ` + "`pkg/sim`" + `, scored with the sample's model, written and read as log lines, and judged
as ` + "`driftcalc`" + ` judges them; references are drawn from the population as nights are, never resampled. Seeds are fixed:
` + "`make calibration`" + ` writes this page again, byte for byte, and fails when a number breaks its bar. Intervals are
Wilson's at 95 %; they take pairs as independent, which those of one reference are not quite.

`)
	r.quietSection(&b)
	r.againSection(&b)
	r.evidentlySection(&b)
	r.calendarSection(&b)
	r.scenarioSection(&b)
	r.faultSection(&b)
	r.inSampleSection(&b)
	r.multivariateSection(&b)
	r.segmentSection(&b)
	r.performanceSection(&b)
	r.estimationSection(&b)
	r.meaningSection(&b)
	r.ownedSection(&b)
	if r.traffic != nil {
		r.traffic.Document(&b)
	}
	return b.String()
}

func percent(hits, n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", 100*float64(hits)/float64(n))
}

// other is the percentage of a rule that the policy is held against.
func (s sizes) other(hits, n int) string {
	if !s.others {
		return ""
	}
	return percent(hits, n)
}

func within(hits, n int) string {
	lo, hi := interval(hits, n)
	return fmt.Sprintf("%.1f–%.1f", 100*lo, 100*hi)
}

// falseAlarms writes docs/calibration.csv: of the table of false alarms what the
// site says of it.
func (r *results) falseAlarms() string {
	var b strings.Builder
	b.WriteString("columns,reference_rows,night_rows,loud_percent,low_percent,high_percent\n")
	for _, c := range r.cells {
		n, total := c.pairs(), c.total()
		lo, hi := interval(total, n)
		fmt.Fprintf(&b, "%d,%d,%d,%s,%.1f,%.1f\n", c.columns, c.reference, c.night, percent(total, n), 100*lo, 100*hi)
	}
	return b.String()
}

func (r *results) quietSection(b *strings.Builder) {
	fmt.Fprintf(b, `## No drift: false alarms

Share of pairs of a fresh reference and a fresh night whose run is at warn or above; the bar is 5 %%. Each cell is %d
references and %d nights against each of them. "Worst" is the greatest number of those %d nights on which one and the same
reference was loud, and beside it how many references were loud at all: a reference that is off by chance is so every
night. "By area" counts the loud pairs at warn or above in scores / features / quality. "Not judged" is the share of pairs
at `+"`insufficient`"+`: too few rows to see even an effect at the alert floor.

| columns | reference rows | rows a night | at warn or above, %% | interval | worst of %d | loud references | by area | not judged, %% |
|---|---|---|---|---|---|---|---|---|
`, r.sizes.drawn, r.sizes.each, r.sizes.each, r.sizes.each)
	hits, pairs := map[string]int{}, map[string]int{}
	var names []string
	for _, c := range r.cells {
		worst, some := 0, 0
		for _, k := range c.loud {
			worst = max(worst, k)
			if k > 0 {
				some++
			}
		}
		n, total := c.pairs(), c.total()
		fmt.Fprintf(b, "| %s | %d | %d | %s | %s | %d | %d of %d | %d / %d / %d | %s |\n", c.view, c.reference, c.night,
			percent(total, n), within(total, n), worst, some, len(c.loud), c.score, c.features, c.quality, percent(c.unjudged, n))
		if pairs[c.view] == 0 {
			names = append(names, c.view)
		}
		hits[c.view] += total
		pairs[c.view] += n
	}
	b.WriteString("\n")
	for _, v := range names {
		fmt.Fprintf(b, "All sizes, %s columns: %s %% of %d pairs.\n", v, percent(hits[v], pairs[v]), pairs[v])
	}
	b.WriteString("\n")
}

// againSection tells of the cells that were above the bar.
func (r *results) againSection(b *strings.Builder) {
	for _, c := range r.cells {
		if c.again == nil {
			continue
		}
		n, total := c.again.pairs(), c.again.total()
		fmt.Fprintf(b, "%s columns, %d reference rows, %d rows a night read above 5 %% from %d references; drawn again with %d, one night each: %s %% (%s).\n",
			c.view, c.reference, c.night, len(c.loud), n, percent(total, n), within(total, n))
	}
	b.WriteString("\n")
}

func (r *results) evidentlySection(b *strings.Builder) {
	fmt.Fprintf(b, `## The same draws under Evidently's defaults

The first night against each of the %d references, judged by `+"`--policy evidently`"+`, whose numbers are those of Evidently 0.7's
DataDriftPreset ([evidently.md](evidently.md) says how that is shown). Nothing has drifted here either.

| columns | reference rows | rows a night | columns drifted, %% | nights with a drifted column, %% | nights on which the data set has drifted, %% | the default policy at warn or above, %% |
|---|---|---|---|---|---|---|
`, r.sizes.drawn)
	for _, c := range r.cells {
		e := c.evidently
		fmt.Fprintf(b, "| %s | %d | %d | %s | %s | %s | %s |\n", c.view, c.reference, c.night,
			percent(e.drifted, e.columns), percent(e.some, e.pairs), percent(e.whole, e.pairs), percent(c.total(), c.pairs()))
	}
	fmt.Fprintf(b, `
The real package on ten such pairs of %d raw rows and %d a night (`+"`pipelines/bench/evidently.sh`"+`, Evidently 0.7.21): 98 of 160
columns, a drifted column on every night and the data set on every night; driftcalc's `+"`evidently`"+` gave the same 160 scores to
1e-9 and the same verdicts. The default policy was quiet on all ten.

`, calendarRows, scenarioRows)
}

func (r *results) calendarSection(b *strings.Builder) {
	enough, ok, unjudged, loud := 0, 0, 0, 0
	for _, c := range r.calendars {
		if c.ok >= calendarOK {
			enough++
		}
		ok, unjudged, loud = ok+c.ok, unjudged+c.unjudged, loud+c.loud
	}
	n := len(r.calendars) * calendarDays
	worst, middle := r.calendars[0], r.calendars[len(r.calendars)/2]
	fmt.Fprintf(b, `## Thirty nights with one reference

%d references of %d rows, each with %d nights of %d fresh rows. The bar: ok, not `+"`insufficient`"+`, on at least %d nights.
%d of %d references hold it; the one in the middle is ok on %d nights, the worst on %d. Of all %d nights %s %% are ok,
%s %% at warn or above, %s %% insufficient.

`, len(r.calendars), calendarRows, calendarDays, calendarNight, calendarOK, enough, len(r.calendars), middle.ok, worst.ok, n,
		percent(ok, n), percent(loud, n), percent(unjudged, n))
}

func (r *results) scenarioSection(b *strings.Builder) {
	fmt.Fprintf(b, `## Drift: every scenario of simulate

%d rows (for the last two of latency and errors %d a day for eight days, judged by the last), %d seeds. Judged rightly means
all that `+"`simulate --list`"+` says of the scenario: the run's level, the findings that must be there and those that must not.
The bar is 95 %% against the sample's reference. Beside it: against a fresh reference of %d rows for every seed.

| scenario | judged rightly, %% | interval | fresh references, %% | interval | what else came out, sample's reference |
|---|---|---|---|---|---|
`, scenarioRows, scenarioRows, r.scenarios[0].seeds, calendarRows)
	for _, o := range r.scenarios {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", o.scenario.Name, percent(o.sample, o.seeds), within(o.sample, o.seeds),
			percent(o.fresh, o.seeds), within(o.fresh, o.seeds), strings.Join(sorted(o.misses), "; "))
	}
	b.WriteString("\n")
}

func (r *results) faultSection(b *strings.Builder) {
	fmt.Fprintf(b, `## Single faults

One fault in one column of %d rows, %d seeds, a fresh reference of %d rows for each. Judged rightly means the levels in
the second column, and that the test, statistic, p-value, effect, bins and statistics of every other column, and whether it is
at warn, are those of the same night without the fault; so is the run's level where the fault is a single value. The bar
is 95 %%.

| fault | findings about the column | judged rightly, %% | interval | what else came out |
|---|---|---|---|---|
`, scenarioRows, r.faults[0].seeds, calendarRows)
	for _, o := range r.faults {
		var must []string
		for _, m := range o.fault.must {
			level := strings.Join(m.levels, " or ")
			if level == "" {
				level = "none"
			}
			must = append(must, m.check+" "+level)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", o.fault.name, strings.Join(must, ", "), percent(o.right, o.seeds), within(o.right, o.seeds), strings.Join(sorted(o.misses), "; "))
	}
	b.WriteString("\n")
}

func (r *results) inSampleSection(b *strings.Builder) {
	s := r.inSample
	fmt.Fprintf(b, `## A reference with the scores of its own training rows

The sample's reference, scored by the model that was trained on it, against %d nights of %d rows without drift. Marked
`+"`in_sample`"+`, its scores are judged on %d nights and raise %d score alerts; the finding says:

> %s

The same scores taken for held-out ones raise a score alert on %d of %d nights. The sample's model is held back in training;
how much better another one scores its own rows than fresh ones cannot be seen from the scores, so they are not judged.
`, s.nights, s.unmarkedRows, s.judged, s.loud, s.says, s.unmarked, s.nights)
}

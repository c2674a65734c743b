package bench

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Performance is what is known of a model's and an API's speed: the tables of
// measurements, any of them empty.
type Performance struct {
	Baseline []verdict.Timing // what the owner runs today, of one engine; may be none
	Results  []verdict.Timing
	Buckets  []verdict.TimingBucket
	Hotspots []verdict.Hotspot
	Loads    []verdict.Load
	Statuses []verdict.LoadStatus

	// Picture keeps a PNG and returns where the document finds it; nil draws bars of
	// text in place of pictures.
	Picture func(name string, png []byte) (string, error)
}

// effort is the time of a call by which engines are compared, as in
// Report.WriteText; with a baseline that was timed without CPU times, the median wall time,
// or the mean where that has no median.
func (p *Performance) effort(r verdict.Timing) float64 {
	if len(p.Baseline) == 0 {
		return (&Report{Results: p.Results}).effort(r)
	}
	switch {
	case p.byCPU():
		return r.CPUMS
	case p.byMean():
		return r.MeanMS
	}
	return r.P50MS
}

// byCPU reports whether all times are known as CPU time, which other work on the machine
// does not stretch: the baseline was timed when there was other work than now.
func (p *Performance) byCPU() bool {
	return !slices.ContainsFunc(p.timings(), func(r verdict.Timing) bool { return r.Note == "" && (!(r.CPUMS > 0) || r.Threads > 1) })
}

// byMean reports whether some of the baseline's times have no median.
func (p *Performance) byMean() bool {
	return slices.ContainsFunc(p.Baseline, func(r verdict.Timing) bool { return r.Note == "" && math.IsNaN(r.P50MS) })
}

// timings are the baseline's and the engines', by batch size, the baseline's first.
func (p *Performance) timings() []verdict.Timing {
	all := append(slices.Clone(p.Baseline), p.Results...)
	slices.SortStableFunc(all, func(a, b verdict.Timing) int { return cmp.Compare(a.Batch, b.Batch) })
	return all
}

// isBaseline reports whether the owner's own timings have that one.
func (p *Performance) isBaseline(r verdict.Timing) bool {
	return len(p.Baseline) > 0 && r.Engine == p.Baseline[0].Engine
}

// base returns what the others of a batch size are compared with: the baseline, or
// without one the first engine; false where the baseline was not timed so.
func (p *Performance) base(batch int64) (verdict.Timing, bool) {
	same := p.measured(batch)
	if len(same) == 0 || len(p.Baseline) > 0 && !p.isBaseline(same[0]) {
		return verdict.Timing{}, false
	}
	return same[0], true
}

// measured returns the results that have times, of one batch size.
func (p *Performance) measured(batch int64) []verdict.Timing {
	return slices.DeleteFunc(p.timings(), func(r verdict.Timing) bool { return r.Note != "" || r.Batch != batch })
}

// batches returns the batch sizes of the results with times, ascending.
func (p *Performance) batches() []int64 {
	var sizes []int64
	for _, r := range p.timings() {
		if r.Note == "" {
			sizes = append(sizes, r.Batch)
		}
	}
	slices.Sort(sizes)
	return slices.Compact(sizes)
}

// best returns the result of the batch size that took the least.
func (p *Performance) best(batch int64) verdict.Timing {
	return slices.MinFunc(p.measured(batch), func(a, b verdict.Timing) int {
		if p.effort(a) < p.effort(b) {
			return -1
		}
		return 1
	})
}

// basis says by which time engines are compared.
func (p *Performance) basis() string {
	switch {
	case len(p.Baseline) > 0 && p.byCPU():
		return "CPU time"
	case len(p.Baseline) > 0 && p.byMean():
		return "mean wall time"
	case len(p.Baseline) > 0:
		return "median wall time"
	case p.Results[0].Threads > 1:
		return "the wall time of all threads"
	case (&Report{Results: p.Results}).hasCPU():
		return "CPU time"
	}
	return "median wall time"
}

// WriteMarkdown writes the performance report: baseline and the other engines,
// what loading costs, where a request's time goes, how the API bore load, and
// what follows from these. Every number in it is one of the tables', or
// computed from them. What was not measured has no section; it is an error when nothing
// was.
func (p *Performance) WriteMarkdown(w io.Writer) error {
	sizes := p.batches()
	if len(sizes)+len(p.Hotspots)+len(p.Loads) == 0 {
		return fmt.Errorf("nothing was measured: want tables of perfbench model, perfbench api or perfbench profile, or --baseline")
	}
	b := &strings.Builder{}
	b.WriteString("# Performance report\n")
	if len(sizes) > 0 {
		p.writeSummary(b, sizes)
		p.writeEngines(b, sizes)
		if err := p.writeLatencies(b, sizes[0]); err != nil {
			return err
		}
		p.writeLoading(b, sizes[0])
	}
	p.writeBottlenecks(b)
	p.writeAPI(b)
	if all := p.recommendations(); len(all) > 0 {
		b.WriteString("\n## Recommendations\n\n")
		for i, r := range all {
			fmt.Fprintf(b, "%d. %s\n", i+1, r)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p *Performance) writeSummary(b *strings.Builder, sizes []int64) {
	own := p.Results
	if len(own) == 0 {
		own = p.Baseline
	}
	base := own[0]
	fmt.Fprintf(b, "\nMeasured on %s", cmp.Or(marked(base.Machine), "a machine that is not said"))
	if !math.IsNaN(base.LoadAverage) {
		fmt.Fprintf(b, ", where %s processes on average wanted to run in the minute before", words.Number(base.LoadAverage))
	}
	b.WriteString(". It says what was measured there and then; on another machine or with another model the ratios are others.\n")
	if base.ModelHash != "" {
		fmt.Fprintf(b, "\n| model | trees | columns | file | SHA-256 |\n| --- | --- | --- | --- | --- |\n| %s | %s | %s | %s | `%.12s…` |\n",
			marked(base.Model), words.Whole(base.Trees), words.Whole(base.Features), words.Bytes(float64(base.FileBytes)), base.ModelHash)
	}
	first := base.Engine
	if len(p.Baseline) > 0 {
		first = p.Baseline[0].Engine
	}
	if len(p.Results) > 0 {
		fmt.Fprintf(b, "\nEngines scored %s %s, and had first to agree on them.", words.Count(base.Rows, "row", "rows"), marked(base.Origin))
	}
	fmt.Fprintf(b, " The baseline is `%s`; engines are compared by %s.\n", codeInTable(first), p.basis())
	if len(p.Baseline) > 0 {
		what := p.Baseline[0]
		fmt.Fprintf(b, "The baseline was timed by itself, in another process and at another time")
		for _, part := range []string{what.Version, what.Machine} {
			if part != "" {
				fmt.Fprintf(b, "; %s", marked(part))
			}
		}
		fmt.Fprintf(b, ". It scored rows %s.\n", cmp.Or(marked(what.Origin), "of its own"))
	}
	if x := (&Report{Results: p.Results}).busy(); x > 1.25 {
		fmt.Fprintf(b, "The machine had other work: calls took up to %s times their CPU time, so wall times, the tails above all, are longer than on a quiet one.\n", words.Number(x))
	}
}

func (p *Performance) writeEngines(b *strings.Builder, sizes []int64) {
	b.WriteString("\n## Baseline and optimised\n\n| rows a call | engine | calls | mean | p50 | p95 | p99 | CPU time a call | rows/s | allocations | against the baseline |\n" +
		"| --: | --- | --: | --: | --: | --: | --: | --: | --: | --: | --- |\n")
	for _, n := range sizes {
		base, known := p.base(n)
		for i, r := range p.measured(n) {
			against := words.None
			switch {
			case known && i == 0:
				against = "baseline"
			case known:
				against = improvement(p.effort(base), p.effort(r))
			}
			fmt.Fprintf(b, "| %s | `%s`%s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", words.Whole(n), codeInTable(r.Engine), versioned(r), calls(r),
				words.Milliseconds(r.MeanMS), words.Milliseconds(r.P50MS), words.Milliseconds(r.P95MS), words.Milliseconds(r.P99MS), words.Milliseconds(r.CPUMS), words.Scaled(float64(n)/p.effort(r)*1e3), words.Number(r.Allocs), against)
		}
	}
	for _, r := range p.Results {
		if r.Note != "" && r.Batch == sizes[0] {
			fmt.Fprintf(b, "\n`%s` was not measured: %s.\n", r.Engine, marked(r.Note))
		}
	}
	if len(p.Results) == 0 {
		return
	}
	fmt.Fprintf(b, "\nTimes are of single calls; those of leadsman's engines include %s for reading the clock.", words.Milliseconds(p.Results[0].ClockMS))
	if t := p.Results[0].Threads; t > 1 {
		fmt.Fprintf(b, " %d threads called at once.", t)
	}
	b.WriteString("\n")
}

// calls is how many calls were timed, where that is known.
func calls(r verdict.Timing) string {
	if r.Calls == 0 {
		return words.None
	}
	return words.Whole(r.Calls)
}

// improvement says what a time is against the baseline's.
func improvement(base, now float64) string {
	if math.IsNaN(now / base) {
		return words.None
	}
	return fmt.Sprintf("%s, %s× as fast", difference(base, now), words.Number(base/now))
}

// difference says how much less or more a time is than a base.
func difference(base, now float64) string {
	change := 100 * (now/base - 1)
	if change <= 0 {
		digits := 0
		for digits < 4 && math.Round(-change*math.Pow10(digits)) == math.Round(100*math.Pow10(digits)) {
			digits++ // nothing takes no time
		}
		return fmt.Sprintf("%.*f %% less time", digits, -change)
	}
	return fmt.Sprintf("%.0f %% more time", change)
}

func versioned(r verdict.Timing) string {
	if r.Version == "" || strings.Contains(r.Version, " ") { // of several libraries, said above
		return ""
	}
	if v, _, long := strings.Cut(r.Version, "-"); long { // of a commit: its number says little
		return " " + v
	}
	return " " + r.Version
}

// barWidth is the length of the longest bar.
const barWidth = 40

// writeLatencies draws how often calls of the batch size took how long.
func (p *Performance) writeLatencies(b *strings.Builder, batch int64) error {
	var engines []string
	most := int64(0)
	for _, k := range p.Buckets {
		if k.Batch == batch {
			most = max(most, k.Count)
			if !slices.Contains(engines, k.Engine) {
				engines = append(engines, k.Engine)
			}
		}
	}
	if most == 0 {
		return nil
	}
	if p.Picture != nil {
		return p.draw(b, engines, batch)
	}
	fmt.Fprintf(b, "\n### How long single calls took\n\nCalls of %s by wall time, for each engine; bars of all engines have one scale, ranges without calls are left out, and the longest 1 %% are one line.\n", words.Count(batch, "row", "rows"))
	for _, e := range engines {
		fmt.Fprintf(b, "\n```text\n%s\n", e)
		for _, k := range shortTail(p.Buckets, e, batch) {
			bounds := fmt.Sprintf("%s to %s", words.Milliseconds(k.LoMS), words.Milliseconds(k.HiMS))
			if math.IsInf(k.HiMS, 0) || math.IsNaN(k.HiMS) {
				bounds = words.Milliseconds(k.LoMS) + " or more"
			}
			bar := strings.Repeat("█", int(math.Round(barWidth*float64(k.Count)/float64(most))))
			fmt.Fprintln(b, strings.TrimRight(fmt.Sprintf("%22s  %9s  %s", bounds, words.Whole(k.Count), bar), " "))
		}
		b.WriteString("```\n")
	}
	return nil
}

// tail is the share of an engine's longest calls that are drawn in one line.
const tail = 0.01

// shortTail returns the engine's buckets with calls, and in a last one all that
// begin beyond the tail.
func shortTail(buckets []verdict.TimingBucket, engine string, batch int64) (out []verdict.TimingBucket) {
	total, seen := int64(0), int64(0)
	for _, k := range buckets {
		if k.Engine == engine && k.Batch == batch {
			total += k.Count
		}
	}
	for _, k := range buckets {
		if k.Engine != engine || k.Batch != batch || k.Count == 0 {
			continue
		}
		if float64(seen) >= (1-tail)*float64(total) {
			k.Count, k.HiMS = total-seen, math.Inf(1)
			return append(out, k)
		}
		out = append(out, k)
		seen += k.Count
	}
	return out
}

func (p *Performance) writeLoading(b *strings.Builder, batch int64) {
	fmt.Fprintf(b, "\n## Loading against scoring\n\n| engine | file to ready | one call of %s | calls that take as long | memory |\n| --- | --: | --: | --: | --: |\n", words.Count(batch, "row", "rows"))
	for _, r := range p.measured(batch) {
		calls := words.None
		if x := math.Round(r.LoadMS / r.P50MS); x == x && x < 1e15 {
			calls = words.Whole(int64(x))
		}
		memory := words.None
		if !math.IsNaN(r.MemoryBytes) {
			memory = words.Bytes(r.MemoryBytes)
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s |\n", codeInTable(r.Engine), words.Milliseconds(r.LoadMS), words.Milliseconds(r.P50MS), calls, memory)
	}
	b.WriteString("\nLoading is the median of several, of a file in the system's cache. Memory is Go's heap; of an engine in C or Python, what the process grew by.\n")
}

// mostBottlenecks is how many functions a report shows by each of the two times.
const mostBottlenecks = 12

// profiles are the hotspots of leadsman's own server, and those that the owner made
// of his own program.
func (p *Performance) profiles() (own, owners []verdict.Hotspot) {
	for _, h := range p.Hotspots {
		if h.Program == verdict.OwnServer || h.Program == "" {
			own = append(own, h)
		} else {
			owners = append(owners, h)
		}
	}
	return own, owners
}

func (p *Performance) writeBottlenecks(b *strings.Builder) {
	own, owners := p.profiles()
	for spots := range programSpots(owners) {
		fmt.Fprintf(b, "\n## Where the time goes in %s\n\nA profile that was made of %s: %s in all.", marked(spots[0].Program), marked(spots[0].Engine), words.Milliseconds(spots[0].TotalMS))
		b.WriteString(" Times with what a function calls are cumulative.\n\n")
		writeFunctions(b, spots)
	}
	if len(own) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## Where a request's time goes in %s\n\nThe CPU profile of whole requests to the service that leadsman brings, without a network: the body is parsed, features are made,\nthe row is scored, answered and logged. It says what each engine costs beside the rest of a request. Of your own service it says nothing: `perfbench profile` reads a profile of that.\nSteps are cumulative: a function with all that it calls.\n\n| engine | requests | CPU time each |", verdict.OwnServer)
	var stages []string
	for _, h := range own {
		if h.Stage != "" && !slices.Contains(stages, h.Stage) {
			stages = append(stages, h.Stage)
		}
	}
	slices.Sort(stages)
	for _, s := range stages {
		fmt.Fprintf(b, " %s |", s)
	}
	b.WriteString("\n| --- | --: | --: |" + strings.Repeat(" --: |", len(stages)) + "\n")
	for spots := range engineSpots(own) {
		fmt.Fprintf(b, "| `%s` | %s | %s |", spots[0].Engine, words.Whole(spots[0].Calls), words.Milliseconds(perCall(spots[0])))
		for _, s := range stages {
			fmt.Fprintf(b, " %s |", words.Percent(stageShare(spots, s)))
		}
		b.WriteString("\n")
	}
	fastest := own[0].Engine
	if sizes := p.batches(); len(sizes) > 0 && slices.ContainsFunc(own, func(h verdict.Hotspot) bool { return h.Engine == p.best(sizes[0]).Engine }) {
		fastest = p.best(sizes[0]).Engine
	}
	for spots := range engineSpots(own) {
		if spots[0].Engine == fastest {
			fmt.Fprintf(b, "\n### Functions, with %s\n\n", spots[0].Engine)
			writeFunctions(b, spots)
		}
	}
}

// programSpots goes through the functions program by program.
func programSpots(spots []verdict.Hotspot) iter.Seq[[]verdict.Hotspot] {
	return func(yield func([]verdict.Hotspot) bool) {
		for len(spots) > 0 {
			end := slices.IndexFunc(spots, func(h verdict.Hotspot) bool { return h.Program != spots[0].Program })
			if end < 0 {
				end = len(spots)
			}
			if !yield(spots[:end]) {
				return
			}
			spots = spots[end:]
		}
	}
}

// writeFunctions writes the functions with the most time, by themselves and with what
// they call.
func writeFunctions(b *strings.Builder, spots []verdict.Hotspot) {
	b.WriteString("| itself | with what it calls | function |\n| --: | --: | --- |\n")
	shown := slices.Clone(spots[:min(mostBottlenecks, len(spots))])
	for _, h := range byCumulative(spots)[:min(mostBottlenecks, len(spots))] {
		if !slices.Contains(shown, h) {
			shown = append(shown, h)
		}
	}
	for _, h := range shown {
		fmt.Fprintf(b, "| %s | %s | `%s` |\n", words.Percent(h.FlatShare), words.Percent(h.CumShare), codeInTable(short(h.Function)))
	}
}

// stageShare returns the share of the step's function, or of the outermost where
// the engine's own calls another one of that name; 0 where the profiler never
// met it.
func stageShare(spots []verdict.Hotspot, stage string) float64 {
	share := 0.0
	for _, h := range spots {
		if h.Stage == stage {
			share = max(share, h.CumShare)
		}
	}
	return share
}

func (p *Performance) writeAPI(b *strings.Builder) {
	if len(p.Loads) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## Under load\n\nRequests to %s. Latencies run from when a request was due.\n\n", marked(p.Loads[0].URL))
	b.WriteString("| run | requests | good | good/s | p50 | p95 | p99 | 99.9 % | max | sent late by up to | /health |\n| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --- |\n")
	for _, l := range p.Loads {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %d, then %d |\n", loadName(l), words.Whole(l.Planned), words.Whole(l.OK), words.Scaled(l.Throughput),
			words.Milliseconds(l.P50MS), words.Milliseconds(l.P95MS), words.Milliseconds(l.P99MS), words.Milliseconds(l.P999MS), words.Milliseconds(l.MaxMS), words.Milliseconds(l.LateMS), l.HealthBefore, l.HealthAfter)
	}
	for _, s := range p.Statuses {
		if s.Error != "" {
			fmt.Fprintf(b, "\n%s of the %s: %s.\n", words.Count(s.Count, "request", "requests"), s.Run, marked(s.Error))
		}
	}
}

// loadName is what people call the run.
func loadName(l verdict.Load) string {
	if math.IsNaN(l.Rate) {
		return "burst"
	}
	return fmt.Sprintf("%.0f/s", l.Rate)
}

// marked is text in Markdown: what would be markup is not.
func marked(s string) string {
	var b strings.Builder
	for _, r := range printable(s) {
		if strings.ContainsRune("\\`*_[]<>|#!&", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// codeInTable is text between backquotes in a table's cell.
func codeInTable(s string) string {
	return strings.NewReplacer("|", "\\|", "`", "'").Replace(printable(s))
}

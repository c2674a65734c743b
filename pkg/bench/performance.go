package bench

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Performance is what is known of a model's and an API's speed: the tables of
// measurements, any of them empty.
type Performance struct {
	Results  []verdict.Timing
	Buckets  []verdict.TimingBucket
	Hotspots []verdict.Hotspot
	Loads    []verdict.Load
	Statuses []verdict.LoadStatus
}

// effort is the time of a call by which engines are compared, as in
// Report.WriteText.
func (p *Performance) effort(r verdict.Timing) float64 {
	return (&Report{Results: p.Results}).effort(r)
}

// measured returns the results that have times, of one batch size.
func (p *Performance) measured(batch int64) []verdict.Timing {
	return slices.DeleteFunc(slices.Clone(p.Results), func(r verdict.Timing) bool { return r.Note != "" || r.Batch != batch })
}

// batches returns the batch sizes of the results with times, ascending.
func (p *Performance) batches() []int64 {
	var sizes []int64
	for _, r := range p.Results {
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
// computed from them. It is an error when there are no times.
func (p *Performance) WriteMarkdown(w io.Writer) error {
	sizes := p.batches()
	if len(sizes) == 0 {
		return fmt.Errorf("no times of any engine in table %s", Table)
	}
	b := &strings.Builder{}
	p.writeSummary(b, sizes)
	p.writeEngines(b, sizes)
	p.writeLatencies(b, sizes[0])
	p.writeLoading(b, sizes[0])
	p.writeBottlenecks(b)
	p.writeAPI(b)
	b.WriteString("\n## Recommendations\n\n")
	for i, r := range p.recommendations() {
		fmt.Fprintf(b, "%d. %s\n", i+1, r)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p *Performance) writeSummary(b *strings.Builder, sizes []int64) {
	base := p.measured(sizes[0])[0]
	fmt.Fprintf(b, "# Performance report\n\nWritten by `make perf-report` from one run, on %s", marked(base.Machine))
	if !math.IsNaN(base.LoadAverage) {
		fmt.Fprintf(b, ", where %s processes on average wanted to run in the minute before", words.Number(base.LoadAverage))
	}
	b.WriteString(". It says what was measured there and then; on another machine or with another model the ratios are others.\n")
	fmt.Fprintf(b, "\n| model | trees | columns | file | SHA-256 |\n| --- | --- | --- | --- | --- |\n| %s | %s | %s | %s | `%.12s…` |\n",
		marked(base.Model), words.Whole(base.Trees), words.Whole(base.Features), words.Bytes(float64(base.FileBytes)), base.ModelHash)
	fmt.Fprintf(b, "\nEngines scored %s %s, and had first to agree on them. The baseline is `%s`; engines are compared by %s.\n",
		words.Count(base.Rows, "row", "rows"), marked(base.Origin), base.Engine, p.basis())
	if x := (&Report{Results: p.Results}).busy(); x > 1.25 {
		fmt.Fprintf(b, "The machine had other work: calls took up to %s times their CPU time, so wall times, the tails above all, are longer than on a quiet one.\n", words.Number(x))
	}
}

func (p *Performance) writeEngines(b *strings.Builder, sizes []int64) {
	b.WriteString("\n## Baseline and optimised\n\n| rows a call | engine | calls | mean | p50 | p95 | p99 | CPU time a call | rows/s | allocations | against the baseline |\n" +
		"| --: | --- | --: | --: | --: | --: | --: | --: | --: | --: | --- |\n")
	for _, n := range sizes {
		same := p.measured(n)
		for i, r := range same {
			against := "baseline"
			if i > 0 {
				against = improvement(p.effort(same[0]), p.effort(r))
			}
			fmt.Fprintf(b, "| %s | `%s`%s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", words.Whole(n), r.Engine, versioned(r), words.Whole(r.Calls),
				words.Milliseconds(r.MeanMS), words.Milliseconds(r.P50MS), words.Milliseconds(r.P95MS), words.Milliseconds(r.P99MS), words.Milliseconds(r.CPUMS), words.Scaled(float64(n)/p.effort(r)*1e3), words.Number(r.Allocs), against)
		}
	}
	for _, r := range p.Results {
		if r.Note != "" && r.Batch == sizes[0] {
			fmt.Fprintf(b, "\n`%s` was not measured: %s.\n", r.Engine, marked(r.Note))
		}
	}
	fmt.Fprintf(b, "\nTimes are of single calls and include %s for reading the clock.", words.Milliseconds(p.measured(sizes[0])[0].ClockMS))
	if t := p.Results[0].Threads; t > 1 {
		fmt.Fprintf(b, " %d threads called at once.", t)
	}
	b.WriteString("\n")
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
		return fmt.Sprintf("%.0f %% less time", -change)
	}
	return fmt.Sprintf("%.0f %% more time", change)
}

func versioned(r verdict.Timing) string {
	if r.Version == "" {
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
func (p *Performance) writeLatencies(b *strings.Builder, batch int64) {
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
		return
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
		memory := words.None
		if !math.IsNaN(r.MemoryBytes) {
			memory = words.Bytes(r.MemoryBytes)
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s |\n", r.Engine, words.Milliseconds(r.LoadMS), words.Milliseconds(r.P50MS), words.Whole(int64(math.Round(r.LoadMS/r.P50MS))), memory)
	}
	b.WriteString("\nLoading is the median of several, of a file in the system's cache. Memory is Go's heap; of an engine in C, what the process grew by, its library included.\n")
}

// mostBottlenecks is how many functions a report shows by each of the two times.
const mostBottlenecks = 12

func (p *Performance) writeBottlenecks(b *strings.Builder) {
	if len(p.Hotspots) == 0 {
		return
	}
	b.WriteString("\n## Where a request's time goes\n\nThe CPU profile of whole requests, as the service of `simulate api` answers them but without a network: the body is parsed, features are made,\nthe row is scored, answered and logged. Steps are cumulative: a function with all that it calls.\n\n| engine | requests | CPU time each |")
	var stages []string
	for _, h := range p.Hotspots {
		if h.Stage != "" && !slices.Contains(stages, h.Stage) {
			stages = append(stages, h.Stage)
		}
	}
	slices.Sort(stages)
	for _, s := range stages {
		fmt.Fprintf(b, " %s |", s)
	}
	b.WriteString("\n| --- | --: | --: |" + strings.Repeat(" --: |", len(stages)) + "\n")
	for spots := range engineSpots(p.Hotspots) {
		fmt.Fprintf(b, "| `%s` | %s | %s |", spots[0].Engine, words.Whole(spots[0].Calls), words.Milliseconds(perCall(spots[0])))
		for _, s := range stages {
			fmt.Fprintf(b, " %s |", words.Percent(stageShare(spots, s)))
		}
		b.WriteString("\n")
	}
	fastest := p.best(p.batches()[0]).Engine
	for spots := range engineSpots(p.Hotspots) {
		if spots[0].Engine != fastest {
			continue
		}
		fmt.Fprintf(b, "\n### Functions, with %s\n\n| itself | with what it calls | function |\n| --: | --: | --- |\n", spots[0].Engine)
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

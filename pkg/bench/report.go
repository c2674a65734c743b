package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// WriteJSON writes the measurement as one JSON document, in which what was not
// measured is null. The baseline is the first engine at the smallest batch.
func (rep *Report) WriteJSON(w io.Writer) error {
	type engine struct {
		Engine     string  `json:"engine"`
		Batch      int64   `json:"batch_rows"`
		Calls      int64   `json:"n_calls"`
		Mean       *number `json:"mean_ms"`
		P50        *number `json:"p50_ms"`
		P95        *number `json:"p95_ms"`
		P99        *number `json:"p99_ms"`
		Min        *number `json:"min_ms"`
		Max        *number `json:"max_ms"`
		CPU        *number `json:"cpu_ms"`
		Load       *number `json:"load_ms"`
		Memory     *number `json:"memory_mb"`
		Allocs     *number `json:"allocs_per_call"`
		AllocBytes *number `json:"bytes_per_call"`
		Threads    int64   `json:"threads"`
		RowsPerS   *number `json:"rows_per_s"`
		Version    string  `json:"version,omitempty"`
		Note       string  `json:"note,omitempty"`
	}
	type modelFile struct {
		Name     string `json:"name"`
		Hash     string `json:"sha256"`
		Bytes    int64  `json:"bytes"`
		Trees    int64  `json:"trees"`
		Features int64  `json:"features"`
	}
	type hotspot struct {
		Engine    string `json:"engine"`
		Function  string `json:"function"`
		Flat      number `json:"flat_ms"`
		FlatShare number `json:"flat_share"`
		Cum       number `json:"cum_ms"`
		CumShare  number `json:"cum_share"`
	}
	type rows struct {
		N      int64  `json:"n"`
		Origin string `json:"origin"`
	}
	type machine struct {
		Go   string  `json:"go"`
		OS   string  `json:"os"`
		Arch string  `json:"arch"`
		CPUs int     `json:"cpus"`
		CPU  string  `json:"cpu,omitempty"`
		Load *number `json:"load_average"`
	}
	doc := struct {
		Model         modelFile `json:"model"`
		Calls         int64     `json:"n_calls"`
		Rows          rows      `json:"rows"`
		Clock         number    `json:"clock_ms"`
		Peak          *number   `json:"peak_rss_mb"` // of the process, rows and all
		Difference    number    `json:"largest_difference"`
		Baseline      engine    `json:"baseline"`
		Native        *engine   `json:"native,omitempty"`
		ONNX          *engine   `json:"onnx,omitempty"`
		Speedup       *number   `json:"speedup_mean"`   // baseline's mean by that of onnx
		SpeedupNative *number   `json:"speedup_native"` // or of native
		ONNXSize      *number   `json:"onnx_model_size_kb"`
		Engines       []engine  `json:"engines"`
		Hotspots      []hotspot `json:"hotspots,omitempty"`
		Machine       machine   `json:"machine"`
	}{
		Rows: rows{rep.Rows, rep.Origin}, Clock: number(milliseconds(rep.Clock)), Peak: known(rep.PeakBytes / 1e6), Difference: number(rep.Agreement.Largest),
		Machine: machine{runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor(), known(rep.Results[0].LoadAverage)},
	}
	for _, r := range rep.Results {
		doc.Engines = append(doc.Engines, engine{
			r.Engine, r.Batch, r.Calls, known(r.MeanMS), known(r.P50MS), known(r.P95MS), known(r.P99MS), known(r.MinMS), known(r.MaxMS),
			known(r.CPUMS), known(r.LoadMS), known(r.MemoryBytes / 1e6), known(r.Allocs), known(r.AllocBytes),
			r.Threads, known(r.RowsPerS), r.Version, r.Note,
		})
	}
	for _, h := range rep.Hotspots {
		doc.Hotspots = append(doc.Hotspots, hotspot{h.Engine, h.Function, number(h.FlatMS), number(h.FlatShare), number(h.CumMS), number(h.CumShare)})
	}
	first := rep.Results[0]
	doc.Model = modelFile{first.Model, first.ModelHash, first.FileBytes, first.Trees, first.Features}
	for i, r := range rep.Results {
		if e := &doc.Engines[i]; r.Batch == first.Batch {
			switch r.Engine {
			case "native":
				doc.Native, doc.SpeedupNative = e, known(first.MeanMS/r.MeanMS)
			case "onnx":
				doc.ONNX, doc.Speedup = e, known(first.MeanMS/r.MeanMS)
			}
		}
	}
	doc.ONNXSize = known(rep.ONNXBytes / 1e3)
	doc.Baseline, doc.Calls = doc.Engines[0], first.Calls
	return writeJSON(w, doc)
}

func writeJSON(w io.Writer, doc any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(doc)
}

// number is written without an exponent, and with no digits beyond the
// measured ones.
type number float64

func (x number) MarshalJSON() ([]byte, error) {
	text := strconv.FormatFloat(float64(x), 'f', 9, 64)
	return []byte(strings.TrimSuffix(strings.TrimRight(text, "0"), ".")), nil
}

// known returns x, or nil where it was not measured.
func known(x float64) *number {
	if math.IsNaN(x) {
		return nil
	}
	return (*number)(&x)
}

// WriteText writes the measurement for people.
func (rep *Report) WriteText(w io.Writer) error {
	b := &strings.Builder{}
	m := rep.Model
	r := rep.Results[0]
	trees := ""
	if m.IsTrees() {
		trees = fmt.Sprintf(" %s, depth %d,", words.Count(r.Trees, "tree", "trees"), m.Depth())
	}
	fmt.Fprintf(b, "%s: %s %s, %s,%s %s, %s\n", printable(r.Model), printable(m.Library), printable(m.Version), m.Objective, trees,
		words.Count(r.Features, "feature", "features"), words.Bytes(float64(r.FileBytes)))
	fmt.Fprintf(b, "%s %s\n%s\n\n", words.Count(rep.Rows, "row", "rows"), rep.Origin, r.Machine)

	rep.writeTable(b)
	b.WriteString("\n")
	for _, r := range rep.Results {
		if r.Note != "" {
			fmt.Fprintf(b, "%s, batch %d: not measured: %s\n", r.Engine, r.Batch, printable(r.Note))
		}
	}
	if a := rep.Agreement; a.Engines > 1 {
		fmt.Fprintf(b, "All engines agree on all rows, to %.2g. Speed is against %s.\n", a.Largest, rep.Results[0].Engine)
	}
	what, by := "Rows/s", "p50"
	if rep.Agreement.Engines > 1 {
		what += " and speed"
	}
	if r.Threads > 1 {
		by = "the wall time of all threads"
	} else if rep.hasCPU() {
		by = "CPU time, which other work does not stretch"
	}
	at := "one at a time"
	if r.Threads > 1 {
		at = fmt.Sprintf("%d at a time", r.Threads)
	}
	fmt.Fprintf(b, "Wall time of single calls, %s, and their mean CPU time. Reading the clock adds %s to each.\n%s go by %s.\n",
		at, words.Milliseconds(milliseconds(rep.Clock)), what, by)
	if rep.Rows < fewRows {
		fmt.Fprintf(b, "Fewer than %s rows flatter: the processor learns its way through the trees.\n", words.Whole(fewRows))
	}
	if x := rep.busy(); x > 1.25 {
		fmt.Fprintf(b, "The machine had other work: calls took up to %s times their CPU time.\n", words.Number(x))
	}
	rep.writeHotspots(b)
	_, err := io.WriteString(w, b.String())
	return err
}

// hasCPU reports whether CPU times were measured, and are above 0.
func (rep *Report) hasCPU() bool {
	return !slices.ContainsFunc(rep.Results, func(r verdict.Timing) bool { return r.Note == "" && !(r.CPUMS > 0) })
}

// effort is the time of a call by which engines are compared: CPU time, or the
// median wall time where CPU times are not known; of several threads, what the
// wall time of all comes to a call.
func (rep *Report) effort(r verdict.Timing) float64 {
	if r.Threads > 1 {
		return float64(r.Batch) / r.RowsPerS * 1e3
	}
	if rep.hasCPU() {
		return r.CPUMS
	}
	return r.P50MS
}

// fewRows is how many rows are too few for times that a stream of ever new rows
// would have.
const fewRows = 1000

// busy returns the largest ratio of mean wall time to mean CPU time; 0 where
// CPU times are not known.
func (rep *Report) busy() float64 {
	most := 0.0
	for _, r := range rep.Results {
		if x := r.MeanMS / r.CPUMS; x > most && !math.IsInf(x, 0) {
			most = x
		}
	}
	return most
}

// writeTable writes a line for each result that has times.
func (rep *Report) writeTable(b *strings.Builder) {
	compare := rep.Agreement.Engines > 1
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "engine\tbatch\tcalls\tmean\tp50\tp95\tp99\tmin\tmax\tCPU\trows/s\tallocs\tload\tmemory\t")
	if compare {
		fmt.Fprint(t, "speed\t")
	}
	fmt.Fprint(t, "\n")
	var first verdict.Timing // at the batch size
	for _, r := range rep.Results {
		if r.Note != "" {
			continue
		}
		if r.Batch != first.Batch {
			first = r
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%.3g\t%s\t%s\t", r.Engine, r.Batch, r.Calls,
			words.Milliseconds(r.MeanMS), words.Milliseconds(r.P50MS), words.Milliseconds(r.P95MS), words.Milliseconds(r.P99MS), words.Milliseconds(r.MinMS), words.Milliseconds(r.MaxMS), words.Milliseconds(r.CPUMS),
			words.Scaled(float64(r.Batch)/rep.effort(r)*1e3), r.Allocs, words.Milliseconds(r.LoadMS), words.Bytes(r.MemoryBytes))
		if compare {
			fmt.Fprintf(t, "%sx\t", words.Number(rep.effort(first)/rep.effort(r)))
		}
		fmt.Fprint(t, "\n")
	}
	t.Flush() // into memory
}

// printable returns s, quoted when it holds what would not print: a file's own
// names are not to steer a terminal.
func printable(s string) string {
	for _, r := range s {
		if !strconv.IsPrint(r) {
			return strconv.Quote(s)
		}
	}
	return s
}

// WriteBench writes the measurement as results of Go benchmarks, which benchstat
// reads: a line for each engine and batch size, with times of a call.
func (rep *Report) WriteBench(w io.Writer) error {
	b := &strings.Builder{}
	fmt.Fprintf(b, "goos: %s\ngoarch: %s\n", runtime.GOOS, runtime.GOARCH)
	if name := processor(); name != "" {
		fmt.Fprintf(b, "cpu: %s\n", name)
	}
	fmt.Fprintf(b, "model: %s\n", printable(rep.Results[0].Model))
	for _, r := range rep.Results {
		if r.Note != "" {
			continue
		}
		fmt.Fprintf(b, "BenchmarkPredict/engine=%s/batch=%d-%d\t%d", r.Engine, r.Batch, r.Threads, r.Calls)
		for _, x := range []struct {
			value float64
			unit  string
		}{
			{r.MeanMS * 1e6, "ns/op"}, {r.P50MS * 1e6, "p50-ns/op"}, {r.P95MS * 1e6, "p95-ns/op"}, {r.P99MS * 1e6, "p99-ns/op"}, {r.CPUMS * 1e6, "cpu-ns/op"},
			{r.RowsPerS, "rows/s"}, {r.AllocBytes, "B/op"}, {r.Allocs, "allocs/op"},
		} {
			if !math.IsNaN(x.value) {
				fmt.Fprintf(b, "\t%s %s", strconv.FormatFloat(x.value, 'f', -1, 64), x.unit)
			}
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

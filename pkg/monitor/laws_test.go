package monitor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// lawLog is a log whose parts are to be the whole.
type lawLog struct {
	name     string
	config   string
	outcomes bool
	requests bool
	bad      bool
	now      string // with last in the config
	step     time.Duration
	sample   int64 // rows of the row sample, fewer than there are; 0: the usual number
}

var lawLogs = []lawLog{
	{name: "bad lines", config: "window: 24h", bad: true, step: time.Hour},
	{name: "requests", config: "window: 6h", requests: true, bad: true, step: 20 * time.Minute},
	{name: "outcomes", config: "window: 24h\nid: lead\ntarget: won\nthreshold: 0.5\nretrain: {new_labels: 20, realised_auc_drop: 0.05}", outcomes: true, step: time.Hour},
	{name: "each prediction", config: "window: 24h\nid: lead\ntarget: won\nthreshold: 0.5\noutcomes: {join: all}", outcomes: true, step: time.Hour},
	{name: "numbers", config: "window: 24h\nid: lead\ntarget: won\noutcomes: {kind: regression, join: first}", outcomes: true, step: time.Hour},
	{name: "classes", config: "window: 24h\nid: lead\ntarget: won\nclasses: ['0', '1', x]\noutcomes: {join: all}", outcomes: true, step: time.Hour},
	{name: "minutes", config: "window: 24h\ntarget: won\noutcomes: {by: [timestamp], resolution: 1m}", outcomes: true, step: time.Hour},
	{name: "entities", config: "window: 1h\nid: row\nentity: lead\nsegments: [city]\nsite: {k: 3}", bad: true, requests: true, step: 7 * time.Minute},
	{name: "period", config: "window: 24h\ntarget: won\nlast: 7d\nsegments: [plan]", outcomes: true, now: "2026-01-19T12:00:00Z", step: time.Hour},
	{name: "a sample", config: "window: 24h\nid: row\nentity: lead\nsegments: [city, plan, model_version]\nsite: {k: 3}", sample: 60, step: time.Hour},
}

// lawFiles is how many files a log has: a part of the log is some of them.
const lawFiles = 30

// files are the log's, and its outcomes as CSV.
func (l *lawLog) files(r *rand.Rand) (files [][2]string, outcomes string) {
	start := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	var known strings.Builder
	key := "timestamp"
	if strings.Contains(l.config, "id: lead") {
		key = "lead"
	}
	fmt.Fprintf(&known, "%s,won\n", key)
	n := 0
	for range lawFiles {
		var f [2]strings.Builder // predictions, requests
		for range r.IntN(25) {
			at := start.Add(time.Duration(n)*l.step + time.Duration(r.IntN(1000))*time.Millisecond).Format(time.RFC3339Nano)
			n++
			if key == "lead" && r.IntN(5) == 0 {
				at = strings.TrimSuffix(at, "Z")
			}
			if l.bad && r.IntN(150) == 0 {
				kind := 0
				if l.requests {
					kind = r.IntN(2)
				}
				fmt.Fprintln(&f[kind], []string{"half a line", "[]", `{"score": 0.5}`}[r.IntN(3)])
				continue
			}
			input := map[string]any{
				"lead": fmt.Sprint("L", r.IntN(150)), "row": fmt.Sprint("R", n), "amount": []any{r.NormFloat64() + 0.3, float64(r.IntN(9)), nil, "none", 1e300}[r.IntN(20)/5%2],
				"many": r.IntN(400), "city": []any{"Rome", "Oslo", "Bern", nil, fmt.Sprint("new ", r.IntN(40))}[r.IntN(5)],
				"plan": []string{"a", "b"}[r.IntN(2)], "note": strings.Repeat("word, ", r.IntN(6)) + "end",
			}
			if r.IntN(30) == 0 {
				input["amount"] = []any{"odd", nil, 1e300, []int{1}}[r.IntN(4)]
			}
			if r.IntN(100) == 0 {
				input["surprise"] = 1
			}
			row := map[string]any{"timestamp": at, "score": float64(r.IntN(1000)) / 1000, "input": input, "inference_ms": 1 + 9*r.Float64(), "model_version": []string{"v1", "v2"}[r.IntN(2)], "label": []string{"hot", "cold"}[r.IntN(2)]}
			if strings.Contains(l.config, "classes") {
				row["scores"] = []any{r.Float64(), r.Float64(), r.Float64(), 1}[:3+r.IntN(250)/249] // a list too long is a bad line
			}
			line, err := json.Marshal(row)
			if err != nil {
				panic(err)
			}
			for range 1 + r.IntN(15)/14 { // some rows stand twice
				fmt.Fprintln(&f[0], string(line))
			}
			if key == "timestamp" && r.IntN(3) > 0 {
				fmt.Fprintf(&known, "%s,%d\n", at, r.IntN(2))
			}
			if l.requests {
				fmt.Fprintf(&f[1], `{"timestamp": %q, "endpoint": "/%s", "method": "POST", "status_code": %d, "response_ms": %d}`+"\n",
					at, []string{"predict", "health", fmt.Sprint("u", r.IntN(300))}[r.IntN(3)], []int{200, 200, 200, 404, 500}[r.IntN(5)], 5+r.IntN(90))
			}
		}
		files = append(files, [2]string{f[0].String(), f[1].String()})
	}
	if key == "lead" {
		for i := range 180 {
			fmt.Fprintf(&known, "L%d,%s\n", i, []string{"0", "1", "1", ""}[r.IntN(4)])
		}
		known.WriteString("L3,1\nL3,0\n,1\n")
	}
	return files, known.String()
}

func lawReference(r *rand.Rand, classes bool) string {
	var b strings.Builder
	head := "amount,many,city,plan,note,score,won\n"
	if classes {
		head = "amount,many,city,plan,note,score_1,won,score_0,score_x\n"
	}
	b.WriteString(head)
	for range 300 {
		score := r.Float64()
		won := 0
		if r.Float64() < score {
			won = 1
		}
		fmt.Fprintf(&b, "%.3f,%d,%s,%s,%q,%.3f,%d", r.NormFloat64(), r.IntN(400), []string{"Rome", "Oslo", "Bern", ""}[r.IntN(4)], []string{"a", "b"}[r.IntN(2)], strings.Repeat("word, ", r.IntN(5)), score, won)
		if classes {
			fmt.Fprintf(&b, ",%.3f,0.01", 0.99-score)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// lawBundle is what ingest --plan makes of some of the files.
func lawBundle(t *testing.T, o *Options, p *plan.Plan, files [][2]string, which []int) *table.Reader {
	t.Helper()
	var buf bytes.Buffer
	w := table.NewWriter(&buf)
	c := o.Config
	for k, kind := range []mapping.Kind{mapping.Predictions, mapping.Requests} {
		d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: kind, Classes: c.Plan.Classes, ID: c.Plan.ID, Entity: c.Plan.Entity, Fields: c.Fields.Of(kind), Ignore: c.Ignore, Columns: c.PinsBy(p)}}, w.Write)
		for _, i := range which {
			if text := files[i][k]; text != "" {
				if err := d.From(fmt.Sprintf("%s-%d", kind, i), strings.NewReader(text)); err != nil {
					t.Fatal(err)
				}
			}
		}
		seen, err := d.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, rec := range []func() error{
			func() error {
				return w.Write(table.Encode(linesRead, []verdict.Lines{seen.Read(string(kind), false)}))
			},
			func() error { return w.Write(table.Encode(rejected, seen.RejectsOf(string(kind)))) },
		} {
			if err := rec(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return table.NewReader("log", &buf)
}

// lawTables are a profile's, as they would be written.
func lawTables(t *testing.T, s *wire.Sealed) []arrow.RecordBatch {
	t.Helper()
	var out []arrow.RecordBatch
	if err := s.Encode(func(rec arrow.RecordBatch) error {
		rec.Retain()
		out = append(out, rec)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func lawSum(t *testing.T, p *plan.Plan, profiles ...[]arrow.RecordBatch) *wire.Sealed {
	t.Helper()
	m := wire.NewMerger(p)
	for _, rec := range slices.Concat(profiles...) {
		if err := m.Add(rec); err != nil {
			t.Fatal(err)
		}
	}
	s, err := m.Sum()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestAnyPartsAreTheWhole: five logs, each cut 40 times into parts and added up in
// a tree of merges, some parts twice: the profile has the bytes of that of the whole
// log, and what a Judge says of it has those of a Night over the log.
func TestAnyPartsAreTheWhole(t *testing.T) {
	cuts := 40
	if testing.Short() {
		cuts = 8
	}
	for number, l := range lawLogs {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(number), 13))
			dir := t.TempDir()
			files, outcomes := l.files(r)
			c, err := config.Parse("test", []byte(l.config))
			if err != nil {
				t.Fatal(err)
			}
			c.Plan.SampleRows = l.sample
			o := Options{Config: c, Reference: filepath.Join(dir, "reference.csv")}
			if l.now != "" {
				if o.Now, err = time.Parse(time.RFC3339, l.now); err != nil {
					t.Fatal(err)
				}
			}
			write := func(name, text string) {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write("reference.csv", lawReference(r, len(c.Plan.Classes) > 0))
			if l.outcomes {
				write("outcomes.csv", outcomes)
				o.Outcomes = filepath.Join(dir, "outcomes.csv")
			}
			p, err := MakePlan(o, nil, drop)
			if err != nil {
				t.Fatal(err)
			}
			profile := func(which []int) *tally.Profile {
				f, err := CountLog(o, p, lawBundle(t, &o, p, files, which), drop)
				if err != nil {
					t.Fatal(err)
				}
				return f
			}
			all := make([]int, len(files))
			for i := range all {
				all[i] = i
			}
			want := lawTables(t, wire.Seal(profile(all), "day"))
			var day *wire.Sealed
			for cut := range cuts {
				k := 1 + r.IntN(6)
				which := make([][]int, k)
				for _, i := range r.Perm(len(files)) {
					at := r.IntN(k)
					which[at] = append(which[at], i)
				}
				var parts [][]arrow.RecordBatch
				for i, some := range which {
					parts = append(parts, lawTables(t, wire.Seal(profile(some), fmt.Sprintf("day/%d", i))))
				}
				// A part that is in the sum comes once more.
				day = lawSum(t, p, lawTree(t, r, p, parts), parts[r.IntN(k)])
				if day.Shards() != k {
					t.Fatalf("cut %d: %d shards, want %d", cut, day.Shards(), k)
				}
				got := lawTables(t, wire.Seal(day.Profile, "day"))
				if !slices.EqualFunc(got, want, func(a, b arrow.RecordBatch) bool {
					return array.RecordEqual(a, b) && a.Schema().Equal(b.Schema())
				}) {
					t.Fatalf("cut %d: %d parts have another profile than the whole", cut, k)
				}
			}
			lawCompare(t, o, p, day, lawBundle(t, &o, p, files, all))
		})
	}
}

// lawTree adds profiles up, two or three at a time, one of them twice at times.
func lawTree(t *testing.T, r *rand.Rand, p *plan.Plan, parts [][]arrow.RecordBatch) []arrow.RecordBatch {
	t.Helper()
	parts = slices.Clone(parts)
	for len(parts) > 1 {
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		n := min(len(parts), 2+r.IntN(2))
		in := slices.Clone(parts[:n])
		if r.IntN(3) == 0 {
			in = append(in, parts[0])
		}
		parts = append(parts[n:], lawTables(t, lawSum(t, p, in...)))
	}
	return parts[0]
}

func lawCompare(t *testing.T, o Options, p *plan.Plan, day *wire.Sealed, log *table.Reader) {
	t.Helper()
	n := NewNight(o)
	defer n.Close()
	if err := n.Read(log, drop); err != nil {
		t.Fatal(err)
	}
	whole, err := n.Judge()
	if err != nil {
		t.Fatal(err)
	}
	f, err := CountReference(o, p)
	if err != nil {
		t.Fatal(err)
	}
	j, err := NewJudge(o, p)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := j.Compare(wire.Seal(f, "reference"), day)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := encoded(t, whole), encoded(t, parts); !bytes.Equal(a, b) {
		t.Errorf("a Night writes %d bytes, a Judge of the parts %d, and they differ", len(a), len(b))
	}
	if whole.Run.Rows < 100 || len(whole.Findings) < 10 || o.Outcomes != "" && len(whole.Quality.Outcomes) < 10 {
		t.Errorf("too little to tell: %d rows, %d findings, %d rows of outcomes", whole.Run.Rows, len(whole.Findings), len(whole.Quality.Outcomes))
	}
}

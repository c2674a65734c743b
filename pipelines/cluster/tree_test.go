//go:build nightly

// Package cluster_test adds up the profiles of ten thousand shards, which is more
// than the machines of the other checks here would make in an evening.
package cluster_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/monitor"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// TestTree cuts a log of three columns, or with CASE=sample of twenty, into SHARDS (10,000) of 20 lines, counts each as a worker
// would, and adds the profiles up with the program: a hundred at a time, and those a
// hundred at a time. What compare then says is what driftcalc says of the log in one
// process, to the byte. Sizes, times and memory are printed.
func TestTree(t *testing.T) {
	shards := 10_000
	if text := os.Getenv("SHARDS"); text != "" {
		shards, _ = strconv.Atoi(text)
	}
	bin, err := filepath.Abs("../../build/bin")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	run := func(args ...string) *os.ProcessState {
		t.Helper()
		cmd := exec.Command(filepath.Join(bin, args[0]), args[1:]...)
		cmd.Dir = dir
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", strings.Join(args[:min(4, len(args))], " "), err, text)
		}
		return cmd.ProcessState
	}
	if os.Getenv("CASE") == "sample" {
		run("simulate", "reference", "--rows", "2000", "--seed", "1", "-o", "reference.csv")
		run("simulate", "predictions", "--rows", fmt.Sprint(20*shards), "--seed", "7", "-o", "log.jsonl")
	} else {
		small(t, dir, 20*shards)
	}
	run("driftcalc", "plan", "--reference", "reference.csv", "-o", "plan.arrows")
	run("driftcalc", "profile", "--plan", "plan.arrows", "--reference", "reference.csv", "-o", "reference.arrows")
	text, err := os.ReadFile(filepath.Join(dir, "log.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	lines := slices.Collect(bytes.Lines(text))
	p := readPlan(t, filepath.Join(dir, "plan.arrows"))

	began := time.Now()
	var leaves sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		leaves.Go(func() {
			for i := range next {
				part := bytes.Join(lines[i*20:(i+1)*20], nil)
				if err := count(p, part, fmt.Sprintf("day/%05d", i), filepath.Join(dir, fmt.Sprintf("0-%05d", i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range shards {
		next <- i
	}
	close(next)
	leaves.Wait()
	if t.Failed() {
		return
	}
	t.Logf("%d shards of 20 rows counted: %.1f ms each, %d threads; %s", shards, time.Since(began).Seconds()*1000/float64(shards), runtime.GOMAXPROCS(0), size(t, dir, "0-*"))

	level, width := 0, shards
	for width > 1 {
		var cpu time.Duration
		var most int64
		above := (width + 99) / 100
		for i := range above {
			args := []string{"driftcalc", "merge", "--plan", "plan.arrows", "-o", fmt.Sprintf("%d-%05d", level+1, i)}
			if above == 1 {
				args = append(args, "--expect", fmt.Sprint(shards))
			}
			for j := i * 100; j < min(width, (i+1)*100); j++ {
				args = append(args, fmt.Sprintf("%d-%05d", level, j))
			}
			state := run(args...)
			cpu += state.UserTime() + state.SystemTime()
			most = max(most, state.SysUsage().(*syscall.Rusage).Maxrss)
		}
		t.Logf("level %d: %d profiles to %d, %.1f ms of CPU a profile, at most %d MB; %s", level+1, width, above, cpu.Seconds()*1000/float64(width), most>>10, size(t, dir, fmt.Sprint(level+1, "-*")))
		level, width = level+1, above
	}
	run("driftcalc", "compare", "--plan", "plan.arrows", "--ref", "reference.arrows", "-o", "tree.arrows", fmt.Sprintf("%d-00000", level))
	run("ingest", "--plan", "plan.arrows", "-o", "rows.arrows", "log.jsonl")
	run("driftcalc", "--reference", "reference.csv", "-o", "whole.arrows", "rows.arrows")
	tree, _ := os.ReadFile(filepath.Join(dir, "tree.arrows"))
	whole, _ := os.ReadFile(filepath.Join(dir, "whole.arrows"))
	if len(whole) == 0 || !bytes.Equal(tree, whole) {
		t.Error("the tree of shards gives other bytes than the log in one process")
	}
}

// small writes a log of three columns, and its reference.
func small(t *testing.T, dir string, rows int) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 7))
	cities := []string{"Oslo", "Rome", "Bern", "Lima"}
	var reference, log bytes.Buffer
	reference.WriteString("age,city,spent,score\n")
	for range 300 {
		fmt.Fprintf(&reference, "%d,%s,%.1f,%.2f\n", 18+r.IntN(60), cities[r.IntN(4)], 100*r.ExpFloat64(), r.Float64())
	}
	start := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		at := start.Add(time.Duration(i) * 24 * time.Hour / time.Duration(rows))
		fmt.Fprintf(&log, `{"timestamp":"%s","input":{"age":%d,"city":"%s","spent":%.1f},"score":%.2f}`+"\n",
			at.Format(time.RFC3339Nano), 18+r.IntN(60), cities[r.IntN(4)], 100*r.ExpFloat64(), r.Float64())
	}
	for name, text := range map[string][]byte{"reference.csv": reference.Bytes(), "log.jsonl": log.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func readPlan(t *testing.T, path string) *plan.Plan {
	t.Helper()
	in := table.Open(table.Input{Name: path})
	defer in.Close()
	p, err := wire.ReadPlan(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// count is `ingest --plan | driftcalc profile --shard`, in this process.
func count(p *plan.Plan, lines []byte, shard, path string) error {
	c, err := config.Load("")
	if err != nil {
		return err
	}
	o := monitor.Options{Config: c}
	var rows bytes.Buffer
	w := table.NewWriter(&rows)
	d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions, Columns: o.Config.PinsBy(p)}}, w.Write)
	if err := d.From(shard, bytes.NewReader(lines)); err != nil {
		return err
	}
	seen, err := d.Close()
	if err != nil {
		return err
	}
	for _, rec := range []arrow.RecordBatch{table.Encode("lines", []verdict.Lines{seen.Read("predictions", false)}), table.Encode("rejects", seen.RejectsOf("predictions"))} {
		if err := w.Write(rec); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	w = table.NewWriter(out)
	f, err := monitor.CountLog(o, p, table.NewReader(shard, &rows), w.Write)
	if err != nil {
		return err
	}
	if err := wire.Seal(f, shard).Encode(w.Write); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return out.Close()
}

// size is that of one of the files, on average.
func size(t *testing.T, dir, pattern string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(paths) == 0 {
		t.Fatal("no files ", pattern, err)
	}
	sum := int64(0)
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		sum += info.Size()
	}
	return fmt.Sprintf("%d KB each", sum/int64(len(paths))>>10)
}

//go:build nightly

// Package limits_test gives the program more than anybody should: ten million rows, a
// hundred thousand categories, five thousand features.
package limits_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// leadsman is the program that `make build` made.
func leadsman(t *testing.T) string {
	t.Helper()
	bin, err := filepath.Abs("../../build/bin/leadsman")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(bin); err != nil {
		t.Fatalf("%v: make build makes it", err)
	}
	return bin
}

func create(t *testing.T, path string, write func(w io.Writer)) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	write(w)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// judge pipes the log that write writes through ingest and driftcalc, and returns
// what driftcalc wrote as its table, and the largest resident sets in KB.
func judge(t *testing.T, dir, table string, write func(w io.Writer)) (out string, ingest, driftcalc int64) {
	t.Helper()
	bin := leadsman(t)
	first := exec.Command(bin, "ingest", "--reference", "reference.csv")
	second := exec.Command(bin, "driftcalc", "--reference", "reference.csv", "--table", table, "--format", "csv")
	first.Dir, second.Dir = dir, dir
	in, err := first.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if second.Stdin, err = first.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	var answer, said bytes.Buffer
	second.Stdout, first.Stderr, second.Stderr = &answer, &said, &said
	for _, c := range []*exec.Cmd{first, second} {
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
	}
	w := bufio.NewWriterSize(in, 1<<20)
	write(w)
	if err := w.Flush(); err != nil {
		t.Error(err)
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	for _, c := range []*exec.Cmd{second, first} {
		if err := c.Wait(); err != nil {
			t.Fatalf("%v: %s", err, said.String())
		}
	}
	peak := func(c *exec.Cmd) int64 { return c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss }
	return answer.String(), peak(first), peak(second)
}

// TestMemoryStays: ten times the rows, no more than a tenth more memory.
func TestMemoryStays(t *testing.T) {
	dir := t.TempDir()
	cities := []string{"Oslo", "Rome", "Bern", "Lima"}
	create(t, filepath.Join(dir, "reference.csv"), func(w io.Writer) {
		r := rand.New(rand.NewPCG(1, 1))
		fmt.Fprintln(w, "a,b,city,score")
		for range 50_000 {
			fmt.Fprintf(w, "%.4f,%d,%s,%.3f\n", r.NormFloat64(), r.IntN(1000), cities[r.IntN(4)], r.Float64())
		}
	})
	start := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	log := func(rows int) func(io.Writer) {
		return func(w io.Writer) {
			r := rand.New(rand.NewPCG(2, 2))
			for i := range rows {
				at := start.Add(time.Duration(float64(i) / float64(rows) * float64(7*24*time.Hour)))
				fmt.Fprintf(w, `{"timestamp":"%s","input":{"a":%.4f,"b":%d,"city":"%s"},"score":%.3f,"inference_ms":%.2f}`+"\n",
					at.Format("2006-01-02T15:04:05.000Z"), r.NormFloat64(), r.IntN(1000), cities[r.IntN(4)], r.Float64(), 1+9*r.Float64())
			}
		}
	}
	_, ingest, driftcalc := judge(t, dir, "run", log(1_000_000))
	out, ingest10, driftcalc10 := judge(t, dir, "run", log(10_000_000))
	t.Logf("1,000,000 rows: ingest %d MB, driftcalc %d MB; 10,000,000: %d and %d MB", ingest>>10, driftcalc>>10, ingest10>>10, driftcalc10>>10)
	if !strings.Contains(out, "10000000") {
		t.Errorf("not all rows were judged: %s", out)
	}
	if ingest10 > ingest*11/10 || driftcalc10 > driftcalc*11/10 {
		t.Error("memory grows with the rows")
	}
}

// TestManyCategories: a column of a hundred thousand categories is judged, and what is
// new in it found.
func TestManyCategories(t *testing.T) {
	dir := t.TempDir()
	create(t, filepath.Join(dir, "reference.csv"), func(w io.Writer) {
		fmt.Fprintln(w, "sku,score")
		for i := range 300_000 {
			fmt.Fprintf(w, "item-%d,0.5%d\n", i%100_000, i%9)
		}
	})
	out, ingest, driftcalc := judge(t, dir, "findings", func(w io.Writer) {
		for i := range 300_000 {
			sku := fmt.Sprintf("item-%d", i*7%100_000)
			if i%4 == 0 {
				sku = "recalled"
			}
			fmt.Fprintf(w, `{"input":{"sku":"%s"},"score":0.5%d}`+"\n", sku, i%9)
		}
	})
	t.Logf("100,000 categories: ingest %d MB, driftcalc %d MB", ingest>>10, driftcalc>>10)
	if !strings.Contains(out, ",unseen,good-turing,alert,") || !strings.Contains(out, "sku: 25 % of rows hold categories that the reference lacks") {
		t.Errorf("a quarter of the rows are a new category, and nothing says so: %s", out)
	}
	if driftcalc > 1<<20 {
		t.Errorf("driftcalc took %d MB", driftcalc>>10)
	}
}

// TestManyFeatures: as many columns as a plan takes are judged, and the one that moved
// is found; of more, a sentence says how many there may be.
func TestManyFeatures(t *testing.T) {
	for _, columns := range []int{4000, 5000} {
		dir := t.TempDir()
		table := func(w io.Writer, seed uint64, rows int, moved float64) {
			r := rand.New(rand.NewPCG(seed, 3))
			names := make([]string, columns)
			for i := range names {
				names[i] = fmt.Sprintf("f%d", i)
			}
			fmt.Fprintf(w, "%s,score\n", strings.Join(names, ","))
			for range rows {
				for i := range columns {
					v := r.NormFloat64()
					if i == 1234 {
						v += moved
					}
					fmt.Fprintf(w, "%.3f,", v)
				}
				fmt.Fprintf(w, "%.3f\n", r.Float64())
			}
		}
		create(t, filepath.Join(dir, "reference.csv"), func(w io.Writer) { table(w, 1, 500, 0) })
		if columns > 4096 {
			c := exec.Command(leadsman(t), "driftcalc", "plan", "--reference", "reference.csv", "-o", "plan.arrows")
			c.Dir = dir
			said, err := c.CombinedOutput()
			if err == nil || !strings.Contains(string(said), "more than 4096 columns") || strings.Count(string(said), "\n") > 3 {
				t.Errorf("%d columns: %v, %.500s", columns, err, said)
			}
			continue
		}
		out, ingest, driftcalc := judge(t, dir, "findings", func(w io.Writer) {
			var rows bytes.Buffer
			table(&rows, 2, 500, 3)
			lines := strings.Split(strings.TrimSpace(rows.String()), "\n")
			names := strings.Split(lines[0], ",")
			for _, line := range lines[1:] {
				io.WriteString(w, `{"input":{`)
				cells := strings.Split(line, ",")
				for i, cell := range cells[:columns] {
					if i > 0 {
						io.WriteString(w, ",")
					}
					fmt.Fprintf(w, `"%s":%s`, names[i], cell)
				}
				fmt.Fprintf(w, "},\"score\":%s}\n", cells[columns])
			}
		})
		t.Logf("%d features: ingest %d MB, driftcalc %d MB", columns, ingest>>10, driftcalc>>10)
		found := false
		for line := range strings.Lines(out) {
			found = found || strings.Contains(line, "f1234") && strings.Contains(line, "alert")
		}
		if !found {
			t.Errorf("f1234 moved by 3 standard deviations, and nothing says so")
		}
	}
}

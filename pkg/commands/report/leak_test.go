package report_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/report"
	"github.com/leadsman/leadsman/pkg/table"
)

// mark begins every text that no file of a site may hold.
const mark = "MRKq7"

type row = map[string]any

// rowsOf are predictions of five columns, all alike.
func rowsOf(n int, seed uint64) []row {
	r := rand.New(rand.NewPCG(seed, 1))
	at := time.Date(2026, 1, 5, 0, 0, 7, 0, time.UTC)
	var out []row
	for i := range n {
		out = append(out, row{
			"timestamp": at.Add(time.Duration(i) * 97 * time.Second).Format(time.RFC3339Nano), "score": math.Round(1e6*r.Float64()) / 1e6, "label": []string{"hot", "cold"}[r.IntN(2)],
			"inference_ms": 3 + 2*r.Float64(), "model_version": "v1",
			"input": row{"row_id": fmt.Sprintf("%06d", i), "v": 100 + 15*r.NormFloat64(), "kind": []string{"aa", "bb", "cc"}[r.IntN(3)], "region": []string{"north", "south"}[r.IntN(2)], "note": "so, " + strings.Repeat("la ", 3+r.IntN(9))},
		})
	}
	return out
}

func requestsOf(n int) []row {
	at := time.Date(2026, 1, 5, 0, 0, 7, 0, time.UTC)
	var out []row
	for i := range n {
		out = append(out, row{"timestamp": at.Add(time.Duration(i) * 61 * time.Second).Format(time.RFC3339), "endpoint": "/predict", "method": "POST", "status_code": 200, "response_ms": 10 + float64(i%7)})
	}
	return out
}

// publish makes a site of a night, with more lines of predictions and of outcomes, and
// returns its files, its tables by name, and what was said on stderr.
func publish(t *testing.T, predictions, requests []row, more, unmet string) (files map[string][]byte, tables map[string][]row, said string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	lines := func(rows []row) string {
		var out strings.Builder
		for _, r := range rows {
			line, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			out.Write(append(line, '\n'))
		}
		return out.String()
	}
	var reference strings.Builder
	reference.WriteString("v,kind,region,note,score,label,converted\n")
	for i, r := range rowsOf(500, 9) {
		in := r["input"].(row)
		fmt.Fprintf(&reference, "%v,%v,%v,\"%v\",%v,%v,%d\n", in["v"], in["kind"], in["region"], in["note"], r["score"], r["label"], i%2)
	}
	write("ref.csv", reference.String())
	config := write("monitor.yaml", "version: 1\nreference: ref.csv\nid: row_id\ntarget: converted\nsegments: [region]\nthreshold: 0.5\ncolumns: {note: {type: text}}\n")
	write("logs/predictions.jsonl", lines(predictions)+more)
	write("logs/api_requests.jsonl", lines(requests))
	var outcomes strings.Builder
	outcomes.WriteString("row_id,converted," + mark + "column\n")
	for i, r := range predictions {
		fmt.Fprintf(&outcomes, "%v,%d,%svalue%d\n", r["input"].(row)["row_id"], i%2, mark, i)
	}
	write("logs/outcomes.csv", outcomes.String()+unmet)
	var all bytes.Buffer
	site := filepath.Join(dir, "site")
	env := &cli.Env{Stdin: strings.NewReader(""), Stdout: &all, Stderr: &all}
	if status := cli.Run(report.App(), env, []string{"report", "--config", config, "--logs", filepath.Join(dir, "logs"), "-o", site}); status != 0 {
		t.Fatalf("status %d: %s", status, all.String())
	}
	files, tables = map[string][]byte{}, map[string][]row{}
	err := filepath.WalkDir(site, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name := strings.TrimPrefix(path, site+"/")
		if files[name], err = os.ReadFile(path); err != nil || filepath.Ext(name) != ".parquet" {
			return err
		}
		tables[name], err = rowsIn(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, tables, all.String()
}

// rowsIn reads a table as JSON has it.
func rowsIn(path string) ([]row, error) {
	in := table.Open(table.Input{Name: path})
	defer in.Close()
	var out bytes.Buffer
	var view *table.View
	for in.Next() {
		if view == nil {
			view = table.NewView(&out, in.Table(), "jsonl")
		}
		if err := view.Write(in.Batch()); err != nil {
			return nil, err
		}
	}
	if err := in.Err(); err != nil || view == nil {
		return nil, err
	}
	if err := view.Close(); err != nil {
		return nil, err
	}
	var rows []row
	for d := json.NewDecoder(&out); d.More(); {
		var r row
		if err := d.Decode(&r); err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// A marker in every field and in unknown ones, of one row each, reaches no file: no page,
// no cell of a table, no chunk of a picture; nor does an exact number of one row.
func TestLeakOfMarkers(t *testing.T) {
	if testing.Short() {
		t.Skip("a whole site")
	}
	predictions, requests := rowsOf(600, 2), requestsOf(200)
	input := func(i int) row { return predictions[i]["input"].(row) }
	input(100)["kind"], input(101)["region"], input(102)["note"], input(103)["row_id"] = mark+"kind", mark+"region", mark+"note", mark+"id"
	input(104)[mark+"field"], input(105)["v"], input(106)[mark+" \u202e\x1b[31m"] = 1, 98765432.1, mark+"value"
	input(107)["deep"], predictions[108][mark+"top"] = row{mark + "inner": mark + "innermost"}, mark+"value"
	predictions[109]["label"], predictions[110]["model_version"] = mark+"label", mark+"version"
	last := predictions[599]
	last["timestamp"], last["score"], last["inference_ms"], last["label"], last["model_version"] = "2026-01-05T18:15:43.217654Z", 0.987654321, 123.456789, mark+"label2", mark+"version2"
	requests[10]["endpoint"] = "/predict?mail=" + mark
	requests[11]["endpoint"] = "http://" + mark + ":" + mark + "@h/predict#" + mark
	requests[12]["endpoint"] = "/" + mark + "only"
	for i := range 20 {
		requests[20+i]["endpoint"] = "/users/" + mark + "@example.org/predict"
	}
	requests[13]["method"], requests[14][mark+"field"] = mark+"method", mark
	files, tables, said := publish(t, predictions, requests, `{"timestamp":"`+mark+`","score":0.5,"input":{}}`+"\n"+mark+"\n"+`{"score":"`+mark+`"}`+"\n",
		mark+"unmet,1,"+mark+"\n000200,"+mark+"outcome,"+mark+"\n")
	for _, s := range []string{mark + "field", mark + "top", mark + "inner", mark + " "} {
		if strings.Contains(said, s) {
			t.Errorf("a message names the field of a single row: %s", said)
		}
	}
	hidden := []string{mark, "98765432", "9.8765432", "0.98765", "18:15:43", "123.456", "123.5", "\x1b", "\u202e"}
	cells := 0
	for name, raw := range files {
		for _, s := range hidden {
			if bytes.Contains(raw, []byte(s)) && (strings.HasPrefix(s, mark) || !strings.HasSuffix(name, ".png") && !strings.HasSuffix(name, ".parquet")) {
				at := bytes.Index(raw, []byte(s))
				t.Errorf("%s holds %q: %q", name, s, raw[max(0, at-60):min(len(raw), at+40)])
			}
		}
		if strings.HasSuffix(name, ".png") {
			for _, chunk := range chunks(raw) {
				if !slices.Contains([]string{"IHDR", "PLTE", "tRNS", "IDAT", "IEND"}, chunk) {
					t.Errorf("%s has a chunk %s", name, chunk)
				}
			}
		}
		for _, r := range tables[name] {
			text := fmt.Sprint(r)
			cells += len(r)
			for _, s := range hidden {
				if strings.Contains(text, s) {
					t.Errorf("%s holds %q: %s", name, s, text)
				}
			}
		}
	}
	if len(files) < 40 || len(tables) < 12 || cells < 2000 {
		t.Errorf("%d files, %d tables, %d cells", len(files), len(tables), cells)
	}
	t.Logf("%d files, %d tables with %d cells: no marker", len(files), len(tables), cells)
}

// chunks are the names of a PNG's chunks.
func chunks(raw []byte) []string {
	var out []string
	for raw = raw[8:]; len(raw) >= 12; {
		out = append(out, string(raw[4:8]))
		raw = raw[min(len(raw), 12+int(binary.BigEndian.Uint32(raw))):]
	}
	return out
}

// Two nights that differ by one row: no cell of any table, nor what follows from a cell
// as a mean of all rows, is the row's value to a hundredth of a standard deviation, and
// what a class gains by it is gained by one of k rows or by one that pools.
func TestLeakOfTwoNights(t *testing.T) {
	if testing.Short() {
		t.Skip("four whole sites")
	}
	const k = 5
	base := rowsOf(400, 3)
	ordinary := row{"row_id": "x", "v": 113.57924, "kind": "bb", "region": "south", "note": "so, la la la"}
	far := row{"row_id": "x", "v": 98765432.1, "kind": mark, "region": mark, "note": mark, mark + "field": 1}
	requests := requestsOf(100)
	_, before, _ := publish(t, base, requests, "", "")
	compared, cells, differ, figures := 0, 0, 0, 0
	for name, in := range map[string]row{"ordinary": ordinary, "far": far} {
		one := row{"timestamp": "2026-01-05T05:17:23.456789Z", "score": 0.8731954, "label": "hot", "inference_ms": 4.7183, "model_version": "v1", "input": in}
		_, after, _ := publish(t, append(base[:len(base):len(base)], one), requests, "", "")
		secrets := map[string][2]float64{"v": {in["v"].(float64), 15}, "score": {0.8731954, 0.29}, "inference_ms": {4.7183, 0.58},
			"brier": {0.8731954 * 0.8731954, 0.3}, "log_loss": {-math.Log(1 - 0.8731954), 0.7}} // its outcome is 0
		for file, rows := range after {
			compared++
			old := map[string]row{}
			for _, r := range before[file] {
				old[keyOf(r)] = r
			}
			for _, r := range rows {
				was := old[keyOf(r)]
				for column, value := range r {
					x, ok := value.(float64)
					if !ok {
						continue
					}
					cells++
					y, ok := was[column].(float64)
					if !ok || x == y {
						continue
					}
					differ++
					n := float64(len(base))
					secret, known := secrets[fmt.Sprint(r["subject"])]
					if strings.HasSuffix(file, "outcomes.parquet") {
						secret, known = secrets[fmt.Sprint(r["metric"])]
						figures++
					}
					if !known || column == "start" || strings.HasPrefix(column, "n_") || column == "n" || column == "count" {
						continue
					}
					for _, guess := range []float64{x, y, (n+1)*x - n*y} {
						if math.Abs(guess-secret[0]) < 0.01*secret[1] {
							t.Errorf("%s: %s: %s of %v follows from %v and %v: %v", name, file, column, r["subject"], y, x, guess)
						}
					}
				}
				if kind, _ := r["kind"].(string); strings.HasSuffix(file, "bins.parquet") && (kind == "category" || kind == "interval" || kind == "unseen") {
					if ref, cur := r["n_ref"].(float64), r["n_cur"].(float64); math.Max(ref, cur) < k {
						t.Errorf("%s: a class of %v has %v and %v rows", name, r["subject"], ref, cur)
					}
				}
			}
		}
	}
	if compared < 20 || differ < 50 || figures < 10 {
		t.Errorf("%d files, %d cells, %d differ, %d figures", compared, cells, differ, figures)
	}
	t.Logf("%d files compared, %d cells, %d differ, %d of them figures by outcomes: no value of the row follows", compared, cells, differ, figures)
}

// keyOf is what stands for a row of a table in another night: its texts, but sentences.
func keyOf(r row) string {
	key := ""
	for _, column := range []string{"window", "segment", "subject", "check", "name", "kind", "metric", "class", "endpoint", "start", "a", "b", "measure", "trigger", "row", "lo", "lo_ms"} {
		if column == "lo" && r["metric"] != nil { // it is a figure's
			continue
		}
		key += fmt.Sprint(r[column]) + "|"
	}
	return key
}

package commands

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// draw writes rows as CSV or, by the name of the file, as a prediction log of JSON
// lines; it draws them by a seed:
//
//	draw ref.csv 600 1 v=0 flag=True/False,0.3 v@7=inf id=1000
//
// Columns are normal with a mean, the first of two words with that chance, or, id,
// whole numbers from one on; id=1000.0 writes them as floats. A value of a row is
// replaced by v@row=text, and of every fifth by v@5n=text. There is a score always.
func draw(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: draw file rows seed column=…")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	seed, err := strconv.ParseUint(args[2], 10, 64)
	ts.Check(err)
	r := rand.New(rand.NewPCG(seed, seed))
	lines := filepath.Ext(args[0]) == ".jsonl"
	var b strings.Builder
	for i := range n {
		names, values := []string{"score"}, []string{fmt.Sprintf("%.4f", r.Float64())}
		for _, arg := range args[3:] {
			name, how, _ := strings.Cut(arg, "=")
			of, row, replaces := strings.Cut(name, "@")
			words, chance, choice := strings.Cut(how, ",")
			switch {
			case replaces:
				if k, all := strings.CutSuffix(row, "n"); all && i%number(ts, k) == 0 || !all && i == number(ts, row) {
					values[slices.Index(names, of)] = how
				}
				continue
			case choice:
				yes, no, _ := strings.Cut(words, "/")
				if p, _ := strconv.ParseFloat(chance, 64); r.Float64() < p {
					no = yes
				}
				values = append(values, no)
			case name == "id":
				first, dot, _ := strings.Cut(how, ".")
				if dot != "" {
					dot = "." + dot
				}
				values = append(values, strconv.Itoa(number(ts, first)+i)+dot)
			default:
				mean, _ := strconv.ParseFloat(how, 64)
				values = append(values, fmt.Sprintf("%.4f", mean+r.NormFloat64()))
			}
			names = append(names, name)
		}
		if !lines {
			if i == 0 {
				b.WriteString(strings.Join(names, ",") + "\n")
			}
			b.WriteString(strings.Join(values, ",") + "\n")
			continue
		}
		input := map[string]json.RawMessage{}
		for k, name := range names[1:] {
			v := values[k+1]
			if !json.Valid([]byte(v)) {
				v = strconv.Quote(v)
			}
			input[name] = json.RawMessage(v)
		}
		text, err := json.Marshal(map[string]any{"timestamp": time.Unix(1767571200+60*int64(i), 0).UTC(), "score": json.RawMessage(values[0]), "input": input})
		ts.Check(err)
		b.Write(append(text, '\n'))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o644))
}

func number(ts *testscript.TestScript, s string) int {
	n, err := strconv.Atoi(s)
	ts.Check(err)
	return n
}

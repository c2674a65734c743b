package monitor

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// A reference in the model's own columns and a log in raw ones, or the other way
// round, are said in one finding, not in one for each column.
func TestOtherColumns(t *testing.T) {
	plans := []string{"free", "basic", "pro", "team", "max"}
	features := `{"version": 1, "raw": [{"name": "age", "type": "number"}, {"name": "plan", "type": "category"}], "columns": [{"name": "age", "op": "number", "from": "age"}`
	var raw, made, rawLog, madeLog strings.Builder
	raw.WriteString("age,plan,score\n")
	made.WriteString("age")
	for _, p := range plans {
		features += fmt.Sprintf(`, {"name": "plan_%s", "op": "onehot", "from": "plan", "value": %q}`, p, p)
		fmt.Fprintf(&made, ",plan_%s", p)
	}
	made.WriteString(",score\n")
	features += "]}"
	for i := range 300 {
		age, plan, score := 18.5+float64(i%40), plans[i*i%5], 0.1+float64(i%8)/10
		fmt.Fprintf(&raw, "%g,%s,%g\n", age, plan, score)
		fmt.Fprintf(&rawLog, `{"input": {"age": %g, "plan": %q}, "score": %g}`+"\n", age, plan, score)
		fmt.Fprintf(&made, "%g", age)
		fmt.Fprintf(&madeLog, `{"input": {"age": %g`, age)
		for _, p := range plans {
			hot := 0
			if p == plan {
				hot = 1
			}
			fmt.Fprintf(&made, ",%d", hot)
			fmt.Fprintf(&madeLog, `, "plan_%s": %d`, p, hot)
		}
		fmt.Fprintf(&made, ",%g\n", score)
		fmt.Fprintf(&madeLog, `}, "score": %g}`+"\n", score)
	}
	path := filepath.Join(t.TempDir(), "features.json")
	if err := os.WriteFile(path, []byte(features), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ reference, log, want string }{
		{made.String(), rawLog.String(), "the reference is in the model's own columns (plan_free, plan_basic, plan_pro and 2 more), the log in raw ones (plan)"},
		{raw.String(), madeLog.String(), "the log is in the model's own columns (plan_basic, plan_free, plan_max and 2 more), the reference in raw ones (plan)"},
		{raw.String(), rawLog.String(), ""},
		{made.String(), madeLog.String(), ""},
	} {
		o, _ := options(t)
		o.Config.Features = path
		n := NewNight(o)
		defer n.Close()
		if err := n.Read(bundle(t, c.reference, c.log), drop); err != nil {
			t.Fatal(err)
		}
		rep, err := n.Judge()
		if err != nil {
			t.Fatal(err)
		}
		said, columns := "", 0
		for _, f := range rep.Findings {
			switch {
			case f.Reason == verdict.ReasonEncoded:
				said = f.Sentence
				if f.Level != verdict.Alert || f.Action != verdict.ActionSameColumns || f.Subject != verdict.SubjectFeatures {
					t.Errorf("%+v", f)
				}
			case strings.HasPrefix(f.Subject, "plan"):
				columns++
			}
		}
		if !strings.HasPrefix(said, c.want) || (c.want == "") != (said == "") || c.want != "" && columns > 0 {
			t.Errorf("said %q, want %q; %d findings of single columns", said, c.want, columns)
		}
		if c.want != "" && (rep.Run.Level != verdict.Alert || !strings.HasPrefix(rep.Run.Headline, "Reference and log are in different columns")) {
			t.Errorf("run %s: %s", rep.Run.Level, rep.Run.Headline)
		}
	}
}

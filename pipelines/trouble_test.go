package pipelines

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Every message that the guide lists is one that the commands write.
func TestTroubleIsReal(t *testing.T) {
	guide, err := os.ReadFile("../docs/MONITORING_GUIDE.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	run := func(script string) string {
		cmd := exec.Command("bash", "-c", script)
		cmd.Dir, cmd.Env = dir, withPath()
		out, _ := cmd.CombinedOutput() // most of them fail, as they should
		return string(out)
	}
	run(`simulate predictions --rows 300 --seed 2 -o predictions.jsonl; simulate reference --rows 50 -o ref.csv
ingest predictions.jsonl -o p.arrows; mkdir -p mine logs; echo hello > mine/file`)
	told := 0
	for message, script := range map[string]string{
		"predictions.jsonl:1: missing score; all 300 lines are bad":                                                            `sed -i.bak 's/"score":/"proba":/' predictions.jsonl; ingest predictions.jsonl -o x.arrows; mv predictions.jsonl.bak predictions.jsonl`,
		`timestamp: want an RFC 3339 timestamp (this one is read as {field: timestamp, format: "%m/%d/%Y"}, or by "%d/%m/%Y")`: `sed 's#"timestamp":"[^"]*"#"timestamp":"05/01/2026"#' predictions.jsonl | ingest -o x.arrows`,
		"not JSON; 11 of 111 lines are bad, more than 1 %":                                                                     `{ head -100 predictions.jsonl; for i in {1..11}; do echo oops; done; } | ingest -o x.arrows`,
		"the last line is still being written; left out":                                                                       `head -c 20000 predictions.jsonl | ingest -o x.arrows`,
		`unknown field "features" in 300 lines; left out`:                                                                      `sed 's/"input":/"features":/' predictions.jsonl | ingest -o x.arrows`,
		"not in the reference, so it cannot be compared":                                                                       `cut -d, -f1-5 ref.csv > few.csv; driftcalc --reference few.csv --format text p.arrows`,
		`monitor.yaml:2: refernce: unknown key (did you mean "reference"?)`:                                                    `printf 'version: 1\nrefernce: x\n' > monitor.yaml; driftcalc --config monitor.yaml p.arrows`,
		"no reference: comparing with the sample case":                                                                         `driftcalc -o x.arrows p.arrows`,
		"score: not judged: the reference has no scores":                                                                       `driftcalc --reference ref.csv --table findings --format csv p.arrows`,
		"not judged: the reference holds the scores of the model's own training rows":                                          `ingest --kind reference --in-sample scored.csv -o in.arrows; driftcalc --reference in.arrows --table findings --format csv p.arrows`,
		"holds JSON, not Arrow: pass logs through ingest first":                                                                `driftcalc -o x.arrows predictions.jsonl`,
		"no table run in the stream: render reads what driftcalc writes":                                                       `render -o site p.arrows`,
		"table predictions: ends in the middle: what follows is missing":                                                       `head -c 20000 p.arrows > cut.arrows; driftcalc -o x.arrows cut.arrows`,
		"holds files that render did not write; name an empty or a new directory":                                              `driftcalc p.arrows 2>/dev/null | render -o mine`,
		"no predictions*.jsonl, .csv, .parquet or .arrow: nothing to judge":                                                    `printf 'version: 1\n' > m.yaml; CONFIG=m.yaml leadsman report`,
		"outcomes.csv: no column with id or timestamp":                                                                         `printf 'lead,outcome\n1,1\n' > outcomes.csv; driftcalc --outcomes outcomes.csv -o x.arrows p.arrows`,
	} {
		if strings.Contains(script, "scored.csv") {
			// The sample's reference has scores.
			script = `cp "$TOP"/testdata/reference.csv scored.csv; ` + script
		}
		if !strings.Contains(string(guide), "`"+message+"`") {
			t.Errorf("the guide does not list %q", message)
		}
		top, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		if out := run("TOP='" + top + "/..'\n" + script); !strings.Contains(out, message) {
			t.Errorf("%s\ndoes not say %q but\n%s", script, message, out)
		}
		told++
	}
	_, table, _ := strings.Cut(string(guide), "### Messages")
	table, _, _ = strings.Cut(table, "\n### ")
	if rows := strings.Count(table, "\n| `"); rows != told+1 { // and that of the gate, which other tests trip
		t.Errorf("%d messages in the guide, %d were provoked", rows, told)
	}
}

package render

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/commandtest"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"render": func() { cli.Main(App()) }})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			monday := bundle(t, night(23))
			for name, raw := range map[string][]byte{
				"monday.arrows":  monday,
				"tuesday.arrows": bundle(t, night(24)),
				"sunday.arrows":  bundle(t, night(22)),
				"fraud.arrows":   bundle(t, named(night(25), "harbour", "Fraud", "another plan")),
				"ferry.arrows":   bundle(t, named(night(25), "ferry", "Ferry", "another plan")),
				"norun.arrows":   bundle(t, night(23)[1:]),
				"cut.arrows":     monday[:len(monday)-20],
				"empty.arrows":   nil,
			} {
				if err := os.WriteFile(filepath.Join(env.WorkDir, name), raw, 0o644); err != nil {
					return err
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": commandtest.Status, "nights": nights},
	})
}

// night is the tables of one small run that ends on a day of November.
func night(day int) []arrow.RecordBatch {
	nan := math.NaN()
	end := time.Date(2026, 11, day, 4, 0, 0, 0, time.UTC)
	return []arrow.RecordBatch{
		table.Encode("run", []verdict.Run{{
			Site: "harbour", Title: "Harbour", PeriodStart: end.AddDate(0, 0, -1), PeriodEnd: end, Now: end, Rows: 60, ReferenceRows: 40, Features: 1,
			Drifted: 1, DriftShare: 1, Policy: "calibrated", PlanID: "a plan", Level: verdict.Warn, FeatureLevel: verdict.Warn, Headline: "Colour moved", Coverage: nan, Threshold: nan,
		}}),
		table.Encode("findings", []verdict.Finding{{
			Subject: "colour", Role: verdict.RoleFeature, Kind: "category", Check: verdict.CheckDistribution, Test: "chi-squared", Level: verdict.Warn, NRef: 40, NCur: 60,
			Statistic: 9, P: 0.002, Q: 0.002, Effect: 0.2, EffectUnit: "PSI", Threshold: 0.1, AlertThreshold: 0.25, Alpha: 0.025, MDE: nan, Rank: 1, Sentence: "colour: red rose from 50 % to 75 %",
		}}),
		table.Encode("bins", []verdict.Bin{
			{Subject: "colour", Kind: "category", Name: "red", Lo: nan, Hi: nan, NRef: 20, NCur: 45, PSIShare: nan},
			{Subject: "colour", Kind: "category", Name: "blue", Lo: nan, Hi: nan, NRef: 20, NCur: 15, PSIShare: nan},
		}),
	}
}

// named is the night of another model.
func named(night []arrow.RecordBatch, site, title, plan string) []arrow.RecordBatch {
	runs, err := table.Decode[verdict.Run](night[0])
	if err != nil {
		panic(err)
	}
	runs[0].Site, runs[0].Title, runs[0].PlanID = site, title, plan
	night[0] = table.Encode("run", runs)
	return night
}

func bundle(t *testing.T, recs []arrow.RecordBatch) []byte {
	var out bytes.Buffer
	w := table.NewWriter(&out)
	for _, rec := range recs {
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// nights checks how many rows a history file has: one a finding and night.
//
//	nights history.parquet 2
func nights(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: nights file n")
	}
	rows, _, err := readHistory(ts.MkAbs(args[0]))
	ts.Check(err)
	if strconv.Itoa(len(rows)) != args[1] {
		ts.Fatalf("%s: %d rows, want %s", args[0], len(rows), args[1])
	}
}

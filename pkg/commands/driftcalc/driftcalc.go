// Package driftcalc is the command that says whether a log's rows still look
// like the reference's.
package driftcalc

import (
	"slices"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/table"
)

// App returns the command, to be run once.
func App() *ucli.App {
	app := cli.New("driftcalc", "compare a log with its reference", "[BUNDLE...]", `
Reads the tables predictions and requests, and reference where it comes before
them; writes what it found, and passes every other table on. On a terminal it
prints the verdict instead.

Examples:
  ingest predictions.jsonl | driftcalc --reference ref.csv | render -o site
  ingest predictions.jsonl | driftcalc --last 24h --format text
  ingest predictions.jsonl | driftcalc --outcomes outcomes.csv | render -o site
  ingest predictions.jsonl | driftcalc --table findings --format jsonl | jq .sentence
  ingest predictions.jsonl | driftcalc --segment country --segment plan
  driftcalc --check=alert log.arrows > /dev/null || echo drifted

On many machines, the same in steps:
  driftcalc plan --reference ref.csv -o plan.arrows
  driftcalc profile --plan plan.arrows --reference ref.csv -o ref.arrows
  driftcalc profile --plan plan.arrows --shard 2026-01-05/17 < log-17.arrows > 17.arrows
  cat [0-9]*.arrows | driftcalc merge --plan plan.arrows --expect 64 > day.arrows
  driftcalc compare --plan plan.arrows --ref ref.arrows < day.arrows | render -o site`)
	app.Flags = slices.Concat(planFlags(), periodFlags(), judgeFlags(), []ucli.Flag{outcomesFlag(), maxBadFlag()}, cli.OutputFlags("text"))
	app.Action = judgeLog
	cli.Offer(app, "policy", policy.Names()...)
	cli.Offer(app, "check", "warn", "alert", "insufficient")
	cli.Offer(app, "format", append(slices.Clone(table.Formats), "text")...)
	app.Commands = []*ucli.Command{
		{
			Name: "plan", Usage: "make a plan of a reference", ArgsUsage: "[BUNDLE...]",
			Description: `The reference is --reference, else the table reference of the input.

Example:
  driftcalc plan --reference training.csv --config monitor.yaml -o plan.arrows`,
			Flags:  slices.Concat(planFlags(), cli.OutputFlags()),
			Action: makePlan,
		},
		{
			Name: "baseline", Usage: "make a new reference of a period of a log", ArgsUsage: "[BUNDLE...]",
			Description: `Writes the table reference: the predictions of the period, with where they come from.
Their scores are those that production gave, and marked so: they say what scores the
model gives, not how good it is, which takes outcomes. With one reference the same
finding returns every night; where a change is there to stay, this makes it the rule.

Examples:
  driftcalc baseline --from predictions.jsonl --period 28d -o reference.arrows
  ingest predictions.jsonl | driftcalc baseline --period 2026-01-05/2026-02-01 -o reference.arrows
  driftcalc baseline --from predictions.jsonl --period 28d --table reference --format parquet -o reference.parquet`,
			Flags: slices.Concat([]ucli.Flag{
				&ucli.StringFlag{Name: "from", Usage: "take the predictions of `LOG`, as ingest reads it, in place of a bundle"},
				&ucli.StringFlag{Name: "period", Usage: "`PERIOD` of the log: its last 28d, ... or 2026-01-05/2026-02-01, both days in UTC and in it, or two times (RFC 3339), the second not in it"},
				nowFlag(), cli.ConfigFlag(),
			}, cli.OutputFlags()),
			Action: makeBaseline,
		},
		{
			Name: "profile", Usage: "count rows by a plan", ArgsUsage: "[BUNDLE...]",
			Description: `Counts the tables predictions and requests, or the table reference: that of
--reference, else of the input. An input of no bytes at all is an empty part.
Every part is given the same file of outcomes, if there is one: an outcome meets
its prediction in whichever part that is.

Examples:
  driftcalc profile --plan plan.arrows --reference training.csv -o reference.arrows
  ingest --plan plan.arrows log-17.jsonl | driftcalc profile --plan plan.arrows --shard 2026-01-05/17 -o 17.arrows
  driftcalc profile --plan plan.arrows --shard 2026-01-05/17 --outcomes outcomes.csv -o 17.arrows part-17.parquet`,
			Flags: slices.Concat([]ucli.Flag{planFileFlag(), referenceFlag(), targetFlag(),
				&ucli.StringFlag{Name: "shard", Usage: "`NAME` of this part of the log, such as 2026-01-05/17: a part counts once, however often it comes (default: a hash of what was counted, so that parts with the same rows count once)"},
				cli.ConfigFlag(), outcomesFlag(),
			}, periodFlags(), cli.OutputFlags()),
			Action: makeProfile,
		},
		{
			Name: "merge", Usage: "add profiles up", ArgsUsage: "[BUNDLE...]",
			Description: `Adds up the profiles of one plan, in any order; a shard that comes twice counts
once. With --expect a shard that is missing is an error, or with --partial told
by the report.

Examples:
  cat [0-9]*.arrows | driftcalc merge --plan plan.arrows -o day.arrows
  cat [0-9]*.arrows | driftcalc merge --plan plan.arrows --expect 64 -o day.arrows
  driftcalc merge --plan plan.arrows --expect names.txt --partial -o day.arrows *.arrows`,
			Flags:  slices.Concat([]ucli.Flag{planFileFlag()}, expectFlags(), cli.OutputFlags()),
			Action: mergeProfiles,
		},
		{
			Name: "compare", Usage: "compare a profile with the reference's", ArgsUsage: "[BUNDLE...]",
			Description: `Writes what driftcalc by itself writes of the same rows.

Example:
  driftcalc compare --plan plan.arrows --ref reference.arrows day.arrows | render -o site`,
			Flags: slices.Concat([]ucli.Flag{planFileFlag(),
				&ucli.StringFlag{Name: "ref", Usage: "`FILE` of the reference's profile"},
				&ucli.StringFlag{Name: "reference", Usage: "`FILE` of the reference, whose outcomes tell how good the model still is (default: the config's)"},
				nowFlag(), cli.ConfigFlag(), maxBadFlag(),
			}, expectFlags(), judgeFlags(), cli.OutputFlags("text")),
			Action: compareProfiles,
		},
		{
			Name: "gate", Usage: "exit with 3 when a run is at a level, or judged nothing", ArgsUsage: "[BUNDLE...]",
			Description: `Reads the tables run, triggers and standing, and writes nothing. With
--check=new it exits with 3 when a finding at warn or above is new, is worse or
goes the other way, by the nights that a site has; what stands trips it no more.

Examples:
  driftcalc gate --check=alert build/site/data/
  driftcalc gate --check=new --max-age 26h build/site/data/
  driftcalc gate --check=realised_auc_drop build/site/data/`,
			Flags: []ucli.Flag{checkFlag(), cli.TableFlag(),
				&ucli.StringFlag{Name: "max-age", Usage: "exit with 3 when the run is older than `26h`, 7d, ...: by --now, else by its newest row"},
			},
			Action: checkRun,
		},
	}
	return app
}

func planFlags() []ucli.Flag {
	return []ucli.Flag{
		referenceFlag(),
		targetFlag(),
		cli.ConfigFlag(),
		&ucli.StringFlag{Name: "window", Usage: "length of the trend's UTC windows, such as `24h` (default: the config's, else 24h)"},
		&ucli.StringFlag{Name: "rows", Usage: "keep up to `N` distinct rows a side, or all, for what needs whole rows: segments, the model's shares, all features together (default: 2048)"},
	}
}

func periodFlags() []ucli.Flag {
	return []ucli.Flag{
		&ucli.StringFlag{Name: "last", Usage: "judge only the last `24h`, 7d, ... of the log (default: the config's, else all)"},
		nowFlag(),
	}
}

func judgeFlags() []ucli.Flag {
	return []ucli.Flag{
		&ucli.StringFlag{Name: "policy", Usage: "judge by the policy `NAME` (default: the config's, else calibrated)"},
		&ucli.StringSliceFlag{Name: "segment", Usage: "judge each value of `COLUMN` by itself as well; for more columns give it again (default: the config's)"},
		&ucli.StringFlag{Name: "model", Usage: "say what each feature adds to the change of the scores, by the model in `FILE`; needs --features (default: the config's)"},
		&ucli.StringFlag{Name: "features", Usage: "features.json `FILE` that makes the model's row (default: the config's)"},
		&ucli.Int64Flag{Name: "k-anonymity", Usage: "pool values seen fewer than `K` times on both sides (default: the config's, else 5)"},
		checkFlag(),
	}
}

func referenceFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "reference", Usage: "compare with the rows of `FILE`: CSV, Parquet, JSON lines, Arrow or a bundle"}
}

func targetFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "target", Usage: "`COLUMN` of the reference that holds the outcome and is not compared"}
}

func outcomesFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "outcomes", Usage: "measure how good the model still is by the outcomes in `FILE`: CSV, Parquet, JSON lines or Arrow, joined by id, else timestamp"}
}

func expectFlags() []ucli.Flag {
	return []ucli.Flag{
		&ucli.StringFlag{Name: "expect", Usage: "fail when a shard is missing: how many there must be, or a `FILE` of their names, one a line"},
		&ucli.BoolFlag{Name: "partial", Usage: "take what is there of the shards that --expect names, and say in table run which share it is"},
	}
}

func maxBadFlag() ucli.Flag {
	return &ucli.Float64Flag{Name: "max-bad", Value: faults.MaxBad, Usage: "fail when more than this `SHARE` of the lines of a log that ingest --plan read, in all its parts, is bad; unless it is given, up to 10 bad lines are forgiven while they are not most of it"}
}

func planFileFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "plan", Usage: "`FILE` that driftcalc plan wrote"}
}

func nowFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "now", Usage: "`TIME` (RFC 3339) that it is: the end of --last, and what the text counts the age of the log from; without --last all rows are judged (default: the newest timestamp in the log)"}
}

func checkFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "check", Usage: "after writing everything, exit with 3 when the run's level is `LEVEL` (warn, the default, or alert) or worse, with insufficient also when too little could be judged to tell, or when the reason to retrain of that name fired or could not be judged, or when there was no prediction to judge"}
}

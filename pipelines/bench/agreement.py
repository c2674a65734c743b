"""Prints how the real Evidently and driftcalc judge the same draws; evidently.sh makes them."""
import json
import math
import sys

import pandas as pd

sys.path.insert(0, sys.argv[1])
from make import judge  # noqa: E402  the same call that makes the vectors of pkg/drift

work, pairs, draws = sys.argv[2], int(sys.argv[3]), sys.argv[4:]
TEXT = ["summary", "skills", "jobtitle"]  # pinned as text in testdata/monitor.yaml


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


class Tally:
    """Sums over the nights of one draw."""

    def __init__(self, name):
        self.scenario, size = name.rsplit("-", 1)
        self.reference, self.rows = size.split("x")
        self.columns = self.equal = self.verdicts = self.wholes = 0
        self.worst = 0.0
        self.theirs = {"columns": 0, "some": 0, "whole": 0}
        self.ours = {"columns": 0, "some": 0, "loud": 0, "unjudged": 0}
        for seed in range(1, pairs + 1):
            self.night(f"{work}/{name}/{seed}")

    def night(self, at):
        ref = pd.read_csv(f"{at}/reference.csv", keep_default_na=False, na_values=[""]).drop(columns="engaged")
        cur = pd.DataFrame([line["input"] for line in lines(f"{at}/night.jsonl")])[list(ref.columns)]
        want = judge(ref.drop(columns=TEXT), cur.drop(columns=TEXT), {})
        got = {f["subject"]: f for f in lines(f"{at}/evidently.findings") if f["check"] == "distribution"}
        for w in want["columns"]:
            g = got[w["name"]]
            score, wanted = g["p"] if g["p"] is not None else g["statistic"], float(w["score"])
            off = 0.0 if score == wanted else abs(score - wanted) / max(abs(wanted), 1e-300)
            self.worst = max(self.worst, off if math.isfinite(off) else math.inf)
            self.columns += 1
            self.equal += g["test"] == w["test"] and off <= 1e-9
            self.verdicts += (g["level"] in ("warn", "alert")) == w["drift"]
            self.theirs["columns"] += w["drift"]
        self.theirs["some"] += any(w["drift"] for w in want["columns"])
        self.theirs["whole"] += bool(want["drift"])
        self.wholes += bool(want["drift"]) == (lines(f"{at}/evidently.run")[0]["feature_level"] == "alert")

        names = {w["name"] for w in want["columns"]}
        loud = [
            f for f in lines(f"{at}/calibrated.findings")
            if f["check"] == "distribution" and f["subject"] in names and f["level"] in ("warn", "alert")
        ]
        run = lines(f"{at}/calibrated.run")[0]
        self.ours["columns"] += len(loud)
        self.ours["some"] += bool(loud)
        self.ours["loud"] += run["level"] in ("warn", "alert")
        self.ours["unjudged"] += run["level"] == "insufficient"


def of(n, all):
    return f"{100 * n / all:.0f} %" if all else "–"


tallies = [Tally(name) for name in draws]

print("### Agreement: `--policy evidently` and the real package\n")
print("| draws | reference rows | rows a night | scores equal to 1e-9 | worst, relative | verdicts equal | data set verdicts equal |")
print("| --- | --: | --: | --: | --: | --: | --: |")
for t in tallies:
    print(f"| {t.scenario} | {t.reference} | {t.rows} | {t.equal} of {t.columns} | {t.worst:.0e} | {t.verdicts} of {t.columns} | {t.wholes} of {pairs} |")

head = """
| draws | reference rows | rows a night | Evidently: columns | nights with one | data set | leadsman: columns | nights with one | run at warn or above | run insufficient |
| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |"""


def side_by_side(t):
    e, l = t.theirs, t.ours
    print(
        f"| {t.scenario} | {t.reference} | {t.rows} | {of(e['columns'], t.columns)} | {of(e['some'], pairs)} | {of(e['whole'], pairs)} "
        f"| {of(l['columns'], t.columns)} | {of(l['some'], pairs)} | {of(l['loud'], pairs)} | {of(l['unjudged'], pairs)} |"
    )


print(f"\n### False alarms: nothing has drifted ({pairs} references, a night each)")
print(head)
for t in tallies:
    if t.scenario == "none":
        side_by_side(t)
print("\n### Drift that is there: the same columns, one of which has moved")
print(head)
for t in tallies:
    if t.scenario != "none":
        side_by_side(t)

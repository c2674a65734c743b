"""Prints how the real Evidently and driftcalc judge the same draws; evidently.sh makes them."""
import json
import math
import sys

import pandas as pd

sys.path.insert(0, sys.argv[1])
from make import judge  # noqa: E402  the same call that makes the vectors of pkg/drift

work, pairs = sys.argv[2], int(sys.argv[3])


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


columns = equal = verdicts = drifted = some = whole = wholes = loud = 0
worst = 0.0
for seed in range(1, pairs + 1):
    at = f"{work}/{seed}"
    ref = pd.read_csv(f"{at}/reference.csv", keep_default_na=False, na_values=[""]).drop(columns="engaged")
    cur = pd.DataFrame([line["input"] for line in lines(f"{at}/night.jsonl")])[list(ref.columns)]
    text = ["summary", "skills", "jobtitle"]  # pinned as text in testdata/monitor.yaml
    want = judge(ref.drop(columns=text), cur.drop(columns=text), {})
    got = {f["subject"]: f for f in lines(f"{at}/evidently.findings") if f["check"] == "distribution"}
    run = lines(f"{at}/evidently.run")[0]
    for w in want["columns"]:
        g, columns = got[w["name"]], columns + 1
        score = g["p"] if g["p"] is not None else g["statistic"]
        off = abs(score - float(w["score"])) / max(abs(float(w["score"])), 1e-300) if score != float(w["score"]) else 0.0
        worst = max(worst, off if math.isfinite(off) else math.inf)
        equal += g["test"] == w["test"] and off <= 1e-9
        verdicts += (g["level"] in ("warn", "alert")) == w["drift"]
        drifted += w["drift"]
    some += any(w["drift"] for w in want["columns"])
    whole += bool(want["drift"])
    wholes += bool(want["drift"]) == (run["feature_level"] == "alert")
    loud += lines(f"{at}/calibrated.run")[0]["level"] in ("warn", "alert")

print(f"agreement with Evidently: {equal} of {columns} scores to 1e-9 (worst {worst:.1e}), {verdicts} of {columns} verdicts, {wholes} of {pairs} data sets")
print(f"false alarms of {pairs} nights without drift:")
print(f"  Evidently's defaults: {drifted} of {columns} columns, a drifted column on {some} nights, the data set on {whole}")
print(f"  the default policy:   warn or above on {loud} nights")

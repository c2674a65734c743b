#!/usr/bin/env python3
"""Makes shares.csv: by how much XGBoost's own pred_contribs say each model column
and each raw feature moved the mean margin between two samples.

    pip install -r ../../../model/testdata/requirements.txt && python shares.py

The rows are the raw leads of testdata/oracle/leads.jsonl.gz under the sample model. The
reference is the first 1,000, the i-th of them seen 1 + i%3 times; the judged rows
are, of the others, those with an llm_quality of 60 or more.
"""
import csv
import gzip
import json
import os

import numpy as np
import xgboost as xgb

HERE = os.path.dirname(os.path.abspath(__file__))
TESTDATA = os.path.join(HERE, "..", "..", "..", "..", "testdata")


def main():
    with gzip.open(os.path.join(TESTDATA, "oracle", "leads.jsonl.gz"), "rt") as f:
        lines = [line for line in map(json.loads, f) if "lead" in line]
    with open(os.path.join(TESTDATA, "features.json")) as f:
        columns = json.load(f)["columns"]
    booster = xgb.Booster(model_file=os.path.join(TESTDATA, "model.ubj"))
    x = np.array([[np.nan if v is None else v for v in line["columns"]] for line in lines], dtype=np.float32)
    values = booster.predict(xgb.DMatrix(x, feature_names=booster.feature_names), pred_contribs=True).astype(np.float64)
    judged = [i for i, line in enumerate(lines) if i >= 1000 and (line["lead"]["llm_quality"] or 0) >= 60]
    seen = 1 + np.arange(1000) % 3
    means = {"ref": np.average(values[:1000], axis=0, weights=seen), "cur": values[judged].mean(axis=0)}
    rows = [("total", "", means["ref"].sum(), means["cur"].sum()), ("bias", "", means["ref"][-1], means["cur"][-1])]
    features = {}
    for i, column in enumerate(columns):
        rows.append(("column", column["name"], means["ref"][i], means["cur"][i]))
        if column["op"] != "zero":
            features.setdefault(column["from"], []).append(i)
    for feature, members in features.items():
        rows.append(("feature", feature, means["ref"][members].sum(), means["cur"][members].sum()))
    with open(os.path.join(HERE, "shares.csv"), "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["kind", "name", "ref", "cur"])
        out.writerows(rows)


if __name__ == "__main__":
    main()

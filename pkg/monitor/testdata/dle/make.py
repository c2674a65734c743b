#!/usr/bin/env python3
"""Writes reference.csv, log.jsonl, absolute.txt, squared.txt, errors.json and want.json: rows, the models of the error that NannyML's DLE trained on the reference, and what it estimates of the log.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make.py
"""
import json
import os

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"  # NannyML tells its makers of every run

import nannyml as nml
import numpy as np
import pandas as pd

N = 400


def rows(r, n, shift):
    x = pd.DataFrame({"size": r.normal(50 + shift, 12, n).round(2), "rooms": r.integers(1, 6, n).astype(float)})
    x["score"] = (3 * x["size"] + 10 * x["rooms"]).round(2)
    x["price"] = (x["score"] + r.normal(0, 1, n) * (2 + x["size"] / 8)).round(2)
    return x


r = np.random.default_rng(7)
ref, cur = rows(r, N, 0), rows(r, N, 8)
dle = nml.DLE(feature_column_names=["size", "rooms"], y_pred="score", y_true="price", metrics=["mae", "rmse"], chunk_number=1,
              hyperparameters={"n_estimators": 40, "num_leaves": 8, "n_jobs": 1, "verbose": -1, "random_state": 1})
dle.fit(ref)
est = dle.estimate(cur.drop(columns="price")).filter(period="analysis").to_df()
want = {}
for metric, path in zip(dle.metrics, ("absolute.txt", "squared.txt")):
    metric._dee_model.booster_.save_model(path)
    want[metric.column_name] = {"value": float(est[(metric.column_name, "value")].iloc[0]), "sampling_error": float(est[(metric.column_name, "sampling_error")].iloc[0])}
names = dle.metrics[0]._dee_model.booster_.feature_name()
json.dump(want, open("want.json", "w"), indent=1)
json.dump({"version": 1, "raw": [{"name": n, "type": "number"} for n in names], "columns": [{"name": n, "from": n, "op": "number"} for n in names]}, open("errors.json", "w"))
ref.to_csv("reference.csv", index=False)
at = pd.date_range("2026-01-05", periods=N, freq="15min").strftime("%Y-%m-%dT%H:%M:%SZ")
with open("log.jsonl", "w") as f:
    for t, row in zip(at, cur.to_dict("records")):
        f.write(json.dumps({"timestamp": t, "input": {"size": row["size"], "rooms": row["rooms"]}, "score": row["score"]}) + "\n")
print(want, names)

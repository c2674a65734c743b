#!/usr/bin/env python3
"""Trains a model of the error of a model that predicts numbers, for outcomes.error_model in monitor.yaml.

    python error_model.py REFERENCE.csv --target price [--score score] [--numbers a,b] [--categories c,d] [-o DIR]

Reads held-out rows with their predictions and outcomes, and writes absolute.txt and squared.txt (LightGBM, which predict the absolute
and the squared error of a row from its inputs and its prediction) and errors.json (their features). This is how NannyML's direct loss
estimation trains: LightGBM's regressor with its own defaults. Needs pandas and lightgbm.
"""
import argparse
import json
from pathlib import Path

import lightgbm as lgb
import pandas as pd


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("reference")
    p.add_argument("--target", required=True)
    p.add_argument("--score", default="score")
    p.add_argument("--numbers", help="inputs that are numbers (default: all columns of numbers)")
    p.add_argument("--categories", help="inputs that are categories (default: all other columns of few values)")
    p.add_argument("-o", "--output", default=".")
    a = p.parse_args()
    rows = pd.read_csv(a.reference).dropna(subset=[a.target, a.score])
    inputs = [c for c in rows if c not in (a.target, a.score, "timestamp")]
    numbers = a.numbers.split(",") if a.numbers else [c for c in inputs if pd.api.types.is_numeric_dtype(rows[c])]
    categories = a.categories.split(",") if a.categories else [c for c in inputs if c not in numbers and rows[c].nunique() <= 50]
    x = rows[numbers].astype(float)
    raw = [{"name": c, "type": "number"} for c in numbers]
    columns = [{"name": c, "from": c, "op": "number"} for c in numbers]
    for c in categories:
        codes = {v: i for i, v in enumerate(sorted(rows[c].dropna().astype(str).unique()))}
        x[c] = rows[c].astype(str).where(rows[c].notna()).map(codes).fillna(-1).astype(float)
        raw.append({"name": c, "type": "category"})
        columns.append({"name": c, "from": c, "op": "map", "map": codes, "default": -1})
    x["prediction"] = rows[a.score].astype(float)
    raw.append({"name": "score", "type": "number"})
    columns.append({"name": "prediction", "from": "score", "op": "number"})
    error = (rows[a.target] - rows[a.score]).abs()
    to = Path(a.output)
    to.mkdir(parents=True, exist_ok=True)
    for name, y in (("absolute", error), ("squared", error**2)):
        model = lgb.LGBMRegressor(n_jobs=1, verbose=-1).fit(x, y)
        model.booster_.save_model(str(to / f"{name}.txt"))
    (to / "errors.json").write_text(json.dumps({"version": 1, "raw": raw, "columns": columns}, indent=1) + "\n")
    print(f"{to / 'absolute.txt'}, {to / 'squared.txt'} and {to / 'errors.json'}: of {len(rows)} rows and {len(columns)} features")


if __name__ == "__main__":
    main()

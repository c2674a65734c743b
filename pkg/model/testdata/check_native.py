#!/usr/bin/env python3
"""Checks on many rows that the engine native gives XGBoost's margins, bit by bit.

    pip install -r requirements.txt && python check_native.py

It trains models of many kinds, large ones among them, and lets Go compare 10,000
rows of each: values of the training data, which are thresholds, their float32
neighbours, missing values and zeros of both signs.
"""
import os
import subprocess
import tempfile

import numpy as np
import xgboost as xgb

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS, FEATURES = 10_000, 20

KINDS = {
    "hist": dict(n_estimators=100, max_depth=6),
    "exact": dict(n_estimators=50, max_depth=4, tree_method="exact"),
    "approx": dict(n_estimators=50, max_depth=5, tree_method="approx"),
    "large": dict(n_estimators=500, max_depth=6),
    "deep": dict(n_estimators=20, max_depth=14, min_child_weight=0),
    "lossguide": dict(n_estimators=40, max_depth=0, max_leaves=60, grow_policy="lossguide"),
    "stumps": dict(n_estimators=100, max_depth=1),
    "pruned": dict(n_estimators=50, max_depth=8, gamma=2.0),
    "base_score": dict(n_estimators=30, base_score=0.01),
    "parallel": dict(n_estimators=10, num_parallel_tree=5, subsample=0.6, colsample_bynode=0.5),
    "forest": dict(n_estimators=1, num_parallel_tree=60, subsample=0.6, colsample_bynode=0.5, learning_rate=1, max_depth=9),
    "dart": dict(n_estimators=40, booster="dart", rate_drop=0.3),
    "squarederror": dict(n_estimators=60, objective="reg:squarederror"),
    "softprob": dict(n_estimators=30, objective="multi:softprob"),
    "softprob_dart": dict(n_estimators=15, objective="multi:softprob", booster="dart", rate_drop=0.3),
    "softprob_parallel": dict(n_estimators=10, objective="multi:softprob", num_parallel_tree=3, subsample=0.6),
}


def data(rng):
    x = rng.normal(size=(ROWS, FEATURES)).astype(np.float32)
    x[:, 10:] = np.round(x[:, 10:] * 4) / 4
    margin = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 11] - x[:, 12] + rng.normal(size=ROWS)
    x[rng.random(x.shape) < 0.1] = np.nan
    return x, margin


def main():
    rng = np.random.default_rng(1)
    x, margin = data(rng)
    rows = x.copy()
    for toward in (-np.inf, np.inf):
        where = rng.random(rows.shape) < 0.1
        rows[where] = np.nextafter(rows[where], np.float32(toward))
    rows[rng.random(rows.shape) < 0.02] = -0.0
    with tempfile.TemporaryDirectory() as dir:
        rows.tofile(os.path.join(dir, "rows.f32"))
        for name, kind in KINDS.items():
            objective = kind.get("objective", "binary:logistic")
            y = margin if objective.startswith("reg:") else np.digitize(margin, [-1, 0, 1]) if objective.startswith("multi:") else (margin > 0).astype(int)
            make = xgb.XGBRegressor if objective.startswith("reg:") else xgb.XGBClassifier
            booster = make(**{"learning_rate": 0.2, "random_state": 1, **kind}).fit(x, y).get_booster()
            booster.save_model(os.path.join(dir, name + ".ubj"))
            booster.predict(xgb.DMatrix(rows), output_margin=True).tofile(os.path.join(dir, name + ".f32"))
        subprocess.run(["go", "test", "-count=1", "-v", "-run", "TestMarginsOfManyRows", "..", "-margins", dir], cwd=HERE, check=True)


if __name__ == "__main__":
    main()

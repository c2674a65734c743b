#!/usr/bin/env python3
"""Times explain.Contributions beside XGBoost's own pred_contribs, one thread each.

    pip install -r requirements.txt && python shap_speed.py

10,000 rows of 47 features, and two models: 255 trees of depth 6, and the sample
model. Both get rows of its own kind that are the same for both sides, and agree
to 1e-5 before they are timed. Rounds take turns, and the fastest of each counts.
"""
import os
import re
import subprocess
import tempfile
import time

import numpy as np
import xgboost as xgb

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS, FEATURES, ROUNDS = 10_000, 47, 3


def large(dir):
    """Trains the model of 255 trees, and saves it with its rows."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(ROWS, FEATURES)).astype(np.float32)
    x[rng.random(x.shape) < 0.05] = np.nan
    z = np.nan_to_num(x)
    y = ((z[:, :10] * rng.normal(size=10)).sum(axis=1) + 2 * np.sin(3 * z[:, 10]) + z[:, 11] * z[:, 12] + 2 * rng.normal(size=ROWS) > 0).astype(int)
    xgb.XGBClassifier(n_estimators=255, max_depth=6, learning_rate=0.1).fit(x, y).save_model(os.path.join(dir, "large.ubj"))
    return x


def thresholds_around(booster):
    """Rows of values at, between and beyond the thresholds of a model."""
    rng = np.random.default_rng(4)
    splits = booster.trees_to_dataframe().query("Feature != 'Leaf'")
    names = booster.feature_names or [f"f{i}" for i in range(booster.num_features())]
    x = np.empty((ROWS, len(names)), dtype=np.float32)
    for i, name in enumerate(names):
        cuts = np.unique(splits.loc[splits.Feature == name, "Split"].to_numpy(dtype=np.float32))
        cuts = cuts if len(cuts) else np.zeros(1, dtype=np.float32)
        x[:, i] = rng.choice(np.concatenate([cuts, cuts - 1, cuts + 1, [np.nan]]), size=ROWS)
    return x


def main():
    with tempfile.TemporaryDirectory() as dir:
        rows = {"large": large(dir)}
        sample = os.path.join(HERE, "..", "..", "..", "testdata", "model.ubj")
        with open(sample, "rb") as f, open(os.path.join(dir, "sample.ubj"), "wb") as g:
            g.write(f.read())
        boosters = {}
        for name in ("large", "sample"):
            boosters[name] = xgb.Booster(model_file=os.path.join(dir, name + ".ubj"))
            boosters[name].set_param({"nthread": 1})
        rows["sample"] = thresholds_around(boosters["sample"])
        best = {}
        binary = os.path.join(dir, "explain.test")
        subprocess.run(["go", "test", "-c", "-o", binary, "../explain"], cwd=HERE, check=True)

        def note(name, side, seconds):
            best[name, side] = min(seconds, best.get((name, side), np.inf))

        for i in range(ROUNDS):
            for name, x in rows.items():
                matrix = xgb.DMatrix(x, feature_names=boosters[name].feature_names, nthread=1)
                start = time.perf_counter()
                values = boosters[name].predict(matrix, pred_contribs=True)
                note(name, "xgboost", time.perf_counter() - start)
                if i == 0:
                    x.tofile(os.path.join(dir, name + ".f32"))
                    values.astype(np.float32).tofile(os.path.join(dir, name + ".contribs32"))
            tests = "^$" if i else "TestContributionsAreTheTrainers"
            command = [binary, "-test.run=" + tests, "-test.bench=BenchmarkContributions", "-test.benchtime=3x", "-test.cpu=1", "-margins", dir]
            out = subprocess.run(command, cwd=os.path.join(HERE, "..", "explain"), check=True, capture_output=True, text=True).stdout
            for name, ns in re.findall(r"model=(\w+)/rows=10000\s.*?([\d.]+) ns/op", out):
                note(name, "leadsman", float(ns) / 1e9)
    print(f"model\txgboost, s\tleadsman, s\ttimes faster\t({ROWS} rows, one thread)")
    for name in rows:
        theirs, ours = best[name, "xgboost"], best[name, "leadsman"]
        print(f"{name}\t{theirs:.3g}\t{ours:.3g}\t{theirs / ours:.3g}")


if __name__ == "__main__":
    main()

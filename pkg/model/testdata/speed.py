#!/usr/bin/env python3
"""Times the engines native and leaves beside XGBoost's own predictor.

    pip install -r requirements.txt && python speed.py

The model has 500 trees of depth 6 on 47 features; model and rows are the same for
all, and each has one thread; XGBoost's way is inplace_predict on a float32
array. Rounds take turns, and the fastest of each counts.
"""
import os
import re
import subprocess
import tempfile
import time

import numpy as np
import xgboost as xgb

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS, FEATURES, ROUNDS = 10_000, 47, 5


def main():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(ROWS, FEATURES)).astype(np.float32)
    x[rng.random(x.shape) < 0.05] = np.nan
    z = np.nan_to_num(x)
    y = ((z[:, :10] * rng.normal(size=10)).sum(axis=1) + 2 * np.sin(3 * z[:, 10]) + z[:, 11] * z[:, 12] + 2 * rng.normal(size=ROWS) > 0).astype(int)
    model = xgb.XGBClassifier(n_estimators=500, max_depth=6, learning_rate=0.1).fit(x, y)
    best = {}

    def note(engine, batch, ns):
        best[batch, engine] = min(ns, best.get((batch, engine), np.inf))

    with tempfile.TemporaryDirectory() as dir:
        model.save_model(os.path.join(dir, "large.ubj"))
        x.tofile(os.path.join(dir, "rows.f32"))
        booster = xgb.Booster(model_file=os.path.join(dir, "large.ubj"))
        booster.set_param({"nthread": 1})
        binary = os.path.join(dir, "model.test")
        subprocess.run(["go", "test", "-c", "-o", binary, ".."], cwd=HERE, check=True)
        for _ in range(ROUNDS):
            for batch, calls in ((1, 2000), (1000, 20), (10_000, 3)):
                for i in range(calls):
                    at = i * batch % (ROWS - batch + 1)
                    rows = x[at : at + batch]
                    start = time.perf_counter_ns()
                    booster.inplace_predict(rows)
                    note("xgboost", batch, (time.perf_counter_ns() - start) / batch)
            command = [binary, "-test.run=^$", "-test.bench=BenchmarkPredict", "-test.benchtime=50ms", "-test.cpu=1", "-margins", dir]
            out = subprocess.run(command, cwd=os.path.dirname(HERE), check=True, capture_output=True, text=True).stdout
            for batch, engine, ns in re.findall(r"rows=(\d+)/engine=(\w+)\s.*?([\d.]+) ns/row", out):
                note(engine, int(batch), float(ns))
    print("rows a call\tengine\tµs a row\ttimes native")
    for (batch, engine), ns in sorted(best.items()):
        print(f"{batch}\t{engine}\t{ns / 1000:.3g}\t{ns / best[batch, 'native']:.3g}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Makes the LightGBM models beside this file, and LightGBM's scores for them.

    pip install -r requirements-lightgbm.txt && python lightgbm_models.py

For each model NAME it writes NAME.lightgbm and NAME.csv: rows (empty is missing)
with LightGBM's scores and raw scores, one of each an output. Among the rows are,
for each of the first 40 splits, one at the threshold, one a step of float64 to
each side of it, and one a step of float32 above. NAME.contribs has pred_contrib of the rows.
The models in refused/ are ones that the parser must turn away.

Under LightGBM 3 it makes only the basic model, named after that version:

    pip install 'numpy<2' 'scikit-learn<1.4' lightgbm==3.3.5 && python lightgbm_models.py
"""
import csv
import os
import re

import lightgbm as lgb
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def save(name, model, x, contribs=False):
    booster = model.booster_
    base = os.path.join(HERE, name)
    booster.save_model(base + ".lightgbm")
    with open(base + ".lightgbm") as f:
        text = f.read()
    columns = lambda key, kind: [kind(v) for line in re.findall(rf"^{key}=(.+)$", text, re.M) for v in line.split()]
    rows = list(x[:60])
    for i, (feature, t) in enumerate(list(zip(columns("split_feature", int), columns("threshold", float)))[:40]):
        for v in (t, np.nextafter(t, -np.inf), np.nextafter(t, np.inf), float(np.nextafter(np.float32(t), np.float32(np.inf)))):
            row = x[i % len(x)].copy()
            row[feature] = v
            rows.append(row)
    rows += [np.full(x.shape[1], np.nan), np.zeros(x.shape[1])]
    rows = np.array(rows, dtype=np.float64)
    scores = booster.predict(rows).reshape(len(rows), -1)
    margins = booster.predict(rows, raw_score=True).reshape(len(rows), -1)
    outputs = range(scores.shape[1])
    with open(base + ".csv", "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow([f"f{i}" for i in range(x.shape[1])] + [f"score{i}" for i in outputs] + [f"margin{i}" for i in outputs])
        for row, score, margin in zip(rows, scores, margins):
            out.writerow(["" if np.isnan(v) else repr(float(v)) for v in [*row, *score, *margin]])
    if contribs:
        with open(base + ".contribs", "w") as f:
            f.writelines(" ".join(map(str, row)) + "\n" for row in booster.predict(rows, pred_contrib=True))


def main():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(300, 4))
    x[:, -1] = np.round(x[:, -1] * 2)
    margin = x[:, 0] - 0.5 * x[:, -1] + rng.normal(size=300)
    whole = x.copy()
    x[rng.random(x.shape) < 0.1] = np.nan
    y = (margin > 0).astype(int)
    p = dict(n_estimators=6, num_leaves=8, min_child_samples=5, verbose=-1, random_state=1, n_jobs=1, deterministic=True)
    classify = lambda **kw: lgb.LGBMClassifier(**{**p, **kw})

    if lgb.__version__.startswith("3."):
        save("lgb_v3", classify().fit(x, y), x)
        return
    save("lgb_binary", classify().fit(x, y), x, contribs=True)
    save("lgb_whole", classify().fit(whole, y), x)  # NaN, which training never met
    save("lgb_multiclass", classify(n_estimators=3).fit(x, np.digitize(margin, [-1, 1])), x, contribs=True)
    save("lgb_dart", classify(boosting_type="dart", drop_rate=0.5).fit(x, y), x)
    save("lgb_regression", lgb.LGBMRegressor(**p).fit(x, margin * 10), x, contribs=True)
    # Steps of a minute in epoch seconds, of which float32 knows every 128th.
    seconds = np.column_stack([1.7e9 + 60 * np.arange(300), rng.normal(size=300)])
    save("lgb_seconds", classify(n_estimators=10).fit(seconds, (seconds[:, 0] - 1.7e9) // 1800 % 2), seconds, contribs=True)
    save("lgb_constant", classify(min_child_samples=400).fit(x, y), x)

    refused = lambda name: os.path.join(HERE, "refused", name)
    classify(n_estimators=1, linear_tree=True).fit(x, y).booster_.save_model(refused("linear.lightgbm"))


if __name__ == "__main__":
    main()

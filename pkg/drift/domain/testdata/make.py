"""Writes rows.csv.gz and auc.json: pairs of samples, and how well scikit-learn's
gradient boosting tells them apart.

    pip install -r requirements.txt
    python make.py

auc.json holds, for each case, the mean over ten shuffles of the three-fold
cross-validated AUC of HistGradientBoostingClassifier with its own settings, and
with trees of depth three (32 of them at a learning rate of 0.2).
"""

import csv
import gzip
import io
import json

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_score

REF, CUR = 300, 400
CITIES = ["Berlin", "Lyon", "Oslo", "Porto", "Riga", "Turin"]


def sample(rng, rows):
    a, b = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], rows).T
    return {
        "a": a,
        "b": b,
        "income": np.exp(rng.normal(0, 1, rows)),
        "visits": rng.poisson(2, rows).astype(float),
        "age": np.where(rng.random(rows) < 0.1, np.nan, rng.normal(40, 10, rows)),
        "city": rng.choice(CITIES, rows, p=[0.3, 0.25, 0.2, 0.1, 0.1, 0.05]).astype(object),
        "plan": rng.choice(["free", "paid"], rows, p=[0.7, 0.3]).astype(object),
    }


def shift(rng, s):
    s["income"] *= 2


def interaction(rng, s):
    s["b"] = -s["b"]


def missing(rng, s):
    s["age"][rng.random(len(s["age"])) < 0.4] = np.nan


def category(rng, s):
    s["city"] = rng.choice(CITIES, len(s["city"]), p=[0.1, 0.1, 0.2, 0.2, 0.2, 0.2]).astype(object)


def several(rng, s):
    s["a"] += 0.4
    s["visits"] += rng.poisson(0.5, len(s["visits"]))
    s["plan"][rng.random(len(s["plan"])) < 0.3] = "paid"


def encoded(columns):
    out = []
    for name, values in columns.items():
        if name in ("city", "plan"):
            out.append([float(sorted(set(columns[name])).index(v)) for v in values])
        else:
            out.append(values)
    return np.array(out, dtype=float).T


def main():
    cases = [("none", lambda rng, s: None), ("shift", shift), ("interaction", interaction), ("missing", missing), ("category", category), ("several", several)]
    auc = {}
    with io.TextIOWrapper(gzip.GzipFile("rows.csv.gz", "wb", mtime=0), newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        for k, (case, change) in enumerate(cases):
            rng = np.random.default_rng(100 + k)
            ref, cur = sample(rng, REF), sample(rng, CUR)
            change(rng, cur)
            names = list(ref)
            if k == 0:
                out.writerow(["case", "production"] + names)
            both = {}
            for n in names:
                both[n] = np.concatenate([ref[n], cur[n]])
                if both[n].dtype == float:
                    both[n] = np.round(both[n], 3)
            y = np.repeat([0, 1], [REF, CUR])
            for i in range(len(y)):
                row = [both[n][i] for n in names]
                out.writerow([case, y[i]] + ["" if v != v else f"{v:g}" if isinstance(v, float) else v for v in row])
            x = encoded(both)
            kinds = [n in ("city", "plan") for n in names]
            auc[case] = {}
            for label, settings in (("default", {}), ("small", {"max_depth": 3, "max_iter": 32, "learning_rate": 0.2})):
                model = HistGradientBoostingClassifier(categorical_features=kinds, random_state=0, **settings)
                folds = [StratifiedKFold(3, shuffle=True, random_state=s) for s in range(10)]
                auc[case][label] = round(float(np.mean([cross_val_score(model, x, y, cv=cv, scoring="roc_auc").mean() for cv in folds])), 4)
    with open("auc.json", "w") as f:
        json.dump(auc, f, indent=1)
        f.write("\n")


main()

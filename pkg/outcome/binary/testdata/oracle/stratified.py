#!/usr/bin/env python3
"""Writes stratified.json: of the rows in vectors.json.gz, cut into cells, what statsmodels and SciPy say of the positives in the cells.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python stratified.py
"""
import gzip
import json

import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

CELLS = 20


def cells(scores):
    """The cell of each row: that of the middle row among those of its score, of 20 cells of equally many rows."""
    x, at, n = np.unique(scores, return_inverse=True, return_counts=True)
    middle = np.cumsum(n) - n + (n - 1) / 2
    return np.minimum(CELLS - 1, np.floor(middle * CELLS / len(scores)).astype(int))[at]


def stratified(ref, ref_y, cur, cur_y):
    at = cells(np.r_[ref, cur])
    old, new = at[: len(ref)], at[len(ref):]
    tables, place, d, v = [], [], [], []
    for c in range(CELLS):
        n, a = (old == c).sum(), ref_y[old == c].sum()
        m, b = (new == c).sum(), cur_y[new == c].sum()
        if n == 0 or m == 0:
            continue
        dealt = stats.hypergeom(n + m, a + b, m)
        tables.append([[b, m - b], [a, n - a]])
        place.append(c)
        d.append(b - dealt.mean())
        v.append(dealt.var())
    place, d, v = np.array(place, float), np.array(d), np.array(v)
    place -= (place * v).sum() / v.sum()
    level = StratifiedTable([np.array(t, float) for t in tables]).test_null_odds(correction=False).statistic
    assert abs(level - d.sum() ** 2 / v.sum()) < 1e-9 * max(1, level)
    x2 = float(level + (place * d).sum() ** 2 / (place ** 2 * v).sum())
    return {"x2": x2, "p": float(stats.chi2.sf(x2, 2))}


def main():
    with gzip.open("vectors.json.gz") as f:
        vectors = json.load(f)
    out = [{"name": v["name"], **stratified(*(np.array(v[k]) for k in ("ref", "ref_y", "cur", "cur_y")))} for v in vectors]
    with open("stratified.json", "w") as f:
        json.dump(out, f, indent=1)
        f.write("\n")
    print(out)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes vectors.json: predictions and outcomes, and what scikit-learn, NumPy and SciPy say of them.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make.py
"""
import json

import numpy as np
from scipy import stats
from sklearn import metrics


def figures(s, y):
    e = s - y
    n = len(y)
    a, b = np.mean(e**2), np.var(y)
    rmse, r2 = [], []  # jackknife: each without one row
    for i in range(n):
        k = np.arange(n) != i
        rmse.append(metrics.root_mean_squared_error(y[k], s[k]))
        r2.append(metrics.r2_score(y[k], s[k]))
    jack = lambda v: float(np.sqrt((n - 1) / n * np.sum((np.array(v) - np.mean(v)) ** 2)))
    return {
        "mae": metrics.mean_absolute_error(y, s), "rmse": metrics.root_mean_squared_error(y, s), "bias": float(np.mean(e)), "r2": metrics.r2_score(y, s),
        "outcome_mean": float(np.mean(y)), "quantiles": np.quantile(e, [0.05, 0.25, 0.5, 0.75, 0.95]).tolist(),
        "mae_se": float(stats.sem(np.abs(e))), "bias_se": float(stats.sem(e)), "rmse_jackknife": jack(rmse), "r2_jackknife": jack(r2),
    }


def meaning(rs, ry, cs, cy):
    """The stratified test, row by row: cells of the pooled ranks, a row's cell that of the middle row of its prediction."""
    cells = max(2, min(20, min(len(rs), len(cs)) // 15))
    s = np.concatenate([rs, cs])
    rest = np.concatenate([ry - rs, cy - cs])
    now = np.arange(len(s)) >= len(rs)
    middle = np.array([np.sum(s < v) * 2 + np.sum(s == v) - 1 for v in s])
    cell = np.minimum(cells - 1, middle * cells // (2 * len(s)))
    w, d, v, x = [], [], [], []
    for k in range(cells):
        a, b = rest[(cell == k) & ~now], rest[(cell == k) & now]
        if min(len(a), len(b)) < 3:
            continue
        w.append(len(a) * len(b) / (len(a) + len(b)))
        d.append(b.mean() - a.mean())
        v.append(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
        x.append(k)
    w, d, v, x = map(np.array, (w, d, v, x))
    t0, v0 = np.sum(w * d), np.sum(w**2 * v)
    u = w * (x - np.sum(w**2 * v * x) / v0)
    t1, v1 = np.sum(u * d), np.sum(u**2 * v)
    x2 = t0**2 / v0 + t1**2 / v1
    return {"x2": float(x2), "p": float(stats.chi2.sf(x2, 2))}


def main():
    out = []
    for name, seed, n, m, draw, now in [
        ("prices", 1, 400, 300, lambda r, n: r.normal(2e5, 6e4, n), lambda r, s: 1.02 * s + r.normal(0, 3e4, len(s))),
        ("ties and a skew", 2, 150, 500, lambda r, n: r.integers(0, 12, n).astype(float), lambda r, s: s + r.exponential(2, len(s)) - 2),
        ("below zero", 3, 60, 45, lambda r, n: r.normal(-3, 1, n), lambda r, s: 0.5 * s + r.normal(0, 1, len(s))),
        ("spread that grows", 4, 1000, 800, lambda r, n: r.gamma(2, 10, n), lambda r, s: s + r.normal(0, 1, len(s)) * s / 5),
    ]:
        r = np.random.default_rng(seed)
        rs, cs = draw(r, n).round(3), draw(r, m).round(3)
        ry, cy = (rs + r.normal(0, np.std(rs) / 3, n)).round(3), now(r, cs).round(3)
        welch = lambda a, b: (lambda t: {"t": float(t.statistic), "p": float(t.pvalue)})(stats.ttest_ind(b, a, equal_var=False))
        out.append({
            "name": name, "ref": rs.tolist(), "ref_y": ry.tolist(), "cur": cs.tolist(), "cur_y": cy.tolist(), "figures": figures(cs, cy),
            "welch": {"mae": welch(np.abs(rs - ry), np.abs(cs - cy)), "bias": welch(rs - ry, cs - cy), "outcome_mean": welch(ry, cy)},
            "meaning": meaning(rs, ry, cs, cy),
        })
    with open("vectors.json", "w") as f:
        json.dump(out, f)


if __name__ == "__main__":
    main()

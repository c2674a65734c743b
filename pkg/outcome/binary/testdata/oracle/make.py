#!/usr/bin/env python3
"""Writes vectors.json.gz: rows, and what NannyML, scikit-learn and statsmodels say.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make.py
"""
import gzip
import json
import os
import warnings

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"  # NannyML tells its makers of every run

import numpy as np
import pandas as pd
import statsmodels.api as sm
from nannyml import CBPE
from scipy import stats
from sklearn import metrics
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression

warnings.simplefilter("ignore")
METRICS = ["roc_auc", "average_precision", "f1", "precision", "recall", "specificity", "accuracy", "confusion_matrix"]
COLUMNS = METRICS[:-1] + ["true_positive", "false_positive", "false_negative", "true_negative"]


def de_long(s, y):
    """By the definition, pair by pair."""
    pos, neg = s[y == 1], s[y == 0]
    psi = (pos[:, None] > neg[None, :]) + 0.5 * (pos[:, None] == neg[None, :])
    variance = psi.mean(1).var(ddof=1) / len(pos) + psi.mean(0).var(ddof=1) / len(neg)
    return float(psi.mean()), float(np.sqrt(variance))


def realised(s, y, t):
    pred = (s >= t).astype(int)
    tn, fp, fn, tp = metrics.confusion_matrix(y, pred, labels=[0, 1]).ravel()
    auc, se = de_long(s, y)
    assert abs(auc - metrics.roc_auc_score(y, s)) < 1e-12
    rate, mean = calibration_curve(y, s, n_bins=10, strategy="quantile")
    return {
        "roc_auc": metrics.roc_auc_score(y, s), "se": se,
        "average_precision": metrics.average_precision_score(y, s),
        "accuracy": metrics.accuracy_score(y, pred),
        "precision": metrics.precision_score(y, pred),
        "recall": metrics.recall_score(y, pred),
        "specificity": metrics.recall_score(y, pred, pos_label=0),
        "f1": metrics.f1_score(y, pred),
        "true_positives": int(tp), "false_positives": int(fp), "false_negatives": int(fn), "true_negatives": int(tn),
        "log_loss": metrics.log_loss(y, s), "brier": metrics.brier_score_loss(y, s),
        "curve_rate": rate.tolist(), "curve_mean": mean.tolist(),
    }


def logit(x, y):
    x = np.clip(x, 1e-6, 1 - 1e-6)
    return sm.Logit(y, sm.add_constant(np.log(x / (1 - x)))).fit(disp=0, method="newton", maxiter=200, tol=1e-14).llf


def case(name, rng, n, m, truth, decimals, t, shift=0.0):
    def draw(k, a, b):
        s = rng.beta(a, b, k)
        s = s if decimals is None else s.round(decimals)
        return s, (rng.random(k) < truth(s)).astype(int)

    s, y = draw(n, 1.5, 2.5)
    y[s.argmin()] = 0  # NannyML loses a positive of the lowest score
    cs, cy = draw(m, 1.5 + shift, 2.5)
    ref = pd.DataFrame({"score": s, "y": y, "pred": (s >= t).astype(int)})
    cur = pd.DataFrame({"score": cs, "pred": (cs >= t).astype(int)})
    cbpe = CBPE(y_pred_proba="score", y_pred="pred", y_true="y", problem_type="classification_binary", chunk_number=1, metrics=METRICS)
    result = cbpe.fit(ref).estimate(cur).filter(period="analysis").to_df()
    grid = np.linspace(0, 1, 41)
    isotonic = IsotonicRegression(out_of_bounds="clip", increasing=True).fit(s, y)
    x2 = 2 * (logit(s, y) + logit(cs, cy) - logit(np.r_[s, cs], np.r_[y, cy]))
    q = isotonic.predict(cs)
    z = float(((cy - q) * (1 - 2 * q)).sum() / np.sqrt(((1 - 2 * q) ** 2 * q * (1 - q)).sum()))
    return {
        "name": name, "threshold": t, "ref": s.tolist(), "ref_y": y.tolist(), "cur": cs.tolist(), "cur_y": cy.tolist(),
        "calibrated": bool(cbpe.needs_calibration), "distinct": len(set(s)) == n,
        "grid": grid.tolist(), "isotonic": isotonic.predict(grid).tolist(),
        "estimate": {c: float(result[(c, "value")].iloc[0]) for c in COLUMNS},
        "sampling_error": {c: float(result[(c, "sampling_error")].iloc[0]) for c in COLUMNS},
        "realised": realised(cs, cy, t),
        "recalibration": {"x2": x2, "p": float(stats.chi2.sf(x2, 2))},
        "spiegelhalter": z,
    }


rng = np.random.default_rng(7)
same = lambda s: s
cases = [
    case("right probabilities", rng, 400, 900, same, None, 0.5),
    case("right, ties", rng, 303, 600, same, 2, 0.37),
    case("overconfident", rng, 800, 700, lambda s: 0.35 + 0.3 * s, 3, 0.5, 1.0),
    case("squared", rng, 1000, 1500, lambda s: s * s, None, 0.5),
    case("few positives", rng, 500, 400, lambda s: 0.3 * s, 2, 0.5),
    case("many positives", rng, 400, 350, lambda s: np.sqrt(s), None, 0.4),
]
with gzip.GzipFile("vectors.json.gz", "w", mtime=0) as out:
    out.write(json.dumps(cases).encode())
print([(c["name"], c["calibrated"]) for c in cases])

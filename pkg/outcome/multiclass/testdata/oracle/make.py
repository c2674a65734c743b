"""Vectors for pkg/outcome/multiclass: what NannyML's CBPE and scikit-learn make of
models that score each of several classes.

    python -m venv oracle && oracle/bin/pip install -r requirements.txt
    oracle/bin/python make.py

writes one JSON file a case beside itself. Scores have eight decimals and no ties, for
NannyML breaks those at random."""
import json
import os
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import metrics
os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"  # vectors are made without telling anybody
import nannyml
from nannyml.performance_estimation.confidence_based import CBPE

warnings.filterwarnings("ignore")
HERE = Path(__file__).parent


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def draw(rng, n, k, sharp, shift, tilt, noise):
    """Rows of a world of k classes, and a model that is sharper than the truth."""
    z = rng.normal(size=(n, k)) * 1.2 + np.linspace(0, tilt, k) + shift
    truth = softmax(z)
    y = (truth.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1).clip(0, k - 1)
    scores = np.round(softmax(sharp * z + rng.normal(size=(n, k)) * noise), 8)
    return scores, y


def case(name, seed, k, n, m, sharp, tilt, noise=0.3):
    rng = np.random.default_rng(seed)
    classes = [chr(ord("a") + i) for i in range(k)]
    ref, ref_y = draw(rng, n, k, sharp, 0, tilt, noise)
    cur, cur_y = draw(rng, m, k, sharp, np.linspace(0.5, -0.5, k), tilt, noise)

    def frame(scores, y, target):
        f = pd.DataFrame(scores, columns=[f"score_{c}" for c in classes])
        f["predicted"] = [classes[i] for i in scores.argmax(axis=1)]
        if target:
            f["target"] = [classes[i] for i in y]
        return f

    names = ["roc_auc", "f1", "precision", "recall", "specificity", "accuracy"]
    cbpe = CBPE(
        y_pred_proba={c: f"score_{c}" for c in classes}, y_pred="predicted", y_true="target",
        metrics=names + ["confusion_matrix"], problem_type="classification_multiclass", chunk_number=1)
    cbpe.fit(frame(ref, ref_y, True))
    got = cbpe.estimate(frame(cur, cur_y, False)).filter(period="analysis").to_df()
    estimated = {f: [float(got[(f, "value")].iloc[0]), float(got[(f, "sampling_error")].iloc[0])] for f in names}
    calibrated = [type(cbpe._calibrators[c]).__name__ != "NoopCalibrator" for c in classes]
    matrix = [[float(got[(f"true_{t}_pred_{p}", "value")].iloc[0]) for p in classes] for t in classes]

    best = cur.argmax(axis=1)
    normed = cur / cur.sum(axis=1, keepdims=True)
    measured = {
        "roc_auc": metrics.roc_auc_score(cur_y, normed, multi_class="ovr", average="macro"),
        "accuracy": metrics.accuracy_score(cur_y, best),
        "precision": metrics.precision_score(cur_y, best, average="macro"),
        "recall": metrics.recall_score(cur_y, best, average="macro"),
        "f1": metrics.f1_score(cur_y, best, average="macro"),
        "log_loss": float(-np.log(cur[np.arange(m), cur_y]).mean()),
    }
    by_class = {
        "roc_auc": [metrics.roc_auc_score(cur_y == i, cur[:, i]) for i in range(k)],
        "precision": metrics.precision_score(cur_y, best, average=None).tolist(),
        "recall": metrics.recall_score(cur_y, best, average=None).tolist(),
        "positive_rate": [float((cur_y == i).mean()) for i in range(k)],
    }
    assert abs(metrics.log_loss(cur_y, normed) - measured["log_loss"]) < 1e-6
    out = {
        "versions": f"nannyml {nannyml.__version__}",
        "reference": [[*map(float, s), int(y)] for s, y in zip(ref, ref_y)],
        "rows": [[*map(float, s), int(y)] for s, y in zip(cur, cur_y)],
        "calibrated": calibrated, "estimated": estimated, "confusion": matrix,
        "measured": measured, "by_class": by_class,
        "matrix": metrics.confusion_matrix(cur_y, best).tolist(),
    }
    (HERE / f"{name}.json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
    print(name, calibrated, estimated, measured)


case("timid", 1, 3, 1200, 500, 0.5, 0.5)
case("right", 5, 3, 1200, 300, 1.0, 0.5, 0)  # needs no calibration
case("sharp", 2, 3, 1500, 400, 2.5, 0.0)
case("four", 3, 4, 1600, 300, 1.8, 1.0)

#!/usr/bin/env python3
"""Makes the churn case: a second model, which has nothing in common with the
sample case, for the test of the installed commands.

    pip install -r pipelines/testdata/churn/requirements.txt
    python pipelines/testdata/churn/make.py pipelines/testdata/churn

Writes into the directory named: model.ubj, features.json, reference.csv and
logs/. Every subscriber is synthetic. Production is drawn as the reference was,
but for one column: SHIFTED is a third higher. The model does not look at it, so
the scores stay as they are.

Python 3.11 or later. Same versions and platform, same bytes out.
"""

import csv
import gzip
import hashlib
import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import xgboost as xgb

SHIFTED = "Rechnungsbetrag €"
TARGET = "gekündigt"
THRESHOLD = 0.35
FOLDS = 20
REFERENCE, ROTATED, LIVE, REQUESTS = 400, 250, 350, 300
START = datetime(2026, 3, 2, 6, 0, tzinfo=timezone(timedelta(hours=1)))  # local time with its offset, as the log has it
ROUTE = "/v2/kündigung"

NUMBERS = ["Vertrag Laufzeit", "Störungen 90 Tage", SHIFTED]
CATEGORIES = ["plan", "Zahlweise", "Filiale"]
RAW = [(name, "number") for name in NUMBERS] + [(name, "category") for name in CATEGORIES] + [("Notiz", "text")]
PLANS = ["Basis", "Komfort", "Premium"]
PAYMENTS = {"Lastschrift": 0.6, "Überweisung": 0.25, "Kreditkarte": 0.15}
NOTES = "bittet um Rückruf|fragt nach einem Rabatt, möchte Bedenkzeit|ist umgezogen|lobt den Service, hat Fragen zur Rechnung|meldet Störung, Techniker war da"
PARAMETERS = {
    "objective": "binary:logistic",
    "max_depth": 3,
    "eta": 0.12,
    "min_child_weight": 4,
    "reg_lambda": 8,
    "subsample": 0.6,
    "tree_method": "hist",
    "nthread": 1,
    "seed": 1,
}
ROUNDS = 60


def draw(rng, n, price):
    """n subscribers, and whether each cancels."""
    rows, cancelled = [], []
    notes = NOTES.split("|")
    for i in range(n):
        months = int(rng.integers(1, 49))
        faults = int(rng.poisson(1.2))
        plan = str(rng.choice(PLANS, p=[0.5, 0.35, 0.15]))
        row = {
            "Vertrag Laufzeit": months,
            "Störungen 90 Tage": faults,
            SHIFTED: round(float(rng.lognormal(3.4, 0.25)) * price, 2),
            "plan": plan,
            "Zahlweise": str(rng.choice(list(PAYMENTS), p=list(PAYMENTS.values()))) if rng.random() > 0.05 else None,
            "Filiale": str(rng.integers(101, 107)),
            "Notiz": f"{rng.choice(notes)}; {rng.choice(notes)} ({rng.integers(10**6)})" if rng.random() > 0.3 else None,
            "Kundennummer": f"K-{rng.integers(10**9):09d}",
        }
        logit = -0.4 - 0.06 * months + 0.55 * faults + {"Basis": 0.3, "Komfort": 0.0, "Premium": -0.8}[plan]
        rows.append(row)
        cancelled.append(int(rng.random() < 1 / (1 + np.exp(-logit))))
    return rows, np.array(cancelled)


def describe():
    """features.json's columns. The invoice is logged but no input of the model."""
    columns = [{"name": name, "op": "number", "from": name} for name in NUMBERS if name != SHIFTED]
    columns += [{"name": f"plan {p}", "op": "onehot", "from": "plan", "missing": "?", "value": p} for p in PLANS]
    columns += [{"name": "zahlt selbst", "op": "onehot", "from": "Zahlweise", "missing": "?", "value": "Überweisung"}]
    columns += [{"name": "Notiz da", "op": "present", "from": "Notiz"}]
    return columns


def cell(column, row):
    value = row[column["from"]]
    if column["op"] == "number":
        return np.nan if value is None else value
    if column["op"] == "present":
        return float(value not in (None, ""))
    return float((column["missing"] if value is None else value) == column["value"])


def matrix(columns, rows, target=None):
    x = np.array([[cell(c, row) for c in columns] for row in rows], dtype=np.float32)
    return xgb.DMatrix(x, target, feature_names=[c["name"] for c in columns])


def train(columns, rows, target):
    return xgb.train(PARAMETERS, matrix(columns, rows, target), ROUNDS)


def cross_fit(rng, columns, rows, target):
    """A score for each row from a model that was made without it."""
    fold = rng.permutation(len(rows)) % FOLDS
    out = np.zeros(len(rows), dtype=np.float32)
    for f in range(FOLDS):
        inside, outside = np.flatnonzero(fold == f), np.flatnonzero(fold != f)
        model = train(columns, [rows[i] for i in outside], target[outside])
        out[inside] = model.predict(matrix(columns, [rows[i] for i in inside]))
    return out


def stamps(rng, n, start, hours):
    at = np.sort(rng.random(n)) * hours * 3600
    return [(start + timedelta(seconds=float(s))).isoformat(timespec="milliseconds") for s in at]


def line(record):
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def predictions(rng, columns, model, n, start):
    rows, _ = draw(rng, n, price=1.35)
    scores = model.predict(matrix(columns, rows))
    lines = []
    for at, row, score in zip(stamps(rng, n, start, 24), rows, scores):
        lines.append(line({
            "model": "2026-02",
            "decision": "kündigt" if score >= THRESHOLD else "bleibt",
            "proba": float(score),
            "took_ms": round(float(rng.lognormal(0.5, 0.3)), 3),
            "time": at,
            "features": {k: v for k, v in row.items() if v is not None},
        }))
    return "".join(lines)


def requests(rng, n, start):
    lines = []
    for at in stamps(rng, n, start, 48):
        status = 200 if rng.random() > 0.01 else 503
        lines.append(line({
            "time": at, "verb": "POST", "route": ROUTE, "status": status,
            "took_ms": round(float(rng.lognormal(2, 0.4)), 2),
        }))
    return "".join(lines)


def main():
    out = Path(sys.argv[1])
    (out / "logs").mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(20260301)

    columns = describe()
    rows, target = draw(rng, REFERENCE, price=1.0)
    scores = cross_fit(rng, columns, rows, target)
    with open(out / "reference.csv", "w", newline="") as f:
        table = csv.writer(f, lineterminator="\n")
        table.writerow([*rows[0], TARGET, "proba"])
        for row, y, score in zip(rows, target, scores):
            table.writerow([*("" if v is None else v for v in row.values()), y, f"{score:.6g}"])

    model = train(columns, rows, target)
    model.save_model(out / "model.ubj")
    features = {
        "version": 1,
        "model_sha256": {"ubj": hashlib.sha256((out / "model.ubj").read_bytes()).hexdigest()},
        "raw": [{"name": name, "type": kind} for name, kind in RAW],
        "columns": columns,
    }
    (out / "features.json").write_text(json.dumps(features, ensure_ascii=False, indent=1) + "\n")

    rotated = predictions(rng, columns, model, ROTATED, START)
    with open(out / "logs" / "predictions.jsonl.1.gz", "wb") as f:
        f.write(gzip.compress(rotated.encode(), mtime=0))
    (out / "logs" / "predictions.jsonl").write_text(predictions(rng, columns, model, LIVE, START + timedelta(days=1)))
    (out / "logs" / "api_requests.jsonl").write_text(requests(rng, REQUESTS, START))


if __name__ == "__main__":
    main()

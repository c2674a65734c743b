#!/usr/bin/env python3
"""Trains the sample model and writes what belongs to it.

    pip install -r testdata/train/requirements.txt
    simulate reference --seed 2 --rows 20000 > fresh.csv
    simulate reference --seed 1 --rows 303 | python testdata/train/train.py --fresh fresh.csv testdata

From the raw rows of the reference on stdin it writes, into the directory named:

    model.json, model.ubj   the model, trained on all rows
    features.json           how a raw lead becomes the model's columns
    reference.csv           the rows with their score
    oracle/leads.jsonl.gz   leads, their columns and their score, to test against
    oracle/training.json    how like the reference's scores are to those of the fresh rows

A reference score comes from a model that has not seen its row (20-fold
cross-fitting; encoders, medians and trees are made anew in each fold). The
production scores come from the one model that saw all rows. Both must be
distributed alike while the population stays as it is, or the score check would
raise a false alarm every night. So the trees are shallow and many, leaves are
shrunk (reg_lambda, min_child_weight) and the rates by category are smoothed and
out-of-fold in training too.

How the settings came about: milder shrinkage (min_child_weight 5, reg_lambda
10, 100 rounds) gave a PSI of 0.045 and a KS distance of 0.089 on this very
sample; the present one gives less for each of four ways to cut the folds. It is
no promise for another sample: over the references of seeds 101 to 116 the PSI
was 0.02 on average and above 0.05 for two. So the script measures it, and fails
above PSI_AIM.

Same input, same bytes out: one thread, seeds, no clock.
"""

import argparse
import csv
import gzip
import hashlib
import io
import json
import os
import sys

import numpy as np
import xgboost as xgb

import calibration
import columns as leads

ROUNDS = 150
PARAMETERS = {
    "objective": "binary:logistic",
    "max_depth": 3,
    "eta": 0.05,
    "min_child_weight": 8,
    "reg_lambda": 20,
    "subsample": 0.5,
    "colsample_bytree": 0.2,
    "tree_method": "hist",
    "nthread": 1,
    "seed": 1,
}
CROSS_FOLDS = 20
RATE_FOLDS = 10
CROSS_SEED, RATE_SEED, ORACLE_SEED = 7, 11, 13
PSI_AIM = 0.05
ORACLE_LEADS = 2000


def read(lines):
    """Raw leads, their target, and the file's own cells with its header."""
    kind = dict(leads.RAW)
    table = csv.DictReader(lines)
    absent = [name for name in [*kind, leads.TARGET] if name not in (table.fieldnames or [])]
    if absent:
        sys.exit(f"train.py: no column {', '.join(absent)} in the reference")
    cells = list(table)
    rows = [
        {name: leads.read_number(row[name]) if kind[name] == "number" else row[name] or None for name in kind}
        for row in cells
    ]
    target = np.array([int(float(row[leads.TARGET])) for row in cells])
    return rows, target, cells, table.fieldnames


def matrix(columns, x, target=None):
    return xgb.DMatrix(x, target, feature_names=[c["name"] for c in columns])


def train(rows, target):
    columns, x = leads.training_matrix(rows, target, RATE_FOLDS, RATE_SEED)
    return columns, xgb.train(PARAMETERS, matrix(columns, x, target), ROUNDS)


def score(columns, model, rows):
    return model.predict(matrix(columns, leads.apply(columns, rows)))


def cross_fit(rows, target):
    """A score for each row from a model that was made without it."""
    out = np.zeros(len(rows), dtype=np.float32)
    fold = leads.folds(len(rows), CROSS_FOLDS, CROSS_SEED)
    for f in range(CROSS_FOLDS):
        inside, outside = np.flatnonzero(fold == f), np.flatnonzero(fold != f)
        made = train([rows[i] for i in outside], target[outside])
        out[inside] = score(*made, [rows[i] for i in inside])
    return out


def splits(model):
    """(column, threshold) of every split, each pair once."""
    found = {}
    for dump in model.get_dump(dump_format="json"):
        stack = [json.loads(dump)]
        while stack:
            node = stack.pop()
            if "split" in node:
                found[node["split"], np.float32(node["split_condition"])] = None
                stack += node["children"]
    return list(found)


def oracle_leads(columns, model, fresh):
    """Leads as they come, with gaps, with values the training never saw, and with
    numbers exactly at a threshold and one float32 step below it."""
    rng = np.random.default_rng(ORACLE_SEED)
    rows = [dict(row) for row in fresh[:ORACLE_LEADS]]
    for i, row in enumerate(rows):
        if i % 8 and row["summary"]:  # most of the file would be prose
            row["summary"] = row["summary"][: 20 + i % 100]
    strange = ["", " ", "ünïcode 東京", "english", "A,,B, ,C", "Chief Sales INTERN", "founder\nCEO", "1"]
    names = [name for name, _ in leads.RAW]
    kind = dict(leads.RAW)
    for i, row in enumerate(rows):
        if i % 4 == 1:
            for name in rng.choice(names, rng.integers(1, len(names) + 1), replace=False):
                row[str(name)] = None
        if i % 4 == 2:
            for name in rng.choice(names, 4, replace=False):
                if kind[str(name)] == "number":
                    row[str(name)] = float(np.round(rng.normal() * 1000, 3))
                else:
                    row[str(name)] = strange[rng.integers(len(strange))]
    straight = {c["name"]: c["from"] for c in columns if c["op"] == "number" and "scale" not in c}
    exact = [(straight[name], t) for name, t in splits(model) if name in straight]
    for i, row in enumerate(rows[3::4]):
        name, t = exact[i // 2 % len(exact)]
        row[name] = float(t if i % 2 else np.nextafter(t, np.float32(-np.inf)))
    return rows


def oracle_matrix(columns, model, fresh):
    """Model rows without a lead: missing values in any column, and a threshold
    or the float32 step below it in one."""
    rng = np.random.default_rng(ORACLE_SEED)
    index = {c["name"]: i for i, c in enumerate(columns)}
    cuts = splits(model)
    x = leads.apply(columns, fresh[ORACLE_LEADS:][: 2 * len(cuts)])
    x[rng.random(x.shape) < 0.1] = np.nan
    for i in range(len(x)):
        name, t = cuts[i // 2 % len(cuts)]
        x[i, index[name]] = t if i % 2 else np.nextafter(t, np.float32(-np.inf))
    return x


def write(directory, name, data):
    path = os.path.join(directory, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".tmp", "wb") as f:
        f.write(data)
    os.replace(path + ".tmp", path)


def shortest(values):
    """float32 values as the shortest decimals that read back; NaN as null."""
    return "[" + ",".join("null" if np.isnan(v) else str(v).removesuffix(".0") for v in values) + "]"


def plain(row):
    """A lead as JSON has it: whole numbers without a point."""
    return {k: int(v) if isinstance(v, float) and v.is_integer() else v for k, v in row.items()}


def oracle(columns, model, fresh):
    lines = []
    rows = oracle_leads(columns, model, fresh)
    x = leads.apply(columns, rows)
    for row, values, s in zip(rows, x, model.predict(matrix(columns, x))):
        lead = json.dumps(plain(row), ensure_ascii=False)
        lines.append(f'{{"lead":{lead},"columns":{shortest(values)},"score":{s!s}}}\n')
    x = oracle_matrix(columns, model, fresh)
    for values, s in zip(x, model.predict(matrix(columns, x))):
        lines.append(f'{{"columns":{shortest(values)},"score":{s!s}}}\n')
    return gzip.compress("".join(lines).encode(), mtime=0)


def as_csv(cells, header, scores):
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow([*header, "score"])
    for row, s in zip(cells, scores):
        table.writerow([*(row[name] for name in header), str(s)])
    return out.getvalue().encode()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fresh", required=True, help="CSV of other rows of the same population")
    parser.add_argument("directory")
    args = parser.parse_args()
    rows, target, cells, header = read(sys.stdin)
    with open(args.fresh, newline="") as f:
        fresh, fresh_target, _, _ = read(f)

    columns, model = train(rows, target)
    held_out = cross_fit(rows, target)
    production = score(columns, model, fresh)
    report = {
        "rows": len(rows),
        "fresh_rows": len(fresh),
        "share": round(float(target.mean()), 4),
        "fresh_share": round(float(fresh_target.mean()), 4),
        "auc_held_out": round(calibration.auc(target, held_out), 4),
        "auc_fresh": round(calibration.auc(fresh_target, production), 4),
        "psi": round(calibration.psi(held_out, production), 4),
        "ks": round(calibration.ks(held_out, production), 4),
        "mean_held_out": round(float(held_out.mean()), 4),
        "mean_fresh": round(float(production.mean()), 4),
    }
    print(json.dumps(report, indent=1), file=sys.stderr)
    if report["psi"] >= PSI_AIM:
        sys.exit(f"train.py: scores of fresh rows look drifted: PSI {report['psi']}, want below {PSI_AIM}")

    digest = {}
    for form in ("json", "ubj"):
        data = bytes(model.save_raw(raw_format=form))
        digest[form] = hashlib.sha256(data).hexdigest()
        write(args.directory, "model." + form, data)
    features = {
        "version": 1,
        "model_sha256": digest,
        "raw": [{"name": name, "type": kind} for name, kind in leads.RAW],
        "columns": columns,
    }
    write(args.directory, "features.json", json.dumps(features, indent=1, ensure_ascii=False).encode() + b"\n")
    write(args.directory, "reference.csv", as_csv(cells, header, held_out))
    write(args.directory, "oracle/leads.jsonl.gz", oracle(columns, model, fresh))
    write(args.directory, "oracle/training.json", json.dumps(report, indent=1).encode() + b"\n")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Makes models of every kind that is read, by the libraries themselves, and their scores.

    pip install -r requirements-kinds.txt && python kinds.py

writes kind_NAME.ubj (XGBoost) and kind_NAME.lightgbm beside this file, small ones, each with a
.csv of rows (empty is missing), the library's scores and its margins, and a .contribs of what
its features contribute where the library says so. Among the rows are values at thresholds and a
step beside them, and of categories ones that training never met, fractions and negative numbers.
A margin is what scores are made of: for LightGBM's sigmoid=2 twice its raw score.

    python kinds.py DIR 200 3000

writes larger ones into DIR, of 200 rounds with 3,000 rows each.
"""
import csv
import json
import os
import sys

import lightgbm as lgb
import numpy as np
import pandas as pd
import xgboost as xgb

HERE = os.path.dirname(os.path.abspath(__file__))
DIR, ROUNDS, ROWS = (sys.argv[1], int(sys.argv[2]), int(sys.argv[3])) if len(sys.argv) > 1 else (HERE, 3, 16)
N = 4 * ROWS if len(sys.argv) > 1 else 300
rng = np.random.default_rng(1)

# Two numbers, one of them with ties and zeros, and two categories of 6 and of 100 values.
X = np.column_stack([rng.normal(size=N), np.round(rng.normal(size=N) * 2), rng.integers(0, 6, N), rng.integers(0, 100, N)]).astype(float)
margin = X[:, 0] - 0.5 * X[:, 1] + np.isin(X[:, 2], (1, 4)) - 2 * (X[:, 3] % 7 == 0) + rng.normal(size=N) / 2
X[rng.random(X.shape) < 0.08] = np.nan
Y = (margin > 0).astype(float)
COUNT = rng.poisson(np.exp(np.clip(margin, -3, 2) / 2)).astype(float)
Y3 = np.digitize(margin, [-1, 1]).astype(float)
GROUPS = [20] * (N // 20)
RANK = np.clip(np.round(margin), 0, 4)


def rows_for(thresholds, step, categories):
    """Rows of the training data, changed at the model's thresholds and in the categories."""
    rows = list(X[:ROWS])
    for i, (feature, t) in enumerate(thresholds[:ROWS]):
        for v in (t, step(t, -np.inf), step(t, np.inf)):
            row = X[i % N].copy()
            row[feature] = v
            rows.append(row)
    for i, v in enumerate([-1.0, -0.5, -0.0, 0.0, 1.5, 5.0, 5.999, 6.0, 31.0, 63.0, 64.0, 99.0, 100.0, 1e5, 1e-36, -1e-36] * 2):
        row = X[i].copy()
        row[2 + i % 2 if categories else i % 4] = v
        rows.append(row)
    rows.append(np.full(X.shape[1], np.nan))
    return np.array(rows, dtype=float)


def write(name, rows, scores, margins, contribs):
    base = os.path.join(DIR, "kind_" + name)
    scores, margins = np.asarray(scores, float).reshape(len(rows), -1), np.asarray(margins, float).reshape(len(rows), -1)
    outputs = range(scores.shape[1])
    with open(base + ".csv", "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow([f"f{i}" for i in range(rows.shape[1])] + [f"score{i}" for i in outputs] + [f"margin{i}" for i in outputs])
        for row, score, m in zip(rows, scores, margins):
            out.writerow(["" if np.isnan(v) else repr(float(v)) for v in [*row, *score, *m]])
    structures = ("onehot", "partition", "frame", "categories", "zero", "forest", "sigmoid", "poisson")
    if contribs is not None and (DIR != HERE or name.split("_", 1)[1] in structures):
        with open(base + ".contribs", "w") as f:
            f.writelines(" ".join(f"{v:.9g}" for v in row) + "\n" for row in np.asarray(contribs).reshape(len(rows), -1))


def xgboost_kind(name, objective, y, categories=True, contribs=True, **params):
    types = ["q", "q", "c", "c"] if categories else ["q"] * 4
    data = xgb.DMatrix(X, y, feature_types=types, enable_categorical=True)
    if objective.startswith("rank:"):
        data.set_group(GROUPS)
    booster = xgb.train({"objective": objective, "max_depth": 4, "tree_method": "hist", "nthread": 1, "seed": 1, **params}, data, ROUNDS)
    path = os.path.join(DIR, f"kind_{name}.ubj")
    booster.save_model(path)
    thresholds = []
    model = json.loads(booster.save_raw("json").decode().replace("NaN", "null"))["learner"]["gradient_booster"]
    for tree in model.get("gbtree", model)["model"]["trees"]:
        for left, feature, kind, value in zip(tree["left_children"], tree["split_indices"], tree["split_type"], tree["split_conditions"]):
            if left != -1 and kind == 0:
                thresholds.append((feature, np.float32(value)))
    rows = rows_for(thresholds, lambda t, to: np.nextafter(np.float32(t), np.float32(to)), categories)
    if categories:  # XGBoost refuses categories below 0
        rows[:, 2:] = np.where(rows[:, 2:] < 0, np.nan, rows[:, 2:])
    matrix = xgb.DMatrix(rows, feature_types=types, enable_categorical=True)
    write(name, rows, booster.predict(matrix), booster.predict(matrix, output_margin=True), booster.predict(matrix, pred_contribs=True) if contribs else None)


def lightgbm_kind(name, objective, y, categories=True, times=1.0, share=1.0, **params):
    data = lgb.Dataset(X, y, categorical_feature=[2, 3] if categories else [], group=GROUPS if "rank" in objective else None)
    p = {"objective": objective, "num_leaves": 12, "min_data_in_leaf": 5, "min_data_per_group": 5, "cat_smooth": 1, "verbose": -1, "num_threads": 1, "seed": 1, "deterministic": True, **params}
    booster = lgb.train(p, data, ROUNDS)
    booster.save_model(os.path.join(DIR, f"kind_{name}.lightgbm"))
    thresholds = []
    def walk(node):
        if "left_child" in node:
            if node["decision_type"] == "<=":
                thresholds.append((node["split_feature"], node["threshold"]))
            walk(node["left_child"])
            walk(node["right_child"])
    for tree in booster.dump_model()["tree_info"]:
        walk(tree["tree_structure"])
    rows = rows_for(thresholds, np.nextafter, categories)
    write(name, rows, booster.predict(rows), share * times * booster.predict(rows, raw_score=True), share * times * booster.predict(rows, pred_contrib=True))


def frame_kind():
    """Categories of a data frame: the model knows their names, and its rows hold their codes."""
    frame = pd.DataFrame({"n": X[:, 0], "kind": pd.Categorical([None if np.isnan(v) else f"kind {int(v)}" for v in X[:, 2]])})
    data = xgb.DMatrix(frame, Y, enable_categorical=True)
    booster = xgb.train({"objective": "binary:logistic", "max_depth": 3, "nthread": 1}, data, ROUNDS)
    booster.save_model(os.path.join(DIR, "kind_xgb_frame.ubj"))
    matrix = xgb.DMatrix(frame[:ROWS], enable_categorical=True)
    codes = frame["kind"].cat.codes.to_numpy().astype(float)
    rows = np.column_stack([X[:, 0], np.where(codes < 0, np.nan, codes)])[:ROWS]
    write("xgb_frame", rows, booster.predict(matrix), booster.predict(matrix, output_margin=True), booster.predict(matrix, pred_contribs=True))


def main():
    xgboost_kind("xgb_onehot", "binary:logistic", Y, max_cat_to_onehot=200)
    xgboost_kind("xgb_partition", "binary:logistic", Y, max_cat_to_onehot=1)
    xgboost_kind("xgb_classes", "multi:softprob", Y3, num_class=3, max_cat_to_onehot=3)
    xgboost_kind("xgb_dart", "binary:logistic", Y, booster="dart", rate_drop=0.3, max_cat_to_onehot=1, contribs=False)
    frame_kind()
    for objective, y in [("count:poisson", COUNT), ("reg:gamma", COUNT + 1), ("reg:tweedie", COUNT), ("reg:squaredlogerror", COUNT), ("binary:hinge", Y),
                         ("rank:ndcg", RANK), ("rank:pairwise", RANK), ("rank:map", Y), ("survival:cox", COUNT + 1)]:
        xgboost_kind("xgb_" + objective.split(":")[1], objective, y, categories=False)
    xgboost_kind("xgb_quantile", "reg:quantileerror", margin, categories=False, quantile_alpha=0.8)
    xgboost_kind("xgb_huber", "reg:pseudohubererror", margin, categories=False)

    lightgbm_kind("lgb_categories", "binary", Y)
    lightgbm_kind("lgb_onehot", "binary", Y, max_cat_to_onehot=200)
    lightgbm_kind("lgb_zero", "binary", Y, zero_as_missing=True)
    lightgbm_kind("lgb_unseen", "binary", Y, categories=False, use_missing=False)
    lightgbm_kind("lgb_forest", "binary", Y, boosting="rf", bagging_freq=1, bagging_fraction=0.6, share=1 / ROUNDS)  # of raw scores LightGBM gives the sum, and of scores the mean
    lightgbm_kind("lgb_sigmoid", "binary", Y, sigmoid=2.0, times=2.0)
    lightgbm_kind("lgb_classes", "multiclass", Y3, num_class=3)
    lightgbm_kind("lgb_ova", "multiclassova", Y3, num_class=3, sigmoid=1.5, times=1.5)
    lightgbm_kind("lgb_dart", "binary", Y, boosting="dart", drop_rate=0.3)
    for objective, y in [("cross_entropy", Y), ("cross_entropy_lambda", Y), ("poisson", COUNT), ("gamma", COUNT + 1), ("tweedie", COUNT), ("lambdarank", RANK), ("rank_xendcg", RANK),
                         ("regression_l1", margin), ("huber", margin), ("fair", margin), ("quantile", margin), ("mape", margin + 10)]:
        lightgbm_kind("lgb_" + objective, objective, y, categories=False)
    lightgbm_kind("lgb_sqrt", "regression", COUNT * 1000, categories=False, reg_sqrt=True)


if __name__ == "__main__":
    main()

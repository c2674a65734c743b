#!/usr/bin/env python3
"""Makes the small models beside this file, and XGBoost's own scores for them.

    pip install -r requirements.txt && python models.py

For each model NAME it writes NAME.json, NAME.ubj and NAME.csv: rows (empty is
missing) with the scores and the margins (output_margin of Booster.predict,
whose bits inplace_predict does not have for dart) that XGBoost gives them, one
of each an output. Among the rows are, for each of the first 40
splits, one exactly at its threshold and one a float32 step below it. NAME.contribs,
for some, has the rows' pred_contribs, output by output. NAME.gain has XGBoost's importances, one feature a line: gain and total_gain; logistic.joblib and
logistic.protocol5 are the pickled classifier. The models
in refused/ are ones that the parser must turn away.

Under another XGBoost it makes only the basic model, named after that version:

    pip install 'numpy<2' 'pandas<2.2' 'scikit-learn<1.4' xgboost==1.7.6 && python models.py
"""
import csv
import json
import os
import pickle

import joblib
import numpy as np
import xgboost as xgb

HERE = os.path.dirname(os.path.abspath(__file__))
VERSION = tuple(int(p) for p in xgb.__version__.split("."))


def sample(n, features, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, features)).astype(np.float32)
    x[:, -1] = np.round(x[:, -1] * 2)  # ties, and thresholds that are data
    margin = x[:, 0] - 0.5 * x[:, -1] + rng.normal(size=n)
    x[rng.random(x.shape) < 0.1] = np.nan
    return x, margin


def thresholds(path):
    with open(path) as f:
        booster = json.load(f)["learner"]["gradient_booster"]
    model = booster.get("gbtree", booster)["model"]
    for tree in model["trees"]:
        for left, feature, value in zip(tree["left_children"], tree["split_indices"], tree["split_conditions"]):
            if left != -1 and feature < 2**31 - 1:
                yield feature, np.float32(value)


def leaf_values(name):
    with open(os.path.join(HERE, name + ".json")) as f:
        for tree in json.load(f)["learner"]["gradient_booster"]["model"]["trees"]:
            yield from (v for left, v in zip(tree["left_children"], tree["split_conditions"]) if left == -1)


def save(name, model, x, ubj=True, contribs=False):
    """Saves model with the scores and margins of about 150 rows."""
    base = os.path.join(HERE, name)
    model.save_model(base + ".json")
    if ubj:
        model.save_model(base + ".ubj")
    rows = [r for r in x[:60]]
    cuts = list(thresholds(base + ".json"))[:40]
    for i, (feature, value) in enumerate(cuts):
        for v in (value, np.nextafter(value, np.float32(-np.inf))):
            row = x[i % len(x)].copy()
            row[feature] = v
            rows.append(row)
    rows.append(np.full(x.shape[1], np.nan))
    rows = np.array(rows, dtype=np.float32)
    if isinstance(model, xgb.XGBClassifier):
        scores = model.predict_proba(rows)
        if scores.shape[1] == 2:
            scores = scores[:, 1]
        booster = model.get_booster()
        rounds = getattr(model, "best_iteration", booster.num_boosted_rounds() - 1) + 1 if VERSION[0] > 2 else 0
    elif isinstance(model, xgb.XGBRegressor):
        scores = model.predict(rows)
        booster, rounds = model.get_booster(), 0
    else:
        scores = model.predict(xgb.DMatrix(rows, feature_names=model.feature_names))
        booster, rounds = model, 0
    matrix = xgb.DMatrix(rows, feature_names=booster.feature_names)
    margins = booster.predict(matrix, output_margin=True, iteration_range=(0, rounds))
    scores, margins = scores.reshape(len(rows), -1), margins.reshape(len(rows), -1)
    outputs = range(scores.shape[1])
    if contribs:
        values = booster.predict(matrix, pred_contribs=True, iteration_range=(0, rounds))
        with open(base + ".contribs", "w") as f:
            f.writelines(" ".join(map(str, row)) + "\n" for row in values.reshape(len(rows), -1))
    with open(base + ".csv", "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow([f"f{i}" for i in range(x.shape[1])] + [f"score{i}" for i in outputs] + [f"margin{i}" for i in outputs])
        for row, score, margin in zip(rows, scores, margins):
            out.writerow(["" if np.isnan(v) else str(v) for v in [*row, *score, *margin]])


def main():
    x, margin = sample(300, 4, 1)
    y = (margin > 0).astype(int)
    p = dict(n_estimators=5, max_depth=3, learning_rate=0.3, n_jobs=1, random_state=1)
    classify = lambda **kw: xgb.XGBClassifier(**{**p, **kw})

    if VERSION[0] != 3:
        extra = dict(use_label_encoder=False) if VERSION < (1, 6) else {}
        save("v%d.%d.%d" % VERSION, classify(tree_method="hist", **extra).fit(x, y), x, ubj=VERSION >= (1, 6))
        save("v%d.%d.%d_softprob" % VERSION, classify(n_estimators=2, max_depth=2, tree_method="hist", **extra).fit(x, np.digitize(margin, [-1, 1])), x, ubj=False)
        m = classify(missing=-999.0, **extra).fit(x, y)
        if VERSION < (2,):
            m.save_model(os.path.join(HERE, "refused", "missing.json"))
            m.get_booster().save_model(os.path.join(HERE, "refused", "binary.deprecated"))
        return

    logistic = classify().fit(x, y)
    save("logistic", logistic, x, contribs=True)
    joblib.dump(logistic, os.path.join(HERE, "logistic.joblib"))
    with open(os.path.join(HERE, "logistic.protocol5"), "wb") as f:
        pickle.dump(logistic, f, protocol=5)
    with open(os.path.join(HERE, "logistic.gain"), "w") as f:
        gain, total = (logistic.get_booster().get_score(importance_type=kind) for kind in ("gain", "total_gain"))
        f.writelines(f"{gain.get(f'f{i}', 0.0)} {total.get(f'f{i}', 0.0)}\n" for i in range(x.shape[1]))
    save("exact", classify(tree_method="exact").fit(x, y), x)
    save("base_score", classify(base_score=0.3).fit(x, y), x)
    save("one_feature", classify().fit(x[:, :1], y), x[:, :1])
    save("parallel", classify(num_parallel_tree=4, n_estimators=2, subsample=0.7).fit(x, y), x, contribs=True)
    save("dart", classify(booster="dart", rate_drop=0.5, one_drop=1).fit(x, y), x, contribs=True)
    save("pruned", classify(gamma=3.0, tree_method="exact", max_depth=5, n_estimators=3).fit(x, y), x)
    save("deep", classify(grow_policy="lossguide", max_depth=0, max_leaves=24, n_estimators=3).fit(x, y), x, contribs=True)
    save("logitraw", classify(objective="binary:logitraw", base_score=0.3).fit(x, y), x)

    # All leaves positive: the positive class is most of the data, and the start is far below.
    positive = classify(base_score=0.05, max_depth=2, min_child_weight=2, learning_rate=0.05).fit(x, (margin > -1).astype(int))
    save("positive", positive, x)
    assert min(leaf_values("positive")) > 0
    # No split pays: every tree is its root.
    save("constant", classify(gamma=1e6).fit(x, y), x, contribs=True)
    # The last rounds fit noise, so the best iteration is not the last.
    early = classify(n_estimators=40, early_stopping_rounds=4, max_depth=5)
    half = len(x) // 2
    early.fit(x[:half], y[:half], eval_set=[(x[half:], y[half:])], verbose=False)
    assert early.best_iteration + 1 < early.get_booster().num_boosted_rounds()
    save("early", early, x, contribs=True)

    regress = lambda **kw: xgb.XGBRegressor(**{**p, **kw})
    save("squarederror", regress().fit(x, margin * 10), x, contribs=True)
    save("absoluteerror", regress(objective="reg:absoluteerror").fit(x, margin), x)

    names = ["alpha", "beta", "gamma", "δ"]
    d = xgb.DMatrix(x, y, feature_names=names)
    save("names", xgb.train(dict(objective="binary:logistic", max_depth=2), d, 3), x)

    y3 = np.digitize(margin, [-1, 1])
    save("softprob", classify(n_estimators=4).fit(x, y3), x, contribs=True)
    save("softprob_parallel", classify(n_estimators=2, num_parallel_tree=2, subsample=0.7, max_depth=2).fit(x, y3), x)
    save("softprob_dart", classify(n_estimators=4, max_depth=2, booster="dart", rate_drop=0.5, one_drop=1).fit(x, y3), x)

    refused = lambda name: os.path.join(HERE, "refused", name)
    linear = dict(booster="gblinear", objective="binary:logistic", updater="coord_descent")
    xgb.train(linear, d, 2).save_model(refused("gblinear.json"))
    xgb.train(dict(objective="multi:softmax", num_class=3, max_depth=1), xgb.DMatrix(x, y3), 1).save_model(refused("softmax.ubj"))
    regress(n_estimators=1, max_depth=2, multi_strategy="multi_output_tree").fit(x, np.stack([margin, -margin], 1)).save_model(refused("multi_tree.json"))
    regress(n_estimators=1, max_depth=2).fit(x, np.stack([margin, -margin], 1)).save_model(refused("multi_target.ubj"))
    joblib.dump([logistic, logistic.get_booster().copy()], refused("two.joblib"))
    joblib.dump(classify(missing=-999.0, n_estimators=1).fit(x, y), refused("missing.joblib"))
    joblib.dump(logistic, os.path.join(HERE, "compressed.packed"), compress=3)
    joblib.dump([1, 2], refused("other.joblib"))
    from lightgbm import LGBMClassifier
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.ensemble import RandomForestClassifier

    two, y2 = np.random.default_rng(1).normal(size=(60, 2)), np.arange(60) % 2
    joblib.dump(CalibratedClassifierCV(xgb.XGBClassifier(n_estimators=1, max_depth=1), cv=2, ensemble=False).fit(two, y2), refused("calibrated.joblib"))
    joblib.dump(RandomForestClassifier(1, max_depth=2, random_state=1).fit(two, y2), refused("forest.joblib"))
    joblib.dump(LGBMClassifier(n_estimators=1, num_leaves=3, verbose=-1).fit(two, y2), refused("lightgbm.joblib"))


if __name__ == "__main__":
    main()

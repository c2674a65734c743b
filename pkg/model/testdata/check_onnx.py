#!/usr/bin/env python3
"""Checks the ONNX files that export.ONNX makes of the models beside this file.

    pip install -r requirements-onnx.txt && python check_onnx.py

Each must pass the ONNX checker, with shape inference, and carry the model's
metadata. ONNX Runtime must give every row of the model's CSV the score that
XGBoost gave it, and, of the models that onnxmltools can convert, the scores and
labels that it gives for that conversion. The SHA-256 of each goes into
onnx.checked. --compare DIR checks only that the runtime of this environment, of
any version, scores the files in DIR as XGBoost does.
"""
import csv
import glob
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import onnx
import onnxruntime

HERE = os.path.dirname(os.path.abspath(__file__))


def oracle(name):
    with open(os.path.join(HERE, name + ".csv")) as f:
        header, *lines = csv.reader(f)
    table = np.array([[np.nan if cell == "" else np.float32(cell) for cell in line] for line in lines], dtype=np.float32)
    features = [i for i, h in enumerate(header) if h.startswith("f")]
    scores = [i for i, h in enumerate(header) if h.startswith("score")]
    return table[:, features], table[:, scores]


def run(data, rows):
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    (input,) = session.get_inputs()
    outputs = [o.name for o in session.get_outputs()]
    return dict(zip(outputs, session.run(outputs, {input.name: rows})))


def reference(name):
    """onnxmltools' own conversion, or None where it cannot."""
    import xgboost
    from onnxmltools import convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    with open(os.path.join(HERE, name + ".json")) as f:
        learner = json.load(f)["learner"]
    if learner["gradient_booster"]["name"] != "gbtree" or learner["feature_names"]:
        return None
    kind = xgboost.XGBRegressor if learner["objective"]["name"].startswith("reg:") else xgboost.XGBClassifier
    model = kind()
    model.load_model(os.path.join(HERE, name + ".json"))
    n = int(learner["learner_model_param"]["num_feature"])
    try:
        return convert_xgboost(model, initial_types=[("input", FloatTensorType([None, n]))], target_opset=15).SerializeToString()
    except Exception as e:
        print(f"{name}: onnxmltools: {type(e).__name__}: {str(e)[:100]}")
        return None


def difference(got, want):
    return float(np.max(np.abs(got - want) / np.maximum(1, np.abs(want))))


def check(path):
    base = os.path.basename(path)
    name = base.removesuffix(".onnx").removesuffix(".compat")
    with open(path, "rb") as f:
        data = f.read()
    rows, want = oracle(name)
    got = run(data, rows)
    if "score" in got:
        scores = got["score"]
    else:
        scores = got["probabilities"]
        assert np.array_equal(got["label"], scores.argmax(axis=1)), base
        if want.shape[1] == 1:
            assert difference(scores.sum(axis=1), np.ones(len(rows))) < 1e-6, base
            scores = scores[:, 1:]
    worst = difference(scores, want)
    assert scores.shape == want.shape and worst <= 1e-6, (base, worst)
    return data, name, rows, got, worst


def main():
    if sys.argv[1:2] == ["--compare"]:
        files = sorted(glob.glob(os.path.join(sys.argv[2], "*.onnx")))
        worst = max(check(path)[-1] for path in files)
        print(f"ONNX Runtime {onnxruntime.__version__}: {len(files)} files, largest difference {worst:.2g}")
        return
    warnings.filterwarnings("ignore")
    lines, worst, compared = [], 0, 0
    with tempfile.TemporaryDirectory() as dir:
        subprocess.run(["go", "test", "-count=1", "-run", "TestONNXIsAsChecked", "../export", "-onnx", dir], cwd=HERE, check=True, stdout=subprocess.DEVNULL)
        for path in sorted(glob.glob(os.path.join(dir, "*.onnx"))):
            data, name, rows, got, off = check(path)
            worst = max(worst, off)
            lines.append(f"{hashlib.sha256(data).hexdigest()}  {os.path.basename(path)}\n")
            model = onnx.load_from_string(data)
            onnx.checker.check_model(model, full_check=True)
            meta = {p.key: p.value for p in model.metadata_props}
            with open(os.path.join(HERE, name + ".json"), "rb") as f:
                text = f.read()
            learner = json.loads(text)["learner"]
            assert meta["leadsman.model_sha256"] == hashlib.sha256(text).hexdigest(), name
            assert meta["leadsman.objective"] == learner["objective"]["name"], name
            assert json.loads(meta.get("leadsman.features", "[]")) == learner["feature_names"], name
            other = reference(name) if "probabilities" in got or "reg:" in learner["objective"]["name"] else None
            if other is not None:
                theirs = run(other, rows)
                ours = got.get("probabilities", got.get("score"))
                off = difference(list(theirs.values())[-1], ours)
                if off > 1e-6:  # ours are XGBoost's, as check has seen
                    print(f"{name}: onnxmltools' conversion is off by {off:.2g}")
                    continue
                assert "label" not in got or np.array_equal(theirs["label"], got["label"]), name
                compared += 1
    with open(os.path.join(HERE, "onnx.checked"), "w") as f:
        f.writelines(lines)
    print(f"{len(lines)} files, largest difference from XGBoost {worst:.2g}; {compared} agree with onnxmltools' conversion")


if __name__ == "__main__":
    main()

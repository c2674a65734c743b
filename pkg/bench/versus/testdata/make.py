"""Writes holdout.csv, 300 rows with outcomes, and sklearn.json, what scikit-learn says of
the predictions that ONNX Runtime makes for them with two of the models of
pkg/model/testdata/onnx. Needs scikit-learn and onnxruntime."""
import json

import numpy as np
import onnxruntime as ort
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score

rng = np.random.default_rng(1)
rows = rng.normal(size=(300, 6)).round(3).astype(np.float32)


def predict(name):
    s = ort.InferenceSession(f"../../../model/testdata/onnx/{name}.onnx")
    return np.array([m[1] for m in s.run(None, {s.get_inputs()[0].name: rows})[1]])


a, b = predict("forest"), predict("logistic")
y = ((a + b) / 2 + rng.normal(size=300) / 3 > 0.5).astype(int)
figures = {"auc": roc_auc_score, "f1": lambda y, p: f1_score(y, p >= 0.5), "precision": lambda y, p: precision_score(y, p >= 0.5),
           "recall": lambda y, p: recall_score(y, p >= 0.5), "accuracy": lambda y, p: accuracy_score(y, p >= 0.5)}
with open("sklearn.json", "w") as f:
    json.dump({name: [float(of(y, a)), float(of(y, b))] for name, of in figures.items()}, f, indent=1)
with open("holdout.csv", "w") as f:
    f.write("x0,x1,x2,x3,x4,x5,won\n")
    for x, won in zip(rows, y):
        f.write(",".join(repr(round(float(v), 3)) for v in x) + f",{won}\n")

"""A model that leadsman has no part in: XGBoost on scikit-learn's breast cancer
data, saved by joblib.

Usage: third_party.py train DIR | check DIR
"""

import sys
from pathlib import Path

import joblib
import numpy as np
import onnxruntime
from sklearn.datasets import load_breast_cancer
from xgboost import XGBClassifier


def main() -> None:
    what, dir = sys.argv[1], Path(sys.argv[2])
    data = load_breast_cancer()
    if what == "train":
        model = XGBClassifier(n_estimators=300, max_depth=5, learning_rate=0.05, random_state=1)
        model.fit(data.data, data.target)
        joblib.dump(model, dir / "model.joblib")
        return
    want = joblib.load(dir / "model.joblib").predict_proba(data.data)[:, 1]
    session = onnxruntime.InferenceSession(dir / "model.onnx")
    rows = data.data.astype(np.float32)
    got = session.run(None, {session.get_inputs()[0].name: rows})[0].ravel()
    worst = float(np.abs(got - want).max())
    assert worst <= 1e-6, worst
    print(f"{len(rows)} rows: the converted model is within {worst:.1g} of XGBoost's own")


if __name__ == "__main__":
    main()

"""Models as ONNX: what ONNX Runtime says of them is what their own library says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import leadsman
import lightgbm
import numpy as np
import onnxruntime
import pytest
import xgboost
from sklearn.linear_model import LogisticRegression

draw = np.random.default_rng(1)
ROWS = draw.normal(size=(500, 4)).astype(np.float32)
ROWS[draw.random(ROWS.shape) < 0.1] = np.nan
YES = (np.nan_to_num(ROWS[:, 0]) - np.nan_to_num(ROWS[:, 1]) + draw.normal(size=500) > 0).astype(int)
VALUE = 3 * np.nan_to_num(ROWS[:, 0]) + draw.normal(size=500)

LIGHT: dict[str, Any] = {"n_estimators": 20, "num_leaves": 7, "verbose": -1, "n_jobs": 1}
BOOST: dict[str, Any] = {"n_estimators": 20, "max_depth": 3, "n_jobs": 1}


def scores(graph: bytes, output: str = "score") -> Any:
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    (rows,) = session.get_inputs()
    assert rows.name == "input"
    return session.run([output], {"input": ROWS.astype(np.float64 if rows.type == "tensor(double)" else np.float32)})[0]


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        (xgboost.XGBClassifier(**BOOST).fit(ROWS, YES), lambda m: m.predict_proba(ROWS)[:, 1]),
        (xgboost.XGBRegressor(**BOOST).fit(ROWS, VALUE), lambda m: m.predict(ROWS)),
        (xgboost.XGBClassifier(**BOOST).fit(ROWS, YES).get_booster(), lambda m: m.predict(xgboost.DMatrix(ROWS))),
        (lightgbm.LGBMClassifier(**LIGHT).fit(ROWS, YES).booster_, lambda m: m.predict(ROWS)),
        (lightgbm.LGBMClassifier(**LIGHT).fit(ROWS, YES), lambda m: m.booster_.predict(ROWS)),
        (lightgbm.LGBMRegressor(**LIGHT).fit(ROWS, VALUE), lambda m: m.booster_.predict(ROWS)),
    ],
    ids=["XGBClassifier", "XGBRegressor", "xgboost.Booster", "lightgbm.Booster", "LGBMClassifier", "LGBMRegressor"],
)
def test_a_live_model_scores_as_its_library_does(model: Any, wanted: Any) -> None:
    got = scores(leadsman.convert(model)).ravel()
    np.testing.assert_allclose(got, wanted(model), rtol=0, atol=2e-5)


def test_compat_gives_labels_and_probabilities(tmp_path: Path) -> None:
    model = xgboost.XGBClassifier(**BOOST).fit(ROWS, YES)
    path = tmp_path / "model.json"
    model.save_model(path)
    graph = leadsman.convert(path, compat=True)
    assert graph == leadsman.convert(str(path), compat=True)
    np.testing.assert_allclose(scores(graph, "probabilities"), model.predict_proba(ROWS), rtol=0, atol=2e-5)
    np.testing.assert_array_equal(scores(graph, "label"), model.predict(ROWS))


def test_another_model_is_refused_by_its_name() -> None:
    model = LogisticRegression().fit(np.nan_to_num(ROWS), YES)
    with pytest.raises(TypeError, match=r"got sklearn\.linear_model\._logistic\.LogisticRegression"):
        leadsman.convert(model)
    with pytest.raises(leadsman.Error, match="no such file"):
        leadsman.convert("gone.ubj")

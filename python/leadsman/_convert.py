"""convert: a model as ONNX, without the libraries that usually do it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from ._program import run


def convert(model: Any, *, compat: bool = False) -> bytes:
    """The model as the bytes of an ONNX file.

    model is the path of a file that XGBoost's or LightGBM's save_model wrote, or
    such a model itself: a Booster, or an estimator of their scikit-learn
    interfaces. The graph takes "input", rows of float32, of LightGBM float64, in
    which NaN is missing, and gives "score"; with compat it gives "label" and "probabilities".

    Raises Error, with the program's sentence, for a model that it cannot read.
    """
    with tempfile.TemporaryDirectory(prefix="leadsman-") as dir:
        path = _saved(model, Path(dir))
        return run(["perfbench", "convert", *(["--compat"] if compat else []), "--output", "-", "--", path], stdout=subprocess.PIPE)


def _saved(model: Any, dir: Path) -> str:
    if isinstance(model, (str, os.PathLike)):
        return os.fspath(model)
    module = type(model).__module__.partition(".")[0]
    if module == "xgboost":
        path = dir / "model.ubj"
        model.save_model(path)
        return str(path)
    if module == "lightgbm":
        path = dir / "model.txt"
        getattr(model, "booster_", model).save_model(path)
        return str(path)
    raise TypeError(f"want a model of XGBoost or LightGBM, or the path of a saved one; got {type(model).__module__}.{type(model).__qualname__}")

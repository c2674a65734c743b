#!/usr/bin/env python3
"""Runs the Python of docs/export.md, in order, and checks the files it writes.

    pip install -r testdata/train/requirements-export.txt && python testdata/train/check_export.py [DIRECTORY]

features.json is applied with the rules of columns.py and the booster of
model.ubj scores the result; that must be the pipeline's own predict_proba. With
a directory the files stay there, next to scored.csv: the raw rows and that score.
"""

import json
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DOC = os.path.join(HERE, "..", "..", "docs", "export.md")


def main():
    with open(DOC, encoding="utf-8") as f:
        blocks = re.findall(r"^```python\n(.*?)^```$", f.read(), re.DOTALL | re.MULTILINE)
    directory = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
    os.chdir(directory)
    names = {}
    for i, block in enumerate(blocks):
        exec(compile(block, f"export.md, block {i + 1}", "exec"), names)

    import numpy as np
    import pandas as pd
    import xgboost as xgb

    sys.path.insert(0, HERE)
    from columns import apply

    with open("features.json") as f:
        features = json.load(f)
    frame = pd.read_csv("training.csv")[[r["name"] for r in features["raw"]]]
    # Values that training never saw, and empty cells.
    frame.loc[::7, "country"] = "Atlantis"
    frame.loc[3::7, ["budget", "size", "visits"]] = np.nan
    want = names["pipeline"].predict_proba(frame)[:, 1]
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    booster = xgb.Booster(model_file="model.ubj")
    columns = [c["name"] for c in features["columns"]]
    got = booster.predict(xgb.DMatrix(apply(features["columns"], rows), feature_names=columns))
    np.testing.assert_array_equal(got, want)
    frame.assign(score=want).to_csv("scored.csv", index=False)
    reference = pd.read_csv("reference.csv")
    assert reference["score"].between(0, 1).all() and len(reference) == len(frame)
    print(f"{len(blocks)} snippets ran; {len(want)} scores equal the pipeline's")


if __name__ == "__main__":
    main()

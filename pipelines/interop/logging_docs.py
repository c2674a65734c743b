"""Runs the code of docs/logging.md with a model that knows its answers, and leaves
the logs that it writes in WORK/NAME/.

Usage: logging_docs.py docs/logging.md WORK
"""

import os
import re
import sys
from pathlib import Path

ROWS = [{"age": 33, "country": "DE"}, {"age": 58, "country": "FR"}, {"age": 21, "country": None}]


class Model:
    def predict_proba(self, rows):
        return [[1 - row["age"] / 64, row["age"] / 64] for row in rows]


doc, work = Path(sys.argv[1]).read_text(), Path(sys.argv[2]).absolute()
for code, name in re.findall(r"(?s)```python\n(# (\w+)\n.*?)```", doc):
    (work / name).mkdir(parents=True)
    os.chdir(work / name)
    if name == "batch":
        import pandas

        pandas.DataFrame(ROWS).to_csv("leads.csv", index=False)
    space = {"model": Model(), "__name__": name}
    exec(compile(code, name, "exec"), space)
    if name == "fastapi":
        from fastapi.testclient import TestClient

        for row in ROWS:
            assert TestClient(space["app"]).post("/predict", json=row).json()["score"] == row["age"] / 64
    elif name == "flask":
        for row in ROWS:
            assert space["app"].test_client().post("/predict", json=row).json["score"] == row["age"] / 64
    elif name == "bentoml":
        service = space["Churn"].inner()
        for row in ROWS:
            assert service.predict(row["age"], row["country"]) == row["age"] / 64
print("interop: the code of docs/logging.md ran")

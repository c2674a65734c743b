"""Compares the rows that ingest made of a log with those that were logged.

Usage: check.py NAME ROWS.jsonl
"""

import json
import sys

from rows import LABELS, ROWS

name, path = sys.argv[1:]
got = [json.loads(line) for line in open(path)]
if name == "nginx":
    want = [("/predict", "GET", 200), ("/predict/batch", "POST", 200), ("/missing", "GET", 404), ("/slow", "GET", 200)]
    assert [(r["endpoint"], r["method"], r["status_code"]) for r in got] == want, got
    times = [r["response_ms"] for r in got]
    assert times == [None] * 4 or times[:3] == [0, 0, 0] and 100 < times[3] < 10000, times
    print(f"interop: {path}: 4 requests, in milliseconds")
    sys.exit()
assert len(got) == len(ROWS), f"{name}: {len(got)} rows, want {len(ROWS)}"
for row, (features, score), label in zip(got, ROWS, LABELS):
    want = {**features, "score": score}
    if name != "mlflow":
        want["label"] = label
    for key, value in want.items():
        assert row[key] == value, f"{name}: {key}: {row[key]!r}, want {value!r}"
    assert row["timestamp"].endswith("Z") and row["timestamp"] > "2026", f"{name}: {row['timestamp']}"
print(f"interop: {name}: {len(got)} rows of the real log, as they were logged")

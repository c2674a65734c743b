"""Runs the recipes of docs/recipes.md that are marked so, on tables and events that
it makes, and leaves for `ingest` in WORK: pairs.jsonl, delta.arrows, iceberg.arrows.

Usage: recipes.py docs/recipes.md WORK
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from pyiceberg.catalog.sql import SqlCatalog

doc, work = Path(sys.argv[1]).read_text(), Path(sys.argv[2])
work.mkdir(parents=True, exist_ok=True)
recipes = {m[1]: m[0] for m in re.findall(r"(?s)```\w+\n((?:--|#) ([\w.]+): .*?)```", doc)}

with open(work / "events0.jsonl", "w") as even, open(work / "events1.jsonl", "w") as odd:
    for i in range(6):
        # A response stands in another file than its request.
        for kind, out in zip(("request", "response"), (even, odd) if i % 2 == 0 else (odd, even)):
            data = {"instances": [[i, i + 0.5]]} if kind == "request" else {"predictions": [i / 8]}
            event = {"specversion": "1.0", "id": f"e{i}", "type": f"org.kubeflow.serving.inference.{kind}",
                     "time": f"2026-03-01T12:00:0{i}Z", "inferenceservicename": "churn", "data": data}
            print(json.dumps(event), file=out)
os.chdir(work)
duckdb.sql(recipes["events.sql"])
assert sum(1 for _ in open("pairs.jsonl")) == 6


def rows(first: int, n: int) -> pa.Table:
    return pa.table({
        "timestamp": pa.array([f"2026-03-01T12:00:0{i}Z" for i in range(first, first + n)]),
        "score": [i / 8 for i in range(first, first + n)],
        "age": list(range(first, first + n)),
    })


write_deltalake("delta", rows(0, 6))
DeltaTable("delta").delete("age >= 4")  # the old file stays where it is
Path("delta.py").write_text(recipes["delta.py"])
with open("delta.arrows", "wb") as out:
    subprocess.run([sys.executable, "delta.py", "delta"], stdout=out, check=True)

os.makedirs("warehouse")
catalog = SqlCatalog("work", uri="sqlite:///warehouse/catalog.db", warehouse=f"file://{Path.cwd()}/warehouse")
catalog.create_namespace("logs")
table = catalog.create_table("logs.predictions", schema=rows(0, 1).schema)
table.append(rows(0, 6))
table.delete("age >= 4")
Path("iceberg.py").write_text(recipes["iceberg.py"])
with open("iceberg.arrows", "wb") as out:
    subprocess.run([sys.executable, "iceberg.py", table.metadata_location], stdout=out, check=True)
print("interop: the recipes ran: events of two files joined, a Delta and an Iceberg table without their deleted rows")
sys.stdout.flush()
os._exit(0)  # threads of the readers may abort Python's own way out

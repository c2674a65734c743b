"""Reads leadsman's Parquet files and Arrow streams with other programs and
compares them with the JSON log itself; then writes them back with each.

Usage: check.py WORK
"""

import io
import json
import math
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq


def log(path: Path) -> dict[str, list]:
    """The log's columns, by Python's own JSON reader."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    names = {name for line in lines for name in line["input"]}
    columns = {name: [line["input"].get(name) for line in lines] for name in names}
    for name in ("score", "label", "inference_ms", "model_version"):
        columns[name] = [line.get(name) for line in lines]
    return columns


def same(a, b) -> bool:
    if a is None or (isinstance(a, float) and math.isnan(a)):
        return b is None or (isinstance(b, float) and math.isnan(b))
    if isinstance(a, (int, float)) and not isinstance(a, bool):
        return float(a) == float(b)
    return str(a) == str(b)


def compare(reader: str, want: dict[str, list], got: dict[str, list]) -> None:
    for name, values in want.items():
        assert name in got, f"{reader}: no column {name}"
        assert len(values) == len(got[name]), f"{reader}: {name}: {len(got[name])} rows, want {len(values)}"
        for row, (w, g) in enumerate(zip(values, got[name])):
            assert same(w, g), f"{reader}: {name}: row {row}: {g!r}, want {w!r}"
    print(f"interop: {reader} reads {len(want)} columns as the log has them")


def streams(path: Path):
    """The Arrow streams of a bundle, one after another."""
    with open(path, "rb") as f:
        size = path.stat().st_size
        while f.tell() < size:
            with pa.ipc.open_stream(f) as reader:
                yield reader.schema.metadata[b"leadsman.table"].decode(), reader.read_all()


def same_streams(path: Path) -> dict[str, pa.Table]:
    """The compressed streams of a bundle, as pyarrow and polars read them alike."""
    data, out = path.read_bytes(), {}
    source = io.BytesIO(data)
    while (start := source.tell()) < len(data):
        with pa.ipc.open_stream(source) as reader:
            table = reader.read_all()
            if table.num_columns == 0:
                continue
            name = reader.schema.metadata[b"leadsman.table"].decode()
        frame = pl.read_ipc_stream(io.BytesIO(data[start : source.tell()]))
        assert frame.to_arrow().to_pylist() == table.to_pylist(), f"{path}: {name}"
        out[name] = table
    return out


def numbers(counter: dict) -> dict[int, int]:
    """A counter's numbers by place."""
    return dict(zip(counter["at"] or range(len(counter["n"])), counter["n"]))


def check_profile(work: Path, rows: int) -> None:
    same_streams(work / "plan.arrows")
    counters = same_streams(work / "profile.arrows")["counters"].to_pylist()
    of = {(c["column"], c["key"]): numbers(c) for c in counters if c["window"] == ""}
    assert of["", "rows"] == {0: rows}
    score = of.get(("score", "on"), {}), of.get(("score", "open"), {})
    assert sum(sum(part.values()) for part in score) == of["score", "values"][0]
    print("interop: pyarrow and polars read plan and profile alike, and their counts add up")


def main() -> None:
    work = Path(sys.argv[1])
    want = log(work / "predictions.jsonl")
    parquet = work / "tables" / "predictions.parquet"

    table = pq.read_table(parquet)
    compare("pyarrow (Parquet)", want, table.to_pydict())
    frame = pd.read_parquet(parquet)
    compare("pandas", want, {c: frame[c].astype(object).where(frame[c].notna(), None).tolist() for c in frame.columns})
    polars = pl.read_parquet(parquet)
    compare("polars (Parquet)", want, polars.to_dict(as_series=False))
    db = duckdb.connect()
    rows = db.execute(f"select * from read_parquet('{parquet}')").to_arrow_table()
    compare("DuckDB", want, rows.to_pydict())

    tables = dict(streams(work / "bundle.arrows"))
    assert "end" in tables, "the bundle has no closing stream"
    compare("pyarrow (stream)", want, tables["predictions"].to_pydict())
    compare("polars (stream)", want, pl.read_ipc_stream(work / "bundle.arrows").to_dict(as_series=False))

    for path in sorted((work / "drift").glob("*.parquet")):
        n = pq.read_table(path).num_rows
        assert n == len(pd.read_parquet(path)) == len(pl.read_parquet(path)), path
        assert (n,) == db.execute(f"select count(*) from read_parquet('{path}')").fetchone(), path
    print("interop: all four read every table of driftcalc")
    check_profile(work, len(want["score"]))

    pq.write_table(table, work / "pyarrow.parquet")
    frame.to_parquet(work / "pandas.parquet")
    polars.write_parquet(work / "polars.parquet")
    db.execute(f"copy (select * from read_parquet('{parquet}')) to '{work / 'duckdb.parquet'}' (format parquet)")


if __name__ == "__main__":
    main()

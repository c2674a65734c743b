"""The same rows of any library: the same findings."""

from __future__ import annotations

from typing import Any

import duckdb
import leadsman
import pandas
import polars
import pyarrow
import pytest
from leadsman import _frames

Rows = dict[str, list[Any]]


def told(report: leadsman.Report) -> list[tuple[str, str, str]]:
    findings = report.findings
    if isinstance(findings, (polars.DataFrame, pyarrow.Table)):
        findings = findings.to_pandas()
    return list(findings[["subject", "check", "sentence"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow", "duckdb"])
def test_every_library_tells_the_same(library: str, reference: Rows, shifted: Rows) -> None:
    make = {
        "pandas": pandas.DataFrame,
        "polars": polars.DataFrame,
        "pyarrow": pyarrow.table,
        "duckdb": lambda rows: duckdb.from_arrow(pyarrow.table(rows)),
    }[library]
    report = leadsman.report(make(shifted), reference=make(reference))
    assert told(report) == told(leadsman.report(polars.DataFrame(shifted), reference=polars.DataFrame(reference)))
    assert isinstance(report.findings, polars.DataFrame if library == "polars" else pandas.DataFrame)


def test_pandas_goes_by_polars_too(reference: Rows, shifted: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [pandas.DataFrame(rows).astype({"country": "category", "visits": "Int64"}) for rows in (shifted, reference)]
    want = told(leadsman.report(frames[0], reference=frames[1]))
    monkeypatch.setattr(_frames, "_has", lambda library: library != "pyarrow")
    report = leadsman.report(frames[0], reference=frames[1])
    assert isinstance(report.findings, pandas.DataFrame)
    assert told(report) == want


def test_without_either_it_says_what_to_install(reference: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_frames, "_has", lambda library: library == "pandas")
    with pytest.raises(ImportError, match="pip install pyarrow"):
        leadsman.report(pandas.DataFrame(reference), reference="absent.csv")


def test_columns_of_pandas_may_have_numbers_for_names(reference: Rows, calm: Rows) -> None:
    current, past = pandas.DataFrame(calm), pandas.DataFrame(reference)
    report = leadsman.report(current.rename(columns={"visits": 7}), reference=past.rename(columns={"visits": 7}))
    assert "7" in set(report.findings["subject"])


def test_a_stream_is_read_once_and_not_kept(reference: Rows, calm: Rows) -> None:
    table = pyarrow.table(calm)
    batches = (batch for _ in range(20) for batch in table.to_batches())
    stream = pyarrow.RecordBatchReader.from_batches(table.schema, batches)
    report = leadsman.report(stream, reference=pyarrow.table(reference))
    assert report.run["rows"] == 20_000


def test_what_breaks_in_the_data_is_said(reference: Rows) -> None:
    schema = pyarrow.schema([("score", pyarrow.float64())])

    def batches() -> Any:
        yield pyarrow.record_batch([[0.5]], schema=schema)
        raise RuntimeError("the source has gone")

    stream = pyarrow.RecordBatchReader.from_batches(schema, batches())
    with pytest.raises(Exception, match="the source has gone"):
        leadsman.report(stream, reference=pyarrow.table(reference))

"""report and convert, with polars alone."""

from __future__ import annotations

import gzip
import json
import pickle
import sys
from pathlib import Path
from typing import Any

import leadsman
import polars
import pytest

Rows = dict[str, list[Any]]
Report = leadsman.Report


@pytest.fixture(scope="module")
def report(reference: Rows, shifted: Rows) -> Report:
    return leadsman.report(polars.DataFrame(shifted), reference=polars.DataFrame(reference))


def test_what_moved_is_found(report: Report) -> None:
    assert report.level in ("warn", "alert")
    moved = report.findings.filter(polars.col("level").is_in(["warn", "alert"]) & (polars.col("check") == "distribution"))
    assert moved["subject"].to_list() == ["budget"]
    assert "budget" in moved["sentence"][0]
    assert repr(report).startswith(f"<leadsman.Report: {report.level}: ") and "budget" in report.headline


def test_what_stands_still_is_ok(reference: Rows, calm: Rows) -> None:
    report = leadsman.report(polars.LazyFrame(calm), reference=polars.DataFrame(reference))
    assert report.level == "ok"


def test_the_sizes_are_those_of_the_data(report: Report) -> None:
    assert report.run["rows"] == 1000
    bins = report.table("bins").filter((polars.col("subject") == "country") & (polars.col("window") == ""))
    assert bins["n_cur"].sum() == 1000
    with pytest.raises(KeyError, match="there is no table 'bin': want one of bins, "):
        report.table("bin")


def test_a_notebook_shows_the_page(report: Report) -> None:
    page = report.html()
    assert page.startswith("<!DOCTYPE html>") and "budget" in page
    cell = report._repr_html_()
    assert cell.startswith("<iframe ") and cell.count('"') == 6  # three attributes, each whole
    assert cell.split('srcdoc="')[1].split('"')[0].replace("&quot;", '"').replace("&amp;", "&") == page


def test_a_site_is_saved(report: Report, tmp_path: Path) -> None:
    index = report.save(tmp_path / "site", history=tmp_path / "history.parquet")
    assert index == tmp_path / "site" / "index.html" and "budget" in index.read_text()
    assert json.loads((tmp_path / "site" / "report.json").read_text())["run"]["level"] == report.level
    assert (tmp_path / "history.parquet").stat().st_size > 0


def test_a_file_is_data_too(reference: Rows, shifted: Rows, report: Report, tmp_path: Path) -> None:
    polars.DataFrame(reference).write_parquet(tmp_path / "reference.parquet")
    times = [f"2026-01-05T{i // 60:02}:{i % 60:02}:00Z" for i in range(1000)]
    lines = polars.DataFrame(shifted).select("score", input=polars.struct("visits", "budget", "country"), timestamp=polars.Series(times))
    lines.write_ndjson(tmp_path / "log.jsonl")
    of_files = leadsman.report(tmp_path / "log.jsonl", reference=tmp_path / "reference.parquet")
    assert of_files.level == report.level and of_files.run["rows"] == 1000
    assert of_files.run["period_end"].hour == 16  # 999 minutes after midnight


def test_a_file_of_flat_lines_is_what_its_frame_is(reference: Rows, shifted: Rows, report: Report, tmp_path: Path) -> None:
    frame = polars.DataFrame(shifted)
    frame.write_ndjson(tmp_path / "log.jsonl")
    (tmp_path / "log.jsonl.gz").write_bytes(gzip.compress((tmp_path / "log.jsonl").read_bytes()))
    frame.drop("score").write_ndjson(tmp_path / "bare.jsonl")
    bare = leadsman.report(frame.drop("score"), reference=polars.DataFrame(reference))
    for name, want in (("log.jsonl", report), ("log.jsonl.gz", report), ("bare.jsonl", bare)):
        got = leadsman.report(tmp_path / name, reference=polars.DataFrame(reference))
        assert got.headline == want.headline and got.run["rows"] == 1000, name
        assert got.findings["sentence"].to_list() == want.findings["sentence"].to_list()


def test_settings_are_given_in_place(reference: Rows, shifted: Rows) -> None:
    renamed = polars.DataFrame(shifted).rename({"score": "p"})
    settings = {"fields": {"predictions": {"score": "p"}}, "ignore": ["budget"]}
    report = leadsman.report(renamed, reference=polars.DataFrame(reference), config=settings)
    assert report.level == "ok"
    assert "score" in report.findings["subject"].to_list()


def test_an_error_is_the_programs_sentence(reference: Rows, calm: Rows, tmp_path: Path) -> None:
    frame = polars.DataFrame(calm)
    with pytest.raises(leadsman.Error, match=r"^absent\.csv: no such file or directory$") as failed:
        leadsman.report(frame, reference="absent.csv")
    assert failed.value.status == 1
    assert str(pickle.loads(pickle.dumps(failed.value))) == str(failed.value)
    with pytest.raises(leadsman.UsageError, match=r'^--policy: unknown "x" \(known: calibrated, classic, evidently\)$') as usage:
        leadsman.report(frame, reference=polars.DataFrame(reference), policy="x")
    assert usage.value.status == 2 and isinstance(usage.value, ValueError)
    with pytest.raises(leadsman.Error, match=r'^config:1: polcy: unknown key \(did you mean "policy"\?\)$'):
        leadsman.report(frame, reference=polars.DataFrame(reference), config={"polcy": "x"})
    with pytest.raises(TypeError, match="^current: want a data frame of pandas or polars, .* got builtins.int$"):
        leadsman.report(3, reference=polars.DataFrame(reference))


def test_what_the_program_notes_is_warned_of(reference: Rows, calm: Rows) -> None:
    with_outcome = polars.DataFrame(reference).with_columns(won=polars.col("visits") > 6)
    with pytest.warns(leadsman.Note, match="won: only in the reference, with two values: taken as the outcome"):
        leadsman.report(polars.DataFrame(calm), reference=with_outcome)
    leadsman.report(polars.DataFrame(calm), reference=with_outcome, target="won")


def test_outcomes_measure_the_model(reference: Rows, calm: Rows) -> None:
    ids = [f"lead {i}" for i in range(1000)]
    frame = polars.DataFrame(calm).with_columns(lead=polars.Series(ids))
    won = polars.DataFrame({"lead": ids, "won": [score > 0.5 for score in calm["score"]]})
    past = polars.DataFrame(reference).with_columns(won=polars.col("score") > 0.5)
    report = leadsman.report(frame, reference=past, target="won", outcomes=won, config={"id": "lead", "threshold": 0.5})
    assert report.table("outcomes").height > 0


def test_a_model_becomes_onnx(tmp_path: Path) -> None:
    # A tree of one split, as LightGBM writes one: x <= 0.5 scores -1, else 1.
    tree = (
        "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=0\nobjective=regression\n"
        "feature_names=x\nfeature_infos=[0:1]\ntree_sizes=1\n\nTree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=0\nsplit_gain=1\nthreshold=0.5\n"
        "decision_type=2\nleft_child=-1\nright_child=-2\nleaf_value=-1 1\nleaf_weight=1 1\nleaf_count=1 1\ninternal_value=0\n"
        "internal_weight=2\ninternal_count=2\nis_linear=0\nshrinkage=1\n\nend of trees\n"
    )
    (tmp_path / "model.txt").write_text(tree)
    graph = leadsman.convert(tmp_path / "model.txt")
    assert b"TreeEnsembleRegressor" in graph and graph == leadsman.convert(str(tmp_path / "model.txt"))
    (tmp_path / "no-model").write_text("hello")
    with pytest.raises(leadsman.Error, match="no-model: "):
        leadsman.convert(tmp_path / "no-model")
    with pytest.raises(TypeError, match="want a model of XGBoost or LightGBM"):
        leadsman.convert(object())


def test_pyarrow_was_not_needed() -> None:
    """Whatever is installed: polars' data goes without it."""
    assert "polars" in sys.modules
    assert "pyarrow" not in sys.modules or "pandas" in sys.modules

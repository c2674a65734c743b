"""report: one comparison of data with its reference, as an object."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import shutil
import subprocess
import tempfile
import weakref
import zlib
from pathlib import Path
from typing import Any, Mapping, Sequence

from . import _frames
from ._program import run

# The settings of monitor.yaml that name a file, from where the settings stand.
_FILES = ("reference", "model", "features", "contributions")


def report(
    current: Any,
    reference: Any = None,
    *,
    config: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    model: str | os.PathLike[str] | None = None,
    features: str | os.PathLike[str] | None = None,
    outcomes: Any = None,
    target: str | None = None,
    segments: Sequence[str] = (),
    window: str | None = None,
    last: str | None = None,
    now: str | None = None,
    policy: str | None = None,
    rows: int | str | None = None,
) -> Report:
    """Compare current with reference.

    current, reference and outcomes are data frames of pandas or polars, anything
    with __arrow_c_stream__ (pyarrow, DuckDB, …), or a file's path: CSV, Parquet,
    Arrow, and of current a log of JSON lines, too, flat or with an input. In current the columns
    timestamp, score, label, inference_ms and model_version are what they say where
    they are there; `config={"fields": {"predictions": {"score": "p"}}}` maps others.

    config is the path of a monitor.yaml, or what would stand in one. The other
    arguments are driftcalc's flags and win over it: target is the reference's
    column of outcomes, segments are columns whose values are judged each by itself,
    window and last are lengths such as "24h", now a time in RFC 3339, rows how many
    rows a side are kept for what needs whole rows, or "all".

    Raises UsageError for arguments that the program does not take, Error for data
    that it cannot judge, both with its own sentence. What it says beside its result
    is warned of as Note.
    """
    kind = _frames.kind_of(current)
    home = _Home()
    dir = home.path
    names = {str(dir / file): what for file, what in (("monitor.yaml", "config"), ("reference.arrows", "reference"), ("outcomes.arrows", "outcomes"), ("current.arrows", "current"))}
    args: list[str] = []
    settings = _settings(config, dir)
    if settings:
        args += ["--config", settings]
    for flag, data in (("reference", reference), ("outcomes", outcomes)):
        if data is not None:
            args += [f"--{flag}", _file(data, flag, dir)]
    for flag, value in (("model", model), ("features", features), ("target", target), ("window", window), ("last", last), ("now", now), ("policy", policy), ("rows", rows)):
        if value is not None:
            args += [f"--{flag}", os.fspath(value) if isinstance(value, os.PathLike) else str(value)]
    for column in segments:
        args += ["--segment", column]
    args += ["--output", f"{dir / 'tables'}{os.sep}"]
    if _frames.is_path(current):
        bundle = dir / "current.arrows"
        types = _types(args)
        flat = None if isinstance(config, (str, os.PathLike)) else _flat(current, config, dir)
        if flat:
            names[flat] = "config"
            types = [*(types[2:] if settings else types), "--config", flat]
        run(["ingest", *types, "--output", str(bundle), "--", os.fspath(current)], names=names)
        run(["driftcalc", *args, str(bundle)], names=names)
        bundle.unlink()
    else:
        run(["driftcalc", *args, "--table", "predictions"], write=_frames.writer(current, "current"), names=names)
    return Report(home, kind, settings)


class _Home:
    """A directory that goes when nobody holds this object any more."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="leadsman-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


class Report:
    """What a comparison found.

    In a notebook it shows itself as the report's page. Its tables are files that
    go with the object.
    """

    def __init__(self, home: _Home, kind: _frames.Kind, settings: str | None):
        self._home = home
        self._kind = kind
        self._config = ["--config", settings] if settings else []
        self._run: dict[str, Any] | None = None
        self._html: str | None = None

    @property
    def run(self) -> dict[str, Any]:
        """The row of the table run: level, period, sizes, policy."""
        if self._run is None:
            self._run = _frames.rows(self._path("run"))[0]
        return self._run

    @property
    def level(self) -> str:
        """"ok", "notice", "warn" or "alert"; "insufficient" where too little could be judged."""
        return str(self.run["level"])

    @property
    def headline(self) -> str:
        """The verdict in one sentence."""
        return str(self.run["headline"])

    @property
    def findings(self) -> Any:
        """The findings, a row each, as a data frame of the library that the data was of."""
        return self.table("findings")

    @property
    def tables(self) -> list[str]:
        """The names of the tables that there are; docs/tables.md tells their columns."""
        return sorted(path.stem for path in (self._home.path / "tables").glob("*.parquet"))

    def table(self, name: str) -> Any:
        """A table as a data frame, such as "bins" or "statistics"."""
        if name not in self.tables:
            raise KeyError(f"there is no table {name!r}: want one of {', '.join(self.tables)}")
        return _frames.read(self._path(name), self._kind)

    def html(self) -> str:
        """The report as one self-contained page."""
        if self._html is None:
            self._html = run(["render", *self._config, "--single", "-", self._path("")], stdout=subprocess.PIPE).decode()
        return self._html

    def save(self, dir: str | os.PathLike[str], *, history: str | os.PathLike[str] | None = None) -> Path:
        """Write the report as a site into the directory dir, and return its index.html.

        history is a Parquet file that this night is added to, so that the site shows
        all nights.
        """
        args = ["render", *self._config, "--output", os.fspath(dir)]
        if history is not None:
            args += ["--history", os.fspath(history)]
        run([*args, self._path("")])
        return Path(dir, "index.html")

    def _path(self, table: str) -> Path:
        tables = self._home.path / "tables"
        return tables / f"{table}.parquet" if table else tables

    def _repr_html_(self) -> str:
        # A page of its own, whose style must not become the notebook's.
        page = self.html().replace("&", "&amp;").replace('"', "&quot;")
        return f'<iframe title="leadsman" style="width:100%;height:800px;border:0" srcdoc="{page}"></iframe>'

    def __repr__(self) -> str:
        return f"<leadsman.Report: {self.level}: {self.headline}>"


def _types(args: list[str]) -> list[str]:
    """The flags of driftcalc that tell ingest the types of a log's columns."""
    return [arg for i, arg in enumerate(args) if arg in ("--config", "--reference") or i and args[i - 1] in ("--config", "--reference")]


def _flat(path: str | os.PathLike[str], config: Mapping[str, Any] | None, dir: Path) -> str | None:
    """Settings by which the fields of flat JSON lines are input, as a frame's columns are.

    None for any other file, and where the settings say what the input is.
    """
    fields = dict((config or {}).get("fields") or {})
    predictions = dict(fields.get("predictions") or {})
    if "input" in predictions or "jq" in (config or {}) or "from" in (config or {}):
        return None
    try:
        record = json.loads(_first_line(path))
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error):
        return None  # what is wrong with it, ingest says
    if not isinstance(record, dict) or "input" in record:
        return None
    settings = {**(config or {}), "fields": {**fields, "predictions": {**predictions, "input": "."}}}
    return _settings(settings, dir, "ingest.yaml")


def _first_line(path: str | os.PathLike[str]) -> bytes:
    """The first line of a file, plain or packed by gzip, bzip2 or xz, of a megabyte at the most."""
    with open(path, "rb") as file:
        head = file.peek(6)[:6]
        for magic, unpack in ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ", lzma.open)):
            if head.startswith(magic):
                with unpack(file) as unpacked:
                    return bytes(unpacked.readline(1 << 20))
        return file.readline(1 << 20)


def _file(data: Any, what: str, dir: Path) -> str:
    if _frames.is_path(data):
        return os.fspath(data)  # type: ignore[no-any-return]
    path = dir / f"{what}.arrows"
    write = _frames.writer(data, what)
    with open(path, "wb") as to:
        write(to)
    return str(path)


def _settings(config: str | os.PathLike[str] | Mapping[str, Any] | None, dir: Path, name: str = "monitor.yaml") -> str | None:
    if config is None or isinstance(config, (str, os.PathLike)):
        return None if config is None else os.fspath(config)
    settings = {"version": 1, **config}
    for key in _FILES:
        if isinstance(settings.get(key), (str, os.PathLike)):
            settings[key] = os.path.abspath(settings[key])
    path = dir / name
    path.write_text(json.dumps(settings), encoding="utf-8")
    return str(path)

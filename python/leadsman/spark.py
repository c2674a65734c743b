"""Profiles of a log that Spark holds: one a partition, added up to one.

>>> import leadsman.spark
>>> day = spark.read.text("s3a://logs/predictions/2026-03-01/")      # JSON lines as they are
>>> day = spark.read.format("delta").load("s3a://tables/predictions")  # or columns, as the fields of a log
>>> Path("day.arrows").write_bytes(leadsman.spark.profile(day, "plan.arrows"))

The workers need pyarrow, and nothing of leadsman: the driver's program and this
code are sent there. Where the workers are of another platform, or have the program,
say program="leadsman".
"""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Callable, Union

from . import _program, shards
from ._program import Error
from .shards import Path
from .shards import merge as add_up
from .shards import profile as count

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SCHEMA = "shard string, profile binary"


def profile(df: DataFrame, plan: Path, *, branches: Union[int, Sequence[int]] = (), **options: Any) -> bytes:
    """The profile of all rows of df, each partition counted where it is.

    Its bytes are those of one process that reads the same rows. options are those of
    profiles. branches says how the partitions' profiles are added up: by default
    the driver reads one after another and holds none; for thousands of partitions
    so many tasks add them up before, and of several numbers each is a level of the
    tree: (100, 10). Raises Error, whose sentence names the partition.
    """
    try:
        return merge(profiles(df, plan, **options), plan, branches=branches, program=options.get("program"))
    except Error:
        raise
    except Exception as err:
        told = _told(err, options.get("name") or options.get("kind", "predictions"))
        if told is None:
            raise
        raise told from err


def profiles(
    df: DataFrame,
    plan: Path,
    *,
    name: str | None = None,
    kind: str = "predictions",
    config: Path | None = None,
    outcomes: Path | None = None,
    now: str | None = None,
    program: str | None = None,
) -> DataFrame:
    """A data frame of one profile a partition of df, to be written or merged.

    Its columns are shard, "NAME-00017" of partition 17, and profile. name is the kind
    by default; two data frames whose profiles are merged need names of their own,
    such as their dates. A frame whose one column is a text called value is JSON lines;
    of another the columns are taken as a log's fields, as config maps them. plan,
    config and outcomes are files of the driver, or else as in shards.profile. The
    partitions must be the same when a task is run again, as they are of files and
    after a shuffle by columns; where they are not, the merge refuses them. Do not coalesce
    what is returned: that would join partitions before they have their number.
    """
    session = df.sparkSession
    name = name or kind
    own = program or _ship(session, _program.program())
    plan = _ship(session, plan)
    options: dict[str, Any] = {"kind": kind, "now": now}
    files = {key: _ship(session, path) for key, path in (("config", config), ("outcomes", outcomes)) if path is not None}
    shipped = program is None

    def task(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow
        from pyspark import SparkFiles, TaskContext

        context = TaskContext.get()
        assert context is not None
        shard = f"{name}-{context.partitionId():05d}"
        given = {key: SparkFiles.get(file) for key, file in files.items()}
        one = count(batches, SparkFiles.get(plan), shard, program=SparkFiles.get(own) if shipped else own, **options, **given)
        yield pyarrow.record_batch([[shard], [one]], names=["shard", "profile"])

    return df.mapInArrow(_by_value(task), SCHEMA)


def merge(profiles: DataFrame, plan: Path, *, branches: Union[int, Sequence[int]] = (), expect: int | Path | None = None, program: str | None = None) -> bytes:
    """The sum of profiles that stand in a data frame, as profiles gives it or as it was written.

    branches is as for profile; expect is as for shards.merge, which the driver does last.
    """
    session = profiles.sparkSession
    levels = (branches,) if isinstance(branches, int) else tuple(branches)
    own = program or (_ship(session, _program.program()) if levels else "")
    file = _ship(session, plan) if levels else ""
    shipped = program is None

    def task(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow
        from pyspark import SparkFiles, TaskContext

        context = TaskContext.get()
        assert context is not None
        held: list[str] = []

        def each() -> Iterator[bytes]:
            for batch in batches:
                for shard, one in zip(batch.column("shard"), batch.column("profile")):
                    held[:] = held or [shard.as_py()]
                    yield one.as_py()

        rows = each()
        first = next(rows, None)
        if first is None:  # a branch without leaves
            return

        def all() -> Iterator[bytes]:
            yield first
            yield from rows

        one = add_up(all(), SparkFiles.get(file), program=SparkFiles.get(own) if shipped else own)
        yield pyarrow.record_batch([[f"of {held[0]}"], [one]], names=["shard", "profile"])

    frame = profiles
    for level in levels:
        frame = frame.repartition(level, "shard").mapInArrow(_by_value(task), SCHEMA)
    if not levels:
        # The shuffle lets all partitions be counted at once; the iterator would go one by one.
        frame = frame.repartition(8, "shard")
    return add_up((bytes(row["profile"]) for row in frame.toLocalIterator()), plan, expect=expect, program=program)


def _by_value(task: Callable[[Iterator[Any]], Iterable[Any]]) -> Any:
    """task, so pickled that a worker without leadsman can run it."""
    import sys

    from pyspark import cloudpickle

    for module in (shards, _program, sys.modules[__name__]):
        cloudpickle.register_pickle_by_value(module)
    return task


_sent: dict[tuple[str, str], str] = {}


def _ship(session: SparkSession, path: Path) -> str:
    """The name under which workers find a copy of the driver's file.

    It is made of the content: Spark refuses another file of a name it has.
    """
    with open(path, "rb") as f:
        digest = hashlib.sha256()
        while block := f.read(1 << 20):
            digest.update(block)
    name = f"leadsman-{digest.hexdigest()[:16]}-{os.path.basename(path)}"
    try:
        context = session.sparkContext
        key, add = str(context.applicationId), context.addFile
    except Exception:  # Spark Connect has none
        key, add = str(id(session)), lambda copy: session.addArtifact(copy, file=True)
    if (key, name) not in _sent:
        copy = os.path.join(_directory(), name)
        if not os.path.exists(copy):
            shutil.copyfile(path, copy)
            shutil.copymode(path, copy)
        add(copy)
        _sent[key, name] = name
    return name


def _directory() -> str:
    """Where copies lie until the driver ends: executors that come late fetch them, too."""
    global _copies
    if _copies is None:
        _copies = tempfile.mkdtemp(prefix="leadsman-")
        atexit.register(shutil.rmtree, _copies, ignore_errors=True)
    return _copies


_copies: str | None = None


def _told(err: Exception, name: str) -> Error | None:
    """What a task said, of Spark's message: a sentence of leadsman, or which file Spark could not read."""
    text = str(err)
    if said := re.findall(rf"(?:Error|RuntimeError): ({re.escape(name)}-\d{{5,}}: [^\n]*)", text):
        return Error(said[-1], 1, text)
    if file := re.search(r"\[FAILED_READ_FILE[.\w]*\] Encountered error while reading file (\S+?)\.\s", text):
        why = re.findall(r"Caused by: [\w.$]+: ([^\n]+)", text)
        return Error(f"{file[1]}: Spark cannot read it{': ' + why[-1] if why else ''}", 1, text)
    return None

"""One part of a log to its profile, and profiles to one: what every engine of a cluster needs.

A profile is what a part of a log comes to: integers, some hundred kilobytes. Profiles
of one plan add up, in any order, to the profile of the whole, byte for byte:

>>> parts = [profile(lines, "plan.arrows", f"day/{i}") for i, lines in enumerate(logs)]
>>> Path("day.arrows").write_bytes(merge(parts, "plan.arrows", expect=len(parts)))

`leadsman driftcalc compare --plan plan.arrows --ref reference.arrows day.arrows`
then says what `driftcalc` says of the whole log. The modules spark, dask and ray
run profile on the engine's workers.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from typing import IO, Any, Callable, Iterable, Sequence, Union

from ._program import Error, failure
from ._program import program as own_program

Path = Union[str, "os.PathLike[str]"]
Write = Callable[[IO[bytes]], Any]


def profile(
    rows: Any,
    plan: Path,
    shard: str,
    *,
    kind: str = "predictions",
    config: Path | None = None,
    outcomes: Path | None = None,
    now: str | None = None,
    program: str | None = None,
) -> bytes:
    """The profile of one part of a log.

    rows are the part's: JSON lines as bytes, or Arrow, which is a table, a batch, an
    iterable of batches, or a data frame of pandas. Columns are taken as the fields
    of a log are, by their names or as config, a monitor.yaml, maps them; those of a
    struct are features, or else all that have no other role. Batches of one text
    column called value are lines, as Spark's read.text has them.

    plan, config and outcomes are files. shard names the part: a part counts once,
    however often it comes, and must then hold the same rows; so the name belongs to
    the rows, and not to the attempt. kind is predictions or requests. now ends
    config's last, for all parts alike. Raises Error, which names the shard.
    """
    given: list[str] = ["--config", os.fspath(config)] if config is not None else []
    count = ["driftcalc", "profile", "--plan", os.fspath(plan), "--shard", shard, *given]
    if outcomes is not None:
        count += ["--outcomes", os.fspath(outcomes)]
    if now is not None:
        count += ["--now", now]
    write, lines = _writer(rows)
    source = shard + ".jsonl" if lines else shard  # which keeps a part that begins oddly from being taken for CSV
    ingest = ["ingest", "--kind", kind, "--plan", os.fspath(plan), "--stdin-name", source, *given]
    try:
        return _pipe([count] if write is None else [ingest, count], write, program)
    except Error as err:
        raise type(err)(f"{shard}: {str(err).removeprefix(source + ': ')}", err.status, err.stderr) from None
    except Exception as err:
        raise RuntimeError(f"{shard}: {err}") from err


def merge(
    profiles: Iterable[Union[bytes, Path]],
    plan: Path,
    *,
    expect: int | Path | None = None,
    partial: bool = False,
    program: str | None = None,
) -> bytes:
    """The sum of profiles, given as bytes or files, which may be sums themselves.

    They are read one after another and not kept. expect says how many shards there
    must be, or is a file of their names; a missing one is then an Error, or, with
    partial, told by the report. No profiles at all are an Error.
    """
    args = ["driftcalc", "merge", "--plan", os.fspath(plan)]
    if expect is not None:
        args += ["--expect", os.fspath(expect) if not isinstance(expect, int) else str(expect)]
    if partial:
        args.append("--partial")

    def write(to: IO[bytes]) -> None:
        for one in profiles:
            if isinstance(one, (bytes, bytearray, memoryview)):
                to.write(one)
                continue
            with open(one, "rb") as f:
                while block := f.read(1 << 20):
                    to.write(block)

    return _pipe([args], write, program)


def tree(level: Sequence[Any], add_up: Callable[[Sequence[Any]], Any], branches: int) -> Any:
    """What add_up makes of all of level, branches at a time."""
    if not level or branches < 2:
        raise ValueError("want one part or more, and two branches or more")
    while True:
        level = [add_up(level[i : i + branches]) for i in range(0, len(level), branches)]
        if len(level) == 1:
            return level[0]


def _writer(rows: Any) -> tuple[Write | None, bool]:
    """A function that writes rows as ingest reads them, and whether as lines; None where there are none at all."""
    if isinstance(rows, (bytes, bytearray, memoryview)):
        return ((lambda to: to.write(rows)) if len(rows) > 0 else None), True
    import pyarrow

    if hasattr(rows, "to_batches"):
        batches = iter(rows.to_batches() or [pyarrow.RecordBatch.from_pylist([], schema=rows.schema)])
    elif isinstance(rows, pyarrow.RecordBatch):
        batches = iter([rows])
    elif hasattr(rows, "iloc"):
        batches = iter(pyarrow.Table.from_pandas(rows, preserve_index=False).to_batches())
    else:
        batches = iter(rows)
    first = next(batches, None)
    if first is None:  # a part without rows, which has no schema
        return None, False
    if isinstance(first, (bytes, str)):
        raise TypeError("want JSON lines as one bytes object, or batches of Arrow")

    lines = _lines(first.schema)

    def write(to: IO[bytes]) -> None:
        if lines:
            to.write(_text(first))
            for batch in batches:
                to.write(_text(batch))
            return
        with pyarrow.ipc.new_stream(to, first.schema) as stream:
            stream.write_batch(first)
            for batch in batches:
                stream.write_batch(batch)

    return write, lines


def _lines(schema: Any) -> bool:
    import pyarrow

    text = (pyarrow.string(), pyarrow.large_string())
    return schema.names == ["value"] and schema.types[0] in text


def _text(batch: Any) -> memoryview:
    """The one column's texts, a line each."""
    import pyarrow
    import pyarrow.compute

    values = batch.column(0).cast(pyarrow.large_string()).fill_null("")
    lines = pyarrow.compute.binary_join_element_wise(values, *(pyarrow.scalar(text, pyarrow.large_string()) for text in ("", "\n")))
    start, stop = lines.offset, lines.offset + len(lines)
    offsets = memoryview(lines.buffers()[1]).cast("q")
    return memoryview(lines.buffers()[2] or b"")[offsets[start] : offsets[stop]]


def _pipe(commands: Sequence[Sequence[str]], write: Write | None, program: str | None) -> bytes:
    """What the last of commands, run in a pipe, writes of what write writes to the first.

    Nothing that comes to less than all of it is taken for the whole: where write
    raises, the commands are killed before the first sees an end of its input.
    """
    path = program or own_program()
    running: list[subprocess.Popen[bytes]] = []
    with contextlib.ExitStack() as files:
        wrote = files.enter_context(tempfile.TemporaryFile())
        said = [files.enter_context(tempfile.TemporaryFile()) for _ in commands]
        try:
            source: Any = subprocess.DEVNULL if write is None else subprocess.PIPE
            for i, command in enumerate(commands):
                to = wrote if i == len(commands) - 1 else subprocess.PIPE
                running.append(subprocess.Popen([path, *command], stdin=source, stdout=to, stderr=said[i]))
                if i > 0:
                    source.close()
                source = running[i].stdout
            first = running[0].stdin
            if write is not None and first is not None:
                try:
                    write(first)
                    first.close()
                except BrokenPipeError:  # the program has ended, and tells why
                    pass
            ended = [process.wait() for process in running]
        finally:
            for process in running:
                if process.poll() is None:
                    process.kill()
                    process.wait()
                for pipe in (process.stdin, process.stdout):
                    with contextlib.suppress(BrokenPipeError):
                        if pipe is not None:
                            pipe.close()
        # The first that failed is why the next did, unless it only lost its reader.
        failed = [i for i, status in enumerate(ended) if status > 0] or [i for i, status in enumerate(ended) if status != 0]
        if failed:
            said[failed[0]].seek(0)
            raise failure(ended[failed[0]], said[failed[0]].read().decode("utf-8", "replace"))
        wrote.seek(0)
        return wrote.read()

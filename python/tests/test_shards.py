"""Parts of a log, counted one by one and added up: the profile of the whole, to the byte."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Sequence

import leadsman
import pyarrow
import pytest
from leadsman import shards

Rows = dict[str, list[Any]]


@pytest.fixture(scope="module")
def plan(reference: Rows, tmp_path_factory: pytest.TempPathFactory) -> Path:
    dir = tmp_path_factory.mktemp("plan")
    table = pyarrow.table(reference)
    with pyarrow.OSFile(str(dir / "reference.arrow"), "wb") as f, pyarrow.ipc.new_stream(f, table.schema) as stream:
        stream.write_table(table)
    subprocess.run(
        [leadsman.program(), "driftcalc", "plan", "--reference", dir / "reference.arrow", "-o", dir / "plan.arrows"], check=True, capture_output=True
    )
    return dir / "plan.arrows"


def lines(rows: Rows) -> list[bytes]:
    names = list(rows)
    return [
        json.dumps({"score": values[-1], "input": {k: v for k, v in zip(names[:-1], values) if v is not None}}).encode() + b"\n"
        for values in zip(*rows.values())
    ]


def counted(profile: bytes, plan: Path) -> dict[str, Any]:
    """The profile's tables but for that of the shards' names."""
    asked = [leadsman.program(), "driftcalc", "merge", "--plan", plan, "--format", "jsonl", "--table"]
    return {name: subprocess.run([*asked, name], input=profile, check=True, capture_output=True).stdout for name in ("counters", "values", "unseen", "rows", "newest")}


def test_parts_in_any_order_are_the_whole(calm: Rows, plan: Path) -> None:
    log = lines(calm)
    parts = [shards.profile(b"".join(log[i::4]), plan, f"day/{i}") for i in range(4)]
    day = shards.merge(parts, plan, expect=4)
    assert day == shards.merge([shards.merge(parts[2:], plan), parts[1], parts[0], parts[1]], plan)
    assert counted(day, plan) == counted(shards.profile(b"".join(log), plan, "whole"), plan)


def test_columns_and_lines_are_the_same_rows(calm: Rows, plan: Path) -> None:
    table = pyarrow.table(calm)
    names = [name for name in calm if name != "score"]
    nested = pyarrow.table({"score": table["score"], "input": pyarrow.StructArray.from_arrays([table[n].combine_chunks() for n in names], names)})
    text = pyarrow.table({"value": [line.decode().rstrip("\n") for line in lines(calm)]})
    want = shards.profile(b"".join(lines(calm)), plan, "a")
    for rows in (table, nested, text, text.slice(0).to_batches(max_chunksize=7), iter(table.to_batches(max_chunksize=300)), table.to_pandas()):
        assert counted(shards.profile(rows, plan, "a"), plan) == counted(want, plan)


def test_a_part_without_rows_counts_as_a_part(calm: Rows, plan: Path) -> None:
    parts = [shards.profile(pyarrow.table(calm), plan, "0"), shards.profile(b"", plan, "1"), shards.profile(iter([]), plan, "2")]
    parts.append(shards.profile(pyarrow.table(calm).slice(0, 0), plan, "3"))
    assert counted(shards.merge(parts, plan, expect=4), plan) == counted(parts[0], plan)


def test_what_is_missing_is_told(calm: Rows, plan: Path, tmp_path: Path) -> None:
    one = shards.profile(pyarrow.table(calm), plan, "0")
    (tmp_path / "names").write_text("0\n1\n")
    with pytest.raises(leadsman.Error, match="^1 shard is of 2 missing: 1$"):
        shards.merge([one], plan, expect=tmp_path / "names")
    assert shards.merge([one], plan, expect=tmp_path / "names", partial=True)
    with pytest.raises(leadsman.Error):
        shards.merge([], plan)
    with pytest.raises(leadsman.Error):
        shards.merge([one[:-100]], plan)


def test_an_error_names_the_shard(calm: Rows, plan: Path) -> None:
    with pytest.raises(leadsman.Error, match="^day/7: .*absent.yaml: no such file or directory$"):
        shards.profile(pyarrow.table(calm), plan, "day/7", config="absent.yaml")

    def broken() -> Any:
        yield from pyarrow.table(calm).to_batches(max_chunksize=100)[:3]
        raise OSError("the block is gone")

    with pytest.raises(RuntimeError, match="^day/7: the block is gone$"):
        shards.profile(broken(), plan, "day/7")
    bad = shards.profile(b"half a line\n", plan, "day/8")
    assert b"day/8.jsonl" in bad  # the source of what was rejected
    with pytest.raises(leadsman.Error, match="^day/9: behind the compressed data is something else$"):
        shards.profile(b"\x1f\x8b\x08 but not packed\n", plan, "day/9")


def test_a_part_may_begin_like_csv(calm: Rows, plan: Path) -> None:
    log = lines(calm)
    whole = shards.profile(b"".join([*log[:500], b"a,b\n1,2\n", *log[500:]]), plan, "whole")
    parts = [shards.profile(b"".join(log[:500]), plan, "0"), shards.profile(b"a,b\n1,2\n" + b"".join(log[500:]), plan, "1")]
    assert counted(shards.merge(parts, plan), plan) == counted(whole, plan)


def test_tree() -> None:
    sums: list[int] = []

    def add_up(some: Sequence[int]) -> int:
        sums.append(len(some))
        return sum(some)

    assert shards.tree(range(10), add_up, 4) == 45
    assert sums == [4, 4, 2, 3]
    for parts, branches in (([], 2), ([1, 2], 1)):
        with pytest.raises(ValueError):
            shards.tree(parts, add_up, branches)

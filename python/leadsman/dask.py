"""Profiles of a Dask bag of JSON lines or of a data frame: one a partition, added up by a tree.

>>> import dask.bag, leadsman.dask
>>> day = dask.bag.read_text("logs/2026-03-01/*.jsonl.gz")
>>> Path("day.arrows").write_bytes(leadsman.dask.profile(day, "plan.arrows").compute())

The workers need leadsman and the plan under the same path, as they do the log.
"""

from __future__ import annotations

from typing import Any

import dask

from . import shards


def profile(rows: Any, plan: shards.Path, *, name: str = "predictions", branches: int = 32, **options: Any) -> Any:
    """The delayed profile of all rows: of a bag of lines, or a data frame of pandas.

    Partition 17 is the shard "NAME-00017". branches profiles at a time are added up.
    options are those of shards.profile.
    """
    count, add_up = dask.delayed(_count, pure=True), dask.delayed(shards.merge, pure=True)
    level = [count(part, plan, f"{name}-{i:05d}", options) for i, part in enumerate(rows.to_delayed())]
    return shards.tree(level, lambda some: add_up(some, plan), branches)


def _count(part: Any, plan: shards.Path, shard: str, options: dict[str, Any]) -> bytes:
    if not hasattr(part, "columns"):
        part = "".join(line if line.endswith("\n") else line + "\n" for line in part).encode()
    return shards.profile(part, plan, shard, **options)

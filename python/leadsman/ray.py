"""Profiles of parts of a log on Ray: one a task, added up by a tree.

>>> import ray, leadsman.ray
>>> days = [f"s3://logs/2026-03-{day:02d}.parquet" for day in range(1, 32)]
>>> Path("march.arrows").write_bytes(ray.get(leadsman.ray.profile(days, read, "plan.arrows")))

The workers need leadsman and the plan under the same path. Ray's own blocks may be
cut in another way when a task runs again, so parts are what the caller names.
"""

from __future__ import annotations

from typing import Any, Callable, Sequence

import ray

from . import shards


def profile(parts: Sequence[Any], read: Callable[[Any], Any], plan: shards.Path, *, branches: int = 32, **options: Any) -> Any:
    """The object reference of the profile of all parts.

    read gives a part's rows as shards.profile takes them; str(part) is the shard's
    name. branches profiles at a time are added up.
    """

    def count(part: Any) -> bytes:
        return shards.profile(read(part), plan, str(part), **options)

    def add_up(*profiles: bytes) -> bytes:
        return shards.merge(profiles, plan)

    leaf, branch = ray.remote(count), ray.remote(add_up)
    level = [leaf.remote(part) for part in parts]
    return shards.tree(level, lambda some: branch.remote(*some), branches)

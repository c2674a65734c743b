"""Data for the tests: visits of two countries, drawn by hand-sized arithmetic."""

from __future__ import annotations

import random
from typing import Any

import pytest


def rows(n: int, seed: int, shift: float = 0.0) -> dict[str, list[Any]]:
    """n rows; shift moves budget alone, by standard deviations."""
    draw = random.Random(seed)
    visits = [draw.randrange(12) for _ in range(n)]
    budget = [None if draw.random() < 0.05 else draw.gauss(50, 10) + 10 * shift for _ in range(n)]
    country = [draw.choice(["DE", "FR", "US"]) for _ in range(n)]
    score = [min(1.0, max(0.0, 0.04 * v + draw.gauss(0.3, 0.1))) for v in visits]
    return {"visits": visits, "budget": budget, "country": country, "score": score}


@pytest.fixture(scope="session")
def reference() -> dict[str, list[Any]]:
    return rows(2000, 1)


@pytest.fixture(scope="session")
def calm() -> dict[str, list[Any]]:
    return rows(1000, 2)


@pytest.fixture(scope="session")
def shifted() -> dict[str, list[Any]]:
    return rows(1000, 3, shift=1.0)

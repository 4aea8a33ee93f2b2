"""A person's run comes before a backfill's, and a month that has begun before one that has not."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import pytest
from taxi_airflow.policy import PHASES
from taxi_airflow.priority import STEP, PeopleFirst

pytestmark = pytest.mark.integration
RUNS = ["manual__2026-11-05", "scheduled__2026-11-05", "asset_triggered__2026-11-05", "backfill__2019-01-05"]


def weight(run_id: str, phase: str) -> int:
    task = SimpleNamespace(priority_weight=PHASES[phase].weight)
    return PeopleFirst().get_weight(SimpleNamespace(run_id=run_id, task=task))


def test_the_kind_of_run_decides_before_the_phase() -> None:
    first, last = "ingest", "register"
    for sooner, later in pairwise(RUNS):
        assert weight(sooner, first) > weight(later, last)
    assert max(phase.weight for phase in PHASES.values()) < STEP


def test_within_one_kind_of_run_later_phases_come_first() -> None:
    weights = [weight(RUNS[3], phase) for phase in ("ingest", "validate", "features", "train", "register")]
    assert weights == sorted(set(weights))


def test_a_run_of_a_kind_that_is_not_known_waits_like_a_backfill() -> None:
    assert weight("custom", "train") == weight(RUNS[3], "train")

"""Published protocols replayed on real months, as far as these are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.config import Settings
from include.models.anchors import ANCHORS, replay_anchor

pytestmark = pytest.mark.integration
GREEN, _, YELLOW = ANCHORS
NEAR = 0.12
"""Relative: the same protocol on the same months, with other code."""


@pytest.fixture
def real(settings: Settings, real_data: Path) -> Settings:
    return settings.model_copy(update={"source": str(real_data)})


def test_the_quote_time_figures_come_near_the_published_ones(real: Settings) -> None:
    absent = [month for month in ("2018-09", "2019-09") if not list(Path(real.source).rglob(f"yellow*{month}.parquet"))]
    if absent:
        pytest.skip(f"no yellow {', '.join(absent)} in TAXI_TEST_DATA")
    lines = {line.label: line for line in replay_anchor(YELLOW, real)}
    assert set(lines) == set(YELLOW.published)
    ours = {label: line.ours or 0.0 for label, line in lines.items()}
    for label, theirs in YELLOW.published.items():
        assert ours[label] == pytest.approx(theirs, rel=NEAR), label
    for target in ("duration_min", "fare_usd"):
        assert ours[f"lightgbm {target}"] < 0.85 * ours[f"zone_pair_median {target}"]


def test_a_month_that_is_not_at_hand_is_named(real: Settings) -> None:
    if list(Path(real.source).rglob("green_tripdata_2021-02.parquet")):
        pytest.skip("green 2021-02 is in TAXI_TEST_DATA")
    for line in replay_anchor(GREEN, real):
        assert line.ours is None
        assert "green_tripdata_2021-02.parquet" in line.reason

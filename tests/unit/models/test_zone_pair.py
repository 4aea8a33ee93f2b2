"""A cell with few trips listens to coarser ones."""

from __future__ import annotations

import numpy as np
import pytest

from include.models.recipes import COLUMN
from include.models.rows import Rows
from include.models.zone_pair import ZonePairMedian, ZonePairRate


def unseen(rows: Rows) -> np.ndarray:
    """Newark to Arden Heights: nobody drove it."""
    x = rows.x[:1].copy()
    x[0, [COLUMN["pickup_zone"], COLUMN["dropoff_zone"]]] = (1, 5)
    return x


def test_the_median_backs_off_to_the_city(rows: Rows) -> None:
    y = rows.y["duration_min"]
    assert ZonePairMedian(10).fit(rows.x, y).predict(unseen(rows))[0] == pytest.approx(np.median(y))


def test_a_cell_with_enough_trips_speaks_for_itself(rows: Rows) -> None:
    x = np.repeat(unseen(rows), 11, axis=0)
    y = np.arange(11, dtype=np.float32)
    both = np.concatenate([rows.x, x]), np.concatenate([rows.y["duration_min"] + 50, y])
    assert ZonePairMedian(11).fit(*both).predict(x)[0] == 5
    assert ZonePairMedian(12).fit(*both).predict(x)[0] > 5


def test_a_share_is_drawn_to_the_coarser_one_by_the_weight_of_so_many_trips(rows: Rows) -> None:
    x = np.repeat(unseen(rows), 100, axis=0)
    both = np.concatenate([rows.x, x]), np.concatenate([np.zeros(len(rows.x)), np.ones(100)])
    city = both[1].mean()
    share = city
    for _ in range(4):  # borough pair, its band, zone pair, its band: each has these 100 trips alone
        share = (100 + 50 * share) / 150
    assert ZonePairRate(50).fit(*both).predict(x)[0] == pytest.approx(share)
    assert ZonePairRate(50).fit(*both).predict(rows.x[:1])[0] < city

"""Patterns on rows written here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from include.exploration.patterns import (
    demand_by_hour_of_week,
    pair_coverage,
    speed_by_hour,
    tip_percent,
    tip_spike,
    top_zones,
)

MONDAY, SATURDAY = pd.Timestamp("2019-03-04 08:30"), pd.Timestamp("2019-03-09 08:30")
WEEK = pd.Timedelta(days=7)


def test_tips_are_of_cards_and_of_what_was_charged_before() -> None:
    trips = pd.DataFrame({"payment_type": [1, 2, 1], "tip_usd": [2.0, 0.0, 1.0], "total_usd": [12.0, 9.0, 1.0]})
    assert tip_percent(trips).tolist() == [20.0]


def test_the_spike_is_no_zero() -> None:
    spike, share = tip_spike(pd.Series([0.0, 0.0, 0.0, 19.9, 20.2, 25.0]))
    assert spike == 20
    assert share == pytest.approx(100 / 3)
    assert tip_spike(pd.Series([0.0])) == (0, 0.0)


def test_demand_is_a_mean_over_days_of_the_kind() -> None:
    """Three pick-ups on two Mondays are one and a half."""
    table = demand_by_hour_of_week(pd.DataFrame({"pickup_at": [MONDAY, MONDAY, MONDAY + WEEK, SATURDAY]}))
    assert table.shape == (7, 24)
    assert table.loc["Mon", 8] == 1.5
    assert table.loc["Sat", 8] == 1.0
    assert table.to_numpy().sum() == 2.5


def test_speed_leaves_out_trips_that_did_not_move() -> None:
    start = pd.Series([MONDAY, MONDAY, MONDAY])
    trips = pd.DataFrame(
        {"pickup_at": start, "dropoff_at": start + pd.Timedelta(minutes=30), "distance_mi": [5.0, 5.0, 0.0]}
    )
    table = speed_by_hour(trips)
    assert table.shape == (24, 6)
    assert table.loc[8, ("working day", "median")] == 10.0
    assert np.isnan(table["weekend"].to_numpy()).all()


def test_top_zones_have_names_and_shares() -> None:
    trips = pd.DataFrame({"pickup_zone": [132, 132, 132, 161], "dropoff_zone": [161, 161, 132, 161]})
    top = top_zones(trips, 1)
    assert list(top.index) == ["JFK Airport"]
    assert list(top.loc["JFK Airport"]) == [75.0, 25.0]


def test_pairs_are_counted_by_direction() -> None:
    trips = pd.DataFrame({"pickup_zone": [1, 1, 2], "dropoff_zone": [2, 2, 1]})
    pairs, thin = pair_coverage(trips, few=2)
    assert pairs == 2
    assert thin == pytest.approx(100 / 3)

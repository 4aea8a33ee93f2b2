"""Parts of a month: every trip is where it belongs, and the busiest routes are the busiest."""

from __future__ import annotations

import numpy as np
import pytest

from include.models.slices import TOP_ROUTES, slices_of

NAMES = ("time_band", "pickup_zone", "dropoff_zone", "pickup_borough", "dropoff_borough", "is_airport")
TRIPS = np.array(
    [
        [0, 132, 230, 4, 2, 1],  # JFK to Times Square at night
        [1, 161, 237, 2, 2, 0],
        [1, 161, 237, 2, 2, 0],
        [4, 237, 161, 2, 2, 0],
    ],
    np.float32,
)


def rows_of(parts: dict[str, np.ndarray]) -> dict[str, list[int]]:
    return {name: np.flatnonzero(rows).tolist() for name, rows in parts.items()}


def test_parts_by_name() -> None:
    parts = slices_of(TRIPS, np.array([False, True, False, False]), NAMES)
    assert rows_of(parts) == {
        "airport": [0], "app_dispatched": [1], "hours night": [0], "hours morning": [1, 2], "hours late": [3],
        "boroughs Manhattan > Manhattan": [1, 2, 3], "boroughs Queens > Manhattan": [0],
        "route 161-237": [1, 2], "route 132-230": [0], "route 237-161": [3],
    }  # fmt: skip


def test_a_part_without_trips_is_none() -> None:
    assert "app_dispatched" not in slices_of(TRIPS, np.zeros(4, bool), NAMES)
    assert slices_of(TRIPS[:0], np.zeros(0, bool), NAMES) == {}


def test_only_the_busiest_routes_are_parts_and_ties_go_by_zone() -> None:
    zones = np.repeat(np.arange(1, 41), np.where(np.arange(1, 41) <= 30, 2, 3))
    trips = np.zeros((len(zones), len(NAMES)), np.float32)
    trips[:, 1] = trips[:, 2] = zones
    routes = [name for name in slices_of(trips, np.zeros(len(zones), bool), NAMES) if name.startswith("route")]
    assert routes == [f"route {z}-{z}" for z in (*range(31, 41), *range(1, TOP_ROUTES - 9))]


def test_features_are_found_by_name_whatever_their_order() -> None:
    order = [5, 3, 1, 0, 2, 4]
    shuffled = slices_of(TRIPS[:, order], np.zeros(4, bool), [NAMES[i] for i in order])
    assert rows_of(shuffled) == rows_of(slices_of(TRIPS, np.zeros(4, bool), NAMES))
    with pytest.raises(KeyError, match="time_band"):
        slices_of(TRIPS[:, 1:], np.zeros(4, bool), NAMES[1:])

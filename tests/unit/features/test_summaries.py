"""Counts of months add up to the same bytes, however they are grouped and ordered."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.errors import BadDataError
from include.features.summaries import (
    BINS,
    HOURS,
    QUANTITIES,
    Summary,
    medians,
    merge,
    summarise,
    summary_from_bytes,
    summary_to_bytes,
)
from tests.unit.features.trips import make_trips

PARTS = st.lists(st.integers(0, 30), min_size=1, max_size=5)


def _bytes(summary: Summary) -> bytes:
    return b"".join(array.tobytes() for name in sorted(summary) for array in summary[name])


@settings(max_examples=25)
@given(PARTS, st.integers(0, 9))
def test_any_order_and_grouping_gives_the_same_bytes(sizes: list[int], seed: int) -> None:
    parts = [summarise(make_trips(rows, seed + number)) for number, rows in enumerate(sizes)]
    shuffled = random.Random(seed).sample(parts, len(parts))
    cut = seed % (len(parts) + 1)
    grouped = merge([merge(shuffled[:cut]), merge(shuffled[cut:])])
    assert _bytes(grouped) == _bytes(merge(parts))
    assert summary_to_bytes(grouped) == summary_to_bytes(merge(parts))


@settings(max_examples=25)
@given(PARTS, st.integers(0, 9))
def test_merged_parts_are_the_summary_of_all_trips(sizes: list[int], seed: int) -> None:
    parts = [make_trips(rows, seed + number) for number, rows in enumerate(sizes)]
    together = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    assert _bytes(merge(map(summarise, parts))) == _bytes(summarise(together))


def test_every_trip_is_counted_once() -> None:
    trips = make_trips(500, 1) | {"pickup_at": np.full(500, np.datetime64("2019-03-04T08:30", "us"))}
    summary = summarise(trips | {"dropoff_at": trips["pickup_at"] + np.timedelta64(9, "m")})
    assert {name: int(summary[name].trips.sum()) for name in summary} == dict.fromkeys(summary, 500)
    assert set(summary["demand"].keys % HOURS) == {8}


def test_what_a_row_or_a_service_lacks_is_not_counted() -> None:
    trips = make_trips(3, 1) | {"fare_usd": np.array([5.0, np.nan, 7.0]), "pickup_zone": np.array([7, np.nan, 7.0])}
    del trips["distance_mi"]
    summary = summarise(trips)
    counted = {name: int(summary[name].trips.sum()) for name in (*QUANTITIES, "speed_mph")}
    assert counted == {"duration_min": 3, "distance_mi": 0, "fare_usd": 2, "speed_mph": 0}
    assert sorted(set(summary["demand"].keys // HOURS)) == [7, 264]


@given(st.lists(st.floats(1, 180), min_size=1, max_size=200))
def test_a_histogram_median_is_within_a_bin_of_the_middle_values(minutes: list[float]) -> None:
    start = np.full(len(minutes), np.datetime64("2019-03-04T08:30", "us"))
    end = start + np.array([round(m * 60e6) for m in minutes], "timedelta64[us]")
    ones = np.ones(len(minutes))
    counts = summarise({"pickup_at": start, "dropoff_at": end, "pickup_zone": ones, "dropoff_zone": ones})[
        "duration_min"
    ]
    got, trips = medians(np.zeros(len(counts.keys), np.int64), counts.keys % BINS, counts.trips, 2, "duration_min")
    ordered, width = sorted(minutes), 180 ** (1 / BINS) * (1 + 1e-6)
    assert ordered[(len(ordered) - 1) // 2] / width <= got[0] <= ordered[len(ordered) // 2] * width
    assert (trips.tolist(), bool(np.isnan(got[1]))) == ([len(minutes), 0], True)


def test_a_stored_summary_comes_back_and_a_damaged_one_is_refused() -> None:
    summary = summarise(make_trips(50, 3))
    data = summary_to_bytes(summary)
    assert _bytes(summary_from_bytes(data)) == _bytes(summary)
    for damaged in (b"", b"no archive", data[:100]):
        with pytest.raises(BadDataError, match="not a month's summary"):
            summary_from_bytes(damaged)

"""Medians of earlier trips: shrunk where trips are few, equal for one request and many."""

from __future__ import annotations

import numpy as np
import pytest

from include.errors import BadDataError
from include.features.history import History
from include.features.summaries import summarise
from include.utils.arrays import to_npz
from tests.unit.features.trips import make_trips

MONDAY_8, SUNDAY_23 = 8 * 60, 7 * 1440 - 30


def _trips(
    minutes: float, rows: int, start: int = 161, end: int = 230, hour: str = "2019-03-04T08"
) -> dict[str, np.ndarray]:
    pickup = np.full(rows, np.datetime64(hour, "us"))
    return {
        "pickup_at": pickup,
        "dropoff_at": pickup + np.timedelta64(round(minutes * 60), "s"),
        "pickup_zone": np.full(rows, start),
        "dropoff_zone": np.full(rows, end),
        "distance_mi": np.full(rows, minutes / 6),
        "fare_usd": np.full(rows, minutes + 2.5),
    }


def _look(history: History, start: int, end: int, minute: int = MONDAY_8) -> dict[str, float]:
    found = history.lookup(np.array([start]), np.array([end]), np.array([minute]))
    return {name: float(value[0]) for name, value in found.items()}


def test_many_trips_speak_for_themselves_and_few_lean_on_the_borough() -> None:
    usual, rare = _trips(10, 2000), _trips(60, 1, start=48, end=50)
    history = History.from_summaries([summarise(usual), summarise(rare)])
    busy, seldom, never = (_look(history, *pair) for pair in ((161, 230), (48, 50), (90, 100)))
    assert busy["pair_duration_min"] == pytest.approx(10, rel=0.06)
    assert never["pair_duration_min"] == pytest.approx(10, rel=0.06)
    assert never["pair_duration_min"] < seldom["pair_duration_min"] < 30
    assert (busy["pair_trips"], seldom["pair_trips"], never["pair_trips"]) == (2000, 1, 0)
    assert busy["city_speed_mph"] == pytest.approx(10, rel=0.06)


def test_a_time_band_differs_where_its_trips_do() -> None:
    history = History.from_summaries([summarise(_trips(20, 500)), summarise(_trips(8, 500, hour="2019-03-10T23"))])
    morning, late = (_look(history, 161, 230, minute) for minute in (MONDAY_8, SUNDAY_23))
    assert morning["pair_band_duration_min"] == pytest.approx(20, rel=0.07)
    assert late["pair_band_duration_min"] == pytest.approx(8, rel=0.07)
    assert morning["pair_duration_min"] == late["pair_duration_min"]


def test_demand_is_pickups_an_hour_of_that_weekday() -> None:
    weeks = [_trips(10, 6, hour="2019-03-04T08"), _trips(10, 2, hour="2019-03-11T08")]
    history = History.from_summaries(map(summarise, weeks))
    assert _look(history, 161, 230)["zone_demand"] == 4
    assert _look(history, 161, 230, SUNDAY_23)["zone_demand"] == 0


def test_the_trend_is_the_last_month_over_all() -> None:
    months = [_trips(10, 300, hour="2019-02-04T08"), _trips(20, 100, hour="2019-03-04T08")]
    trend = _look(History.from_summaries(map(summarise, months)), 161, 230)["trend_duration_min"]
    assert trend == pytest.approx(2, rel=0.12)


def test_one_request_equals_its_row_of_a_batch() -> None:
    history = History.from_summaries([summarise(make_trips(400, 5))])
    rng = np.random.default_rng(6)
    start, end, minute = rng.integers(1, 266, 200), rng.integers(1, 266, 200), rng.integers(0, 7 * 1440, 200)
    together = history.lookup(start, end, minute)
    for name, values in together.items():
        apart = [history.lookup(start[i : i + 1], end[i : i + 1], minute[i : i + 1])[name] for i in range(200)]
        assert np.concatenate(apart).tobytes() == values.tobytes(), name
        assert values.dtype == np.float32


def test_no_trip_at_all_gives_no_number() -> None:
    nothing = _look(History.from_summaries([]), 161, 230)
    rates = {name: nothing.pop(name) for name in ("pair_trips", "zone_demand")}
    assert set(rates.values()) == {0.0}
    assert all(np.isnan(value) for value in nothing.values())


def test_what_was_saved_is_what_is_loaded() -> None:
    history = History.from_summaries([summarise(make_trips(400, 5))])
    again = History.from_bytes(history.to_bytes())
    assert again.to_bytes() == history.to_bytes()
    assert list(_look(again, 161, 230).values()) == list(_look(history, 161, 230).values())


def test_arrays_of_another_history_are_refused() -> None:
    with pytest.raises(BadDataError, match="pair_trips"):
        History.from_bytes(to_npz({"pair_trips": np.zeros(3)}))

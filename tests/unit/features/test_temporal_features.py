"""Time as numbers: by the definitions, at the edges of the calendar, whatever kind of mapping holds the times."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.features.temporal_features import (
    TIME_BANDS,
    cyclical_encoding,
    extract_datetime_features,
    hour_of_day,
    is_day_after_holiday,
    is_holiday,
    is_holiday_eve,
    is_weekend,
    minute_of_week,
    of_the_week,
    time_of_day_category,
    week_table,
    weekday_of,
)

TIMES = st.datetimes(min_value=datetime(2009, 1, 1), max_value=datetime(2040, 12, 31, 23, 59))


def at(*times: str) -> np.ndarray:
    return np.array(times, "datetime64[us]")


@given(st.lists(TIMES, min_size=1, max_size=20))
def test_parts_of_a_time_are_the_calendars(times: list[datetime]) -> None:
    pickup_at = np.array(times, "datetime64[us]")
    assert weekday_of(pickup_at).tolist() == [t.weekday() for t in times]
    assert hour_of_day(pickup_at).tolist() == [t.hour for t in times]
    assert minute_of_week(pickup_at).tolist() == [(t.weekday() * 24 + t.hour) * 60 + t.minute for t in times]
    assert is_weekend(pickup_at).tolist() == [t.weekday() in (5, 6) for t in times]


@given(st.lists(TIMES, min_size=1, max_size=20))
def test_the_week_is_the_same_looked_up_and_computed(times: list[datetime]) -> None:
    pickup_at = np.array(times, "datetime64[us]")
    looked_up = week_table().columns(minute_of_week(pickup_at))
    for name, values in of_the_week(pickup_at).items():
        assert looked_up[name].tobytes() == np.asarray(values, np.float32).tobytes(), name


@pytest.mark.parametrize(
    ("day", "flags"),
    [
        ("2019-07-03", (0, 1, 0)),
        ("2019-07-04", (1, 0, 0)),
        ("2019-07-05", (0, 0, 1)),
        ("2021-07-04", (1, 1, 0)),  # a Sunday: observed on the day after, which is a holiday too
        ("2021-07-05", (1, 0, 1)),
        ("2019-12-31", (0, 1, 0)),
        ("2009-01-01", (1, 0, 0)),
        ("2040-12-31", (0, 1, 0)),  # the calendar's last day knows that a year follows
    ],
)
def test_holidays_with_the_day_before_and_after(day: str, flags: tuple[int, int, int]) -> None:
    evening = at(f"{day}T18:30")
    assert (is_holiday(evening)[0], is_holiday_eve(evening)[0], is_day_after_holiday(evening)[0]) == flags


def test_every_eve_has_its_holiday() -> None:
    days = np.arange(np.datetime64("2009-01-01"), np.datetime64("2041-01-01"))
    assert (is_holiday_eve(days)[:-1] == is_holiday(days)[1:]).all()
    assert (is_day_after_holiday(days)[1:] == is_holiday(days)[:-1]).all()


def test_bands_of_the_day() -> None:
    hours = np.array([0, 5, 6, 9, 10, 15, 16, 19, 20, 23])
    found = [TIME_BANDS[band] for band in time_of_day_category(hours)]
    assert found == [band for band in TIME_BANDS for _ in range(2)]


def test_midnight_begins_the_day() -> None:
    last, first = (extract_datetime_features({"pickup_at": at(t)}) for t in ("2019-06-02T23:59:59", "2019-06-03T00:00"))
    assert (last["minute_of_day"][0], last["weekday"][0], first["minute_of_day"][0], first["weekday"][0]) == (
        1439, 6, 0, 0
    )  # fmt: skip
    assert (first["day_sin"][0], first["day_cos"][0], first["week_cos"][0]) == (0, 1, 1)


def test_29_february_lies_between_its_neighbours() -> None:
    """Of 2020: a Saturday, no holiday."""
    named = extract_datetime_features({"pickup_at": at("2020-02-28T23:59", "2020-02-29", "2020-03-01")})
    assert named["weekday"].tolist() == [4, 5, 6]
    assert named["is_weekend"].tolist() == [False, True, True]
    assert named["is_holiday"].tolist() == [0, 0, 0]


@pytest.mark.parametrize(("outside", "nearest"), [("2008-06-03", "2009-01-01"), ("2041-06-03", "2040-12-31")])
def test_outside_the_calendar_the_date_is_the_nearest_and_the_time_its_own(outside: str, nearest: str) -> None:
    there = extract_datetime_features({"pickup_at": at(f"{outside}T13:00")})
    edge = extract_datetime_features({"pickup_at": at(f"{nearest}T13:00")})
    for name in ("is_holiday", "is_holiday_eve", "is_day_after_holiday", "hour"):
        assert there[name][0] == edge[name][0], name
    assert there["weekday"][0] == weekday_of(at(outside))[0]


def test_any_mapping_of_columns_gives_the_same() -> None:
    times = [datetime(2019, 3, 10, 2, 30) + timedelta(hours=7 * i) for i in range(30)]
    named = extract_datetime_features({"started": np.array(times, "datetime64[s]")}, "started")
    for other in (pd.DataFrame({"started": times}), pa.table({"started": pa.array(times, pa.timestamp("us"))})):
        found = extract_datetime_features(other, "started")
        assert {name: values.tolist() for name, values in found.items()} == {
            name: values.tolist() for name, values in named.items()
        }


def test_a_circle_closes_and_its_points_are_apart() -> None:
    hours = {"hour": np.arange(24)}
    circle = cyclical_encoding(hours, "hour", 24)
    points = np.stack([circle["hour_sin"], circle["hour_cos"]])
    assert np.linalg.norm(points, axis=0) == pytest.approx(np.ones(24), abs=1e-6)
    steps = np.linalg.norm(points - np.roll(points, 1, axis=1), axis=0)
    assert steps == pytest.approx(np.full(24, steps[0]), abs=1e-6)
    assert list(hours) == ["hour"]


def test_a_frame_gives_a_frame_and_keeps_its_rows() -> None:
    trips = pd.DataFrame({"month": [1, 12, 13]}, index=[7, 8, 9])
    encoded = cyclical_encoding(trips, "month", 12)
    assert list(encoded.columns) == ["month", "month_sin", "month_cos"]
    assert list(trips.columns) == ["month"]
    assert encoded.index.tolist() == [7, 8, 9]
    assert encoded["month_sin"].iloc[0] == encoded["month_sin"].iloc[2]


def test_a_broken_number_is_refused() -> None:
    with pytest.raises(ValueError, match=r"hour holds 1\.5: whole numbers are expected"):
        cyclical_encoding({"hour": np.array([1.0, 1.5])}, "hour", 24)

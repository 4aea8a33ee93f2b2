"""The hours that New York lives twice or not at all, against the zone rules of the standard library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from include.trips.calendar import FIRST_DAY, clock_changed, holiday_table, meter_holiday_table, repeated_hour

NEW_YORK = ZoneInfo("America/New_York")


def is_repeated(when: datetime) -> bool:
    """Two offsets fit the naive time; `fold` of a time that was skipped in March fits neither."""
    first, second = when.replace(tzinfo=NEW_YORK), when.replace(tzinfo=NEW_YORK, fold=1)
    return first.utcoffset() != second.utcoffset() and when.month == 11


ANY_TIME = st.datetimes(datetime(2009, 1, 1), datetime(2037, 12, 31))
EARLY_NOVEMBER = st.builds(
    datetime, st.integers(2009, 2037), st.just(11), st.integers(1, 8), st.integers(0, 3), st.integers(0, 59)
)


@given(ANY_TIME | EARLY_NOVEMBER)
def test_it_is_the_hour_that_has_two_offsets(when: datetime) -> None:
    assert bool(repeated_hour(np.array([when], "datetime64[us]"))[0]) is is_repeated(when)


@pytest.mark.parametrize(
    ("when", "repeated"),
    [
        ("2019-11-03T00:59:59", False),
        ("2019-11-03T01:00:00", True),
        ("2019-11-03T01:59:59", True),
        ("2019-11-03T02:00:00", False),
        ("2019-11-10T01:30:00", False),
        ("2019-03-10T01:30:00", False),
        ("NaT", False),
    ],
)
def test_its_edges(when: str, repeated: bool) -> None:
    assert repeated_hour(np.array([when], "datetime64[us]")).tolist() == [repeated]


def is_skipped(when: datetime) -> bool:
    """A naive time that no instant has does not come back from UTC."""
    there = when.replace(tzinfo=NEW_YORK).astimezone(UTC)
    return there.astimezone(NEW_YORK).replace(tzinfo=None) != when


SPRING_NIGHT = st.builds(
    datetime, st.integers(2009, 2037), st.just(3), st.integers(8, 14), st.integers(0, 4), st.integers(0, 59)
)


def changed(pickup: datetime, dropoff: datetime) -> bool:
    return bool(clock_changed(np.array([pickup], "datetime64[us]"), np.array([dropoff], "datetime64[us]"))[0])


@given(ANY_TIME.map(lambda when: when.replace(second=0, microsecond=0)) | SPRING_NIGHT, st.integers(0, 180))
def test_a_trip_that_touches_a_skipped_minute_has_no_known_length(pickup: datetime, minutes: int) -> None:
    assume(not is_repeated(pickup))
    touched = any(is_skipped(pickup + timedelta(minutes=minute)) for minute in range(minutes + 1))
    assert changed(pickup, pickup + timedelta(minutes=minutes)) is touched


@given(EARLY_NOVEMBER, st.integers(-90, 90))
def test_a_november_trip_that_ends_before_it_begins_went_through_the_repeated_hour(
    pickup: datetime, minutes: int
) -> None:
    dropoff = pickup + timedelta(minutes=minutes)
    assert changed(pickup, dropoff) is (minutes < 0 and is_repeated(pickup) and is_repeated(dropoff))


@pytest.mark.parametrize(
    ("pickup", "dropoff", "expected"),
    [
        ("2018-03-11T01:53:33", "2018-03-11T03:11:56", True),
        ("2018-03-11T01:59:59", "2018-03-11T02:00:00", True),
        ("2018-03-11T02:59:59", "2018-03-11T03:05:00", True),
        ("2018-03-11T01:40:00", "2018-03-11T01:59:59", False),
        ("2018-03-11T03:00:00", "2018-03-11T03:05:00", False),
        ("2018-03-10T22:00:00", "2018-03-11T21:00:00", True),
        ("2018-11-04T01:52:14", "2018-11-04T01:10:37", True),
        ("2018-11-04T01:51:28", "2018-11-05T01:00:24", False),
        ("NaT", "2018-03-11T03:11:56", False),
        ("2018-03-11T01:53:33", "NaT", False),
    ],
)
def test_edges_of_a_changed_clock(pickup: str, dropoff: str, expected: bool) -> None:
    ends = (np.array([when], "datetime64[us]") for when in (pickup, dropoff))
    assert clock_changed(*ends).tolist() == [expected]


@pytest.mark.parametrize("year", range(2009, 2041))
def test_february_holds_one_holiday_of_the_meter(year: int) -> None:
    days = np.arange(f"{year}-02-01", f"{year}-03-01", dtype="datetime64[D]")
    found = days[meter_holiday_table()[(days - FIRST_DAY).astype(np.int64)] == 1]
    assert [str(day) for day in found] == [str(np.busday_offset(f"{year}-02", 2, roll="forward", weekmask="Mon"))]


def test_the_meter_knows_the_other_holidays() -> None:
    days = FIRST_DAY + np.arange(len(holiday_table()))
    others = days.astype("datetime64[M]").astype(np.int64) % 12 != 1
    assert (meter_holiday_table()[others] == holiday_table()[others]).all()

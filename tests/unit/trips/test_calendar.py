"""The hour that New York lives twice, against the zone rules of the standard library."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.trips.calendar import repeated_hour

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

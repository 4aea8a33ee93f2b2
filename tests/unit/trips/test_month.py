"""Months parse, order and step."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.trips.month import Month, contiguous, parse_months

MONTHS = st.builds(Month, st.integers(2009, 2040), st.integers(1, 12))


@given(MONTHS, st.integers(-200, 200))
def test_plus_and_back_is_the_same_month(month: Month, steps: int) -> None:
    assert month.plus(steps).plus(-steps) == month


@given(MONTHS)
def test_a_month_is_its_own_key(month: Month) -> None:
    assert Month.parse(str(month)) == month


@pytest.mark.parametrize("text", ["2019-13", "2019-1", "1999-01", "2019", "", "2019-03:2019-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"month|backwards"):
        parse_months(text)


def test_ranges_and_lists_mix_and_split_again() -> None:
    months = parse_months("2018-12:2019-02,2019-05")
    assert [str(m) for m in months] == ["2018-12", "2019-01", "2019-02", "2019-05"]
    assert [(str(a), str(b)) for a, b in contiguous(months)] == [("2018-12", "2019-02"), ("2019-05", "2019-05")]

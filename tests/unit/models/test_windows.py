"""Every day has one role, and no role looks ahead."""

from __future__ import annotations

import numpy as np
import pytest

from include.errors import NothingToDo
from include.models.windows import plan_split
from include.trips.month import Month

DAYS = np.arange(1, 32)
TEST = Month(2019, 6)


def _roles(earlier: int) -> dict[str, list[str]]:
    months = tuple(TEST.plus(-back) for back in range(earlier, 0, -1))
    split = plan_split(TEST, (*months, TEST, TEST.plus(1)), 12)
    return {str(m): split.role_of(m, DAYS).tolist() for m in split.earlier}


def test_no_earlier_month_is_nothing_to_do() -> None:
    with pytest.raises(NothingToDo, match="2019-06"):
        plan_split(TEST, (TEST, TEST.plus(1)), 12)


def test_one_earlier_month_holds_all_roles() -> None:
    roles = _roles(1)["2019-05"]
    assert roles[:20] == ["train"] * 20
    assert roles[20:] == ["tune", "calibrate"] * 5 + ["tune"]


def test_two_earlier_months_train_on_the_first_and_tune_on_the_last() -> None:
    roles = _roles(2)
    assert set(roles["2019-04"]) == {"train"}
    assert set(roles["2019-05"]) == {"tune", "calibrate"}


def test_all_months_before_the_last_train_whole() -> None:
    roles = _roles(12)
    assert {month: set(of_month) for month, of_month in roles.items()} == {
        month: {"tune", "calibrate"} if month == "2019-05" else {"train"} for month in roles
    }


def test_absent_months_are_gaps_and_later_ones_are_not_used() -> None:
    split = plan_split(TEST, (Month(2019, 3), Month(2019, 5), TEST, TEST.plus(1)), 12)
    assert [str(m) for m in split.gaps] == ["2019-04"]
    assert [str(m) for m in split.earlier] == ["2019-03", "2019-05"]

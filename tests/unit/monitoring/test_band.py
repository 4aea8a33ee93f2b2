"""What chance alone does to an error is not called a fault."""

from __future__ import annotations

import random

import pytest

from include.monitoring.band import MONTHS, upper_end


def test_a_few_months_say_nothing_of_how_errors_spread() -> None:
    assert upper_end([]) is None
    assert upper_end([4.0, 4.1]) is None


def test_the_bound_is_that_of_the_next_draw() -> None:
    """Mean 4, standard deviation 0.1, t(2) 9.925 and one more draw: 4 + 9.925 * 0.1 * sqrt(4/3)."""
    assert upper_end([3.9, 4.0, 4.1]) == pytest.approx(5.146, abs=1e-3)


def test_only_the_last_year_counts() -> None:
    year = [4.0 + month / 100 for month in range(MONTHS)]
    assert upper_end([100.0, *year]) == upper_end(year)


@pytest.mark.parametrize("months", [3, 11])
def test_one_month_of_200_is_above_it_by_chance(months: int) -> None:
    rng = random.Random(months)
    draws = [[rng.gauss(4, 0.2) for _ in range(months + 1)] for _ in range(6_000)]
    above = sum(last > (upper_end(earlier) or 0) for *earlier, last in draws)
    assert 12 < above < 48, "thirty are expected, give or take three standard deviations"

"""Steps hold as many zones each, and no value falls between two of them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.dashboard.zone_map.steps import STEPS, step_bounds, step_names, step_of

VALUES = st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=80)


def test_steps_hold_as_many_each() -> None:
    values = [float(place) for place in range(STEPS * 20)]
    held = Counter(step_of(value, step_bounds(values)) for value in values)
    assert held == dict.fromkeys(range(STEPS), 20)


@given(VALUES)
def test_every_value_is_in_the_step_that_it_is_named_by(values: list[float]) -> None:
    bounds = step_bounds(values)
    for value in values:
        step = step_of(value, bounds)
        assert 0 <= step < len(bounds) - 1
        assert bounds[step] <= value <= bounds[step + 1]


@pytest.mark.parametrize(("values", "bounds"), [([], []), ([3.0], [3.0, 3.0]), ([1.0, 1.0, 1.0], [1.0, 1.0])])
def test_few_or_equal_values_make_fewer_steps(values: list[float], bounds: list[float]) -> None:
    assert step_bounds(values) == bounds
    assert len(step_names(bounds, ",.0f")) == (1 if values else 0)


def test_whole_numbers_are_named_in_one_step_only() -> None:
    assert step_names([1.0, 3.5, 9.0, 2000.0], ",.0f") == ["1 to 3", "4 to 8", "9 to 2,000"]
    assert step_names([7.0, 7.0], ",.0f") == ["7"]


def test_other_numbers_are_named_by_both_ends() -> None:
    assert step_names([1.25, 2.5, 4.0], ".1f") == ["1.2 to 2.5", "2.5 to 4.0"]

"""The bootstrap over days: what is luck, what is not, and what cannot be said."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.models.day_blocks import bootstrap_gain, bootstrap_losses, relative_gain

DAY = np.repeat(np.arange(1, 29), 50)
OLD = np.full(len(DAY), 4.0)


def test_a_gain_on_every_day_is_sure_and_one_on_a_single_day_is_not() -> None:
    assert bootstrap_gain(OLD, OLD * 0.9, DAY, 400) == pytest.approx((0.1, 0.1))
    gain, lower = bootstrap_gain(OLD, np.where(DAY == 1, 0.0, 4.02), DAY, 400)
    assert gain > 0 > lower


def test_the_bound_is_the_five_percent_quantile_of_resampled_days() -> None:
    rng = np.random.default_rng(3)
    by_day = 4 + rng.normal(0, 1, 29)[DAY]
    gain, lower = bootstrap_gain(OLD, by_day, DAY, 2000)
    daily = np.array([by_day[day == DAY].mean() for day in range(1, 29)]) / 4
    error = daily.std(ddof=1) / np.sqrt(28)
    assert lower == pytest.approx(gain - 1.645 * error, abs=0.15 * error)


@pytest.mark.parametrize(("days", "known"), [(6, False), (7, True)])
def test_fewer_than_seven_days_say_nothing_about_luck(days: int, known: bool) -> None:
    day = np.repeat(np.arange(days), 10)
    gain, lower = bootstrap_gain(np.full(day.size, 2.0), np.ones(day.size), day, 100)
    assert gain == pytest.approx(0.5)
    assert np.isfinite(lower) == known


def test_a_perfect_reference_cannot_be_beaten() -> None:
    none = np.zeros(len(DAY))
    assert bootstrap_gain(none, none, DAY, 100) == (0.0, 0.0)
    assert bootstrap_gain(none, OLD, DAY, 100) == (-inf, -inf)
    assert relative_gain(np.array([0.0, 0.0, 2.0]), np.array([0.0, 1.0, 1.0])).tolist() == [0.0, -inf, 0.5]


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_loss_that_is_no_number_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        bootstrap_gain(OLD, np.where(DAY == 3, wrong, 4.0), DAY, 100)


def test_a_slice_is_judged_on_its_own_trips_and_days() -> None:
    airport = np.arange(len(DAY)) % 10 == 0
    new = np.where(airport, 4.4, 3.8)
    slices = {"airport": airport, "rest": ~airport, "new year": DAY <= 3, "nothing": np.zeros(len(DAY), bool)}
    losses = bootstrap_losses(OLD, new, DAY, slices, 400)
    assert list(losses) == list(slices)
    assert losses["airport"] == pytest.approx((0.1, 0.1))
    assert losses["rest"] == pytest.approx((-0.05, -0.05))
    assert losses["new year"][1] == -inf
    assert losses["nothing"] == (0.0, -inf)


def test_the_whole_month_as_a_slice_is_the_month() -> None:
    new = OLD * np.random.default_rng(1).uniform(0.8, 1.1, len(DAY))
    ((loss, _),) = bootstrap_losses(OLD, new, DAY, {"all": np.ones(len(DAY), bool)}, 400).values()
    assert -loss == pytest.approx(bootstrap_gain(OLD, new, DAY, 400)[0])


@given(st.floats(0.1, 10), st.floats(0, 20), st.integers(0, 2**31))
def test_scaling_both_losses_changes_no_answer(scale: float, spread: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(10), 5)
    old, new = rng.uniform(1, 2 + spread, day.size), rng.uniform(1, 2 + spread, day.size)
    assert bootstrap_gain(old * scale, new * scale, day, 100) == pytest.approx(bootstrap_gain(old, new, day, 100))


@given(st.floats(0.5, 1), st.integers(0, 2**31))
def test_a_smaller_loss_never_lowers_the_bound(better: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(10), 5)
    old, new = rng.uniform(1, 3, day.size), rng.uniform(1, 3, day.size)
    assert bootstrap_gain(old, new * better, day, 100)[1] >= bootstrap_gain(old, new, day, 100)[1]

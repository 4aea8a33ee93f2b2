from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.processing.drift_statistics import (
    chi_square_quantile,
    compute_ks,
    compute_psi,
    effective_rows,
    ks_by_chance,
    psi_by_chance,
)

COUNTS = st.lists(st.integers(0, 5000), min_size=4, max_size=4).filter(any).map(np.array)


def test_psi_by_hand() -> None:
    expected = (0.4 - 0.5) * math.log(0.4 / 0.5) + (0.6 - 0.5) * math.log(0.6 / 0.5)
    assert compute_psi(np.array([50_000, 50_000]), np.array([40_000, 60_000])) == pytest.approx(expected, rel=1e-3)


def test_ks_by_hand() -> None:
    assert compute_ks(np.array([10, 10, 0]), np.array([5, 5, 10])) == pytest.approx(0.5)


@given(COUNTS, COUNTS)
def test_distances_are_bounded_symmetric_and_zero_for_equal_shares(a: np.ndarray, b: np.ndarray) -> None:
    assert compute_psi(a, b) >= 0
    assert compute_psi(a, b) == pytest.approx(compute_psi(b, a))
    assert 0 <= compute_ks(a, b) <= 1 + 1e-9
    assert compute_psi(a, a) == 0
    assert compute_ks(a, a) == 0


def test_a_side_without_rows_has_no_distance() -> None:
    assert math.isnan(compute_psi(np.zeros(3), np.ones(3)))
    assert math.isnan(compute_ks(np.ones(3), np.zeros(3)))


def test_unequal_bins_are_refused() -> None:
    with pytest.raises(ValueError, match="same bins"):
        compute_psi(np.ones(3), np.ones(4))


def test_sparse_bins_are_compared_as_one() -> None:
    one_trip_each = np.array([1000, *([1] * 20), *([0] * 20)])
    other_bins = np.array([1000, *([0] * 20), *([1] * 20)])
    assert compute_psi(one_trip_each, other_bins) == 0


def test_what_chance_reaches_is_exceeded_as_often_as_it_says() -> None:
    rng, shares = np.random.default_rng(7), np.array([0.3, 0.25, 0.2, 0.15, 0.1])
    above = {"psi": 0, "ks": 0}
    for _ in range(2000):
        before, now = rng.multinomial(6000, shares), rng.multinomial(500, shares)
        above["psi"] += compute_psi(before, now) > psi_by_chance(before, now, 6000, 0.05)
        above["ks"] += compute_ks(before, now) > ks_by_chance(500, 6000, 0.05)
    assert 60 < above["psi"] < 150  # 100 are expected
    assert above["ks"] < 120  # few bins: at most the stated share


@pytest.mark.parametrize(
    ("degrees", "probability", "exact"), [(1, 0.95, 3.8415), (10, 0.99999, 41.296), (200, 0.99999, 295.85)]
)
def test_chi_square_quantiles_are_close_to_the_tables(degrees: int, probability: float, exact: float) -> None:
    assert chi_square_quantile(degrees, probability) == pytest.approx(exact, rel=0.03)
    assert chi_square_quantile(0, probability) == 0


def test_equal_weights_leave_the_size_and_unequal_ones_reduce_it() -> None:
    assert effective_rows(np.array([100, 200]), np.array([0.5, 0.5])) == pytest.approx(300)
    assert effective_rows(np.array([100, 100]), np.array([1.0, 0.1])) < 130
    assert effective_rows(np.zeros(2), np.ones(2)) == 0

"""What the calibration days promise holds on other days."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.models.calibration import MIN_CELL, conformal_intervals, fit_scale, no_intervals

BANDS = 5


def made_up(trips: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Predictions, bands and labels whose spread grows with the size and, in band 3, once more."""
    rng = np.random.default_rng(seed)
    predicted, band = rng.uniform(1, 60, trips), rng.integers(0, BANDS, trips)
    return predicted, band, predicted * rng.lognormal(0, np.where(band == 3, 0.6, 0.2), trips)


def test_intervals_hold_eighty_of_a_hundred_trips_at_every_size_and_hour() -> None:
    predicted, band, actual = made_up(80_000)
    intervals = conformal_intervals(predicted[::2], band[::2], actual[::2], BANDS)
    low, high = intervals.around(predicted[1::2], band[1::2])
    held = (actual[1::2] >= low) & (actual[1::2] <= high)
    for part in (predicted[1::2] < 15, predicted[1::2] > 45, band[1::2] == 3, band[1::2] == 0):
        assert 0.78 < held[part].mean() < 0.82


def test_few_trips_are_held_at_least_as_often_as_promised() -> None:
    held = []
    for seed in range(60):
        predicted, band, actual = made_up(90 + 400, seed)
        low, high = conformal_intervals(predicted[:90], band[:90], actual[:90], BANDS).around(predicted[90:], band[90:])
        held.append(((actual[90:] >= low) & (actual[90:] <= high)).mean())
    assert np.mean(held) >= 0.8  # the finite-sample correction: plain quantiles of 90 trips hold less


def test_a_rare_band_answers_like_its_size() -> None:
    predicted, band, actual = made_up(2000)
    band = np.where(band == 4, 0, band)
    band[: MIN_CELL - 1] = 4
    intervals = conformal_intervals(predicted, band, actual, BANDS)
    sizes = np.searchsorted(intervals.edges, predicted, side="right")
    rank = int(0.1 * ((sizes == 0).sum() + 1))
    assert intervals.low[0, 4] == pytest.approx(np.sort((actual - predicted)[sizes == 0])[rank - 1])


def test_an_interval_is_never_on_the_wrong_side_of_its_prediction() -> None:
    predicted, band, _ = made_up(1000)
    low, high = conformal_intervals(predicted, band, predicted + 5, BANDS).around(predicted, band)
    assert (low <= predicted).all()
    assert (high >= predicted).all()
    assert no_intervals(BANDS).around(predicted, band)[0].tolist() == predicted.tolist()


def test_a_scale_mends_what_is_too_sure_of_itself() -> None:
    rng = np.random.default_rng(2)
    odds = rng.normal(0, 1, 40_000)
    actual = (rng.uniform(size=odds.size) < 1 / (1 + np.exp(-odds))).astype(np.float32)
    boasting = 1 / (1 + np.exp(-(2 * odds + 1)))
    mended = fit_scale(boasting, actual).apply(boasting)
    assert mended == pytest.approx(1 / (1 + np.exp(-odds)), abs=0.03)


def test_a_constant_gets_the_share_and_a_model_turned_round_says_nothing() -> None:
    actual = np.repeat([1.0, 0.0], [300, 700])
    assert fit_scale(np.full(1000, 0.5), actual).apply(np.array([0.5])) == pytest.approx([0.3], abs=1e-3)
    turned = fit_scale(np.where(actual > 0, 0.2, 0.8), actual)
    assert turned.slope == 0
    assert turned.apply(np.array([0.1, 0.9])) == pytest.approx([0.3, 0.3], abs=1e-3)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=50), st.integers(0, 1000))
def test_a_scale_keeps_the_order_and_the_range(chances: list[float], seed: int) -> None:
    actual = np.random.default_rng(seed).integers(0, 2, len(chances)).astype(float)
    said = np.sort(np.array(chances))
    mended = fit_scale(said, actual).apply(said)
    assert ((mended >= 0) & (mended <= 1)).all()
    assert (np.diff(mended) >= -1e-12).all()

"""Whether a gain is more than luck: whole days are resampled, because trips of one day share weather and traffic.

Every bound is one-sided: the 5 % quantile of the resampled values. The gate asks one question at a time ("is it
better?", "does this slice lose more than that?"), so 5 % is the chance of a wrong yes; a two-sided interval would spend
half of it on an answer that nobody acts on.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

SEED = 20190101
MIN_DAYS = 7
"""Fewer days say nothing about luck."""
TAIL = 0.05


def bootstrap_gain(
    reference_loss: np.ndarray, challenger_loss: np.ndarray, day: np.ndarray, rounds: int
) -> tuple[float, float]:
    """Losses of both models on the same (n,) rows and their days -> relative gain of the challenger, 95 % lower bound.

    Seeded: the same rows give the same bound. The bound is minus infinity with fewer than MIN_DAYS days. A reference
    without any loss cannot be beaten: the gain is 0 when the challenger has none either, else minus infinity.
    ValueError for a loss that is not a finite number.
    """
    everything = {"": np.ones(len(day), bool)}
    gains, resampled, enough = _resample(reference_loss, challenger_loss, day, everything, rounds)
    return float(gains[0]), _bound(resampled[0], bool(enough[0]))


def bootstrap_losses(
    reference_loss: np.ndarray,
    challenger_loss: np.ndarray,
    day: np.ndarray,
    slices: Mapping[str, np.ndarray],
    rounds: int,
) -> dict[str, tuple[float, float]]:
    """Losses on the same (n,) rows and slices as (n,) masks -> per slice the challenger's relative loss, lower bound.

    All slices see the same resamples of days as `bootstrap_gain`. A loss of 0.03: the challenger is off by 3 % more
    there. The bound is minus infinity for a slice with trips on fewer than MIN_DAYS days.
    """
    gains, resampled, enough = _resample(reference_loss, challenger_loss, day, slices, rounds)
    bounds = [_bound(-draws, bool(sure)) for draws, sure in zip(resampled, enough, strict=True)]
    return {name: (float(-gain), bound) for name, gain, bound in zip(slices, gains, bounds, strict=True)}


def _resample(
    reference_loss: np.ndarray,
    challenger_loss: np.ndarray,
    day: np.ndarray,
    slices: Mapping[str, np.ndarray],
    rounds: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """-> (s,) gains, (s, rounds) resampled gains, (s,) whether the slice has days enough; one draw of days for all."""
    if not (np.isfinite(reference_loss).all() and np.isfinite(challenger_loss).all()):
        raise ValueError("a loss is not a finite number, so the models cannot be compared")
    days, which = np.unique(day, return_inverse=True)
    sums = np.zeros((3, len(slices), len(days)))
    for position, rows in enumerate(slices.values()):
        for part, weights in enumerate((reference_loss, challenger_loss, None)):
            held = None if weights is None else weights[rows].astype(np.float64)
            sums[part, position] = np.bincount(which[rows], held, len(days))
    reference, challenger, trips = sums
    draws = np.random.default_rng(SEED).integers(0, max(len(days), 1), (rounds, len(days)))
    times = np.stack([(draws == position).sum(axis=1) for position in range(len(days))]) if len(days) else draws.T
    gains = relative_gain(reference.sum(axis=1), challenger.sum(axis=1))
    return gains, relative_gain(reference @ times, challenger @ times), (trips > 0).sum(axis=1) >= MIN_DAYS


def relative_gain(reference: np.ndarray, challenger: np.ndarray) -> np.ndarray:
    """Two arrays of summed losses -> 1 - challenger / reference; where the reference is 0: 0, or -inf if only it is."""
    without = reference == 0
    ratio = challenger / np.where(without, 1.0, reference)
    return np.asarray(np.where(without, np.where(challenger == 0, 0.0, -np.inf), 1 - ratio))


def _bound(resampled: np.ndarray, enough_days: bool) -> float:
    if not enough_days:
        return -np.inf
    return float(np.quantile(resampled, TAIL, method="lower"))  # an order statistic: infinities stay what they are

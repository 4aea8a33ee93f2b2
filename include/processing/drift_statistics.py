"""How far two counted distributions are apart, and how far chance alone would drive them.

PSI is the symmetric Kullback-Leibler divergence of the shares. Under no change it is distributed as
chi2(bins - 1) * (1/n + 1/m) (Yurdakul, "Statistical Properties of Population Stability Index", Western Michigan
University, 2018), and KS stays below sqrt(-ln(a/2)/2) * sqrt(1/n + 1/m) but for a share a of cases (Smirnov's
asymptotic bound, on the safe side for binned values).
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

LEAST_EXPECTED = 5.0
"""Bins in which the smaller side can expect fewer rows are compared as one: the usual rule for chi-square."""


def compute_psi(reference_counts: np.ndarray, counts: np.ndarray) -> float:
    """Two (b,) arrays of rows per bin -> sum((q - p) * ln(q / p)) of their shares; 0 for equal shares.

    Sparse bins are put together first, and half a row is added to every bin, so that an empty one stays finite. NaN
    when a side has no rows. ValueError for arrays of unequal length.
    """
    reference, now = _merged(reference_counts, counts)
    if not (reference.sum() and now.sum()):
        return math.nan
    p, q = _shares(reference), _shares(now)
    return float(np.sum((q - p) * np.log(q / p)))


def compute_ks(reference_counts: np.ndarray, counts: np.ndarray) -> float:
    """Two (b,) arrays of rows per ordered bin -> the largest distance of their cumulative shares, 0..1.

    That of the values themselves is at least as large. NaN when a side has no rows.
    """
    reference, now = _pair(reference_counts, counts)
    if not (reference.sum() and now.sum()):
        return math.nan
    return float(np.max(np.abs(np.cumsum(now) / now.sum() - np.cumsum(reference) / reference.sum())))


def psi_by_chance(reference_counts: np.ndarray, counts: np.ndarray, reference_rows: float, chance: float) -> float:
    """The PSI that no change exceeds with this probability. `reference_rows` is the reference's effective size."""
    reference, now = _merged(reference_counts, counts)
    return chi_square_quantile(len(reference) - 1, 1 - chance) * (1 / float(now.sum()) + 1 / reference_rows)


def ks_by_chance(rows: float, reference_rows: float, chance: float) -> float:
    """The KS distance that no change exceeds with this probability."""
    return math.sqrt(-math.log(chance / 2) / 2) * math.sqrt(1 / rows + 1 / reference_rows)


def effective_rows(counts: np.ndarray, weights: np.ndarray) -> float:
    """Rows (k,) with weights (k,) -> how many equal ones would be as exact: (sum wc)^2 / sum w^2 c (Kish)."""
    squares = float(np.sum(weights**2 * counts))
    return float(np.sum(weights * counts)) ** 2 / squares if squares else 0.0


def chi_square_quantile(degrees: int, probability: float) -> float:
    """Wilson and Hilferty's approximation, within 2 % from one degree of freedom on; 0 for none."""
    if degrees < 1:
        return 0.0
    spread = 2 / (9 * degrees)
    return float(degrees * (1 - spread + NormalDist().inv_cdf(probability) * math.sqrt(spread)) ** 3)


def _pair(reference_counts: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    reference, now = np.asarray(reference_counts, np.float64), np.asarray(counts, np.float64)
    if reference.shape != now.shape or reference.ndim != 1:
        raise ValueError(f"counts of the same bins are needed, not {reference.shape} and {now.shape}")
    return reference, now


def _merged(reference_counts: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both sides with their sparse bins as one, at the end; bins that are empty on both sides are gone."""
    reference, now = _pair(reference_counts, counts)
    sizes = reference.sum(), now.sum()
    if not all(sizes):
        return reference, now
    expected = min(sizes) * (reference / sizes[0] + now / sizes[1]) / 2
    sparse = expected < LEAST_EXPECTED
    rest = [side[sparse].sum() for side in (reference, now)]
    if not any(rest):
        return reference[~sparse], now[~sparse]
    return np.append(reference[~sparse], rest[0]), np.append(now[~sparse], rest[1])


def _shares(counts: np.ndarray) -> np.ndarray:
    return np.asarray((counts + 0.5) / (counts.sum() + 0.5 * len(counts)))

"""What the calibration days teach a finished model: how far it is off, or what its probabilities are worth.

Arrays only, no training library: the service applies the same tables.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

MISS = 0.1
"""Share of trips that may lie below an interval, and as many above it."""
SIZE_BINS = 8
MIN_CELL = 60
"""Trips that a cell needs to speak for itself; below it the size bin answers for every hour."""
EDGE = 1e-6
NEWTON_STEPS, LEAP = 100, 2.0
PRIOR = 1e-2
"""Weight, in trips, of leaving probabilities as they are: a constant model keeps a slope of one."""


@dataclass(frozen=True)
class Intervals:
    """Quantiles of the residual by size of the prediction and band of the day; shapes (b-1,), (b, bands), (b, bands).

    Size bin i covers edges[i-1] <= value < edges[i].
    """

    edges: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def around(self, values: np.ndarray, band: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n,) predictions and their time bands -> (n,) p10 and (n,) p90, never on the wrong side of the prediction."""
        cell = np.searchsorted(self.edges, values, side="right"), band
        return values + np.minimum(self.low[cell], 0), values + np.maximum(self.high[cell], 0)


@dataclass(frozen=True)
class Scale:
    """A line through log odds (Platt): `slope` and `intercept`, arrays of one number."""

    slope: np.ndarray
    intercept: np.ndarray

    def apply(self, chance: np.ndarray) -> np.ndarray:
        """(n,) probabilities as the model says them -> (n,) as they came true on the calibration days."""
        return np.asarray(_sigmoid(self.slope * _log_odds(chance) + self.intercept))


Calibration = Intervals | Scale
NO_SCALE = Scale(np.ones(1), np.zeros(1))


def no_intervals(bands: int) -> Intervals:
    """Intervals of width 0, for a model that has not seen its calibration days."""
    return Intervals(np.empty(0), np.zeros((1, bands)), np.zeros((1, bands)))


def arrays_of(calibration: Calibration) -> dict[str, np.ndarray]:
    """The learned arrays by name, as `tables.npz` holds them."""
    return {field.name: getattr(calibration, field.name) for field in fields(calibration)}


def conformal_intervals(predicted: np.ndarray, band: np.ndarray, actual: np.ndarray, bands: int) -> Intervals:
    """(n,) predictions, time bands and labels of calibration trips -> intervals that hold 80 of 100 new ones.

    Split conformal with Mondrian cells: in each cell the order statistics whose coverage is guaranteed for its number
    of trips. A cell of fewer than MIN_CELL trips takes its size bin's, a small bin all trips'.
    """
    residual = actual.astype(np.float64) - predicted
    bins = min(SIZE_BINS, max(1, len(predicted) // (2 * MIN_CELL)))
    edges = np.unique(np.quantile(predicted, np.linspace(0, 1, bins + 1)[1:-1]))
    size = np.searchsorted(edges, predicted, side="right")
    bounds = np.empty((2, len(edges) + 1, bands))
    whole = _bounds(residual)
    for s in range(len(edges) + 1):
        inside = size == s
        coarse = _bounds(residual[inside]) if inside.sum() >= MIN_CELL else whole
        for b in range(bands):
            cell = residual[inside & (band == b)]
            bounds[:, s, b] = _bounds(cell) if len(cell) >= MIN_CELL else coarse
    return Intervals(edges, bounds[0], bounds[1])


def _bounds(residual: np.ndarray) -> tuple[float, float]:
    """(n,) residuals -> the order statistics floor(MISS * (n + 1)) from either end."""
    rank = max(int(MISS * (len(residual) + 1)), 1)
    ordered = np.sort(residual)
    return float(ordered[rank - 1]), float(ordered[-rank])


def fit_scale(chance: np.ndarray, actual: np.ndarray) -> Scale:
    """(n,) probabilities and 0/1 labels of calibration trips -> the line through log odds with the least log loss.

    Newton's method. A slope that is not positive would turn the model round; the shares alone are mended then.
    """
    odds, truth = _log_odds(chance), actual.astype(np.float64)
    line = _newton(np.stack([odds, np.ones_like(odds)]), truth, np.array([1.0, 0.0]))
    if line[0] <= 0:
        line = np.array([0.0, *_newton(np.ones((1, len(odds))), truth, np.zeros(1))])
    return Scale(line[:1], line[1:])


def _newton(terms: np.ndarray, truth: np.ndarray, start: np.ndarray) -> np.ndarray:
    """(k, n) terms and (n,) labels -> (k,) logistic coefficients, held to `start` by PRIOR; a step is at most LEAP."""
    line = start
    for _ in range(NEWTON_STEPS):
        chance = _sigmoid(line @ terms)
        slope = terms @ (chance - truth) + PRIOR * (line - start)
        step = np.linalg.solve((terms * chance * (1 - chance)) @ terms.T + PRIOR * np.eye(len(line)), slope)
        line = line - np.clip(step, -LEAP, LEAP)
        if np.abs(step).max() < 1e-10:
            break
    return line


def _log_odds(chance: np.ndarray) -> np.ndarray:
    inside = np.clip(chance.astype(np.float64), EDGE, 1 - EDGE)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def _sigmoid(odds: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -500, 500))))

"""One trip's answer from a bundle in plain floats: the same arithmetic as for many, without arrays of one number.

An array of one costs a dozen numpy calls for every bound and every interval, more than the model itself. A test holds
the two ways to the same numbers.
"""

from __future__ import annotations

from bisect import bisect_right
from math import exp, log, log1p

import numpy as np

from include.models.bundle import TIME_BAND, Bundle
from include.models.calibration import EDGE, Scale

FARTHEST_ODDS = 500.0


class Single:
    """A bundle's calibration as lists and floats."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle, calibration = bundle, bundle.calibration
        self.least, self.most = bundle.bounds
        if isinstance(calibration, Scale):
            self.slope, self.intercept = float(calibration.slope[0]), float(calibration.intercept[0])
        else:
            self.edges: list[float] = calibration.edges.tolist()
            self.low: list[list[float]] = np.minimum(calibration.low, 0).tolist()
            self.high: list[list[float]] = np.maximum(calibration.high, 0).tolist()

    def estimate(self, row: np.ndarray) -> tuple[float, float, float]:
        """(1, features) of a quantity -> value, p10, p90."""
        value = self._value(row)
        size, band = bisect_right(self.edges, value), int(row.item(TIME_BAND))
        return value, self._within(value + self.low[size][band]), self._within(value + self.high[size][band])

    def probability(self, row: np.ndarray) -> float:
        """(1, features) of a target that is yes or no -> its calibrated probability."""
        chance = self._value(row)
        inside = min(max(chance, EDGE), 1 - EDGE)
        odds = self.slope * (log(inside) - log1p(-inside)) + self.intercept
        return 1 / (1 + exp(-min(max(odds, -FARTHEST_ODDS), FARTHEST_ODDS)))

    def _value(self, row: np.ndarray) -> float:
        return self._within(self.bundle.raw_value(row))

    def _within(self, value: float) -> float:
        """Not by min and max, two calls where comparisons are none; NaN stays NaN either way."""
        return self.least if value < self.least else self.most if value > self.most else value

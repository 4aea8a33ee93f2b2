"""Which days of which months train, tune, calibrate and test: never a random split, never a day twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.errors import NothingToDo
from include.trips.month import Month

TRAIN_DAYS = 20
"""Of a single earlier month; its other days tune and calibrate."""


@dataclass(frozen=True)
class Split:
    """The months of one training. `earlier` is sorted; its last month tunes (odd days) and calibrates (even days)."""

    earlier: tuple[Month, ...]
    test: Month
    gaps: tuple[Month, ...]

    @property
    def last(self) -> Month:
        """The month that tunes and calibrates."""
        return self.earlier[-1]

    def role_of(self, month: Month, day: np.ndarray) -> np.ndarray:
        """(n,) day of month -> (n,) of "train", "tune", "calibrate" for trips of one earlier month.

        Months train up to the last but one; of the last one odd days tune and even ones calibrate. A single earlier
        month trains on its first 20 days. No day only warms up history: no model reads any (docs/ARCHITECTURE.md).
        """
        odd = np.where(day % 2 == 1, "tune", "calibrate")
        if len(self.earlier) == 1:
            return np.where(day <= TRAIN_DAYS, "train", odd)
        return odd if month == self.last else np.full(day.shape, "train")


def plan_split(test: Month, available: tuple[Month, ...], window: int) -> Split:
    """The split for a test month from the feature months at hand; NothingToDo when none of the window is there."""
    wanted = tuple(test.plus(-back) for back in range(window, 0, -1))
    earlier = tuple(month for month in wanted if month in available)
    if not earlier:
        raise NothingToDo(
            f"No month before {test} is in the lake and fit for use (window: {window} months), so there is nothing to "
            f"train on. {test} itself is kept: the next month will train on it."
        )
    gaps = tuple(month for month in wanted if month > earlier[0] and month not in available)
    return Split(earlier, test, gaps)

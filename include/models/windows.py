"""Which days of which months train, tune, calibrate and test: never a random split, never a day twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.errors import NothingToDo
from include.trips.month import Month


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
        """(n,) day of month -> (n,) of "warmup", "train", "tune", "calibrate" for trips of one earlier month.

        One earlier month: days 1-10 warm up, 11-20 train, then odd days tune and even ones calibrate. Two: the first
        ten days of the first one warm up. Three or more: the first one warms up whole.
        """
        odd = np.where(day % 2 == 1, "tune", "calibrate")
        if len(self.earlier) == 1:
            return np.select([day <= 10, day <= 20], ["warmup", "train"], odd)
        if month == self.last:
            return odd
        if month == self.earlier[0]:
            warm_days = 31 if len(self.earlier) >= 3 else 10
            return np.where(day <= warm_days, "warmup", "train")
        return np.full(day.shape, "train")


def plan_split(test: Month, available: tuple[Month, ...], window: int) -> Split:
    """The split for a test month from the feature months at hand; NothingToDo when none of the window is there."""
    wanted = tuple(test.plus(-back) for back in range(window, 0, -1))
    earlier = tuple(month for month in wanted if month in available)
    if not earlier:
        raise NothingToDo(
            f"No month before {test} is in the lake, so there is nothing to train on: the data phases of {test} are "
            "done, and the next month will train."
        )
    gaps = tuple(month for month in wanted if month > earlier[0] and month not in available)
    return Split(earlier, test, gaps)

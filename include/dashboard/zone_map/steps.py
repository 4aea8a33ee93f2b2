"""Steps of equally many zones: where they begin, and what a legend calls them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import ceil

import numpy as np

STEPS = 6


def step_bounds(values: Sequence[float]) -> list[float]:
    """Lower ends of steps that hold about as many zones each, and the greatest value; equal ones once."""
    if not len(values):
        return []
    cuts = np.unique(np.quantile(np.asarray(values, np.float64), np.linspace(0, 1, STEPS + 1)))
    return [float(cuts[0])] * 2 if len(cuts) == 1 else [float(cut) for cut in cuts]


def step_of(value: float, bounds: Sequence[float]) -> int:
    """The step that holds a value, from 0; the greatest value is in the last one."""
    return min(bisect_right(bounds, value), len(bounds) - 1) - 1


def step_names(bounds: Sequence[float], form: str) -> list[str]:
    """What each step holds, in the measure's own format."""
    last = len(bounds) - 2
    return [_name(bounds[step], bounds[step + 1], form, step == last) for step in range(last + 1)]


def _name(low: float, high: float, form: str, last: bool) -> str:
    """Whole numbers end one before the next step, so that none is in two of them."""
    if form.endswith(".0f"):
        low, high = ceil(low), high if last else max(ceil(high) - 1, ceil(low))
    first, end = f"{low:{form}}", f"{high:{form}}"
    return first if first == end else f"{first} to {end}"

"""Axes with their names and units: amounts, powers of ten, and names."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, isfinite, log10

from include.dashboard.charts.chart import LETTER, Option

UNITS = ((1e9, 1e9, "billion"), (1e6, 1e6, "million"), (1e4, 1e3, "thousand"))
"""From here on amounts are counted so, and called so."""
NAMED = {"nameLocation": "middle", "nameGap": 30}


def amounts(name: str, zero: bool = True, span: tuple[float, float] | None = None) -> Option:
    """From 0, from the least value on without `zero`, or over a span in whole steps."""
    axis: Option = {"type": "value", "name": name, **NAMED, "scale": not zero}
    if span is None:
        return axis
    step = step_of(span[1] - span[0])
    low, high = (round(step * edge, 10) for edge in (floor(span[0] / step), ceil(span[1] / step)))
    return axis | {"min": low, "max": high, "interval": step, "scale": True}


def counts(name: str, length: float) -> Option:
    """Whole numbers: no tick lies between two of them."""
    return amounts(name, zero=False) | {"minInterval": 1, "interval": max(1, step_of(length))}


def powers(name: str, values: Sequence[float]) -> Option:
    """Whole powers of ten around the values, which are above 0."""
    low = floor(log10(min(values, default=1.0)) - 0.02)
    high = max(ceil(log10(max(values, default=1.0)) + 0.02), low + 1)
    return {"type": "log", "name": name, **NAMED, "min": 10.0**low, "max": 10.0**high}


def labels(shown: Sequence[str], name: str = "", every: bool = False, turned: int = 0) -> Option:
    """Names from left to right; as many are written as fit, or every one."""
    label = {"rotate": turned} | ({"interval": 0} if every else {})
    return {"type": "category", "data": list(shown), "name": name, **NAMED, "axisLabel": label}


def listed(shown: Sequence[str], name: str = "", width: int = 190) -> Option:
    """Names from top to bottom, every one of them; one that takes more than so many pixels breaks over lines."""
    longest = max((len(part) for one in shown for part in one.split("\n")), default=0)
    label = {"interval": 0, "width": min(width, ceil(LETTER * longest) + 8), "overflow": "break", "lineHeight": 14}
    return {"type": "category", "data": list(shown), "name": name, **NAMED, "inverse": True, "axisLabel": label}


def step_of(length: float) -> float:
    """Between ticks: 1, 2 or 5 times a power of ten, of which about three make the length."""
    third = max(length, 1e-9) / 3
    power = 10.0 ** floor(log10(third))
    return min((power, 2 * power, 5 * power, 10 * power), key=lambda step: abs(third - step))


def scaled(values: Sequence[float | None], unit: str) -> tuple[float, str]:
    """What to divide the values by so that they are short to read, and the unit that they have then."""
    greatest = max((abs(v) for v in values if v is not None and isfinite(v)), default=0.0)
    for since, divisor, word in UNITS:
        if greatest >= since:
            return divisor, f"{word} {unit}"
    return 1.0, unit

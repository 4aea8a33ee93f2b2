"""Numbers and names as the report writes them, the same on every page."""

from __future__ import annotations

DASH = "\u2013"


def percent(value: float) -> str:
    """0.004 -> `0.004 %`, 12.3456 -> `12.3 %`, 99.97 -> `99.97 %`: as many digits as tell something."""
    digits = 0 if value in (0, 100) else 3 if value < 0.1 else 2 if value < 1 or 99 < value < 100 else 1
    return f"{value:.{digits}f} %"


def figure(value: float | None) -> str:
    """Three or four digits of a number, thousands apart; a dash for none."""
    if value is None:
        return DASH
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def words(name: str) -> str:
    """`duration_under_1_min` -> `duration under 1 min`, so that a narrow screen may break it."""
    return name.replace("_", " ")

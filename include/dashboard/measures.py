"""What can be shown of trips that were added up: each measure's name, unit, number form, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import nan
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Measure:
    """`of` takes a row of sums; `needs` are the sums without which it cannot be; `adds` whether parts make a whole."""

    name: str
    unit: str
    form: str
    needs: tuple[str, ...]
    of: Callable[[Row], float]
    adds: bool = False

    def value(self, row: Row) -> float:
        """NaN where the row lacks what it needs."""
        return nan if any(row.get(name) is None for name in self.needs) else self.of(row)


def _per(part: str, whole: str, factor: float = 1.0) -> Callable[[Row], float]:
    return lambda row: factor * row[part] / row[whole] if row[whole] else nan


MEASURES = (
    Measure("Trips", "trips", ",.0f", ("trips",), lambda row: float(row["trips"]), adds=True),
    Measure("Revenue", "USD", ",.0f", ("revenue_usd",), lambda row: float(row["revenue_usd"]), adds=True),
    Measure("Revenue a trip", "USD", ".2f", ("revenue_usd",), _per("revenue_usd", "trips")),
    Measure("Fare a trip", "USD", ".2f", ("fare_usd",), _per("fare_usd", "trips")),
    Measure("Minutes a trip", "min", ".1f", ("minutes",), _per("minutes", "trips")),
    Measure("Miles a trip", "miles", ".2f", ("distance_mi",), _per("distance_mi", "trips")),
    Measure("Speed", "mph", ".1f", ("distance_mi", "moving_minutes"), _per("distance_mi", "moving_minutes", 60.0)),
)


def measures_of(rows: list[dict[str, Any]]) -> list[Measure]:
    """Those that the rows' service has."""
    return [m for m in MEASURES if any(all(row.get(name) is not None for name in m.needs) for row in rows)]

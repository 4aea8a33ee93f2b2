"""The parts of a month in which drift is measured: by provider, borough, payment and hour of the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from include.processing.drift_columns import BINNED, columns_of_service, hour

HOUR_BANDS = ("00-05", "06-09", "10-15", "16-19", "20-23")
_BAND_OF_HOUR = np.repeat(np.arange(5), (6, 4, 6, 4, 4))
NO_VALUE = "none"
"""How a segment whose value is null is called."""


def hour_band(trips: pa.Table) -> np.ndarray:
    """(n,) positions in HOUR_BANDS of the pick-up."""
    return np.asarray(_BAND_OF_HOUR[hour(trips)])


@dataclass(frozen=True)
class Segment:
    """One way to split a month's trips; `column` names the column of BINNED whose bins are its values."""

    name: str
    column: str
    values: Callable[[pa.Table], np.ndarray]
    labels: tuple[str, ...]

    @property
    def width(self) -> int:
        """How many values, those for others and for nulls included."""
        return len(self.labels) + 2

    def label(self, position: int) -> str:
        """What reports call a value."""
        return (*self.labels, "other", NO_VALUE)[position]

    def positions(self, trips: pa.Table) -> np.ndarray:
        """(n,) positions of the trips' values, each 0..width-1."""
        codes = self.values(trips)
        return np.asarray(np.where(codes < 0, len(self.labels) - 1 - codes, codes))


def _by_column(name: str, column: str) -> Segment:
    binned = next(b for b in BINNED if b.name == column)
    return Segment(name, column, binned.values, binned.labels)


SEGMENTS: tuple[Segment, ...] = (
    _by_column("vendor", "vendor_id"),
    _by_column("company", "license_number"),
    _by_column("borough", "pickup_borough"),
    _by_column("payment", "payment_type"),
    Segment("hours", "hour", hour_band, HOUR_BANDS),
)


def segments_of_service(service: str) -> tuple[Segment, ...]:
    """The ways to split a service's trips."""
    names = {binned.name for binned in columns_of_service(service)}
    return tuple(segment for segment in SEGMENTS if segment.column in names)

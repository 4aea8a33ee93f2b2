"""The two sides of a comparison: a month, and the earlier months of the same rules brought to its days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from include.processing.drift_columns import Binned, columns_of_service
from include.processing.drift_limits import DriftLimits
from include.processing.drift_profile import WHOLE, Profile
from include.processing.drift_result import DriftResult, Metric, Verdict
from include.processing.drift_segments import NO_VALUE, Segment, segments_of_service
from include.processing.drift_statistics import effective_rows
from include.trips.month import Month
from include.trips.regimes import Regime

BROUGHT_BY_A_CHANGE = ("0", NO_VALUE)
"""Segment values that app-dispatched trips have: payment type 0, and null where a driver's entry is missing."""


@dataclass(frozen=True)
class Place:
    """All of a month's trips (no `split`), or those of one segment value."""

    segment: str
    value: str
    split: Segment | None = None

    @property
    def at(self) -> tuple[str, str]:
        return self.segment, self.value

    @property
    def touched(self) -> tuple[str, ...]:
        """The column whose known changes brought these trips; none for a value that no change brought."""
        return (self.split.column,) if self.split and self.value in BROUGHT_BY_A_CHANGE else ()

    def compares(self, binned: Binned) -> bool:
        """Whether the column says anything here: a split by itself does not, and zones are too many for a part."""
        return self.split is None or (binned.kind != "zone" and binned.name != self.split.column)


@dataclass(frozen=True)
class Months:
    """A month, all its reference months and the rules: what every comparison starts from."""

    profile: Profile
    reference: tuple[Profile, ...]
    limits: DriftLimits
    regimes: tuple[Regime, ...]

    @cached_property
    def columns(self) -> tuple[Binned, ...]:
        return columns_of_service(self.profile.service)

    @cached_property
    def places(self) -> list[Place]:
        """All trips, then every segment value of the service, whether a trip has it or not."""
        segments = segments_of_service(self.profile.service)
        return [Place(*WHOLE), *(Place(s.name, s.label(i), s) for s in segments for i in range(s.width))]

    @cached_property
    def _pairs(self) -> dict[tuple[str, ...], Pair]:
        return {}

    def pair(self, *columns: str) -> Pair:
        """The month against the earlier ones of the same rules for these columns, against all if those are too few."""
        if columns not in self._pairs:
            month = Month.parse(self.profile.month)
            excused = [r for r in self.regimes if r.excuses_to.psi]
            same = tuple(p for p in self.reference
                         if not any(r.explains(month, [Month.parse(p.month)], columns) for r in excused))  # fmt: skip
            chosen = same if len(same) >= self.limits.reference.least else self.reference
            months = [Month.parse(p.month) for p in chosen]
            known = tuple(r for r in self.regimes if r.explains(month, months, columns))
            self._pairs[columns] = Pair(self.profile, chosen, known)
        return self._pairs[columns]


@dataclass(frozen=True)
class Pair:
    """The two sides of a comparison. The reference is brought to the month's days: as many of each kind as it has.

    Kinds of day that one side lacks are left out of both. `known` are the changes that explain a difference.
    """

    profile: Profile
    reference: tuple[Profile, ...]
    known: tuple[Regime, ...]

    @cached_property
    def weights(self) -> np.ndarray:
        """(8,) month's days per reference day of each kind; 0 where a side has none."""
        days = np.sum([r.days for r in self.reference], axis=0)
        return np.where(days > 0, self.profile.days / np.maximum(days, 1), 0.0)

    def counts(self, place: Place, binned: Binned) -> tuple[np.ndarray, np.ndarray, float]:
        """((b,) reference rows per bin of the month's days, (b,) rows of the month, effective reference rows)."""
        key = (*place.at, binned.name)
        empty = np.zeros((len(self.weights), binned.width), np.int64)
        before = sum((r.counts.get(key, empty) for r in self.reference), empty)
        now = self.profile.counts.get(key, empty)[self.weights > 0].sum(axis=0)
        return self.weights @ before, now, effective_rows(before.sum(axis=1), self.weights)

    def shares(self, place: Place) -> tuple[float, float]:
        """The place's share of all trips, before and now."""
        before = self.rows_before(place) / max(sum(r.rows for r in self.reference), 1)
        return before, self.profile.segment_rows(*place.at) / self.profile.rows

    def rows_before(self, place: Place) -> int:
        """The place's trips in all reference months."""
        return sum(r.segment_rows(*place.at) for r in self.reference)

    def result(
        self, column: str, place: Place, metric: Metric, value: float, limit: float, verdict: Verdict, note: str = ""
    ) -> DriftResult:
        """A result with the known changes in its note; an alarm that one of them excuses is `known`."""
        if verdict in ("warning", "alarm"):
            note = "; ".join(filter(None, [note, *(regime.name for regime in self.known)]))
            excused = verdict == "alarm" and any(r.excuses_to.covers(metric, value) for r in self.known)
            verdict = "known" if excused else verdict
        rows, before = self.profile.segment_rows(*place.at), self.rows_before(place)
        return DriftResult(column, *place.at, metric, float(value), float(limit), verdict, note, rows, before,
                           len(self.reference))  # fmt: skip

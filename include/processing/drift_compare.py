"""A month's profile against those of earlier months: one result per comparison, each with its verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from include.processing.drift_columns import NO_VALUE, Binned, Segment, columns_of_service, segments_of_service
from include.processing.drift_limits import DriftLimits
from include.processing.drift_profile import WHOLE, Profile
from include.processing.drift_statistics import compute_ks, compute_psi, effective_rows, ks_by_chance, psi_by_chance
from include.trips.month import Month
from include.trips.regimes import Regime

Metric = Literal["psi", "ks", "constant", "new_segment", "lost_segment", "history"]
Verdict = Literal["ok", "insufficient_history", "warning", "known", "alarm"]
VERDICTS: tuple[Verdict, ...] = ("ok", "insufficient_history", "warning", "known", "alarm")
"""From harmless to grave. `known`: would be an alarm, and a known change of rules explains it."""

BROUGHT_BY_A_CHANGE = ("0", NO_VALUE)
"""Segment values that app-dispatched trips have: payment type 0, and null where a driver's entry is missing."""


@dataclass(frozen=True)
class DriftResult:
    """One comparison. `segment` is "month" with value "" for all trips; `limit` is the one the value was held to.

    `rows` and `reference_rows` are the trips compared; `reference_months` is how many earlier months they are from.
    """

    column: str
    segment: str
    segment_value: str
    metric: Metric
    value: float
    limit: float
    verdict: Verdict
    note: str
    rows: int
    reference_rows: int
    reference_months: int

    @property
    def name(self) -> str:
        """How lists of alarms call it, e.g. `psi of speed_mph, borough Queens`."""
        where = "" if self.segment == WHOLE[0] else f", {self.segment} {self.segment_value}"
        return f"{self.metric} of {self.column}{where}"


def compare(
    profile: Profile, reference_profiles: Sequence[Profile], limits: DriftLimits, regimes: Iterable[Regime] = ()
) -> list[DriftResult]:
    """A month against strictly earlier ones -> results in a fixed order; ValueError when one is not earlier.

    A column that a known change of rules has moved is held to the months since the change as soon as there are enough.
    Too few earlier months, or too few trips to compare, are the only result then.
    """
    late = [r.month for r in reference_profiles if r.month >= profile.month]
    if late:
        raise ValueError(f"{profile.month} is compared with earlier months only, not with {', '.join(late)}")
    found, least = len(reference_profiles), limits.reference.least
    if found < least:
        note = f"{found} earlier months in reach, {least} are needed"
        return [_cannot_say(profile, reference_profiles, found, least, note)]
    if profile.rows < limits.least_rows:
        note = f"{profile.rows} trips, {limits.least_rows} are needed"
        return [_cannot_say(profile, reference_profiles, profile.rows, limits.least_rows, note)]
    months = _Months(profile, tuple(reference_profiles), limits, tuple(regimes))
    return [*_distances(months), *_appeared_and_gone(months), *_constants(months)]


def month_verdict(results: Iterable[DriftResult]) -> Verdict:
    """The gravest verdict of a month's results; `insufficient_history` when there is none."""
    verdicts = {result.verdict for result in results}
    return next((v for v in reversed(VERDICTS) if v in verdicts), "insufficient_history")


def _cannot_say(profile: Profile, reference: Sequence[Profile], value: int, limit: int, note: str) -> DriftResult:
    rows_before = sum(r.rows for r in reference)
    return DriftResult("", *WHOLE, "history", value, limit, "insufficient_history", note, profile.rows, rows_before,
                       len(reference))  # fmt: skip


@dataclass(frozen=True)
class _Place:
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
class _Months:
    """A month, all its reference months and the rules: what every comparison starts from."""

    profile: Profile
    reference: tuple[Profile, ...]
    limits: DriftLimits
    regimes: tuple[Regime, ...]

    @cached_property
    def columns(self) -> tuple[Binned, ...]:
        return columns_of_service(self.profile.service)

    @cached_property
    def places(self) -> list[_Place]:
        """All trips, then every segment value of the service, whether a trip has it or not."""
        segments = segments_of_service(self.profile.service)
        return [_Place(*WHOLE), *(_Place(s.name, s.label(i), s) for s in segments for i in range(s.width))]

    @cached_property
    def _pairs(self) -> dict[tuple[str, ...], _Pair]:
        return {}

    def pair(self, *columns: str) -> _Pair:
        """The month against the earlier ones of the same rules for these columns, against all if those are too few."""
        if columns not in self._pairs:
            month = Month.parse(self.profile.month)
            excused = [r for r in self.regimes if r.excuses_to]
            same = tuple(p for p in self.reference
                         if not any(r.explains(month, [Month.parse(p.month)], columns) for r in excused))  # fmt: skip
            chosen = same if len(same) >= self.limits.reference.least else self.reference
            months = [Month.parse(p.month) for p in chosen]
            known = tuple(r for r in self.regimes if r.explains(month, months, columns))
            self._pairs[columns] = _Pair(self.profile, chosen, known)
        return self._pairs[columns]


@dataclass(frozen=True)
class _Pair:
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

    def counts(self, place: _Place, binned: Binned) -> tuple[np.ndarray, np.ndarray, float]:
        """((b,) reference rows per bin of the month's days, (b,) rows of the month, effective reference rows)."""
        key = (*place.at, binned.name)
        empty = np.zeros((len(self.weights), binned.width), np.int64)
        before = sum((r.counts.get(key, empty) for r in self.reference), empty)
        now = self.profile.counts.get(key, empty)[self.weights > 0].sum(axis=0)
        return self.weights @ before, now, effective_rows(before.sum(axis=1), self.weights)

    def shares(self, place: _Place) -> tuple[float, float]:
        """The place's share of all trips, before and now."""
        before = self.rows_before(place) / max(sum(r.rows for r in self.reference), 1)
        return before, self.profile.segment_rows(*place.at) / self.profile.rows

    def rows_before(self, place: _Place) -> int:
        """The place's trips in all reference months."""
        return sum(r.segment_rows(*place.at) for r in self.reference)

    def result(
        self, column: str, place: _Place, metric: Metric, value: float, limit: float, verdict: Verdict, note: str = ""
    ) -> DriftResult:
        """A result with the known changes in its note; an alarm that one of them excuses is `known`."""
        if verdict in ("warning", "alarm"):
            note = "; ".join(filter(None, [note, *(regime.name for regime in self.known)]))
            excused = verdict == "alarm" and any(value <= regime.excuses_to for regime in self.known)
            verdict = "known" if excused else verdict
        rows, before = self.profile.segment_rows(*place.at), self.rows_before(place)
        return DriftResult(column, *place.at, metric, float(value), float(limit), verdict, note, rows, before,
                           len(self.reference))  # fmt: skip


def _distances(months: _Months) -> Iterator[DriftResult]:
    for place in months.places:
        for binned in months.columns:
            if place.compares(binned):
                yield from _distances_of(months.pair(binned.name, *place.touched), place, binned, months.limits)


def _distances_of(pair: _Pair, place: _Place, binned: Binned, limits: DriftLimits) -> Iterator[DriftResult]:
    """PSI over all bins, nulls included; KS over the values of an ordered column. Nothing for a column never filled."""
    before, now, size = pair.counts(place, binned)
    bands, valued = limits.limits[binned.kind], slice(len(binned.labels))
    filled = before[:-1].any() or now[:-1].any()
    if min(now.sum(), size) < limits.least_rows or not filled:
        return
    by_chance = psi_by_chance(before, now, size, limits.chance)
    yield _judged(pair, place, binned, "psi", compute_psi(before, now), bands.psi, by_chance)
    rows, rows_before = now[valued].sum(), size * before[valued].sum() / before.sum()
    if binned.ordered and min(rows, rows_before) >= limits.least_rows:
        by_chance = ks_by_chance(rows, rows_before, limits.chance)
        yield _judged(pair, place, binned, "ks", compute_ks(before[valued], now[valued]), bands.ks, by_chance)


def _judged(
    pair: _Pair, place: _Place, binned: Binned, metric: Metric, value: float, band: tuple[float, float], more: float
) -> DriftResult:
    """The value held to its band, of which both limits are raised by `more`, what chance alone reaches."""
    warning, alarm = band[0] + more, band[1] + more
    verdict: Verdict = "alarm" if value > alarm else "warning" if value > warning else "ok"
    return pair.result(binned.name, place, metric, value, warning if verdict == "warning" else alarm, verdict)


def _appeared_and_gone(months: _Months) -> Iterator[DriftResult]:
    named, rows = months.limits.named, months.profile.rows
    for place in months.places:
        if place.split is None:
            continue
        pair = months.pair(*place.touched)
        before, now = pair.shares(place)
        note = f"{now:.2%} of the trips, {before:.2%} before"
        if max(before, now) * rows < named.least_seen:
            continue
        if now > named.appears and before <= named.absent:
            yield pair.result(place.split.column, place, "new_segment", now, named.appears, "alarm", note)
        if before > named.appears and now <= named.absent:
            yield pair.result(place.split.column, place, "lost_segment", now, named.absent, "alarm", note)


def _constants(months: _Months) -> Iterator[DriftResult]:
    named = months.limits.named
    for place in months.places:
        rows = months.profile.segment_rows(*place.at)
        for binned in months.columns if rows >= named.least_rows else ():
            if binned.kind == "zone" or not place.compares(binned):
                continue
            text, at_bin, common = _most_common(months.profile, place, binned)
            if common / rows < named.constant:
                continue
            pair = months.pair(binned.name, *place.touched)
            before = _share_before(pair, place, binned, at_bin, named.least_rows)
            if before < named.constant_before:
                note = f"{text} on {common / rows:.1%} of the trips, on at most {before:.1%} before"
                yield pair.result(binned.name, place, "constant", common / rows, named.constant, "alarm", note)


def _most_common(profile: Profile, place: _Place, binned: Binned) -> tuple[str, int, int]:
    """(value as text, its bin, rows that have it); of a number without a majority, the nulls count."""
    key = (*place.at, binned.name)
    counts = profile.counts[key].sum(axis=0)
    if not binned.edges:
        largest = int(counts.argmax())
        return (*binned.labels, "another value", "no value")[largest], largest, int(counts[largest])
    if key in profile.common:
        value, at_bin, rows = profile.common[key]
        return f"{value:.2f}", at_bin, rows
    return "no value", binned.width - 1, int(counts[-1])


def _share_before(pair: _Pair, place: _Place, binned: Binned, at_bin: int, least_rows: int) -> float:
    """Share of the bin in the same segment value before; among all earlier trips when the value is new."""
    before, _, _ = pair.counts(place if pair.rows_before(place) >= least_rows else _Place(*WHOLE), binned)
    return float(before[at_bin] / before.sum()) if before.sum() else 0.0

"""A month's profile against those of earlier months: one result per comparison, each with its verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from include.processing.drift_columns import Binned, Segment, columns_of_service, segments_of_service
from include.processing.drift_limits import DriftLimits
from include.processing.drift_profile import WHOLE, Profile
from include.processing.drift_statistics import compute_ks, compute_psi, effective_rows, ks_by_chance, psi_by_chance
from include.trips.month import Month
from include.trips.regimes import Regime

Metric = Literal["psi", "ks", "constant", "new_segment", "lost_segment", "history"]
Verdict = Literal["ok", "insufficient_history", "warning", "known", "alarm"]
VERDICTS: tuple[Verdict, ...] = ("ok", "insufficient_history", "warning", "known", "alarm")
"""From harmless to grave. `known`: would be an alarm, and a known change of rules explains it."""


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

    With too few of them the only result says so.
    """
    late = [r.month for r in reference_profiles if r.month >= profile.month]
    if late:
        raise ValueError(f"{profile.month} is compared with earlier months only, not with {', '.join(late)}")
    if len(reference_profiles) < limits.reference.least:
        return [_too_little_history(profile, reference_profiles, limits)]
    pair = _Pair(profile, reference_profiles)
    found = [*_distances(pair, limits), *_appeared_and_gone(pair, limits), *_constants(pair, limits)]
    return [_explained(result, pair, tuple(regimes)) for result in found]


def month_verdict(results: Iterable[DriftResult]) -> Verdict:
    """The gravest verdict of a month's results; `insufficient_history` when there is none."""
    verdicts = {result.verdict for result in results}
    return next((v for v in reversed(VERDICTS) if v in verdicts), "insufficient_history")


@dataclass(frozen=True)
class _Pair:
    """The two sides of a comparison. The reference is brought to the month's days: as many of each kind as it has.

    Kinds of day that one side lacks are left out of both.
    """

    profile: Profile
    reference: Sequence[Profile]

    @cached_property
    def weights(self) -> np.ndarray:
        """(8,) month's days per reference day of each kind; 0 where a side has none."""
        days = np.sum([r.days for r in self.reference], axis=0)
        return np.where(days > 0, self.profile.days / np.maximum(days, 1), 0.0)

    def counts(self, segment: str, value: str, binned: Binned) -> tuple[np.ndarray, np.ndarray, float]:
        """((b,) reference rows per bin of the month's days, (b,) rows of the month, effective reference rows)."""
        key = (segment, value, binned.name)
        empty = np.zeros((len(self.weights), binned.width), np.int64)
        before = sum((r.counts.get(key, empty) for r in self.reference), empty)
        now = self.profile.counts.get(key, empty)[self.weights > 0].sum(axis=0)
        return self.weights @ before, now, effective_rows(before.sum(axis=1), self.weights)

    def rows_before(self, segment: str, value: str) -> int:
        """Trips of a segment value in all reference months."""
        return sum(r.segment_rows(segment, value) for r in self.reference)

    def result(self, column: str, at: tuple[str, str], metric: Metric, value: float, limit: float) -> DriftResult:
        """A result without verdict and note yet."""
        rows, before = self.profile.segment_rows(*at), self.rows_before(*at)
        return DriftResult(column, *at, metric, float(value), float(limit), "ok", "", rows, before, len(self.reference))


def _distances(pair: _Pair, limits: DriftLimits) -> Iterator[DriftResult]:
    for at, segment in _places(pair.profile):
        for binned in columns_of_service(pair.profile.service):
            if segment is None or binned.kind != "zone" and binned.name != segment.column:
                yield from _distances_of(pair, at, binned, limits)


def _distances_of(pair: _Pair, at: tuple[str, str], binned: Binned, limits: DriftLimits) -> Iterator[DriftResult]:
    before, now, size = pair.counts(*at, binned)
    bands = limits.limits[binned.kind]
    if min(now.sum(), size) >= limits.least_rows:
        by_chance = psi_by_chance(before, now, size, limits.chance)
        result = pair.result(binned.name, at, "psi", compute_psi(before, now), 0)
        yield _judged(result, bands.psi, by_chance)
    valued = slice(len(binned.labels))
    share = before[valued].sum() / max(before.sum(), 1)
    rows = min(now[valued].sum(), size * share)
    if binned.ordered and rows >= limits.least_rows:
        by_chance = ks_by_chance(now[valued].sum(), size * share, limits.chance)
        result = pair.result(binned.name, at, "ks", compute_ks(before[valued], now[valued]), 0)
        yield _judged(result, bands.ks, by_chance)


def _judged(result: DriftResult, band: tuple[float, float], by_chance: float) -> DriftResult:
    """The result held to its band. Both limits are raised by what chance alone reaches."""
    warning, alarm = (limit + by_chance for limit in band)
    verdict: Verdict = "alarm" if result.value > alarm else "warning" if result.value > warning else "ok"
    return replace(result, limit=warning if verdict == "warning" else alarm, verdict=verdict)


def _places(profile: Profile) -> Iterator[tuple[tuple[str, str], Segment | None]]:
    """(segment, value) of all trips and of every segment value that the month has."""
    yield WHOLE, None
    for segment in segments_of_service(profile.service):
        for position in range(segment.width):
            at = (segment.name, segment.label(position))
            if profile.segment_rows(*at):
                yield at, segment


def _appeared_and_gone(pair: _Pair, limits: DriftLimits) -> Iterator[DriftResult]:
    total_before, total = sum(r.rows for r in pair.reference), pair.profile.rows
    named = limits.named
    for segment in segments_of_service(pair.profile.service):
        for position in range(segment.width):
            at = (segment.name, segment.label(position))
            before, now = pair.rows_before(*at) / total_before, pair.profile.segment_rows(*at) / total
            if now > named.appears and before <= named.absent:
                yield _named(pair.result(segment.column, at, "new_segment", now, named.appears),
                             f"{now:.1%} of the trips, {before:.2%} before")  # fmt: skip
            if before > named.appears and now <= named.absent:
                yield _named(pair.result(segment.column, at, "lost_segment", now, named.absent),
                             f"{now:.2%} of the trips, {before:.1%} before")  # fmt: skip


def _constants(pair: _Pair, limits: DriftLimits) -> Iterator[DriftResult]:
    for at, segment in _places(pair.profile):
        rows = pair.profile.segment_rows(*at)
        for binned in columns_of_service(pair.profile.service):
            if rows < limits.named.least_rows or binned.kind == "zone" or segment and binned.name == segment.column:
                continue
            text, at_bin, common = _most_common(pair.profile, at, binned)
            before = _share_before(pair, at, binned, at_bin, limits.named.least_rows)
            if common / rows >= limits.named.constant and before < limits.named.constant_before:
                yield _named(pair.result(binned.name, at, "constant", common / rows, limits.named.constant),
                             f"{text} on {common / rows:.1%} of the trips, at most {before:.1%} before")  # fmt: skip


def _most_common(profile: Profile, at: tuple[str, str], binned: Binned) -> tuple[str, int, int]:
    """(value as text, its bin, rows that have it); of a number without a majority, what is not there counts."""
    key = (*at, binned.name)
    counts = profile.counts[key].sum(axis=0)
    if not binned.edges:
        largest = int(counts.argmax())
        return (*binned.labels, "another value", "no value")[largest], largest, int(counts[largest])
    if key in profile.common:
        value, at_bin, rows = profile.common[key]
        return f"{value:.2f}", at_bin, rows
    return "no value", binned.width - 1, int(counts[-1])


def _share_before(pair: _Pair, at: tuple[str, str], binned: Binned, at_bin: int, least_rows: int) -> float:
    """Share of the bin in the same segment value before; in all earlier trips when it is new there."""
    place = at if pair.rows_before(*at) >= least_rows else WHOLE
    before, _, _ = pair.counts(*place, binned)
    return float(before[at_bin] / before.sum()) if before.sum() else 0.0


def _named(result: DriftResult, note: str) -> DriftResult:
    return replace(result, verdict="alarm", note=note)


def _explained(result: DriftResult, pair: _Pair, regimes: tuple[Regime, ...]) -> DriftResult:
    """The result with the known changes that touch it; an alarm that one of them excuses becomes `known`."""
    if result.verdict not in ("warning", "alarm"):
        return result
    reference = [Month.parse(r.month) for r in pair.reference]
    columns = _touched(result, pair.profile.service)
    found = [r for r in regimes if r.explains(Month.parse(pair.profile.month), reference, columns)]
    excused = result.verdict == "alarm" and any(r.excuses for r in found)
    note = "; ".join(filter(None, [result.note, *(r.name for r in found)]))
    return replace(result, note=note, verdict="known" if excused else result.verdict)


def _touched(result: DriftResult, service: str) -> tuple[str, ...]:
    """The result's column; for trips of no known provider or payment, that segment's column too."""
    columns: Mapping[str, str] = {segment.name: segment.column for segment in segments_of_service(service)}
    own = columns.get(result.segment)
    return (result.column, own) if own and result.segment_value in ("0", "none") else (result.column,)


def too_little(count: int, least: int) -> str:
    """The sentence that explains `insufficient_history`."""
    return f"{count} earlier months in reach, {least} are needed"


def _too_little_history(profile: Profile, reference: Sequence[Profile], limits: DriftLimits) -> DriftResult:
    count, least = len(reference), limits.reference.least
    return DriftResult("", *WHOLE, "history", count, least, "insufficient_history", too_little(count, least),
                       profile.rows, sum(r.rows for r in reference), count)  # fmt: skip

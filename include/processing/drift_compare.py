"""A month's profile against those of earlier months: one result per comparison, each with its verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from include.processing.drift_columns import Binned
from include.processing.drift_limits import DriftLimits
from include.processing.drift_profile import WHOLE, Profile
from include.processing.drift_result import DriftResult, Metric, Verdict
from include.processing.drift_sides import Months, Pair, Place
from include.processing.drift_statistics import compute_ks, compute_psi, ks_by_chance, psi_by_chance
from include.trips.regimes import Regime


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
    months = Months(profile, tuple(reference_profiles), limits, tuple(regimes))
    return [*_distances(months), *_appeared_and_gone(months), *_constants(months)]


def _cannot_say(profile: Profile, reference: Sequence[Profile], value: int, limit: int, note: str) -> DriftResult:
    rows_before = sum(r.rows for r in reference)
    return DriftResult("", *WHOLE, "history", value, limit, "insufficient_history", note, profile.rows, rows_before,
                       len(reference))  # fmt: skip


def _distances(months: Months) -> Iterator[DriftResult]:
    for place in months.places:
        for binned in months.columns:
            if place.compares(binned):
                yield from _distances_of(months.pair(binned.name, *place.touched), place, binned, months.limits)


def _distances_of(pair: Pair, place: Place, binned: Binned, limits: DriftLimits) -> Iterator[DriftResult]:
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
    pair: Pair, place: Place, binned: Binned, metric: Metric, value: float, band: tuple[float, float], more: float
) -> DriftResult:
    """The value held to its band, of which both limits are raised by `more`, what chance alone reaches."""
    warning, alarm = band[0] + more, band[1] + more
    verdict: Verdict = "alarm" if value > alarm else "warning" if value > warning else "ok"
    return pair.result(binned.name, place, metric, value, warning if verdict == "warning" else alarm, verdict)


def _appeared_and_gone(months: Months) -> Iterator[DriftResult]:
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


def _constants(months: Months) -> Iterator[DriftResult]:
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


def _most_common(profile: Profile, place: Place, binned: Binned) -> tuple[str, int, int]:
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


def _share_before(pair: Pair, place: Place, binned: Binned, at_bin: int, least_rows: int) -> float:
    """Share of the bin in the same segment value before; among all earlier trips when the value is new."""
    before, _, _ = pair.counts(place if pair.rows_before(place) >= least_rows else Place(*WHOLE), binned)
    return float(before[at_bin] / before.sum()) if before.sum() else 0.0

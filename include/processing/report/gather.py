"""From a month's tables and verdicts to the facts of its report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import pyarrow as pa

from include.processing.clean_data import REASONS
from include.processing.quality_report import (
    compute_null_percentages,
    compute_outlier_counts,
    compute_summary_stats,
)
from include.processing.report.facts import CLEAN, RAW, Check, DriftResult, MonthReport, NullBand, Reject
from include.processing.report.measures import MEASURED, count_pickups, derived_columns, distributions_of_parts
from include.trips.columns import COLUMNS

Figure = TypeVar("Figure")
SYNTHETIC_ORIGIN = "embedded sample"
WHOLE_MONTH = "month"
"""The segment of drift results that concern all trips."""
TRAILING_MONTHS = 12
FEWEST_MONTHS = 3
"""With fewer earlier months there is no band to be outside of."""
NULL_TOLERANCE = 1.0
"""Percentage points outside the earlier months' band that are still usual: samples of 10,000 rows differ by half."""


@dataclass(frozen=True)
class Stored:
    """A month's trips, read a few columns at a time: a figure never needs the whole month in memory.

    `parts` gives the same rows as `read` in portions, for figures that add up.
    """

    names: tuple[str, ...]
    rows: int
    read: Callable[[list[str]], pa.Table]
    parts: Callable[[list[str]], Iterable[pa.Table]]

    @classmethod
    def of(cls, trips: pa.Table) -> Stored:
        """A table that is in memory anyway."""
        return cls(tuple(trips.column_names), trips.num_rows, trips.select, lambda names: [trips.select(names)])

    def by_column(self, compute: Callable[[pa.Table], dict[str, Figure]]) -> dict[str, Figure]:
        """What `compute` says of each column."""
        found: dict[str, Figure] = {}
        for name in self.names:
            found |= compute(self.read([name]))
        return found

    def by_measure(self, compute: Callable[[pa.Table], dict[str, Figure]]) -> dict[str, Figure]:
        """What `compute` says of each column, then of duration and speed."""
        return self.by_column(compute) | compute(derived_columns(self.parts(self.measured)))

    @property
    def measured(self) -> list[str]:
        """Those of MEASURED that the trips have."""
        return [name for name in MEASURED if name in self.names]


@dataclass(frozen=True)
class Inputs:
    """What the report is made of, as the lake holds it.

    `verdicts` are the stored validations by stage, `earlier` the raw profiles of earlier months (YYYY-MM, in order),
    `drift` the stored results or None, `drift_fault` why there are none.
    """

    service: str
    month: str
    origin: str
    raw: Stored
    clean: Stored
    quarantined: Mapping[str, int]
    verdicts: Mapping[str, Mapping[str, Any]]
    earlier: Mapping[str, Mapping[str, Any]]
    drift: Sequence[Mapping[str, Any]] | None
    drift_fault: str = ""


def build_report(inputs: Inputs) -> MonthReport:
    """The month's facts; equal inputs give equal facts."""
    raw, clean = inputs.raw, inputs.clean
    drift = None if inputs.drift is None else tuple(map(drift_result, inputs.drift))
    return MonthReport(
        service=inputs.service,
        month=inputs.month,
        origin=inputs.origin.replace("\\", "/").rpartition("/")[2],
        synthetic=inputs.origin.startswith(SYNTHETIC_ORIGIN),
        rows_read=raw.rows,
        rows_kept=clean.rows,
        rejects=rejects(inputs.quarantined, raw.rows),
        checks=tuple(check(stage, found) for stage, told in inputs.verdicts.items() for found in told["outcomes"]),
        nulls=explained(null_bands(raw.by_column(compute_null_percentages), inputs.earlier), drift or ()),
        distributions=distributions_of_parts(raw.parts(raw.measured), clean.parts(clean.measured)),
        pickups=count_pickups(clean.read(["pickup_zone"])),
        summary={RAW: raw.by_measure(compute_summary_stats), CLEAN: clean.by_measure(compute_summary_stats)},
        outliers=raw.by_measure(compute_outlier_counts),
        drift=drift,
        drift_fault=inputs.drift_fault,
        methods={stage: str(told["method"]) for stage, told in inputs.verdicts.items() if told.get("method")},
        docs={stage: str(told["docs"]) for stage, told in inputs.verdicts.items() if told.get("docs")},
    )


def rejects(quarantined: Mapping[str, int], rows_read: int) -> tuple[Reject, ...]:
    """Counts per reason in the order in which cleaning tried them; then reasons of older code, without a meaning."""
    order = dict.fromkeys([*(reason for reason in REASONS if reason in quarantined), *quarantined])
    return tuple(
        Reject(reason, REASONS.get(reason, ""), quarantined[reason], 100 * quarantined[reason] / max(rows_read, 1))
        for reason in order
    )


def check(stage: str, outcome: Mapping[str, Any]) -> Check:
    """A stored outcome; waiver and examples may be absent or null."""
    return Check(
        stage=stage,
        expectation=str(outcome["expectation"]),
        column=str(outcome["column_name"]),
        severity=str(outcome["severity"]),
        success=bool(outcome["success"]),
        observed=str(outcome["observed"]),
        limit=str(outcome["limit_text"]),
        count=outcome.get("unexpected_count"),
        percent=outcome.get("unexpected_percent"),
        examples=tuple(str(value) for value in _listed(outcome.get("examples"))),
        waived_by=str(outcome.get("waived_by") or ""),
        waiver_reason=str(outcome.get("waiver_reason") or ""),
        waived_until=str(outcome.get("waived_until") or ""),
    )


def _listed(value: Any) -> Sequence[Any]:
    if value is None or value == "":
        return ()
    return value if isinstance(value, list | tuple) else (value,)


def null_bands(percentages: Mapping[str, float], earlier: Mapping[str, Mapping[str, Any]]) -> tuple[NullBand, ...]:
    """Null shares of a month beside those of the latest TRAILING_MONTHS earlier profiles, column by column."""
    profiles = list(earlier.values())[-TRAILING_MONTHS:]
    meanings = {c.name: c.meaning for c in COLUMNS}
    return tuple(
        _band(name, meanings.get(name, ""), percent, [_null_percent(p, name) for p in profiles if name in p["columns"]])
        for name, percent in percentages.items()
    )


def explained(bands: Iterable[NullBand], drift: Iterable[DriftResult]) -> tuple[NullBand, ...]:
    """Bands outside of which lies what a known change of rules explains are marked so.

    Nulls are counted over the whole month, so only its PSI, which has nulls as a bin, can speak for them: a change in
    one segment, or of what values are, says nothing of a column's nulls.
    """
    known = {r.column for r in drift if r.verdict == "known" and r.metric == "psi" and not r.segment}
    return tuple(replace(b, outside=False, known=True) if b.outside and b.column in known else b for b in bands)


def _null_percent(profile: Mapping[str, Any], column: str) -> float:
    return 100 * float(profile["columns"][column]["nulls"]) / max(int(profile["rows"]), 1)


def _band(column: str, meaning: str, percent: float, history: list[float]) -> NullBand:
    if not history:
        return NullBand(column, meaning, percent, None, None, 0, outside=False)
    low, high = min(history), max(history)
    far = percent < low - NULL_TOLERANCE or percent > high + NULL_TOLERANCE
    return NullBand(column, meaning, percent, low, high, len(history), far and len(history) >= FEWEST_MONTHS)


def drift_result(stored: Mapping[str, Any]) -> DriftResult:
    """A stored comparison; fields that the report does not show are left out, absent ones take their default."""
    known = {f.name for f in fields(DriftResult)}
    plain = {name: value for name, value in stored.items() if name in known}
    for name in ("segment", "segment_value", "note"):
        plain[name] = str(plain.get(name) or "")
    if plain["segment"] == WHOLE_MONTH:
        plain["segment"] = ""
    return DriftResult(**plain)

"""Drift results folded into a table: a row per column, a cell per kind of segment, each showing its worst result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf, isfinite

from include.processing.report.facts import DriftResult

ORDER = ("alarm", "known", "warning", "insufficient_history", "ok")
"""Verdicts, the one to look at first."""
WHOLE, HISTORY = "", "history"


@dataclass(frozen=True)
class Moved:
    """A column's worst result of one verdict, and how many more comparisons of it say the same."""

    worst: DriftResult
    more: int


@dataclass(frozen=True)
class DriftTable:
    """`cells[column][segment]` is the worst result there, None where nothing was compared."""

    columns: tuple[str, ...]
    segments: tuple[str, ...]
    cells: dict[str, dict[str, DriftResult | None]]
    named: tuple[Moved, ...]
    """Alarms, known changes and warnings by column, worst first."""
    too_little: tuple[str, ...]
    """Why nothing could be compared."""
    reference: int
    """Earlier months that were compared with, at most."""


def drift_table(results: Iterable[DriftResult]) -> DriftTable:
    """Results in any order -> the table; columns with the worst results on top."""
    told = sorted(results, key=_badness)
    ranked = [r for r in told if r.metric != HISTORY]
    columns, segments = dict.fromkeys(r.column for r in ranked), dict.fromkeys(r.segment for r in ranked)
    worst: dict[tuple[str, str], DriftResult] = {}
    for result in ranked:
        worst.setdefault((result.column, result.segment), result)
    cells = {column: {segment: worst.get((column, segment)) for segment in segments} for column in columns}
    ordered = tuple(sorted(segments, key=lambda segment: (segment != WHOLE, segment)))
    too_little = tuple(r.note for r in told if r.metric == HISTORY)
    months = max((r.reference_months or 0 for r in ranked), default=0)
    return DriftTable(tuple(columns), ordered, cells, tuple(_moved(ranked)), too_little, months)


def _moved(ranked: list[DriftResult]) -> Iterator[Moved]:
    grouped: dict[tuple[str, str], list[DriftResult]] = {}
    for result in ranked:
        if result.verdict in ORDER[:3]:
            grouped.setdefault((result.verdict, result.column), []).append(result)
    for same in grouped.values():
        yield Moved(same[0], len(same) - 1)


def _badness(result: DriftResult) -> tuple[int, float, str, str, str, str]:
    """Verdict first, then how far over the limit, then names, so that equal results have one order."""
    rank = ORDER.index(result.verdict) if result.verdict in ORDER else 0
    reach = (result.value or 0.0) / (result.limit or 1.0)
    reach = reach if isfinite(reach) else inf
    return rank, -reach, result.column, result.segment, result.segment_value, result.metric

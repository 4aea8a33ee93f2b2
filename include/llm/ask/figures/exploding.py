"""What a column holds as JSON is taken apart: parts of a month, columns, fields, times."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from include.llm.ask.meanings.measure import Measure
from include.warehouse.reading import Row

OVERALL = "overall"
"""The month as a whole, beside its parts."""


def part_of(measure: Measure) -> str:
    """The dimension whose values are keys of the JSON, not of a column of the rows: slice, or column; "" for none."""
    kind = measure.exploded.partition(":")[0]
    return kind if kind in ("slice", "column") else ""


def exploded(measure: Measure, row: Row, filters: Mapping[str, Sequence[str]]) -> list[Row]:
    """The rows that a measure makes of one: many for parts of a month, else one with the figure that it names."""
    held = json.loads(row["value"] or "{}")
    kind, _, name = measure.exploded.partition(":")
    if kind == "slice":
        return _parts(measure, row, held, filters)
    if kind == "column":
        columns = held.get("columns", {})
        return [
            {**row, kind: key, "value": columns[key].get(name)} for key in _matching(columns, filters.get(kind, ()))
        ]
    if kind == "seconds":
        return [{**row, "value": _seconds(held)}]
    if kind == "slices":
        return [{**row, "value": len(_matching(held, filters.get("slice", ()))) if held else None}]
    if kind == "vetoes":
        return [{**row, "value": len(held.get("vetoes", ())) if held else None}]
    return [{**row, "value": held.get(measure.exploded)}]


def _parts(measure: Measure, row: Row, held: Mapping[str, Any], filters: Mapping[str, Sequence[str]]) -> list[Row]:
    """A row for each part that is asked for, with enough trips where a least number is said."""
    field = "rows" if measure.unit == "trips" else "loss"
    wanted, least = filters.get("slice", ()), int(next(iter(filters.get("least_rows", ())), 0))
    rows = [
        {**row, "slice": name, "value": held[name].get(field)}
        for name in _matching(held, wanted)
        if held[name].get("rows", 0) >= least
    ]
    whole = {"rows": row.get("whole_rows"), "loss": row.get("whole_loss")}[field]
    return rows + ([{**row, "slice": OVERALL, "value": whole}] if OVERALL in wanted else [])


def _seconds(times: Sequence[str | None]) -> float | None:
    """None where a step was not taken."""
    if not all(times):
        return None
    started, ended = (datetime.fromisoformat(str(time)) for time in times)
    return (ended - started).total_seconds()


def _matching(held: Mapping[str, Any], wanted: Sequence[str]) -> list[str]:
    """The names that are wanted, in order; `hours *` wants every one that begins so, nothing wants all."""
    return sorted(name for name in held if not wanted or any(fnmatchcase(name, pattern) for pattern in wanted))

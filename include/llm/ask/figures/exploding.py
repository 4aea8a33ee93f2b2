"""A value that is JSON is taken apart: the figure that is meant, a row for each part, or the time between two."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from include.llm.ask.meanings.measure import Measure
from include.warehouse.reading import Row


def part_of(measure: Measure) -> str:
    """The dimension whose values are keys of the JSON, not of a column of the rows: slice, or column; "" for none."""
    kind, _, field = measure.exploded.partition(":")
    return kind if field or kind == "slice" else ""


def exploded(measure: Measure, row: Row, wanted: Sequence[str]) -> list[Row]:
    """The rows that a row's JSON holds, the `wanted` parts alone where some are named."""
    parts = json.loads(row["value"] or "{}")
    if measure.exploded == "seconds":
        return [{**row, "value": _seconds(parts)}]
    if not part_of(measure):
        return [{**row, "value": parts.get(measure.exploded)}]
    return [{**row, **part} for part in _parts(measure, parts) if not wanted or part[part_of(measure)] in wanted]


def _parts(measure: Measure, parts: dict[str, Any]) -> Iterator[Row]:
    """Each part of a month with its loss or trips, each column of a profile with the field that is meant."""
    name, _, field = measure.exploded.partition(":")
    if name == "slice":
        field = "rows" if measure.unit == "trips" else "loss"
    for key, part in sorted((parts.get("columns", {}) if name == "column" else parts).items()):
        yield {name: key, "value": part.get(field)}


def _seconds(times: Sequence[str | None]) -> float | None:
    """None where a step was not taken."""
    if not all(times):
        return None
    started, ended = (datetime.fromisoformat(str(time)) for time in times)
    return (ended - started).total_seconds()

"""Batches as CSV: a header that names the fields of a request, a row for each trip, and answers in the same order."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from include.serving.schemas import MAX_BATCH, PredictionRequest
from include.serving.web.problems import Refusal
from include.utils.csv_export import safe_cell

FIELDS = tuple(PredictionRequest.model_fields)
WHOLE_NUMBER = re.compile(r"-?\d{1,9}")
WHOLE = ("pickup_zone", "dropoff_zone", "passenger_count")
ANSWER_COLUMNS = (
    "row", "service", "pickup_zone", "dropoff_zone", "pickup_datetime", "duration_min", "duration_min_p10",
    "duration_min_p90", "fare_usd", "fare_usd_p10", "fare_usd_p90", "high_tip", "surcharges_usd", "total_usd",
    "total_usd_p10", "total_usd_p90", "degraded", "request_id", "error",
)  # fmt: skip


def read_trips(body: bytes) -> list[dict[str, Any]]:
    """A CSV body -> rows as JSON would hold them: empty cells left out, whole numbers as numbers.

    Refusal (422) for a body that is not UTF-8 text, a header that names no or other fields, or a number of rows outside
    1 to MAX_BATCH. What is wrong with a single row is left to the row.
    """
    try:
        reader = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        header = [name.strip() for name in next(reader, [])]
        _require_fields(header)
        rows = [_row(header, cells) for cells in reader if cells]
    except (UnicodeDecodeError, csv.Error) as fault:
        raise Refusal(422, f"the body is no CSV in UTF-8: {fault}") from None
    if not 1 <= len(rows) <= MAX_BATCH:
        raise Refusal(422, f"{len(rows):,} rows: from 1 to {MAX_BATCH:,} are taken; split the file.")
    return rows


def _require_fields(header: Sequence[str]) -> None:
    unknown = [name[:40] for name in header if name not in FIELDS]
    if not header or unknown or len(set(header)) != len(header):
        said = f"unknown {', '.join(unknown[:5])}" if unknown else "names a field twice" if header else "missing"
        raise Refusal(422, f"CSV header: {said}; fields are {', '.join(FIELDS)}, each at most once.")


def _row(header: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    """A row of another length than the header gets a field that no request has, so that it is refused by name."""
    if len(cells) != len(header):
        return {"cells": f"{len(cells)} cells, {len(header)} are expected"}
    return {name: _value(name, cell.strip()) for name, cell in zip(header, cells, strict=True) if cell.strip()}


def _value(name: str, cell: str) -> Any:
    return int(cell) if name in WHOLE and WHOLE_NUMBER.fullmatch(cell) else cell


def write_answers(results: Iterable[dict[str, Any]]) -> bytes:
    """Answers and faults of a batch -> CSV with ANSWER_COLUMNS; cells that a spreadsheet would run are quoted."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(ANSWER_COLUMNS)
    for place, result in enumerate(results):
        writer.writerow(_cells(place, result))
    return text.getvalue().encode()


def _cells(place: int, result: dict[str, Any]) -> list[Any]:
    if "error" in result:
        said = "; ".join(f"{fault['field']}={fault['value']}: {fault['expected']}" for fault in result["error"])
        return [place, *[""] * (len(ANSWER_COLUMNS) - 2), safe_cell(said)]
    trip, tip = result["trip"], result["high_tip"]
    certain = round(sum(item["usd"] for item in result["surcharges"] if item["certain"]), 2)
    return [
        place, trip["service"], trip["pickup_zone"], trip["dropoff_zone"], trip["pickup_datetime"],
        *_three(result["duration_min"]), *_three(result["fare_usd"]), tip["probability"] if tip else "", certain,
        *_three(result["total_usd"]), str(result["degraded"]).lower(), safe_cell(result["request_id"]), "",
    ]  # fmt: skip


def _three(said: dict[str, Any] | None) -> list[Any]:
    return [said[name] for name in ("value", "p10", "p90")] if said else ["", "", ""]

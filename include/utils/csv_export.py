"""CSV that a spreadsheet shows as text and numbers, and never runs.

A cell that begins like a formula is executed when the file is opened; text may come from a published file, so such
cells get an apostrophe in front. Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from include.utils.files import atomic_path

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are full-width forms, which some spreadsheets read as the plain ones."""


def safe_cell(value: Any) -> Any:
    """Text that begins like a formula with an apostrophe in front; numbers and everything else as they are.

    Blanks before the sign do not hide it: some programs trim a cell before they look at it.
    """
    if isinstance(value, str) and (value.startswith(FORMULA_STARTS) or value.lstrip().startswith(FORMULA_STARTS)):
        return f"'{value}"
    return value


def csv_text(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Rows as CSV (RFC 4180, a header, CRLF), cells made safe, header included; None is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe_cell(name) for name in columns])
    writer.writerows([safe_cell(row.get(name)) for name in columns] for row in rows)
    return out.getvalue()


def write_csv(target: Path, rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """`csv_text` as a UTF-8 file, whole or not at all."""
    with atomic_path(target) as temporary:
        temporary.write_text(csv_text(rows, columns), encoding="utf-8", newline="")

"""Text codes of the old eras as canonical codes; the mapping is `data/codes.csv`, matched without case and blanks."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

CODES_FILE = Path(__file__).parent / "data" / "codes.csv"
CODED_TEXT = ("shared_request", "shared_match", "access_a_ride", "wav_request", "wav_match")
"""Y/N columns without a mapping of their own: trimmed and in capitals; a blank is null."""


@cache
def code_table() -> Mapping[str, Mapping[str, str]]:
    """column -> published text in lower case -> canonical code as text; "" stands for null."""
    table: dict[str, dict[str, str]] = {}
    with CODES_FILE.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            table.setdefault(row["column"], {})[row["text"]] = row["code"]
    return table


def decode(values: pa.Array, column: str, kind: pa.DataType) -> tuple[pa.Array, dict[str, int]]:
    """Published text or numbers of a coded column -> canonical codes, and how often each unmapped text occurs.

    A number stays the number it is in a numeric column; text without a mapping becomes null, so that one odd spelling
    does not cost a month, and is counted so that somebody sees it.
    """
    encoded = values.cast(pa.string()).dictionary_encode()
    published = encoded.dictionary.to_pylist()
    codes = [_code(text, column, kind) for text in published]
    unmapped = {i for i, text in enumerate(published) if codes[i] is None and not _is_blank(text, column)}
    counts = {row["values"]: row["counts"] for row in pc.value_counts(encoded.indices).to_pylist()} if unmapped else {}
    result = pa.array(codes, pa.string()).cast(kind).take(encoded.indices)
    return result, {published[i]: counts[i] for i in sorted(unmapped) if i in counts}


def _code(text: str, column: str, kind: pa.DataType) -> str | None:
    plain = text.strip().lower()
    if column in CODED_TEXT:
        return plain.upper() or None
    mapped = code_table().get(column, {}).get(_whole_number(plain))
    if mapped is not None:
        return mapped or None
    return _whole_number(plain) if pa.types.is_integer(kind) and _whole_number(plain).isdigit() else None


def _whole_number(text: str) -> str:
    """`1.0` -> `1`, the form in which Parquet of some years holds a code."""
    return text.removesuffix(".0")


def _is_blank(text: str, column: str) -> bool:
    plain = text.strip().lower()
    return not plain or code_table().get(column, {}).get(plain) == ""

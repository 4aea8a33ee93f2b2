"""What a spreadsheet would run becomes text; numbers stay numbers, and everything comes back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.utils.csv_export import FORMULA_STARTS, csv_text, safe_cell, write_csv


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1"])
def test_formulas_are_neutralised(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-5, -5.5, 0, None, True, "fare_usd", "a=b", "", "12 - 3"])
def test_numbers_and_plain_text_stay(value: object) -> None:
    assert safe_cell(value) is value


def test_a_negative_number_is_a_number_in_the_file_and_names_are_made_safe_too() -> None:
    assert csv_text([{"=name": -5, "b": "=x"}], ["=name", "b"]) == "'=name,b\r\n-5,'=x\r\n"


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_no_cell_begins_a_formula_and_none_breaks_the_row(cells: list[str]) -> None:
    names = [f"c{n}" for n in range(len(cells))]
    written = csv_text([dict(zip(names, cells, strict=True))], names)
    _, row = csv.reader(io.StringIO(written, newline=""))
    assert [cell.removeprefix("'") for cell in row] == [cell.removeprefix("'") for cell in cells]
    assert not any(cell.lstrip().startswith(FORMULA_STARTS) for cell in row)


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [{"a": 1}], ["a", "b"])
    assert (tmp_path / "a.csv").read_bytes() == b"a,b\r\n1,\r\n"

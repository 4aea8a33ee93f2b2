"""The CSV holds every figure, numbers as numbers, and runs nothing."""

from __future__ import annotations

import csv
import io

from include.processing.report.export import FIGURE_COLUMNS, figure_rows
from include.processing.report.facts import MonthReport
from include.utils.csv_export import FORMULA_STARTS, csv_text
from tests.unit.processing.reports import check, drift, hostile_report, month_report


def read(report: MonthReport) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text(figure_rows(report), FIGURE_COLUMNS), newline="")))


def test_every_kind_of_figure_is_there() -> None:
    kinds = [row["kind"] for row in read(month_report())]
    assert list(dict.fromkeys(kinds)) == ["cleaning", "expectation, raw", "drift", "report", "nulls", "outliers",
                                          "summary_raw", "summary_clean"]  # fmt: skip
    assert kinds.count("cleaning") == 3


def test_formulas_of_a_file_are_text_and_numbers_stay_numbers() -> None:
    dangerous = check("=cmd()", observed="@SUM(A1)", examples=("-1+1",), success=False)
    rows = read(month_report(checks=(dangerous,), drift=(drift("alarm", value=-0.5, note="+1"),)))
    shown = next(row for row in rows if row["kind"] == "expectation, raw")
    assert (shown["name"], shown["observed"], shown["note"]) == ("'=cmd()", "'@SUM(A1)", "'-1+1")
    moved = next(row for row in rows if row["kind"] == "drift")
    assert (moved["observed"], moved["limit"], moved["note"]) == ("-0.5", "0.2", "'+1")


def test_no_cell_of_a_hostile_month_begins_a_formula() -> None:
    cells = [cell for row in read(hostile_report()) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(FORMULA_STARTS)]

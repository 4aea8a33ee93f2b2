"""Tables are Markdown in which numbers stand right and no word ends a cell."""

from __future__ import annotations

from typing import Any

from include.dashboard.tables import markdown


def test_numbers_stand_right_and_what_is_not_known_is_empty() -> None:
    rows: list[dict[str, Any]] = [
        {"month": "2019-06", "minutes": 1.25, "state": None},
        {"month": "2019-07", "minutes": None, "state": "ok"},
    ]
    assert markdown(rows, {"minutes": ".1f"}).splitlines() == [
        "| month | minutes | state |", "| --- | ---: | --- |", "| 2019-06 | 1.2 |  |", "| 2019-07 |  | ok |",
    ]  # fmt: skip


def test_no_word_ends_a_cell_or_begins_a_formula() -> None:
    assert markdown([{"reason": "a | b\nfor $5"}], {}).splitlines()[2] == "| a \\| b for \\$5 |"

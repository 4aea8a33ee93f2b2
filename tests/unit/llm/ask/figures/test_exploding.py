"""What a column holds as JSON or as text is read as it was written."""

from __future__ import annotations

import json

import pytest

from include.llm.ask.figures.exploding import exploded, scores_in
from include.llm.ask.meanings.measures import measures
from tests.unit.llm.conftest import CONTEST

SLICES = json.dumps(
    {
        "airport": {"loss": 7.5, "rows": 20},
        "hours late": {"loss": 3.5, "rows": 5},
        "hours night": {"loss": 4.5, "rows": 9},
    }
)
ROW = {"value": SLICES, "whole_loss": 5.0, "whole_rows": 34}


@pytest.mark.parametrize(
    ("filters", "parts"),
    [
        ({}, {"airport": 7.5, "hours late": 3.5, "hours night": 4.5}),
        ({"slice": ("hours *",)}, {"hours late": 3.5, "hours night": 4.5}),
        ({"slice": ("hours *",), "least_rows": ("9",)}, {"hours night": 4.5}),
        ({"slice": ("airport", "overall")}, {"airport": 7.5, "overall": 5.0}),
        ({"slice": ("route *",)}, {}),
    ],
)
def test_parts_of_a_month(filters: dict[str, tuple[str, ...]], parts: dict[str, float]) -> None:
    rows = exploded(measures()["slice_loss"], ROW, filters)
    assert {row["slice"]: row["value"] for row in rows} == parts


def test_parts_are_counted_by_kind() -> None:
    assert exploded(measures()["slice_count"], ROW, {})[0]["value"] == 3
    assert exploded(measures()["slice_count"], ROW, {"slice": ("hours *",)})[0]["value"] == 2


def test_the_gate_s_table_is_read_by_contestant() -> None:
    assert scores_in(CONTEST) == {
        "challenger": {"loss": 3.5, "r2": 0.75, "mape": 0.25}, "baseline": {"loss": 5.25, "r2": 0.5, "mape": 0.375},
    }  # fmt: skip
    assert scores_in("") == scores_in("no table\nof anything") == scores_in(f"{' ':<44}      loss\n\n") == {}


@pytest.mark.parametrize(
    ("decision", "role", "r2"),
    [
        ("promote", "champion", 0.75),
        ("promote_baseline", "champion", 0.5),
        ("promote", "baseline", 0.5),
        ("keep", "champion", None),
        ("promote", "challenger", 0.75),
    ],
)
def test_the_champion_of_a_table_is_who_stood_after_it(decision: str, role: str, r2: float | None) -> None:
    row = {"value": json.dumps({"table": CONTEST}), "decision": decision}
    assert exploded(measures()["r2"], row, {}, role)[0]["value"] == r2

"""What a column holds as JSON is read as it was written."""

from __future__ import annotations

import json

import pytest

from include.llm.ask.figures.exploding import exploded
from include.llm.ask.meanings.measures import measures

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

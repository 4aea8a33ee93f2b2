"""Of many comparisons, the one to look at is shown, whatever the order they come in."""

from __future__ import annotations

import random

from include.processing.report.drift_table import drift_table
from tests.unit.processing.reports import drift

RESULTS = [
    drift("ok", column="a"), drift("ok", column="b", value=0.19), drift("warning", column="a", metric="ks", value=0.3),
    drift("alarm", column="b", segment="vendor", segment_value="6", value=0.9),
    drift("ok", column="b", segment="vendor", segment_value="1"), drift("known", column="c", value=5.0),
]  # fmt: skip


def test_a_cell_shows_the_worst_and_columns_with_alarms_come_first() -> None:
    table = drift_table(RESULTS)
    assert table.columns == ("b", "c", "a")
    assert table.segments == ("", "vendor")
    vendor = table.cells["b"]["vendor"]
    assert vendor is not None
    assert vendor.segment_value == "6"
    assert table.cells["a"]["vendor"] is None
    assert [(m.worst.verdict, m.more) for m in table.named] == [("alarm", 0), ("known", 0), ("warning", 0)]


def test_many_segments_that_say_the_same_are_one_line() -> None:
    same = [drift("alarm", segment="vendor", segment_value=str(n), value=0.3 + n / 10) for n in range(4)]
    (moved,) = drift_table([*same, drift("ok")]).named
    assert (moved.worst.segment_value, moved.more) == ("3", 3)


def test_the_order_of_results_does_not_matter() -> None:
    shuffled = random.Random(1).sample(RESULTS, len(RESULTS))
    assert drift_table(shuffled) == drift_table(RESULTS)


def test_an_unknown_verdict_is_not_hidden_below_the_good_ones() -> None:
    assert drift_table([drift("ok"), drift("strange", column="x")]).columns[0] == "x"

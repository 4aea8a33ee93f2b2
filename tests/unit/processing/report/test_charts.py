"""Bars are as long as their numbers."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from include.processing.report.charts import GAP, HEIGHT, WIDTH, histogram, null_table, waterfall
from include.processing.report.facts import Distribution, Reject
from tests.unit.processing.reports import band, month_report

COUNTS = st.lists(st.integers(0, 10**7), min_size=1, max_size=9)


def test_the_waterfall_leads_from_rows_read_to_rows_kept() -> None:
    found = waterfall(month_report())
    assert [(bar.kind, bar.rows) for bar in found.bars] == [("all", 1000), ("aside", 10), ("aside", 20), ("kept", 970)]
    assert found.empty == ("missing time",)
    assert found.start == 970 - 5


@given(lost=COUNTS, kept=st.integers(1, 10**7))
def test_each_bar_begins_where_the_next_one_ends(lost: list[int], kept: int) -> None:
    read = kept + sum(lost)
    rejects = tuple(Reject(f"r{n}", "", rows, 100 * rows / read) for n, rows in enumerate(lost))
    found = waterfall(month_report(rows_read=read, rows_kept=kept, rejects=rejects))
    bars = found.bars
    assert bars[0].left == 0
    assert round(bars[0].width, 6) == 100
    for bar, following in pairwise(bars[1:]):
        assert abs(bar.left - (following.left + following.width)) < 1e-6
    assert all(bar.left >= 0 and bar.width >= 0 and bar.left + bar.width < 100.001 for bar in bars)


def test_a_histogram_stacks_what_was_set_aside_on_what_was_kept() -> None:
    found = Distribution("fare", "USD", (0.0, 10.0, 20.0), (10, 500, 460, 30), (0, 500, 400, 10), 0)
    drawn = histogram(found)
    assert [(b.label, b.kept, b.aside) for b in drawn.bins] == [
        ("below 0", 0, 10), ("0 to 10", 500, 0), ("10 to 20", 400, 60), ("20 or more", 10, 20),
    ]  # fmt: skip
    assert drawn.bins[1].kept_height == HEIGHT
    assert drawn.bins[2].kept_height + drawn.bins[2].aside_height == HEIGHT * 460 / 500
    width = (WIDTH - 2 * GAP) / 4
    assert [b.x for b in drawn.bins] == [0, width + GAP, 2 * width + GAP, 3 * width + 2 * GAP]


def test_ends_without_rows_are_not_drawn() -> None:
    drawn = histogram(Distribution("hour", "h", (0.0, 12.0, 24.0), (0, 5, 7, 0), (0, 5, 7, 0), 0))
    assert (len(drawn.bins), drawn.has_ends) == (2, False)
    assert drawn.x_ticks == ((0.0, "0"), (WIDTH, "24"))


def test_columns_that_never_change_are_named_and_the_others_drawn() -> None:
    table = null_table([
        band("partly"), band("odd", outside=True), band("full", percent=0.0, low=0.0, high=0.0),
        band("empty", percent=100.0, low=100.0, high=100.0), band("now_full", percent=0.0, low=0.0, high=100.0),
    ])  # fmt: skip
    assert [b.column for b in table.shown] == ["odd", "partly", "now_full"]
    assert (table.full, table.empty) == (("full",), ("empty",))

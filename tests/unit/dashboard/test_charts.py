"""Charts fit a phone, axes have whole steps, and what a hover shows is text, not markup."""

from __future__ import annotations

import pytest

from include.dashboard.charts.axes import amounts, counts, labels, listed, powers, scaled, step_of
from include.dashboard.charts.chart import NARROW_NAMES, chart, legend_rows
from include.dashboard.charts.series import amount_colours, bars, cells, gap, line, points


def test_steps_are_one_two_or_five_times_a_power_of_ten() -> None:
    assert [step_of(length) for length in (1, 5, 30, 156, 4000)] == pytest.approx([0.2, 2, 10, 50, 1000])
    assert counts("trials", 1)["interval"] == 1, "no tick lies between two whole numbers"


def test_a_span_is_widened_to_whole_steps() -> None:
    axis = amounts("rows", span=(9_788.0, 10_003.0))
    assert (axis["min"], axis["max"], axis["interval"]) == (9_750, 10_050, 50)
    assert "min" not in amounts("rows")


def test_powers_of_ten_surround_the_values() -> None:
    axis = powers("ms", [1.0, 450.0])
    assert (axis["min"], axis["max"]) == pytest.approx((0.1, 1000.0))
    empty = powers("ms", [])
    assert empty["min"] < empty["max"]


@pytest.mark.parametrize(
    ("values", "divisor", "unit"),
    [([9_999.0], 1.0, "trips"), ([10_000.0, None], 1e3, "thousand trips"), ([-2e6, float("nan")], 1e6, "million trips"),
     ([3e9], 1e9, "billion trips"), ([], 1.0, "trips")],
)  # fmt: skip
def test_amounts_are_counted_in_units_that_are_short_to_read(values: list[float | None], divisor: float,
                                                             unit: str) -> None:  # fmt: skip
    assert scaled(values, "trips") == (divisor, unit)


def test_a_gap_is_what_is_not_a_number() -> None:
    assert [gap(value) for value in (None, float("nan"), float("inf"), 2)] == [None, None, None, 2.0]


def test_a_legend_breaks_over_rows_and_the_axes_leave_it_room() -> None:
    assert [legend_rows(names, 320) for names in ([], ["a"], ["a long name"] * 2, ["a long name"] * 5)] == [0, 1, 1, 3]
    made = chart("T", labels(["a"]), amounts("y"), [points([], "#000000", f"a long name {n}") for n in range(6)])
    (narrow,) = made.option["media"]
    assert narrow["option"]["grid"]["bottom"] > made.option["grid"]["bottom"]
    assert not chart("T", labels(["a"]), amounts("y"), [points([], "#000000")]).option["legend"]["show"]


def test_long_names_break_sooner_on_a_phone_and_short_ones_take_no_more_than_they_need() -> None:
    long, short = listed(["a name that is a good deal longer than a phone"]), listed(["Mon"])
    made = chart("T", amounts("x"), long, [bars([])])
    assert made.option["media"][0]["option"]["yAxis"] == [{"axisLabel": {"width": NARROW_NAMES}}]
    assert short["axisLabel"]["width"] < NARROW_NAMES < long["axisLabel"]["width"]


def test_a_colour_bar_stands_above_the_legend() -> None:
    made = chart("T", labels(["a"]), listed(["b"]), [cells([]), points([], "#000000", "sign")],
                 colours=amount_colours(0, 5, "trips"))  # fmt: skip
    assert made.option["visualMap"]["bottom"] < made.option["grid"]["bottom"]
    assert made.option["visualMap"]["text"] == ("5 trips", "0")


def test_a_hover_shows_the_words_of_the_datum_which_streamlit_escapes() -> None:
    for series, place in ((bars([]), 2), (line([], "#000000"), 2), (points([], "#000000"), 2), (cells([]), 3)):
        assert series["tooltip"]["formatter"] == f"{{@[{place}]}}"

"""The matrix as a picture: every cell where it belongs."""

from __future__ import annotations

import numpy as np

from include.models.staleness_cost import Cell
from include.models.staleness_report import heat_map, matrix

CELLS = [
    Cell("2018-01", "2018-02", 1, 1, 10, 4.0), Cell("2018-01", "2018-03", 2, 1, 10, 5.5),
    Cell("2018-02", "2018-03", 1, 2, 10, 5.0),
]  # fmt: skip


def test_rows_are_training_months_and_columns_scored_ones() -> None:
    rows, columns, losses = matrix(CELLS[::-1])
    assert (rows, columns) == (["2018-01", "2018-02"], ["2018-02", "2018-03"])
    np.testing.assert_array_equal(losses, [[4.0, 5.5], [np.nan, 5.0]])


def test_the_second_panel_is_relative_to_the_freshest_model_of_the_month() -> None:
    figure = heat_map(CELLS, "yellow", "minutes")
    loss, excess = figure.axes[:2]
    assert sorted(text.get_text() for text in loss.texts) == ["4.00", "5.00", "5.50"]
    assert sorted(text.get_text() for text in excess.texts) == ["+0.0", "+0.0", "+10.0"]
    assert [label.get_text() for label in excess.get_xticklabels()] == ["2018-02", "2018-03"]
    low, high = excess.images[0].get_clim()
    assert low == -high  # white is no difference
